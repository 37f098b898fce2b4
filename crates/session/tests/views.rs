//! Each fact of a view changes the picture of each sort, or is told to change nothing there.

use groma_model::facts::view::{DETAIL, DIRECTION, EXCLUDE, INCLUDE, OF, Show};
use groma_session::{MemoryFileSystem, Session, Snapshot};
use std::path::Path;

const WORKSPACE: &str = "person u \"User\"
system s \"S\" {
    service a \"A\" description=\"The first.\" {
        component c \"C\"
        component d \"D\"
        c -> d \"Asks\"
    }
    service b \"B\" description=\"The second.\"
    a -> b \"Asks\"
}
u -> s.a \"Uses\"
flow f \"F\" { u -> s.a \"Uses\" { s.a -> s.b \"Asks\" } }
requirement r \"R\" realized-by=s.a
requirement q \"Q\" realized-by=s.b
deployment live \"Live\" { region eu \"EU\" { host h \"H\" { instance s.a; instance s.b; } } }
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

fn picture(snapshot: &Snapshot) -> String {
    let spec = groma_view::find(&snapshot.arch, "v").expect("the view");
    format!("{:?}", groma_view::scene(&snapshot.arch, &spec))
}

/// What a sort is a picture of, and what other facts say there.
fn said(show: Show) -> (&'static str, [(&'static str, &'static str); 4]) {
    let (of, some) = match show {
        Show::Landscape => ("", "s"),
        Show::Context | Show::Container => (" of=s", "u"),
        Show::Component => (" of=s.a", "s.a.c"),
        Show::Deployment => (" of=live", "s.a"),
        Show::Dynamic | Show::Sequence => (" of=f", "s.a"),
        Show::Pipeline => (" of=p", "s.a"),
        Show::Traceability => ("", "s.a"),
    };
    let other = if matches!(show, Show::Pipeline | Show::Traceability) { "down" } else { "right" };
    (of, [(INCLUDE.name, some), (EXCLUDE.name, some), (DIRECTION.name, other), (DETAIL.name, "names")])
}

#[test]
fn each_fact_changes_the_picture_or_is_told() {
    for show in Show::ALL {
        let (of, facts) = said(*show);
        let plain = picture(&snapshot(&format!("view v \"V\" show={}{of}", show.word())));
        let of_another = [(OF.name, "s")].into_iter().filter(|_| of.is_empty());
        for (fact, value) in facts.into_iter().chain(of_another) {
            let changed = snapshot(&format!("view v \"V\" show={}{of} {fact}=\"{value}\"", show.word()));
            let message = format!("`{fact}` changes nothing in a view with `show={}`", show.word());
            let findings = changed.findings("2026-01-01");
            let is_told = findings.iter().any(|finding| finding.code == "empty-view" && finding.message == message);
            let is_another = picture(&changed) != plain;
            assert!(is_another != is_told, "{} {fact}: told {is_told}, another {is_another}", show.word());
            let told: Vec<&str> =
                findings.iter().filter(|one| one.code != "empty-view").map(|one| &*one.code).collect();
            assert!(!told.contains(&"wrong-query"), "{} {fact}", show.word());
        }
    }
}

#[test]
fn what_a_view_leaves_out() {
    let has = |view: &str, box_: &str| picture(&snapshot(view)).contains(&format!("id: \"{box_}\""));
    for (view, shown, left_out) in [
        ("show=deployment of=live exclude=s.b", "instance:0", "instance:1"),
        ("show=deployment of=live include=s.a", "instance:0", "instance:1"),
        ("show=dynamic of=f exclude=s.b", "s.a", "s.b"),
        ("show=dynamic of=f include=\"u or s.a\"", "s.a", "s.b"),
        ("show=traceability exclude=\"requirement:q\"", "requirement:r", "requirement:q"),
        ("show=traceability include=\"requirement:r\"", "s.a", "s.b"),
        // A requirement is not shown as if nothing realized it.
        ("show=traceability exclude=s.b", "requirement:r", "requirement:q"),
        ("show=traceability include=s.a", "requirement:r", "requirement:q"),
    ] {
        let view = format!("view v \"V\" {view}");
        assert!(has(&view, shown), "{view} shows {shown}");
        assert!(!has(&view, left_out), "{view} leaves out {left_out}");
    }
    let uses = |view: &str| picture(&snapshot(&format!("view v \"V\" {view}"))).matches("SceneEdge").count();
    for view in ["show=deployment of=live", "show=dynamic of=f"] {
        let without = format!("{view} exclude=\"kind:relationship and to(s.b)\"");
        assert_eq!(uses(&without) + 1, uses(view), "{view}");
    }
}
