//! The pages of a workspace whose titles all mean something to a browser: they stay texts, and every link leads somewhere.

use groma_session::{MemoryFileSystem, Session};
use groma_simulate::Options;
use groma_site::{Found, SiteFile, build};
use groma_testing::goldens;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

const HOSTILE: &str = include_str!("hostile.groma");

fn made(text: &str, is_forecast: bool) -> Vec<SiteFile> {
    let files = MemoryFileSystem::new(&[("w.groma", text)]);
    let snapshot = Session::open(&files, Path::new("w.groma")).unwrap().snapshot();
    let checked = snapshot.checked("2026-01-01");
    let options = Options { most_events: 100_000, ..Options::default() };
    let forecast = is_forecast.then(|| {
        let forecastable = snapshot.forecastable()?;
        let report = forecastable.judge(&options, &AtomicBool::new(false), &|_, _, _| {});
        Ok(report.with_curves(forecastable.arch(), &options, &AtomicBool::new(false)))
    });
    build(&snapshot, Found { checked: &checked, spared: &[], today: "2026-01-01" }, forecast.as_ref())
}

type Site = BTreeMap<String, String>;

fn site_of(files: Vec<SiteFile>) -> Site {
    files.into_iter().map(|file| (file.path, String::from_utf8(file.bytes).unwrap())).collect()
}

fn hostile() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| site_of(made(HOSTILE, true)))
}

fn pages(site: &Site) -> impl Iterator<Item = (&str, &str)> {
    site.iter().filter(|(path, _)| path.ends_with(".html")).map(|(path, page)| (path.as_str(), page.as_str()))
}

/// The tags of a page, without the signs around them.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).map(|piece| piece.split('>').next().unwrap_or_default())
}

/// The values of an attribute in all tags that have it.
fn attributes<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let mark = format!(" {name}=\"");
    tags(page).filter_map(|tag| tag.split_once(&mark)?.1.split('"').next()).collect()
}

fn ids(page: &str) -> BTreeSet<&str> {
    attributes(page, "id").into_iter().collect()
}

