//! What can be reached along relationships, asked from either end.

use groma_base::FileId;
use groma_model::query::{Answers, Query};
use groma_model::{Architecture, ElementId, Entity, decode, link};
use groma_testing::Dice;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

type Pairs = BTreeSet<(String, String)>;

fn read(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{text}: {errors:?}");
    link(vec![Arc::new(decode::decode(FileId(0), &tree))]).0
}

fn asked(arch: &Architecture, query: &str) -> Vec<String> {
    let found = Query::parse(query).and_then(|query| query.things(arch, &Answers::default()));
    let found = found.unwrap_or_else(|fault| panic!("{query}: {fault:?}"));
    found.into_iter().filter_map(|at| arch.entity(at)).map(|entity| arch.path(entity)).collect()
}

fn paths(arch: &Architecture) -> Vec<String> {
    arch.element_ids().map(|id| arch.path(Entity::Element(id))).collect()
}

/// Each element with those that a function of it selects.
fn pairs(arch: &Architecture, function: &str, depth: &str) -> Pairs {
    let each = paths(arch).into_iter().flat_map(|of| {
        let found = asked(arch, &format!("{function}(.{of}{depth})"));
        found.into_iter().map(move |one| (of.clone(), one))
    });
    each.collect()
}

fn turned(pairs: &Pairs) -> Pairs {
    pairs.iter().map(|(of, one)| (one.clone(), of.clone())).collect()
}

/// A workspace of some elements, of parts of theirs and of relationships between any of them.
fn workspace(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut text = "person u \"U\"\n".to_owned();
    let mut names = vec!["u".to_owned()];
    for system in 0..=dice.roll(3) {
        _ = write!(text, "system s{system} \"S\" {{ ");
        names.push(format!("s{system}"));
        for service in 0..dice.roll(3) {
            _ = write!(text, "service a{service} \"A\" {{ ");
            names.push(format!("s{system}.a{service}"));
            for component in 0..dice.roll(3) {
                _ = write!(text, "component c{component} \"C\"; ");
                names.push(format!("s{system}.a{service}.c{component}"));
            }
            text += "}; ";
        }
        text += "}\n";
    }
    for _ in 0..=dice.roll(7) {
        let mut any = || dice.pick(&names).expect("a person").clone();
        let (from, to) = (any(), any());
        _ = writeln!(text, "{from} -> {to} \"Uses\"");
    }
    text
}

const DEPTHS: [&str; 4] = ["", ", 1", ", 2", ", 3"];

#[test]
fn what_is_asked_from_either_end_is_the_same() {
    for seed in 0..120 {
        let text = workspace(seed);
        let arch = read(&text);
        for depth in DEPTHS {
            let (reaches, reachable) = (pairs(&arch, "reaches", depth), pairs(&arch, "reachable-from", depth));
            assert_eq!(turned(&reaches), reachable, "{depth} in\n{text}");
            let (uses, used) = (pairs(&arch, "uses", depth), pairs(&arch, "used-by", depth));
            assert_eq!(turned(&uses), used, "{depth} in\n{text}");
            let neighbours = pairs(&arch, "neighbours", depth);
            assert_eq!(turned(&neighbours), neighbours, "{depth} in\n{text}");
            let steps = depth.trim_start_matches(", ").parse().unwrap_or(1);
            assert_eq!(near(&arch, steps), neighbours, "{depth} in\n{text}");
            let either: Pairs = uses.union(&used).cloned().collect();
            assert!(either.is_subset(&neighbours), "{depth} in\n{text}");
            assert!(depth.is_empty() || reaches == pairs(&arch, "uses", depth), "{depth} in\n{text}");
        }
        assert_eq!(pairs(&arch, "uses", ""), pairs(&arch, "reaches", ", 1"), "{text}");
        assert_eq!(ways(&arch), pairs(&arch, "reachable-from", ""), "{text}");
    }
}

/// What each element reaches, by walking each way of relationships for itself.
fn ways(arch: &Architecture) -> Pairs {
    let mut found = Pairs::new();
    let related = |one, other| arch.is_within(one, other) || arch.is_within(other, one);
    for from in arch.element_ids() {
        let (mut met, mut left): (Vec<ElementId>, Vec<ElementId>) = (Vec::new(), vec![from]);
        while let Some(at) = left.pop() {
            let leaving = arch.relations.iter().filter(|relation| arch.is_within(relation.from, at));
            for to in leaving.map(|relation| relation.to) {
                if !met.contains(&to) {
                    met.push(to);
                    left.push(to);
                }
            }
        }
        let around = met.into_iter().flat_map(|to| arch.ancestors(to).collect::<Vec<_>>());
        let others = around.filter(|to| !related(*to, from));
        let path = |id| arch.path(Entity::Element(id));
        found.extend(others.map(|to| (path(from), path(to))));
    }
    found
}

