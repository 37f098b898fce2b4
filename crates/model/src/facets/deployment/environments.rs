//! The environments of a workspace beside each other: what runs in which, where, and how often.

use super::facts::instance;
use super::view::{DeployNodeId, DeploymentId};
use crate::facets::structure::ElementId;
use crate::{Architecture, facts};
use std::collections::BTreeMap;

/// What runs somewhere in one environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot<'a> {
    /// The region or host; none directly in the deployment.
    pub place: Option<DeployNodeId>,
    /// How many replicas do all that the element does, or wait to do so; none where only read replicas are.
    pub replicas: Option<&'a str>,
    /// Whether these only wait to take over.
    pub is_standby: bool,
    /// How many read replicas, if any.
    pub read_replicas: Option<&'a str>,
    /// How many of what and where, as pictures have it: ` × 3 (standby)`.
    pub words: String,
}

/// Something that runs, with where it does in each environment.
#[derive(Debug)]
pub struct Row<'a> {
    /// What runs.
    pub element: ElementId,
    /// Where, for each environment; empty where it does not run.
    pub spots: Vec<Vec<Spot<'a>>>,
}

/// All that runs in any environment.
#[derive(Debug)]
pub struct Environments<'a> {
    /// The workspace.
    pub arch: &'a Architecture,
    /// The environments, in the order of the text.
    pub all: Vec<DeploymentId>,
    /// What runs in any of them, in the order of the text.
    pub rows: Vec<Row<'a>>,
}

impl<'a> Environments<'a> {
    /// Those of a workspace.
    pub fn of(arch: &'a Architecture) -> Environments<'a> {
        let mut all: Vec<DeploymentId> = arch.deployments.ids().collect();
        all.sort_by_key(|at| arch.deployments[*at].at);
        let mut found: BTreeMap<ElementId, Vec<Vec<Spot<'_>>>> = BTreeMap::new();
        for (nth, deployment) in all.iter().enumerate() {
            for placed in arch.placed(&arch.deployments[*deployment]) {
                let instance = placed.instance;
                let spot = Spot {
                    place: instance.node,
                    replicas: placed.replicas.map(|_| arch.text(instance.at, &instance::REPLICAS).unwrap_or("1")),
                    is_standby: placed.is_standby,
                    read_replicas: placed.copies.and_then(|_| arch.text(instance.at, &instance::READ_REPLICAS)),
                    words: arch.placed_words(&placed),
                };
                found.entry(instance.element).or_insert_with(|| vec![Vec::new(); all.len()])[nth].push(spot);
            }
        }
        let mut rows: Vec<Row<'_>> = found.into_iter().map(|(element, spots)| Row { element, spots }).collect();
        rows.sort_by_key(|row| arch.element(row.element).at);
        Environments { arch, all, rows }
    }

    /// What of all that runs does not run in an environment.
    pub fn missing_in(&self, nth: usize) -> impl Iterator<Item = ElementId> + '_ {
        self.rows.iter().filter(move |row| row.spots[nth].is_empty()).map(|row| row.element)
    }

    /// The path of a place in its environment: `eu.cluster`.
    pub fn place(&self, nth: usize, spot: &Spot<'_>) -> String {
        let Some(place) = spot.place else { return String::new() };
        let path = self.arch.place_path(self.all[nth], place);
        path.split_once('.').map_or(path.clone(), |(_, inside)| inside.to_owned())
    }

    /// Where something runs, environment by environment.
    pub fn spots<'r>(&self, row: &'r Row<'a>) -> impl Iterator<Item = (usize, &'r Spot<'a>)> {
        row.spots.iter().enumerate().flat_map(|(nth, spots)| spots.iter().map(move |spot| (nth, spot)))
    }

    /// What the innermost place that says so is made with.
    pub fn technology(&self, nth: usize, spot: &Spot<'_>) -> Option<&'a str> {
        let mut around = spot.place.into_iter().flat_map(|place| self.arch.places_around(self.all[nth], place));
        around.find_map(|place| self.arch.text(self.arch.place_item(self.all[nth], place), &facts::TECHNOLOGY))
    }
}
