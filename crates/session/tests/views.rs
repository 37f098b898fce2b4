//! Each fact of a view, and whatever it selects, changes what every format shows of each sort, or is told once to change nothing there.

use groma_model::facts::view::{DETAIL, DIRECTION, EXCLUDE, INCLUDE, OF, Show};
use groma_model::schema::Class;
use groma_session::{MemoryFileSystem, Session, Snapshot};
use groma_view::{Diagram, Spec};
use std::path::Path;

const WORKSPACE: &str = "person u \"User\"
system s \"S\" technology=\"Kubernetes 1.34\" description=\"All.\" {
    service a \"A\" technology=\"Rust 1.95\" description=\"The first.\" {
        component c \"C\" technology=\"Axum 1\"
        component d \"D\"
        c -> d \"Asks\"
    }
    service b \"B\" description=\"The second.\"
    a -> b \"Asks\"
}
u -> s.a \"Uses\"
flow f \"F\" { u -> s.a \"Uses\" { s.a -> s.b \"Asks\" } }
requirement r \"R\" realized-by=s.a { realized-by f; }
requirement q \"Q\" realized-by=s.b
requirement later \"Later\"
quality fast \"Fast\" { require p99 of=s.a under=1s; }
decision first \"First\" status=accepted { decides s.a s.b; }
decision second \"Second\" status=accepted decides=f
deployment live \"Live\" {
    region eu \"EU\" {
        host h \"H\" { instance s.a; instance s.b; }
        host one \"One\" { instance s.b; }
        host two \"Two\" { instance s.b; }
        host spare \"Spare\"
    }
    two -> h \"Forwards\"
}
pipeline p \"P\" {
    step one \"One\"
    step two \"Two\" description=\"The last.\"
    one -> two
}
";

fn snapshot(view: &str) -> Snapshot {
    let text = format!("{WORKSPACE}{view}\n");
    Session::open(&MemoryFileSystem::new(&[("w.groma", &text)]), Path::new("w.groma")).unwrap().snapshot()
}

fn spec(snapshot: &Snapshot) -> Spec {
    groma_view::find(&snapshot.arch, "v").expect("the view")
}

fn picture(snapshot: &Snapshot) -> String {
    format!("{:?}", groma_view::scene(&snapshot.arch, &spec(snapshot)))
}

/// What every format makes of the view, with the name of the format.
fn outputs(snapshot: &Snapshot) -> Vec<(&'static str, String)> {
    let diagram = Diagram::new(&snapshot.arch, &spec(snapshot));
    let text = |format: &groma_export::Format| match &diagram {
        Ok(diagram) => (format.write)(diagram).unwrap(),
        Err(error) => error.clone(),
    };
    let texts = groma_export::FORMATS.iter().map(|format| (format.name, text(format)));
    [("svg", picture(snapshot))].into_iter().chain(texts).collect()
}

/// What the rule that is about views says of this one.
fn told(snapshot: &Snapshot) -> Vec<String> {
    let findings = snapshot.findings("2026-01-01");
    let wrong = findings.iter().find(|finding| finding.code == "wrong-query");
    assert!(wrong.is_none(), "{wrong:?}");
    findings.into_iter().filter(|one| one.code == "empty-view").map(|one| one.message.clone()).collect()
}

/// What a sort is a picture of, and something that it shows.
fn said(show: Show) -> (&'static str, &'static str) {
    match show {
        Show::Landscape => ("", "s"),
        Show::Context | Show::Container => (" of=s", "u"),
        Show::Component => (" of=s.a", "s.a.c"),
        Show::Deployment => (" of=live", "s.a"),
        Show::Dynamic | Show::Sequence => (" of=f", "s.a"),
        Show::Pipeline => (" of=p", "s.a"),
        Show::Traceability | Show::Decisions => ("", "s.a"),
    }
}

/// That a fact of a view is told, or changes what every format shows.
fn counts(show: Show, fact: &str, value: &str) {
    let (of, _) = said(show);
    let plain = format!("view v \"V\" show={}{of}", show.word());
    let with = snapshot(&format!("{plain} {{ {fact} \"{value}\"; }}"));
    let told = told(&with);
    assert!(told.len() < 2, "{} {fact} {value}: {told:?}", show.word());
    for ((format, before), (_, after)) in outputs(&snapshot(&plain)).into_iter().zip(outputs(&with)) {
        // What leaves nothing is told, and changes the picture into none.
        let is_none = after.contains("the view shows nothing");
        let is_ineffective = before == after || is_none;
        assert!(
            is_ineffective != told.is_empty(),
            "{} {fact} {value} in {format}: told {told:?}\n{after}",
            show.word()
        );
    }
}

