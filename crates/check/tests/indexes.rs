//! What is looked up by index is what looking at everything finds. Rules that looked at everything for each thing they
//! are about took hours where there are many.

use groma_base::FileId;
use groma_check::check;
use groma_model::{Architecture, ElementId, PlaceId, StepKind, decode, link};
use std::sync::Arc;

fn read(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    let (arch, problems) = link(vec![Arc::new(decode::decode(FileId(0), &tree))]);
    assert!(problems.is_empty(), "{problems:?}");
    arch
}

const WORKSPACE: &str = "
person u \"U\"
system s \"S\" {
    service a \"A\" {
        component c \"C\"
        component d \"D\"
    }
    database b \"B\"
    service e \"E\"
    a.c -> b \"Reads\"
    a.c -> b \"Writes\"
    a.d -> a.d \"Calls itself\"
}
extend s.f { component g \"G\" }
extend s { service f \"F\" }
u -> s.e \"Uses\"
flow w \"W\" { u -> s.f.g \"Asks\" }
deployment p \"P\" {
    region r \"R\" { host h \"H\" { instance s.a } }
    region q \"Q\" { host h \"H\" { instance s.e } }
}
deployment t \"T\" {
    host h \"H\" { instance s.a }
    host k \"K\" { instance s.e }
}
";

/// An element and everything in it.
fn within(arch: &Architecture, whole: ElementId) -> impl Iterator<Item = ElementId> {
    arch.element_ids().filter(move |id| arch.is_within(*id, whole))
}

#[test]
fn elements_are_found_by_path_and_know_what_is_done_in_them() {
    let arch = read(WORKSPACE);
    assert!(arch.element_by_path("s.f.g").is_some(), "a block waits for the block that declares what it extends");
    assert_eq!(arch.element_by_path("s.f.x"), None);
    for id in arch.element_ids() {
        assert_eq!(arch.element_by_path(&arch.element(id).path), Some(id));
        let relations = || arch.relation_ids().map(|id| *arch.relation(id));
        let connected = within(&arch, id).any(|part| relations().any(|one| one.from == part || one.to == part));
        let reached = within(&arch, id).any(|part| relations().any(|one| one.to == part && one.from != part));
        let passes = |part| move |kind| matches!(kind, StepKind::Call { from, to } if from == part || to == part);
        let steps = || arch.flows.iter().flat_map(|flow| &flow.steps).map(|step| step.kind);
        let passed = within(&arch, id).any(|part| steps().any(passes(part)));
        let found = (arch.is_connected(id), arch.is_reached(id), arch.is_passed(id));
        assert_eq!(found, (connected, reached, passed), "{}", arch.element(id).path);
        for to in arch.element_ids() {
            let between: Vec<_> = arch.outgoing(id).filter(|one| arch.relation(*one).to == to).collect();
            assert_eq!(arch.relations_between(id, to).collect::<Vec<_>>(), between);
        }
    }
}

#[test]
fn places_are_found_by_the_end_of_their_path_within_the_first_deployment_that_has_them() {
    let arch = read(WORKSPACE);
    let paths: Vec<String> = arch.places().map(|(at, node)| arch.place_path(at, node)).collect();
    assert_eq!(paths, ["p.r", "p.r.h", "p.q", "p.q.h", "t.h", "t.k"]);
    for (at, path) in paths.iter().enumerate() {
        assert_eq!(arch.place_named(path).map(PlaceId::index), Some(at));
    }
    assert_eq!(arch.place_named("r.h"), Some(PlaceId::new(1)));
    assert_eq!(arch.place_named("k"), Some(PlaceId::new(5)));
    assert_eq!(arch.place_named("h"), None, "the simulated deployment has two");
    assert_eq!(arch.place_named("x.h"), None);
}

#[test]
fn what_is_around_a_place_is_the_innermost_that_contains_it() {
    let arch = read(WORKSPACE);
    let items = &arch.files[0].items;
    for (number, item) in items.iter().enumerate() {
        for range in [item.name, item.word, item.range] {
            let containing = items.ids().rev().find(|at| items[*at].range.contains(range));
            let found = arch.innermost(groma_base::Span::new(FileId(0), range)).map(|at| at.item);
            assert_eq!(found, containing, "{number}");
        }
    }
}

#[test]
fn one_of_many_names_in_a_fact_is_told_from_the_others() {
    let mut text = "system s \"S\" {\n".to_owned();
    text.extend((0..50).map(|at| format!("    service a{at} \"A\"\n")));
    text.push_str("}\nrequirement r \"R\" {\n");
    text.extend((0..50).rev().map(|at| format!("    realized-by s.a{at}\n")));
    let arch = read(&format!("{text}}}\n"));
    let record = arch.records[groma_model::RecordId::FIRST].at;
    let named: Vec<_> = arch
        .values_of(record, &groma_model::facts::requirement::REALIZED_BY)
        .map(|value| arch.element(arch.referred_element(record, value).unwrap()).path.to_string())
        .collect();
    assert_eq!(named, (0..50).rev().map(|at| format!("s.a{at}")).collect::<Vec<_>>());
}

#[test]
fn of_many_suppressions_in_each_other_the_innermost_is_used_and_of_equal_ones_the_first() {
    let suppression = "allow missing-technology owner=o reason=r expires=2099-01-01\n";
    let text = format!(
        "{suppression}system s \"S\" owner=o {{\n{suppression}service a \"A\" {{\n{suppression}{suppression}}}\n}}\n"
    );
    let arch = read(&text);
    let found = check(&arch, Vec::new(), "2026-01-01");
    let unused: Vec<u32> = found
        .iter()
        .filter(|finding| finding.code == "unused-allow")
        .map(|finding| text[..finding.primary.span.range.start as usize].matches('\n').count() as u32 + 1)
        .collect();
    assert_eq!(unused, [1, 3, 6], "the one on line 5 is used");
}
