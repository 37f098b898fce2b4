//! The same workspace gives the same bytes, however it is named and whatever was there before.

mod common;

use common::{expect, files_below, groma_in, write};
use std::path::Path;

/// A repository with a workspace that includes a file beside it, and has findings in both and a file that is no text.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(&root.join(".git/HEAD"), "");
    write(
        &root.join("examples/orders/a.groma"),
        "include \"../../shared\"\ninclude \"nowhere\"\nsystem orders \"Orders\" {\n    service api \"API\"\n}\nflow f \"F\" { common -> orders.api \"Asks\" time=5ms }\nload l \"L\" rate=10/s\nquality fast \"Fast\" { require p95 flow=f under=1s }\n",
    );
    write(&root.join("shared/common.groma"), "person common \"Common\" colour=red\ncommon -> orders.api \"Asks\"\n");
    std::fs::write(root.join("examples/orders/b.groma"), b"\xff\xfe").unwrap();
    folder
}

/// One workspace, named in these ways from these folders.
fn names(root: &Path) -> Vec<(&'static str, String)> {
    vec![
        ("", "examples/orders".into()),
        ("", "./examples/orders/".into()),
        ("", "examples/../examples/orders".into()),
        ("", root.join("examples/orders").to_str().unwrap().into()),
        ("examples/orders", ".".into()),
        ("shared", "../examples/orders".into()),
    ]
}

#[test]
fn a_site_does_not_depend_on_how_its_workspace_is_named() {
    let folder = repository();
    let root = folder.path();
    let mut first = None;
    for (nth, (from, name)) in names(root).into_iter().enumerate() {
        let out = root.join(format!("site{nth}"));
        let output =
            groma_in(&root.join(from), &["build", &name, "--out", out.to_str().unwrap(), "--today", "2026-01-01"]);
        assert_eq!(output.status.code(), Some(2), "a file cannot be read: {}", common::told(&output));
        let site = files_below(&out);
        for (page, bytes) in &site {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains(root.to_str().unwrap()), "{page} tells where it was made");
        }
        assert!(String::from_utf8_lossy(&site["findings.html"]).contains("../../shared/common.groma:1:"));
        assert!(String::from_utf8_lossy(&site["element/orders.html"]).contains("<code>a.groma:3:8</code>"));
        let first = first.get_or_insert_with(|| site.clone());
        let differs: Vec<&String> = site.keys().filter(|page| first.get(*page) != site.get(*page)).collect();
        assert!(differs.is_empty() && first.len() == site.len(), "{name} from `{from}`: {differs:?}");
    }
}

#[test]
fn a_site_does_not_depend_on_what_its_folder_held() {
    let folder = repository();
    let root = folder.path();
    let build = |from: &str, out: &str| {
        groma_in(root, &["build", from, "--no-forecast", "--out", out]);
    };
    write(
        &root.join("other/a.groma"),
        "person \"Z\" \"Z\"\nsystem y \"Y\"\nZ -> y \"Uses\"\nflow g \"G\" { Z -> y \"Uses\" }\n",
    );
    build("other", "site");
    build("examples/orders", "site");
    build("examples/orders", "clean");
    assert_eq!(files_below(&root.join("site")), files_below(&root.join("clean")));
    build("other", "site");
    build("other", "other-site");
    assert_eq!(files_below(&root.join("site")), files_below(&root.join("other-site")));
    // No empty folder is left of the flows.
    write(&root.join("small/a.groma"), "person a \"A\"\n");
    build("small", "site");
    assert!(!root.join("site/flow").exists());
}

#[test]
fn reports_for_programs_name_files_by_where_they_are() {
    let folder = repository();
    let root = folder.path();
    for format in ["sarif", "github", "junit", "json"] {
        let mut reports = names(root)
            .into_iter()
            // What is for reading here and now tells paths from here.
            .filter(|(from, _)| from.is_empty() || matches!(format, "sarif" | "github"))
            .map(|(from, name)| (groma_in(&root.join(from), &["check", &name, "--format", format]).stdout, name));
        let (first, _) = reports.next().unwrap();
        assert!(!String::from_utf8_lossy(&first).contains(root.to_str().unwrap()));
        for (report, name) in reports {
            assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&report), "{format} of {name}");
        }
    }
    let sarif = groma_in(&root.join("shared"), &["check", "../examples/orders", "--format", "sarif"]).stdout;
    let sarif: serde_json::Value = serde_json::from_slice(&sarif).unwrap();
    let uri =
        |result: &serde_json::Value| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone();
    let mut uris: Vec<_> = sarif["runs"][0]["results"].as_array().unwrap().iter().map(uri).collect();
    uris.dedup();
    assert!(
        uris.contains(&"shared/common.groma".into()) && uris.contains(&"examples/orders/b.groma".into()),
        "{uris:?}"
    );
}

#[test]
fn a_file_outside_of_the_repository_is_a_uri() {
    let folder = repository();
    let root = folder.path();
    write(&root.join("out side/x#1.groma"), "person lonely \"L\"\n");
    write(&root.join("in/.git/HEAD"), "");
    write(&root.join("in/a.groma"), "include \"../out side\"\n");
    let expected = root.canonicalize().unwrap().join("out side/x#1.groma");
    let expected = format!("file://{}", expected.to_str().unwrap().replace(' ', "%20").replace('#', "%23"));
    let sarif = groma_in(root, &["check", "in", "--format", "sarif"]).stdout;
    assert!(String::from_utf8_lossy(&sarif).contains(&format!("\"uri\": \"{expected}\"")), "{expected}");
    let github = groma_in(root, &["check", "in", "--format", "github"]).stdout;
    let property = expected.replace('%', "%25").replace(':', "%3A");
    assert!(String::from_utf8_lossy(&github).contains(&format!("file={property},")), "{property}");
}

#[test]
fn without_a_repository_paths_are_told_from_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("w/a.groma"), "person lonely \"L\"\n");
    expect(folder.path(), &["check", "w", "--format", "sarif"], 0, "\"uri\": \"a.groma\"");
    expect(folder.path(), &["check", "w/a.groma", "--format", "github"], 0, "file=a.groma,");
}
