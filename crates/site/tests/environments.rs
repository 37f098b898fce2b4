//! The page that compares the environments.

use groma_session::{MemoryFileSystem, Session};
use groma_site::{Found, build};
use std::path::Path;

/// A page of the site of a text, if there is one.
fn page(text: &str, file: &str) -> Option<String> {
    let files = MemoryFileSystem::new(&[("w.groma", text)]);
    let snapshot = Session::open(&files, Path::new("w.groma")).unwrap().snapshot();
    let built =
        build(&snapshot, Found { checked: &snapshot.checked("2026-11-27"), spared: &[], today: "2026-11-27" }, None);
    let found = built.into_iter().find(|one| one.path == file)?;
    Some(String::from_utf8(found.bytes).unwrap())
}

const PRODUCTION: &str = r#"
system s "S" { service a "A"; worker w "W"; database d "D"; }
deployment production "Production" environment=production {
    region eu "EU" {
        host cluster "Cluster" technology=EKS { instance s.a replicas=3..9; instance s.w; }
        instance s.d replicas=2
    }
    region us "US" { instance s.d standby; }
}
"#;

#[test]
fn several_environments_stand_beside_each_other() {
    let text = format!("{PRODUCTION}deployment test \"Test\" {{ host box \"Box\" {{ instance s.a; instance s.d; }} }}");
    let page = page(&text, "environments.html").unwrap();
    let row = |title: &str| {
        let table = page.split("<tbody>").nth(1).unwrap();
        let row = table.split("<tr>").find(|row| row.contains(&format!(">{title}</a>"))).unwrap();
        row.split("</tr>").next().unwrap().to_owned()
    };
    assert!(
        page.contains(">Production</a><p class=\"note\">production</p></th>") && page.contains(">Test</a></th>"),
        "{page}"
    );
    assert!(
        row("A").contains("<p>EU / Cluster × 3–9<span class=\"note\"> <a href=\"technologies.html#row~amazon-eks\">EKS</a></span></p></td><td><p>Box</p>"),
        "{page}"
    );
    assert!(row("D").contains("<p>EU × 2</p><p>US (standby)</p></td><td><p>Box</p></td>"), "{page}");
    assert!(row("W").contains("<td><span class=\"note\">does not run here</span></td>"), "{page}");
    assert!(page.contains("<a href=\"environments.html\" aria-current=\"page\">Environments</a>"), "{page}");
}

#[test]
fn one_environment_is_compared_with_nothing() {
    assert_eq!(page(PRODUCTION, "environments.html"), None);
    assert!(!page(PRODUCTION, "index.html").unwrap().contains("environments.html"));
}
