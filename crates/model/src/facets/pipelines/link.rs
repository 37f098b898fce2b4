//! How pipelines are linked.

use super::{Pipeline, Stage, StageId, Transition, class};
use crate::entity::Entity;
use crate::ids::Table;
use crate::items::ItemRef;
use crate::link::Linker;
use crate::names::old::had_names;
use crate::schema::Class;
use groma_base::Span;
use rustc_hash::FxHashMap;

pub(crate) fn pipeline(linker: &mut Linker, at: ItemRef) {
    let pipeline = linker.linked.pipelines.push(Pipeline { at, stages: Table::default(), transitions: Vec::new() });
    linker.name(at, Entity::Pipeline(pipeline));
}

/// Joins each pipeline's transitions to the steps that they name.
pub(crate) fn join(linker: &mut Linker) {
    for id in linker.linked.pipelines.ids() {
        let (stages, transitions) = steps(linker, linker.linked.pipelines[id].at);
        (linker.linked.pipelines[id].stages, linker.linked.pipelines[id].transitions) = (stages, transitions);
    }
}

fn steps(linker: &mut Linker, pipeline: ItemRef) -> (Table<Stage>, Vec<Transition>) {
    let files = &linker.files.clone();
    let inner = pipeline.item.next().until(files.item(pipeline).subtree_end);
    let of = |class: &'static Class| {
        let items = inner.clone().map(|item| ItemRef { item, ..pipeline });
        items.filter(move |at| files.item(*at).kind.is(class))
    };
    let mut stages: Table<Stage> = Table::default();
    let mut by_name: FxHashMap<&str, StageId> = FxHashMap::default();
    for at in of(&class::STAGE) {
        match by_name.get(files.name(at)) {
            Some(first) => linker.duplicate(at, stages[*first].at),
            None => {
                by_name.insert(files.name(at), stages.push(Stage { at }));
            }
        }
    }
    let (mut transitions, mut by_old_name) = (Vec::new(), None);
    for at in of(&class::TRANSITION) {
        let (item, text) = (files.item(at), &files.file(at).text);
        let ends = [item.name, item.target].map(|range| (range, by_name.get(range.of(text)).copied()));
        for (range, _) in ends.iter().filter(|(range, found)| found.is_none() && !range.is_none()) {
            let span = Span::new(at.file, *range);
            let by_old_name = by_old_name.get_or_insert_with(|| by_old_names(linker, &stages));
            if let Some(today) = by_old_name.get(range.of(text)) {
                linker.problems.old_name(span, range.of(text), today);
                continue;
            }
            let known = if linker.problems.suggests() { by_name.keys().copied().collect() } else { Vec::new() };
            let declared = |name: &str| by_name.get(name).map(|stage| stages[*stage].at);
            linker.unresolved_within(span, range.of(text), "step", (known, declared));
        }
        if let [(_, Some(from)), (_, Some(to))] = ends {
            transitions.push(Transition { at, from, to });
        }
    }
    (stages, transitions)
}

/// What steps are called, by each name that they had.
fn by_old_names(linker: &Linker, stages: &Table<Stage>) -> FxHashMap<String, Vec<String>> {
    let mut all: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for stage in stages.iter() {
        for was in had_names(&linker.files, stage.at) {
            all.entry(was.to_owned()).or_default().push(linker.files.name(stage.at).to_owned());
        }
    }
    all
}