/// A path seen from a page, without `..`.
fn from_page(page: &str, address: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{page}: {address} leads out of the site"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Every address leads to a file and a place in it; gives back how many lead to a place.
fn links_lead_somewhere(site: &Site) -> usize {
    let mut places = 0;
    for (path, page) in pages(site) {
        let addresses = attributes(page, "href").into_iter().chain(attributes(page, "src"));
        for address in addresses.filter(|address| *address != "#") {
            if address.starts_with("https://") {
                continue;
            }
            assert!(!address.contains(':'), "{path}: {address}");
            let (file, place) = address.split_once('#').map_or((address, None), |(file, place)| (file, Some(place)));
            let file = if file.is_empty() { path.to_owned() } else { from_page(path, file) };
            let Some(target) = site.get(&file) else { panic!("{path}: {address} leads to no file") };
            if let Some(place) = place {
                assert!(ids(target).contains(place), "{path}: {address} leads to no place");
                places += 1;
            }
        }
    }
    places
}

#[test]
fn every_link_leads_somewhere() {
    assert!(links_lead_somewhere(hostile()) > 20);
    // Without a forecast, and where there is hardly anything.
    links_lead_somewhere(&site_of(made(HOSTILE, false)));
    links_lead_somewhere(&site_of(made("system s \"S\"\n", true)));
    links_lead_somewhere(&site_of(made("", false)));
}

#[test]
fn no_id_is_twice_in_a_page() {
    for (path, page) in pages(hostile()) {
        let all = attributes(page, "id");
        let twice: Vec<&str> =
            all.iter().filter(|id| all.iter().filter(|other| other == id).count() > 1).copied().collect();
        assert!(twice.is_empty(), "{path}: {twice:?}");
    }
}

#[test]
fn what_refers_to_an_id_finds_it_in_its_page() {
    let mut seen = 0;
    for (path, page) in pages(hostile()) {
        let ids = ids(page);
        for name in ["aria-labelledby", "aria-describedby", "for", "aria-controls"] {
            for id in attributes(page, name).into_iter().flat_map(str::split_whitespace) {
                assert!(ids.contains(id), "{path}: {name}={id}");
                seen += 1;
            }
        }
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn every_page_has_a_title_of_its_own_and_one_heading() {
    let mut titles: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, page) in pages(hostile()) {
        let title = page.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap();
        assert!(!title.trim().is_empty(), "{path}");
        if let Some(other) = titles.insert(title, path) {
            // A flow and the view of it may share a title.
            let folder = |path: &str| path.split('/').next().unwrap().to_owned();
            assert!(folder(other) != folder(path), "{path} and {other} are both called {title}");
        }
        let headings = tags(page).filter(|tag| *tag == "h1" || tag.starts_with("h1 ")).count();
        assert_eq!(headings, 1, "{path}");
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{path}");
    }
    assert!(titles.len() > 15, "{titles:?}");
}

#[test]
fn no_text_becomes_a_tag() {
    // Whatever is a tag anywhere is one in a workspace that says nothing.
    let words = |site: &Site| -> BTreeSet<String> {
        let word = |tag: &str| {
            tag.split(|letter: char| !letter.is_alphanumeric() && letter != '/' && letter != '!')
                .next()
                .map(str::to_owned)
        };
        pages(site).flat_map(|(_, page)| tags(page).filter_map(word).collect::<Vec<_>>()).collect()
    };
    let harmless: String = HOSTILE.lines().map(|line| plain(line) + "\n").collect();
    assert_eq!(words(hostile()), words(&site_of(made(&harmless, true))));
    for (path, file) in pages(hostile()) {
        assert!(
            !file.contains("<script>") && !file.contains("<img src=x") && !file.contains(" onload=\"alert"),
            "{path}"
        );
        assert!(!file.contains("href=\"javascript:"), "{path}");
    }
    let search = &hostile()["search.js"];
    assert!(!search.contains("</") && search.starts_with("window.gromaIndex = "), "{search}");
}

/// A line whose texts are all harmless.
fn plain(line: &str) -> String {
    let line = line.replace("\\\"", "");
    let mut pieces: Vec<String> = line.split('"').map(str::to_owned).collect();
    for (nth, piece) in pieces.iter_mut().enumerate().filter(|(nth, _)| nth % 2 == 1) {
        if !piece.starts_with("kind:") && !piece.starts_with("https:") {
            *piece = format!("Text {nth}");
        }
    }
    pieces.join("\"")
}

#[test]
fn every_text_is_shown() {
    let shown: String = pages(hostile()).map(|(_, page)| page).collect();
    assert!(hostile()["forecast.html"].contains("groma-plot"), "there is a forecast");
    for text in
        ["&lt;img src=x onerror=alert(1)&gt;", "日本 Über", "By &lt;eye&gt;", "Why &lt;/ul&gt;?", "Host &lt;h&gt;"]
    {
        assert!(shown.contains(text), "{text}");
    }
}

#[test]
fn files_differ_where_letters_case_does_not_count() {
    let lower: BTreeSet<String> = hostile().keys().map(|path| path.to_lowercase()).collect();
    assert_eq!(lower.len(), hostile().len());
}

#[test]
fn the_same_workspace_is_the_same_bytes() {
    assert_eq!(made(HOSTILE, true), made(HOSTILE, true));
}

/// An owner is a link to the team or the person, on the pages of elements and where records are listed; what is declared
/// nowhere is a text.
#[test]
fn an_owner_that_is_declared_is_a_link() {
    let text = "team core \"Core team\" { member ana \"Ana Ruiz\"; }
system shop \"Shop\" owner=core { service web \"Web\"; service api \"API\" owner=member:ana; }
system bank \"Bank\" owner=acme
requirement fast \"Fast\" owner=team:core\n";
    let site = site_of(made(text, false));
    let page = |path: &str| site.get(path).unwrap_or_else(|| panic!("{path} of {:?}", site.keys()));
    let link = |root: &str, id: &str, title: &str| format!("<a href=\"{root}requirements.html#{id}\">{title}</a>");
    for (path, owner) in [
        ("element/shop.html", link("../", "core", "Core team")),
        ("element/shop.web.html", link("../", "core", "Core team")),
        ("element/shop.api.html", link("../", "ana", "Ana Ruiz")),
        ("element/bank.html", "<dt>Owner</dt><dd>acme</dd>".to_owned()),
        ("requirements.html", link("", "core", "Core team")),
    ] {
        assert!(page(path).contains(&owner), "{path}: {owner} is not in {}", page(path));
    }
    assert!(links_lead_somewhere(&site) > 0);
}

#[test]
fn exceptions_are_told_with_why_until_when_and_by_whom() {
    let text = r#"
team platform "Platform"
system shop "Shop" {
    description "Sells."
    service a "A" {
        allow missing-technology owner=platform reason="Chosen in `March`." expires=2026-01-31
        allow missing-description owner=ana reason="Says it all." expires=2026-01-01
    }
    service b "B" { allow missing-technology owner=ana reason="Goes <away>." expires=2026-02-01; }
    service c "C" { allow missing-technology }
    service d "D" { allow missing-technology owner=ana reason="Was to go." expires=2025-12-31; }
}
"#;
    let site = site_of(made(text, false));
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exceptions"), |goldens| {
        for (name, page) in [("all", "exceptions.html"), ("of_an_element", "element/shop.a.html")] {
            let main = site[page].split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap();
            goldens.check(&format!("{name}.html"), &format!("<main{main}\n").replace("><", ">\n<"));
        }
    });
    assert_eq!(site, site_of(made(text, false)), "the same bytes twice");
    assert!(site["findings.html"].contains("4 more are suppressed: <a href=\"exceptions.html\">"));
    // Where nothing is suppressed there is no page, and no link to one.
    let none = site_of(made("system s \"S\"\n", false));
    assert!(!none.contains_key("exceptions.html"));
    links_lead_somewhere(&site);
}

