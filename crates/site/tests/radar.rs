//! The pages of technologies, of the radar and of standards.

use groma_model::stack::Technologies;
use groma_model::stack::blips::{Radar, movements};
use groma_session::{MemoryFileSystem, Session, Snapshot};
use groma_site::{Found, build, radar_page};
use groma_testing::goldens;
use std::collections::BTreeMap;
use std::path::Path;

const COMPANY: &str = include_str!("company.groma");

fn snapshot(text: &str) -> Snapshot {
    let files = MemoryFileSystem::new(&[("w.groma", text)]);
    Session::open(&files, Path::new("w.groma")).unwrap().snapshot()
}

fn site(text: &str) -> BTreeMap<String, String> {
    let snapshot = snapshot(text);
    let files =
        build(&snapshot, Found { checked: &snapshot.checked("2026-11-27"), spared: &[], today: "2026-11-27" }, None);
    files.into_iter().map(|file| (file.path, String::from_utf8(file.bytes).unwrap())).collect()
}

/// What a page says below its header, a tag a line.
fn body(page: &str) -> String {
    let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap();
    // The picture is compared where it is drawn.
    let (before, rest) = main.split_once("<svg").unwrap_or((main, "</svg>"));
    let (_, after) = rest.split_once("</svg>").unwrap();
    format!("<main{before}{after}\n").replace("><", ">\n<")
}

#[test]
fn pages_of_a_company() {
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/radar"), |goldens| {
        let site = site(COMPANY);
        for page in ["technologies.html", "radar.html", "standards.html"] {
            goldens.check(page, &body(&site[page]));
        }
        let (after, before) = (snapshot(COMPANY), snapshot("technology rust ring=hold\ntechnology php ring=hold"));
        let (after, before) = (Technologies::new(&after.arch), Technologies::new(&before.arch));
        let page = radar_page(&Radar::new(&after, Some(&movements(&before, &after))));
        assert_eq!(page, radar_page(&Radar::new(&after, Some(&movements(&before, &after)))), "the same bytes twice");
        goldens.check("alone.html", &page.replace("><", ">\n<"));
    });
}

#[test]
fn a_page_that_stands_alone_loads_and_runs_nothing() {
    let snapshot = snapshot(COMPANY);
    let page = radar_page(&Radar::new(&Technologies::new(&snapshot.arch), None));
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
    let policy = policy.unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("script") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.contains("<script") && !page.contains("<link") && !page.contains(" src="), "{page}");
    for address in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let id = address.strip_prefix('#').expect(address);
        assert!(page.contains(&format!("id=\"{id}\"")), "{address}");
    }
    // One page, one title.
    assert_eq!(page.matches("<h1>").count(), 1);
}

#[test]
fn pages_are_there_where_there_is_something_to_show() {
    let pages = |text: &str| {
        let site = site(text);
        let nav = |page: &str| site["index.html"].contains(&format!("href=\"{page}\""));
        ["technologies.html", "radar.html", "standards.html"].map(|page| {
            assert_eq!(site.contains_key(page), nav(page), "{page}");
            site.contains_key(page)
        })
    };
    assert_eq!(pages("system s \"S\""), [false, false, false]);
    assert_eq!(pages("system s \"S\" technology=Go"), [true, false, false]);
    assert_eq!(pages("technology go ring=adopt"), [false, true, false]);
    assert_eq!(pages("technology go"), [true, false, false]);
    assert_eq!(pages("standard s \"S\" applies=\"kind:service\" must=\"has:owner\""), [false, false, true]);
}

#[test]
fn each_record_stands_on_one_page() {
    let site = site(COMPANY);
    assert!(!site["requirements.html"].contains("Three teams run it."));
    assert!(site["search.js"].contains("radar.html#postgresql") && site["search.js"].contains("standards.html#owners"));
}

/// What an element's page says of it, of what leads to it, and where it runs.
#[test]
fn facts_of_ones_own_links_and_findings_stand_where_they_are_looked_for() {
    let text = r#"
fact budget "What callers may wait" on="relationship, service" type=duration
standard wire "Encrypted" applies="kind:relationship" must="protocol:HTTPS" {
    reason "R"
    link "https://example.com/review" title="How to review"
}
system s "S" {
    service a "A" budget=30ms
    service b "B"
    a -> b "Asks" protocol=HTTP budget=20ms
}
deployment d "D" { host h "H" { instance s.a } }
"#;
    let site = site(text);
    assert!(site["standards.html"].contains("<a href=\"https://example.com/review\">How to review</a>"));
    assert!(!site["standards.html"].contains("title How"), "{}", site["standards.html"]);
    let word = "What callers may wait <a href=\"../kits.html#budget\"><code>budget</code></a>";
    let page = &site["element/s.b.html"];
    assert!(page.contains(&format!("{word}: 20ms")) && page.contains("· wire"), "{page}");
    let page = &site["element/s.a.html"];
    assert!(page.contains(&format!("{word}</dt>")) && page.contains("· wire"), "{page}");
    assert!(!page.contains("Besides"), "{page}");
}

