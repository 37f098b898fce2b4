//! What the pages of a site say, and where their links lead.

mod common;
mod tools;

use common::{files_below, write};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

type Files = BTreeMap<String, Vec<u8>>;

/// The site of a workspace.
fn site(workspace: &Path, out: &Path) -> Files {
    let workspace = workspace.to_str().unwrap();
    let arguments = ["build", workspace, "--out", out.to_str().unwrap(), "--today", "2026-01-01"];
    common::expect(Path::new("."), &arguments, 0, "is written");
    files_below(out)
}

/// The site of one text.
fn site_of(text: &str) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("w/w.groma");
    write(&file, text);
    site(&file, &folder.path().join("site"))
}

fn page(site: &Files, name: &str) -> String {
    String::from_utf8(site[name].clone()).unwrap()
}

/// What a page shows, without its tags.
fn shown(html: &str) -> String {
    let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect::<String>()
}

/// What each tag has for an attribute, with the text up to the next tag.
fn attribute<'p>(html: &'p str, name: &str) -> Vec<&'p str> {
    let mark = format!(" {name}=\"");
    let tags = html.split('<').filter_map(|piece| piece.split('>').next());
    let values = tags.filter_map(|tag| tag.split_once(&mark)).filter_map(|(_, rest)| rest.split('"').next());
    values.collect()
}

const SHOP: &str = r#"person u "U"
system s "S" { service a "A" }
u -> s.a "asks"
flow f "F" { u -> s.a "asks" time=1ms }
flow g "G" {
    u -> s.a "asks" time=1ms {
        s.a -> s.a "mails" async=#true
    }
}
load peak "Peak" { rate 10/s; mix f weight=2; mix g }
load quiet "Quiet" { rate 1/s }
failure peak "A is gone" {
    description "It burns."
    fail s.a for=5min
    impact "Nothing works"
    mitigation "Nobody is told"
    recovery "It is built anew" mode=manual rto=1h
    expect f success=1%
}
slo up "It is up" { objective 99.9% per=7d; of s }
alert search "It is slow" { on p95 over=2s for=5min; flow f }
assumption later "It comes later" due=2027-03-01 owner=ana
requirement main "It answers" { realized-by f }
quality q "Q" {
    require p95 flow=f under=100ms load=quiet
    require throughput of=s over=20/s
    require availability of=s over=99.9% per=30d
    require error-rate flow=g under=5% load=peak failure=peak
    require recovery-time failure=peak under=1h
    measure "Once a year"
}
"#;

#[test]
fn a_requirement_is_shown_as_it_is_written() {
    let site = site_of(SHOP);
    let requirements = page(&site, "requirements.html") + &page(&site, "constraints.html");
    let paragraphs: Vec<String> =
        requirements.split("<p>").skip(1).map(|rest| shown(rest.split("</p>").next().unwrap())).collect();
    for expected in [
        "p95 flow F under 100ms load Quiet",
        "throughput of S over 20/s",
        "availability of S over 99.9% per 30d",
        "error-rate flow G under 5% load Peak failure A is gone",
        "recovery-time failure A is gone under 1h",
        "Once a year",
        "2027-03-01",
    ] {
        assert!(paragraphs.iter().any(|one| one == expected), "{expected}: {paragraphs:#?}");
    }
}

#[test]
fn what_is_written_of_loads_failures_objectives_and_alerts_is_shown() {
    let site = site_of(SHOP);
    let loads = shown(&page(&site, "loads.html"));
    for expected in [
        "Rate10/s",
        "MixF weight 2G",
        "It burns.",
        "FailA for 5min",
        "ImpactNothing works",
        "MitigationNobody is told",
        "RecoveryIt is built anew; mode manual; rto 1h",
        "ExpectF success 1%",
        "Objective99.9% per 7d",
        "Onp95 over 2s for 5min",
    ] {
        assert!(loads.contains(expected), "{expected}: {loads}");
    }
}

#[test]
fn asynchronous_steps_are_marked() {
    let flow = shown(&page(&site_of(SHOP), "flow/g.html"));
    assert!(flow.contains("A → A: mails asynchronous"), "{flow}");
    assert_eq!(flow.matches("asynchronous").count(), 1);
}

/// The addresses of a site that lead to a place in a page: of links, and of what the search finds.
fn addresses_with_places(site: &Files) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in site.keys().filter(|name| name.ends_with(".html")) {
        let html = page(site, name);
        found.extend(attribute(&html, "href").into_iter().map(|address| (name.clone(), address.to_owned())));
    }
    let search = page(site, "search.js");
    let index = search.strip_prefix("window.gromaIndex = ").unwrap().trim_end().trim_end_matches(';');
    let rows: serde_json::Value = serde_json::from_str(index).unwrap();
    let rows = rows.as_array().unwrap().iter();
    found.extend(rows.map(|row| ("search.js".to_owned(), row[2].as_str().unwrap().to_owned())));
    found.retain(|(_, address)| address.contains('#') && !address.contains("://") && address != "#");
    found
}

