//! What names mean, and what is said of those that mean nothing or several things.

use groma_base::FileId;
use groma_model::kinds::class;
use groma_model::{Architecture, Entity, NotFound, decode, facts, link};
use std::sync::Arc;

/// What a text says, with the problems of its names.
fn read(text: &str) -> (Architecture, Vec<groma_base::Diagnostic>) {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let model = decode::decode(FileId(0), &tree);
    assert!(model.problems.is_empty(), "{text}: {:?}", model.problems);
    link(vec![Arc::new(model)])
}

/// A workspace in which `search` is a system, a flow and a requirement, and `store` a host and a container.
const NAMESAKES: &str = "
system search \"Search\" { service core \"Core\" }
flow search \"Search\"
requirement search \"Search\"
system s \"S\" { database store \"Store\" }
deployment p \"P\" { host search \"Search\" { instance search }; region a { host b }; region c { host b } }
";

#[test]
fn what_is_said_of_names() {
    let table = [
        (
            "requirement r \"R\" realized-by=serach",
            "there is no element, flow or technology called `serach`",
            "did you mean `search`?",
        ),
        (
            "requirement r \"R\" realized-by=search",
            "several things are called `search`",
            "write `system:search` or `flow:search`",
        ),
        (
            "failure f \"F\" { fail search }",
            "several things are called `search`",
            "write `system:search` or `host:p.search`",
        ),
        ("failure f \"F\" { fail b }", "several places are called `b`", "write `p.a.b` or `p.c.b`"),
        ("view v \"V\" of=search", "several things are called `search`", "write `system:search` or `flow:search`"),
        (
            "quality q \"Q\" { require p95 flow=core under=1s }",
            "there is no flow called `core`",
            "declare it, or correct the name; there is `search`",
        ),
        (
            "quality q \"Q\" { require p95 flow=s.store under=1s }",
            "`s.store` is a database, not a flow",
            "write `of=s.store`",
        ),
        (
            "quality q \"Q\" { require p95 of=flow:search under=1s }",
            "`search` is a system, not a flow",
            "correct the word before the colon, or leave it out",
        ),
        (
            "system search \"Again\"",
            "`search` is declared twice",
            "rename one of them; to add parts to an element from another place, write `extend path { … }`",
        ),
        ("person u \"U\"\nu -> core \"Asks\"", "there is no element called `core`", "did you mean `search.core`?"),
        ("zone z \"Z\"\nperson u \"U\"\nu -> z \"Asks\"", "`z` is a zone, not an element", "name an element in it"),
        ("term cart \"T\" { see cert }", "there is no term called `cert`", "did you mean `cart`?"),
    ];
    for (text, message, help) in table {
        let (_, problems) = read(&format!("{NAMESAKES}{text}\n"));
        let told: Vec<_> = problems.iter().map(|one| (one.message.as_str(), one.help[0].as_str())).collect();
        assert_eq!(told, [(message, help)], "{text}");
    }
}

/// What is nearer counts only if it can be meant: a group is no end of an arrow, and a service no zone.
#[test]
fn what_cannot_be_meant_hides_nothing_behind_it() {
    let text = "
system api \"API\"
zone web \"Web\"
system shop \"Shop\" {
    group api { service k \"K\" in-zone=web; }
    service web \"Web\"
    web -> api \"Asks\"
}
";
    let (arch, problems) = read(text);
    assert!(problems.is_empty(), "{problems:?}");
    let k = arch.element(arch.element_by_path("shop.k").unwrap());
    assert_eq!(k.zone.map(|zone| &*arch.groups[zone].path), Some("web"));
    assert_eq!(arch.relation_ids().map(|id| arch.relation_address(id)).collect::<Vec<_>>(), ["shop.web -> api"]);
}

/// Only what means one thing there is offered as a fix.
#[test]
fn a_fix_is_a_name_that_means_something() {
    for (text, fixed) in [
        ("requirement r \"R\" realized-by=serach", None),
        ("quality q \"Q\" { require p95 flow=serach under=1s }", Some("search")),
        ("group inner { person y \"Y\" in-zone=inne; }", None),
        ("load l \"L\" { rate 1/s; mix q; }", None),
    ] {
        let (_, problems) = read(&format!("{NAMESAKES}{text}\n"));
        let [one] = &problems[..] else { panic!("{text}: {problems:?}") };
        assert_eq!(one.fixes.first().map(|fix| fix.edits[0].text.as_str()), fixed, "{text}");
    }
}

