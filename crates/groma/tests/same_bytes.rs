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
fn a_file_outside_of_the_repository_is_a_uri_or_told_where_it_is_included() {
    let folder = repository();
    let root = folder.path();
    write(&root.join("out side/x#1.groma"), "person lonely \"L\"\n");
    write(&root.join("in/.git/HEAD"), "");
    write(&root.join("in/a.groma"), "include \"../out side\"\n");
    // Never by a path of one machine.
    let expected = "../out%20side/x%231.groma";
    let sarif = groma_in(root, &["check", "in", "--format", "sarif"]).stdout;
    assert!(String::from_utf8_lossy(&sarif).contains(&format!("\"uri\": \"{expected}\"")), "{expected}");
    let github = groma_in(root, &["check", "in", "--format", "github"]).stdout;
    // An annotation stands on a file of the repository: on the `include`, and says where what is found lies.
    let github = String::from_utf8_lossy(&github);
    assert!(github.contains("file=a.groma,line=1,") && github.contains("%0Ain ../out side/x#1.groma:1:8"), "{github}");
}

#[test]
fn without_a_repository_paths_are_told_from_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("w/a.groma"), "person lonely \"L\"\n");
    expect(folder.path(), &["check", "w", "--format", "sarif"], 0, "\"uri\": \"a.groma\"");
    expect(folder.path(), &["check", "w/a.groma", "--format", "github"], 0, "file=a.groma,");
}

/// Declarations whose order means nothing: elements, relationships, flows and places that have much in common.
const DECLARED: [&str; 12] = [
    "person u \"User\"",
    "system pay \"Pay\" external",
    "system mail \"Mail\" external rate-limit=100/s",
    "system shop \"Shop\" {\n    service web \"Web\" technology=\"Flask 3\"\n    service api \"API\" technology=\"FastAPI 0.115\" concurrency=8\n    service jobs \"Jobs\" technology=\"Node 22\" concurrency=8\n    database db \"DB\" technology=\"PostgreSQL 17\" read-replicas=2 concurrency=16\n    cache cache \"Cache\" technology=\"Redis 8\" hit-ratio=80%\n}",
    "u -> shop.web \"Asks\"",
    "shop.web -> shop.api \"Calls\" pool=20 { retry 2 }\nshop.web -> shop.jobs \"Calls\" pool=20 { retry 2 }",
    "shop.api -> shop.db \"Reads\" { breaker }\nshop.jobs -> shop.db \"Reads\" { breaker }",
    "shop.api -> shop.cache \"Looks up\"\nshop.jobs -> pay \"Charges\" timeout=1s\nshop.jobs -> mail \"Writes\"",
    "flow buy \"Buy\" { u -> shop.web \"Asks\" time=1ms { shop.web -> shop.jobs \"Calls\" time=3ms { shop.jobs -> pay \"Charges\" time=20ms; shop.jobs -> shop.db \"Reads\" time=2ms } } }",
    "flow find \"Find\" { u -> shop.web \"Asks\" time=1ms { shop.web -> shop.api \"Calls\" time=3ms { shop.api -> shop.cache \"Looks up\" time=0.1ms; shop.api -> shop.db \"Reads\" time=2ms } } }",
    "flow ask \"Ask\" { u -> shop.web \"Asks\" time=1ms { shop.web -> shop.api \"Calls\" time=3ms; shop.web -> shop.jobs \"Calls\" time=3ms { shop.jobs -> mail \"Writes\" time=9ms } } }",
    "workspace w \"W\" { team 3 skills=\"Python, Java\" }",
];

/// What is required and at which load stays where it is: a forecast tells it in the order in which it is written.
const REQUIRED: &str = "load peak \"Peak\" rate=300/s { mix buy weight=3; mix find weight=7; mix ask weight=0.1 }\nquality fast \"Fast\" { require p95 flow=buy under=1s; require p95 flow=find under=1s; require team under=5; require utilization of=shop.api under=80%; require availability flow=buy over=99% }\n";

/// Where something is declared changes no byte of a forecast, but for the places that point there.
#[test]
fn a_forecast_does_not_depend_on_the_order_of_declarations() {
    let folder = tempfile::tempdir().unwrap();
    let mut blocks: Vec<String> = DECLARED.map(str::to_owned).to_vec();
    let mut firsts: Option<[String; 2]> = None;
    for turn in 0..DECLARED.len() {
        write(&folder.path().join("w/a.groma"), &format!("{}\n{REQUIRED}", blocks.join("\n")));
        let forecast = |how: &[&str]| {
            let fixed = ["simulate", "w", "--events", "0.3"];
            let output = groma_in(folder.path(), &[&fixed[..], how].concat());
            assert!(output.status.code().is_some_and(|code| code < 2), "{}", common::told(&output));
            String::from_utf8(output.stdout).unwrap()
        };
        let is_place = |line: &&str| ["\"line\":", "\"column\":"].iter().any(|key| line.trim().starts_with(key));
        let json = forecast(&["--format", "json"]);
        let json: String = json.lines().filter(|line| !is_place(line)).map(|line| format!("{line}\n")).collect();
        let told = [forecast(&["--details"]), json];
        let firsts = firsts.get_or_insert_with(|| told.clone());
        for (first, now) in firsts.iter().zip(&told) {
            let differs = first.lines().zip(now.lines()).find(|(first, now)| first != now);
            assert!(first == now, "{turn}: {differs:?}\n{}", blocks.join("\n"));
        }
        // Each of them comes first once, and what is written in a block of it in another order each time.
        blocks.rotate_left(1);
        for block in &mut blocks {
            let mut lines: Vec<&str> = block.lines().collect();
            match lines.as_mut_slice() {
                [first, inner @ .., last] if first.ends_with('{') && *last == "}" => inner.rotate_left(1),
                lines => lines.reverse(),
            }
            *block = lines.join("\n");
        }
    }
}