/// What is near each element, by walking each way of so many relationships for itself.
fn near(arch: &Architecture, steps: usize) -> Pairs {
    let mut found = Pairs::new();
    let related = |one, other| arch.is_within(one, other) || arch.is_within(other, one);
    for start in arch.element_ids() {
        // The ends of relationships to which one came, and whether with them or against them.
        let mut ends: Vec<(ElementId, Option<bool>)> = vec![(start, None)];
        for _ in 0..steps {
            let mut next = Vec::new();
            for (at, came_with) in &ends {
                for relation in &arch.relations {
                    let (from, to) = (relation.from, relation.to);
                    if match came_with {
                        None | Some(true) => arch.is_within(from, *at),
                        Some(false) => related(from, *at),
                    } {
                        next.push((to, Some(true)));
                    }
                    if match came_with {
                        None => arch.is_within(to, *at),
                        Some(true) => related(to, *at),
                        Some(false) => arch.is_within(*at, to),
                    } {
                        next.push((from, Some(false)));
                    }
                }
            }
            ends.extend(next);
            ends.sort();
            ends.dedup();
        }
        let met = ends.into_iter().filter(|(_, came)| came.is_some());
        let around = met.flat_map(|(to, _)| arch.ancestors(to).collect::<Vec<_>>());
        let path = |id| arch.path(Entity::Element(id));
        found.extend(around.filter(|to| !related(*to, start)).map(|to| (path(start), path(to))));
    }
    found
}

#[test]
fn nothing_is_near_because_of_what_another_part_uses() {
    let arch = read("system s \"S\" { service a \"A\"; service b \"B\"; a -> b \"x\"; }\nsystem t \"T\"\ns -> t \"x\"");
    assert_eq!(asked(&arch, "neighbours(s.a, 2)"), ["s.b"]);
    // Both are used by the system, the one by all of it.
    assert_eq!(asked(&arch, "neighbours(t, 2)"), ["s", "s.b"]);
    assert_eq!(asked(&arch, "neighbours(s.b, 2)"), ["s.a", "t"]);
}

#[test]
fn a_relationship_counts_for_what_its_ends_are_part_of() {
    let arch = read(
        "person u \"U\"; system s \"S\" { service w \"W\"; service a \"A\" { component c \"C\" }; service b \"B\" }\n\
         system p \"P\"; system q \"Q\"\nu -> s.w \"x\"; s.w -> s.a \"x\"; s.a.c -> p \"x\"; s.b -> q \"x\"",
    );
    assert_eq!(asked(&arch, "reachable-from(u)"), ["s", "s.w", "s.a", "p"]);
    assert_eq!(asked(&arch, "reaches(p)"), ["u", "s", "s.w", "s.a", "s.a.c"]);
    assert_eq!(asked(&arch, "reaches(p, 2)"), ["s", "s.w", "s.a", "s.a.c"]);
    // That the person uses a part of the system says nothing of what another part of it uses.
    assert_eq!(asked(&arch, "reaches(q)"), ["s", "s.b"]);
    assert_eq!(asked(&arch, "uses(s)"), ["u"]);
    assert_eq!(asked(&arch, "uses(p)"), ["s", "s.a", "s.a.c"]);
    assert_eq!(asked(&arch, "used-by(s.a)"), ["p"]);
    assert_eq!(asked(&arch, "neighbours(s.w)"), ["u", "s.a"]);
}

#[test]
fn what_uses_several_is_what_uses_one_of_them() {
    let functions = ["uses", "used-by", "neighbours", "reaches", "reachable-from"];
    for seed in 0..200 {
        let arch = read(&workspace(seed));
        let some = Dice::new(seed);
        for (function, depth) in functions.into_iter().flat_map(|name| ["", ", 1", ", 2"].map(|depth| (name, depth))) {
            assert_each_counts(&arch, &mut some.clone(), function, depth);
        }
    }
    // More than are followed at once.
    let calls = (0..150).map(|at| format!("s.a{at} -> s.a{} \"x\"\n", at * 7 % 150));
    let services: String = (0..150).map(|at| format!("service a{at} \"A{at}\"; ")).collect();
    let arch = read(&format!("system s \"S\" {{ {services} }}\n{}", calls.collect::<String>()));
    assert_each_counts(&arch, &mut Dice::new(1), "uses", "");
    assert_each_counts(&arch, &mut Dice::new(1), "reaches", "");
}

fn assert_each_counts(arch: &Architecture, dice: &mut Dice, function: &str, depth: &str) {
    let some: Vec<String> = paths(arch).into_iter().filter(|_| dice.roll(3) > 0).collect();
    if some.is_empty() {
        return;
    }
    let names: Vec<String> = some.iter().map(|path| format!(".{path}")).collect();
    let together: BTreeSet<String> =
        asked(arch, &format!("{function}({}{depth})", names.join(" or "))).into_iter().collect();
    let each = pairs(arch, function, depth).into_iter().filter(|(of, _)| some.contains(of));
    assert_eq!(together, each.map(|(_, one)| one).collect(), "{function}({}{depth})", names.join(" or "));
}