/// A thing of each sort that has a name, and more views than the first page has room for.
fn many_named() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let systems: String = (0..12).map(|at| format!("system s{at} \"S{at}\"\nu -> s{at} \"Asks {at}\"\n")).collect();
        let text = r#"
person u "User title"
group outer "Outer group title" { system shop "Shop title" { group inner "Inner group title" { service web "Web title" }; zone safe "Zone title" { service core "Core title" }; web -> core "Relationship title" } }
flow look "Flow title" { u -> shop.web "Step title" }
load day "Load title" rate=1/s { mix look }
requirement r "Requirement title"
team t "Team title" { member m "Member title" }
deployment live "Deployment title" { region eu "Region title" { host h "Host title" { instance shop.web } } }
pipeline ship "Pipeline title" { step build "Pipeline step title"; step test "T"; build -> test }
view own "View title" of=shop show=container
"#;
        site_of(made(&(systems + text), false))
    })
}

#[test]
fn the_search_finds_whatever_has_a_title_and_leads_to_where_it_stands() {
    let site = many_named();
    let index = site["search.js"].trim_start_matches("window.gromaIndex = ").trim_end().trim_end_matches(';');
    let rows: Vec<[String; 3]> = serde_json::from_str(index).unwrap();
    for title in [
        "User",
        "Outer group",
        "Shop",
        "Inner group",
        "Web",
        "Zone",
        "Core",
        "Relationship",
        "Flow",
        "Step",
        "Load",
        "Requirement",
        "Team",
        "Member",
        "Deployment",
        "Region",
        "Host",
        "Pipeline",
        "Pipeline step",
        "View",
    ] {
        let title = format!("{title} title");
        let [_, _, address] = rows.iter().find(|[found, ..]| *found == title).unwrap_or_else(|| panic!("{title}"));
        let (page, id) = address.split_once('#').map_or((&**address, None), |(page, id)| (page, Some(id)));
        assert!(site[page].contains(&title), "{title} on {page}");
        assert!(id.is_none_or(|id| ids(&site[page]).contains(id)), "{title} at {address}");
    }
    // What is known by its name is found by that.
    for name in ["live.eu.h", "ship.build", "look", "day", "own"] {
        assert!(rows.iter().any(|[_, words, _]| words.split(' ').any(|word| word == name)), "{name}");
    }
}

#[test]
fn the_first_page_shows_a_view_of_each_sort_and_leads_to_all() {
    let overview = &many_named()["index.html"];
    for sort in ["context", "container", "sequence", "deployment", "pipeline"] {
        assert!(overview.contains(&format!("<span class=\"kind\">{sort}</span>")), "{sort}");
    }
    assert!(overview.contains("<a href=\"views.html\">All "), "{overview}");
}
