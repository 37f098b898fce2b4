//! Declared views.

use super::facts::view::Show;
use super::{class, facts};
use crate::Architecture;
use crate::entity::Entity;
use crate::facets::{deployment, flows, pipelines, structure};
use crate::ids::Idx;
use crate::items::{Files, ItemRef};
use crate::schema::Class;

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
        Show::Landscape | Show::Traceability => None,
    }
}