#[test]
fn each_fact_changes_the_picture_or_is_told() {
    for show in Show::ALL {
        let (of, some) = said(*show);
        let other =
            if matches!(show, Show::Pipeline | Show::Traceability | Show::Decisions) { "down" } else { "right" };
        counts(*show, INCLUDE.name, some);
        counts(*show, EXCLUDE.name, some);
        counts(*show, DIRECTION.name, other);
        counts(*show, DETAIL.name, "names");
        counts(*show, "description", "What is seen.");
        if of.is_empty() {
            counts(*show, OF.name, "s");
        }
    }
}

/// A query for all things of a class, and for those with a name that nothing shown has.
fn selectors(class: &Class) -> [String; 2] {
    let all = format!("kind:{}", class.word);
    let none = format!("{all} and title:nothing");
    [all, none]
}

/// Whether a view shows the same where it is limited to what a query selects of what it shows.
fn is_all(show: Show, selector: &str) -> bool {
    let view = |query: &str| snapshot(&format!("view v \"V\" show={}{}{query}", show.word(), said(show).0));
    let [plain, with, without] = ["", "include", "exclude"].map(|fact| match fact {
        "" => view(""),
        fact => view(&format!(" {{ {fact} \"{selector}\"; }}")),
    });
    told(&with).is_empty() && picture(&with) == picture(&plain) && picture(&without) != picture(&plain)
}

#[test]
fn whatever_is_selected_changes_the_picture_or_is_told() {
    for show in Show::ALL {
        for selector in show.picks().iter().flat_map(|class| selectors(class)) {
            counts(*show, EXCLUDE.name, &selector);
            // Limited to all that there is, a picture stays as it is.
            if !is_all(*show, &selector) {
                counts(*show, INCLUDE.name, &selector);
            }
        }
    }
}

#[test]
fn what_a_view_leaves_out() {
    let has = |view: &str, box_: &str| picture(&snapshot(view)).contains(&format!("id: \"{box_}\""));
    for (view, shown, left_out) in [
        ("show=deployment of=live exclude=s.b", "instance:0", "instance:1"),
        ("show=deployment of=live include=s.a", "instance:0", "instance:1"),
        // A host where nothing is left goes with it, unless a connection names it; one that was empty stays.
        ("show=deployment of=live exclude=s.b", "place:3", "place:2"),
        ("show=deployment of=live exclude=s.b", "place:4", "place:2"),
        ("show=deployment of=live include=s.a", "place:1", "place:3"),
        ("show=deployment of=live include=s.a", "place:0", "place:4"),
        // What runs in a place may run elsewhere too; a place that is named is that place alone, with what it is in.
        ("show=deployment of=live include=\"runs-on(live.eu.one)\"", "instance:1", "instance:0"),
        ("show=deployment of=live include=\"host:live.eu.one\"", "instance:2", "instance:1"),
        ("show=deployment of=live include=\"host:live.eu.one\"", "place:0", "place:1"),
        ("show=deployment of=live include=\"host:live.eu.spare\"", "place:4", "place:1"),
        (
            "show=deployment of=live { include \"runs-on(live.eu.one)\"; include \"host:live.eu.h\" }",
            "instance:1",
            "instance:0",
        ),
        ("show=deployment of=live exclude=\"host:live.eu.h\"", "instance:2", "instance:0"),
        ("show=deployment of=live exclude=\"host:live.eu.h\"", "place:4", "place:1"),
        ("show=dynamic of=f exclude=s.b", "s.a", "s.b"),
        ("show=dynamic of=f include=\"u or s.a\"", "s.a", "s.b"),
        ("show=traceability exclude=\"requirement:q\"", "requirement:r", "requirement:q"),
        ("show=traceability include=\"requirement:r\"", "s.a", "s.b"),
        // These alone: no quality is shown beside a requirement that is picked, and no element beside a flow.
        ("show=traceability include=\"requirement:r\"", "flow:f", "quality:fast"),
        ("show=traceability include=\"kind:flow\"", "flow:f", "s.a"),
        ("show=traceability include=\"kind:flow\"", "requirement:r", "requirement:later"),
        // A requirement is not shown as if nothing realized it.
        ("show=traceability exclude=s.b", "requirement:later", "requirement:q"),
        ("show=traceability include=s.a", "requirement:r", "requirement:q"),
    ] {
        let view = format!("view v \"V\" {view}");
        assert!(has(&view, shown), "{view} shows {shown}");
        assert!(!has(&view, left_out), "{view} leaves out {left_out}");
    }
    let uses = |view: &str| picture(&snapshot(&format!("view v \"V\" {view}"))).matches("SceneEdge").count();
    for (view, fewer) in [("show=deployment of=live", 3), ("show=dynamic of=f", 1)] {
        let without = format!("{view} exclude=\"kind:relationship and to(s.b)\"");
        assert!(uses(&without) < uses(view) && uses(&without) + fewer >= uses(view), "{view}");
    }
}
