//! Declared views.

use super::facts::view::Show;
use super::{class, facts};
use crate::Architecture;
use crate::entity::Entity;
use crate::facets::{decisions, deployment, flows, pipelines, requirements, structure, technologies};
use crate::ids::Idx;
use crate::items::{Files, ItemRef};
use crate::schema::{Class, Fact};

/// A view's number.
pub type ViewId = Idx<View>;

/// A declared view.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Where it was declared.
    pub at: ItemRef,
}

impl Architecture {
    /// What a view is a picture of, if it says so.
    pub fn shown(&self, view: ItemRef) -> Option<Entity> {
        self.referred(view, self.fact(view, &facts::view::OF)?)
    }
}

impl Show {
    /// The facts of a view that change nothing in pictures of this sort.
    pub fn without_effect(self) -> &'static [&'static Fact] {
        use facts::view::{DETAIL, DIRECTION, EXCLUDE, INCLUDE, OF};
        const OF_EVERYTHING: &[&Fact] = &[&OF];
        const SEQUENCE: &[&Fact] = &[&INCLUDE, &EXCLUDE, &DIRECTION, &DETAIL];
        const PIPELINE: &[&Fact] = &[&INCLUDE, &EXCLUDE, &DETAIL];
        match self {
            Show::Landscape | Show::Traceability | Show::Decisions => OF_EVERYTHING,
            Show::Sequence => SEQUENCE,
            Show::Pipeline => PIPELINE,
            Show::Context | Show::Container | Show::Component | Show::Deployment | Show::Dynamic => &[],
        }
    }

    /// What `include` and `exclude` of such a view may select.
    pub fn picks(self) -> &'static [&'static Class] {
        match self {
            Show::Traceability => TRACED,
            Show::Decisions => DECIDED,
            Show::Deployment => DEPLOYED,
            Show::Landscape | Show::Context | Show::Container | Show::Component => DRAWN,
            Show::Dynamic | Show::Sequence | Show::Pipeline => DRAWN,
        }
    }
}

/// What pictures of elements show.
const DRAWN: &[&Class] = &[
    &structure::class::PERSON,
    &structure::class::SYSTEM,
    &structure::class::CONTAINER,
    &structure::class::COMPONENT,
    &structure::class::RELATION,
];

/// What pictures of deployments show.
const DEPLOYED: &[&Class] = &[
    &structure::class::PERSON,
    &structure::class::SYSTEM,
    &structure::class::CONTAINER,
    &structure::class::COMPONENT,
    &structure::class::RELATION,
    &deployment::class::PLACE,
];

/// What pictures of decisions show.
const DECIDED: &[&Class] = &[
    &decisions::class::DECISION,
    &structure::class::PERSON,
    &structure::class::SYSTEM,
    &structure::class::CONTAINER,
    &structure::class::COMPONENT,
    &flows::class::FLOW,
    &technologies::class::TECHNOLOGY,
    &requirements::class::REQUIREMENT,
    &requirements::class::QUALITY,
    &requirements::class::RECORD,
];

/// What traceability shows.
const TRACED: &[&Class] = &[
    &structure::class::PERSON,
    &structure::class::SYSTEM,
    &structure::class::CONTAINER,
    &structure::class::COMPONENT,
    &flows::class::FLOW,
    &requirements::class::REQUIREMENT,
    &requirements::class::QUALITY,
];

const DEPLOYMENTS: &[&Class] = &[&deployment::class::DEPLOYMENT];
const FLOWS: &[&Class] = &[&flows::class::FLOW];
const PIPELINES: &[&Class] = &[&pipelines::class::PIPELINE];

/// The classes of what a view is mainly a picture of, by its sort: where a name fits several, one of these is meant.
pub(crate) fn mainly_shown(files: &Files, view: ItemRef) -> Option<&'static [&'static Class]> {
    debug_assert!(files.item(view).kind.is(&class::VIEW));
    match files.choice::<Show>(view)? {
        Show::Deployment => Some(DEPLOYMENTS),
        Show::Dynamic | Show::Sequence => Some(FLOWS),
        Show::Pipeline => Some(PIPELINES),
        Show::Context | Show::Container | Show::Component => Some(structure::class::ELEMENTS),
        Show::Landscape | Show::Traceability | Show::Decisions => None,
    }
}