#[test]
fn the_site_of_a_kit_bears_its_title() {
    let site = site(
        "kit company \"Company rules\"\nstandard s \"S\" applies=\"kind:system\" must=\"has:owner\" { reason \"R\" }",
    );
    let page = &site["index.html"];
    assert!(page.contains("<h1>Company rules</h1>") && page.contains("1 standard"), "{page}");
    assert!(!page.contains("Views"), "{page}");
}

#[test]
fn whatever_names_a_technology_leads_to_its_row_and_back() {
    let text = r#"
radar r "R" { ring adopt; ring tolerate policy=existing }
technology go "Go" ring=adopt
system s "S" {
    service a "A" technology="Go 1.999 and Zorbium, gRPC"
    database b "B" technology="PostgreSQL 17"
    a -> b "Asks" technology=gRPC
    database c "C" technology="MongoDB"
}
deployment d "D" { region e "E" technology="AWS" { host h "H" technology="Kubernetes 1.34" { instance s.a } } }
deployment f "F" { host h "H" technology="Kubernetes 1.34" { instance s.a; instance s.b technology="Amazon RDS" } }
pipeline p "P" { step x "X" technology="Jenkins"; step y "Y"; x -> y }
"#;
    let site = site(text);
    let page = &site["technologies.html"];
    let row = |id: &str| {
        let from = page.split(&format!("<tr id=\"row~{id}\">")).nth(1).unwrap_or_else(|| panic!("{id}: {page}"));
        from.split("</tr>").next().unwrap()
    };
    for (id, by) in [
        ("go", "element/s.a.html"),
        ("grpc", "element/s.b.html"),
        ("kubernetes", "view/d-deployment.html\">H</a><span class=\"note\"> in D"),
        ("kubernetes", "view/f-deployment.html"),
        ("jenkins", "view/p-pipeline.html"),
    ] {
        assert!(row(id).contains(by), "{by} in {}", row(id));
    }
    assert!(row("go").contains("not known") && row("mongodb").contains("no version is given"), "{}", row("go"));
    assert!(!row("postgresql").contains("not known") && row("postgresql").contains("20"), "{}", row("postgresql"));
    for (page, at) in [
        (
            "element/s.a.html",
            "../technologies.html#row~go\">Go 1.999</a> <span class=\"kind\" title=\"anybody may use it\">adopt</span> and Zorbium, <a",
        ),
        ("element/s.b.html", "../technologies.html#row~grpc"),
        ("environments.html", "technologies.html#row~kubernetes"),
    ] {
        assert!(site[page].contains(at), "{at} on {page}: {}", body(&site[page]));
    }
}

/// What a baseline spares is there still: a standard that it spares from is not met by all.
#[test]
fn what_is_spared_and_what_has_ended_is_told() {
    let text = "standard good \"Good\" applies=\"kind:service\" must=\"tag:a\" { reason \"Why not.\"; }\nsystem s \"S\" {\n    service a \"A\" technology=\"PostgreSQL 12\"\n}\n";
    let snapshot = snapshot(text);
    let checked = snapshot.checked("2026-11-27");
    let spared: Vec<_> = checked.findings.iter().filter(|finding| finding.code == "good").cloned().collect();
    assert_eq!(spared.len(), 1);
    let others = groma_check::Checked {
        findings: checked.findings.into_iter().filter(|finding| finding.code != "good").collect(),
        suppressed: checked.suppressed,
    };
    let found = Found { checked: &others, spared: &spared, today: "2026-11-27" };
    let pages: BTreeMap<String, String> = build(&snapshot, found, None)
        .into_iter()
        .filter(|file| file.path.ends_with(".html"))
        .map(|file| (file.path, String::from_utf8(file.bytes).unwrap()))
        .collect();
    assert!(pages["standards.html"].contains("<td><a href=\"findings.html#spared\">1 spared</a></td>"));
    assert!(pages["technologies.html"].contains("<strong class=\"warning\">ended 2024-11-"));
}