/// Every address with a place has one; gives back how many there are.
fn places_are_there(site: &Files) -> usize {
    let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for name in site.keys().filter(|name| name.ends_with(".html")) {
        let html = page(site, name);
        let all = attribute(&html, "id");
        let each: BTreeSet<String> = all.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(all.len(), each.len(), "{name} has an id twice");
        ids.insert(name, each);
    }
    let addresses = addresses_with_places(site);
    for (from, address) in &addresses {
        let (path, id) = address.split_once('#').unwrap();
        let target = match path.strip_prefix("../") {
            Some(at_root) => at_root.to_owned(),
            None if path.is_empty() => from.clone(),
            None => path.to_owned(),
        };
        let there = ids.get(target.as_str()).is_some_and(|ids| ids.contains(id));
        assert!(there, "{from}: {address} leads nowhere");
    }
    addresses.len()
}

#[test]
fn every_link_to_a_place_finds_it() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().unwrap();
    for example in ["examples/storefront", "examples/orders"] {
        let count = places_are_there(&site(&root.join(example), &folder.path().join(example.replace('/', "-"))));
        assert!(count > 50, "{example}: {count}");
    }
    places_are_there(&site_of(SHOP));
}

/// The page measures itself: a page of the site itself may run no script that it brings.
const MEASURING: &str = r#"<!DOCTYPE html><link rel="stylesheet" href="site/style.css">
<div style="width:20rem">
<span class="gauge"><span class="used w2"></span></span>
<span class="gauge"><span class="used w50"></span></span>
<span class="gauge"><span class="used full w100"></span></span>
<span class="times"><span class="work w25"></span><span class="net w25"></span></span>
</div><pre></pre><script>
const share = (part) => Math.round(100 * part.getBoundingClientRect().width / part.parentElement.clientWidth);
document.querySelector("pre").textContent = [...document.querySelectorAll("span > span")].map(share).join(" ");
</script>"#;

#[test]
fn bars_are_as_long_as_their_share() {
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    let Some(browser) = tools::command(&browsers, "--version", "the bars of forecasts") else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in site_of(SHOP) {
        if name == "style.css" {
            write(&folder.path().join("site/style.css"), &String::from_utf8(bytes).unwrap());
        }
    }
    let file = folder.path().join("bars.html");
    write(&file, MEASURING);
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let page = String::from_utf8_lossy(&output.stdout);
    let shares = page.split("<pre>").nth(1).and_then(|rest| rest.split("</pre>").next()).expect(&page);
    // Two parts that are alike share a bar, however little of the whole they were said to be.
    assert_eq!(shares, "2 50 100 50 50");
}

/// What a baseline spares is no open finding anywhere on the site, and is told apart from these.
#[test]
fn what_a_baseline_spares_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("w.groma"), folder.path().join("site"));
    let old = "system s \"S\" { service a \"A\"; service b \"B\"; }\ns.a -> s.b \"Asks\"\nquestion q \"Old?\"\nstandard owned \"Owned\" applies=\"kind:service\" must=\"has:owner\" reason=\"R\" severity=warning\n";
    write(&file, old);
    let groma = |arguments: &[&str], code, told| common::expect(folder.path(), arguments, code, told);
    groma(&["check", "w.groma", "--write-baseline", "b.txt", "--today", "2026-01-01"], 0, "wrote b.txt");
    write(&file, &format!("{}question r \"New?\"\n", old.replace("question q \"Old?\"\n", "")));
    let spared = std::fs::read_to_string(folder.path().join("b.txt")).unwrap();
    let of_q = spared.lines().filter(|line| line.contains("question:q")).count();
    let spared = spared.lines().filter(|line| line.contains('[')).count() - of_q;
    let build = ["build", "w.groma", "-o", "site", "--today", "2026-01-01", "--fail-on", "warning"];
    groma(&build, 1, "is written");
    let with_baseline = [&build[..], &["--baseline", "b.txt"]].concat();
    groma(
        &with_baseline,
        0,
        &format!("b.txt: {spared} findings spared, {of_q} gone: `groma check --baseline FILE --shrink` takes"),
    );
    let site = files_below(&out);
    let first = page(&site, "index.html");
    assert!(first.contains(&format!("<a href=\"findings.html#spared\">{spared} findings spared</a>")), "{first}");
    assert!(!first.contains("warning"), "{first}");
    let (open, apart) = page(&site, "findings.html")
        .split_once("Spared by the baseline")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert!(open.contains("New?") && !open.contains("owned") && apart.contains("owned") && !apart.contains("New?"));
    for name in ["element/s.a.html", "standards.html"] {
        let page = page(&site, name);
        assert!(page.contains("Spared by the baseline") && !page.contains("without a finding"), "{page}");
    }
}