#[test]
fn a_word_before_a_name_tells_what_is_meant() {
    let ways = [
        ("requirement r \"R\" realized-by=system:search", "system:search"),
        ("requirement r \"R\" realized-by=flow:search", "flow:search"),
        ("requirement r \"R\" realized-by=service:search.core", "service:search.core"),
        ("requirement r \"R\" realized-by=container:search.core", "service:search.core"),
    ];
    for (text, address) in ways {
        let (arch, problems) = read(&format!("{NAMESAKES}{text}\n"));
        assert!(problems.is_empty(), "{text}: {problems:?}");
        let at = arch.records.last().unwrap().at;
        let named = arch.referred(at, arch.fact(at, &facts::requirement::REALIZED_BY).unwrap()).unwrap();
        assert_eq!(arch.address(named), address);
    }
}

/// `show` says which of several is meant, as long as one of that sort is.
#[test]
fn a_view_tells_by_its_sort_what_it_is_of() {
    for (show, address) in [
        ("sequence", "flow:search"),
        ("dynamic", "flow:search"),
        ("context", "system:search"),
        ("deployment", "deployment:p"),
    ] {
        let of = if show == "deployment" { "p" } else { "search" };
        let (arch, problems) = read(&format!("{NAMESAKES}view v \"V\" show={show} of={of}\n"));
        assert!(problems.is_empty(), "{show}: {problems:?}");
        assert_eq!(
            arch.shown(arch.views[groma_model::ViewId::FIRST].at).map(|one| arch.address(one)).as_deref(),
            Some(address)
        );
    }
}

#[test]
fn one_resolver_answers_from_anywhere() {
    let (arch, _) = read(NAMESAKES);
    let core = arch.element_by_path("search.core").unwrap();
    let wanted = [&class::CONTAINER, &class::FLOW];
    assert_eq!(arch.resolve(Some(core), "core", &wanted), Ok(Entity::Element(core)));
    assert_eq!(arch.resolve(None, "core", &wanted), Err(NotFound::Nothing));
    assert_eq!(arch.resolve(None, "search.core", &[&class::FLOW]), Err(NotFound::Other(Entity::Element(core))));
    assert_eq!(arch.near_names("serch", &[&class::REQUIREMENT]), ["search"]);
}

/// A title of which nothing can be seen is none: formats that need one would be broken by it.
#[test]
fn what_has_no_title_is_called_by_its_name() {
    for (title, called) in
        [("", "s"), ("\"\"", "s"), ("\" \\t\"", "s"), ("\"\\u{7}\"", "s"), ("\"S\"", "S"), ("\" 日 \"", " 日 ")]
    {
        let (arch, _) = read(&format!("system s {title}\n"));
        assert_eq!(arch.element_title(groma_model::ElementId::FIRST), called, "{title}");
    }
}

#[test]
fn an_owner_that_is_declared_is_referred_to() {
    let text = "team core \"Core team\"; system a \"A\" owner=core; system b \"B\" owner=team:core; system c \"C\" owner=\"Core team\"
a -> b \"asks\" { fallback c; }; a -> c \"asks\" { fallback \"it waits\"; }";
    let (arch, problems) = read(text);
    assert!(problems.is_empty(), "{problems:?}");
    let owned = |team: Entity| arch.referring(team, &facts::OWNER).map(|at| arch.name(at)).collect::<Vec<_>>();
    let core = arch.resolve(None, "core", class::OWNERS).unwrap();
    assert_eq!(owned(core), ["a", "b"]);
    let instead = arch.resolve(None, "c", class::ELEMENTS).unwrap();
    assert_eq!(arch.referring(instead, &facts::relation::FALLBACK).count(), 1);
    // What has another owner then is linked anew: the team owns less.
    let (tree, _) = groma_syntax::parse(text.replace("owner=core;", "owner=nobody;"));
    assert!(arch.with_file(Arc::new(decode::decode(FileId(0), &tree))).is_none());
    let (tree, _) = groma_syntax::parse(text.replace("it waits", "it gives up"));
    let changed = arch.with_file(Arc::new(decode::decode(FileId(0), &tree)));
    assert!(changed.is_some_and(|changed| changed.referring(core, &facts::OWNER).count() == 2));
}
