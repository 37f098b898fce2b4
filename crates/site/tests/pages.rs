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
    let link = |root: &str, id: &str, title: &str| format!("<a href=\"{root}people.html#{id}\">{title}</a>");
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

/// A workspace in which something stands on each page, and much is not done.
const OPEN: &str = r#"
kit rules "Company rules" version="1"
fact tier "How much depends on it" on=service one-of="gold, silver"
kind lambda "Lambda function" is=function
team core "Core team" { member ana "Ana" }
term claim "Claim" means="What is asked to be paid"
system shop "Shop" owner=core { service web "Web" concurrency=1 tier=gold realizes=sell; lambda scan "Scan" }
person u "User"
u -> shop.web "Buys"
flow buy "Buy" { u -> shop.web "Buy" time=10ms }
load day "Day" rate=10/s { mix buy }
technology kafka "Kafka" realizes=told
requirement sell "It sells"
requirement refund "It refunds"
requirement never "It sings" priority=wont
quality fast "Fast" { require p95 flow=buy under=1ms; require error-rate flow=buy under=50%; measure "By eye" }
constraint told "Told by events"
constraint here "Data stay here"
assumption few "Few come"
question who "Who pays?"
question when "When?" state=resolved answer="Soon"
goal more "Sell more"
"#;

#[test]
fn each_record_is_found_from_the_menu() {
    let site = site_of(made(OPEN, true));
    links_lead_somewhere(&site);
    let menu = site["index.html"].split("<nav").nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap();
    for (page, said) in [
        ("constraints.html", &["Told by events", "Few come", "Who pays?"][..]),
        ("people.html", &["Core team", "Ana", "Answers for <a href=\"element/shop.html\">Shop</a>"]),
        ("glossary.html", &["Claim", "What is asked to be paid"]),
        ("kits.html", &["Company rules", "<code>tier</code>", "<code>lambda</code>"]),
        ("requirements.html", &["It sells", "Fast", "Sell more"]),
    ] {
        assert!(menu.contains(&format!("href=\"{page}\"")), "{page}");
        for said in said {
            assert!(site[page].contains(said), "{said} on {page}");
            assert!(page == "requirements.html" || !site["requirements.html"].contains(said), "{said}");
        }
    }
    let none = site_of(made("system s \"S\"\n", false));
    assert!(!none["index.html"].contains("<details name=\"menu\""), "one page needs no group");
}

/// A row or an entry with this id, without what follows it.
fn entry<'p>(page: &'p str, id: &str) -> &'p str {
    let from = page.split(&format!("id=\"{id}\"")).nth(1).unwrap_or_else(|| panic!("{id}"));
    from.split("</tr>").next().and_then(|row| row.split("</section>").next()).unwrap()
}

#[test]
fn what_is_not_realized_or_answered_is_marked_and_qualities_have_their_verdicts() {
    let site = site_of(made(OPEN, true));
    let (requirements, constraints) = (&site["requirements.html"], &site["constraints.html"]);
    for (id, is_marked) in [("sell", false), ("refund", true), ("never", false)] {
        assert_eq!(entry(requirements, id).contains("not realized"), is_marked, "{id}");
    }
    let until_next = |id: &str| entry(constraints, id).split("<li id").next().unwrap().to_owned();
    for (id, mark) in [("told", None), ("here", Some("not answered")), ("few", Some("not confirmed"))] {
        assert_eq!(until_next(id).contains("class=\"lacks\""), mark.is_some(), "{id}");
        assert!(mark.is_none_or(|mark| until_next(id).contains(mark)), "{id}");
    }
    assert!(until_next("told").contains(">Kafka<"), "what answers to it");
    assert!(until_next("who").contains("still open") && !until_next("when").contains("lacks"));
    let fast = entry(requirements, "fast");
    let verdicts: Vec<&str> =
        fast.split("forecast.html#").skip(1).filter_map(|rest| rest.split("</span>").next()).collect();
    assert!(verdicts.len() == 2 && verdicts[0].ends_with("fails") && verdicts[1].ends_with("holds"), "{verdicts:?}");
    assert!(!site_of(made(OPEN, false))["requirements.html"].contains("class=\"verdict"), "no forecast, no verdict");
}

/// Each failure says what hits what, and what becomes of it; an element says which hit it, a part of it or where it runs.
#[test]
fn failures_are_told_with_their_outcome_and_at_what_they_hit() {
    let text = r#"
system shop "Shop" { service web "Web" concurrency=4; service api "API" concurrency=4; database db "DB" concurrency=4 }
person u "User"
u -> shop.web "Buys"
shop.web -> shop.db "Reads" { timeout 1s }
flow buy "Buy" { u -> shop.web "Buy" time=10ms { shop.web -> shop.db "Read" time=1ms } }
load day "Day" rate=10/s { mix buy }
failure gone "DB is gone" { fail shop.db for=20s; impact "Nobody buys"; mitigation "None"; recovery "By itself" }
failure zone "Zone is gone" { fail live.eu for=20s; expect buy success=50% }
failure alone "API is slow" { slow shop.api factor=2; impact "Nobody sees" }
quality robust "Robust" { require error-rate flow=buy under=1% failure=gone load=day }
deployment live "Live" { region eu "Europe" { host h "Host" { instance shop.web }; host i "Other" { instance shop.db } } }
"#;
    let (with, without) = (site_of(made(text, true)), site_of(made(text, false)));
    links_lead_somewhere(&with);
    links_lead_somewhere(&without);
    let told = |site: &'_ Site, id: &str| entry(&site["loads.html"], id).to_owned();
    for (id, said) in [
        ("gone", &["Nobody buys", "forecast.html#run-", ">fails<", "Robust", "error-rate of Buy"][..]),
        ("zone", &["view/live-deployment.html", "forecast.html#run-", "forecast.html#verdict-", "success"]),
        ("alone", &["Nobody sees", "Nothing judges it"]),
    ] {
        for said in said {
            assert!(told(&with, id).contains(said), "{said} of {id}: {}", told(&with, id));
        }
    }
    assert!(!told(&with, "gone").contains("Nothing judges it") && told(&without, "gone").contains("was not played"));
    for (element, hit) in [
        ("shop.db", &["gone", "zone"][..]),
        ("shop.web", &["zone"]),
        ("shop.api", &["alone"]),
        ("shop", &["gone", "zone", "alone"]),
        ("u", &[]),
    ] {
        let page = &with[&format!("element/{element}.html")];
        let list = page.split("Failures that hit it").nth(1).and_then(|rest| rest.split("</ul>").next());
        for id in ["gone", "zone", "alone"] {
            let is_said = list.is_some_and(|list| list.contains(&format!("loads.html#{id}\"")));
            assert_eq!(is_said, hit.contains(&id), "{id} at {element}");
        }
    }
}

/// Findings stand by rule; what each of several says is said once, the rule's page is linked, and severities can be chosen without a script.
#[test]
fn findings_stand_by_rule_and_what_repeats_is_said_once() {
    let text = r#"
standard timeouts "Calls have a timeout" applies="kind:relationship" must="has:timeout" { reason "It hangs."; exception "Ask <us>." }
standard owned "Systems have an owner" applies="kind:system" must="has:owner" { reason "Who answers?" }
standard later "Later" applies="kind:system" must="has:link" since=2030-01-01 { reason "Soon." }
system s "S" {
    service a "A"
    service b "B"
    service c "C"
    a -> b "Asks"
    b -> c "Asks"
    c -> a "Asks" { allow timeouts reason="Old." owner=ana expires=2026-03-01 }
}
"#;
    let site = site_of(made(text, false));
    links_lead_somewhere(&site);
    let page = &site["findings.html"];
    let groups: Vec<&str> = page.split("<section class=\"rule ").skip(1).collect();
    let group = |rule: &str| groups.iter().find(|group| group.contains(&format!("\">{rule}</a>"))).unwrap();
    let timeouts = group("timeouts");
    assert!(timeouts.starts_with("error") && timeouts.contains("2 findings") && timeouts.contains("standards.html#"));
    assert!(timeouts.matches("It hangs.").count() == 1 && timeouts.matches("Ask &lt;us&gt;.").count() == 1);
    assert!(group("missing-technology").contains("/rules/missing_technology.md"));
    let severities: Vec<&str> = groups.iter().map(|group| group.split('"').next().unwrap()).collect();
    let grave = |word: &&str| ["error", "warning", "note"].iter().position(|one| one == word);
    assert!(severities.is_sorted_by_key(grave) && severities.first() != severities.last(), "{severities:?}");
    for word in ["all", "error", "warning", "note"] {
        assert!(
            page.contains(&format!("id=\"only-{word}\"")) && page.contains(&format!("for=\"only-{word}\"")),
            "{word}"
        );
    }
    let row = |name: &str| {
        let (_, from) = site["standards.html"].split_once(&format!("<td><a href=\"#{name}\">")).unwrap();
        from.split("</tr>").next().unwrap().split('<').filter_map(|tag| tag.split('>').nth(1)).collect::<String>()
    };
    assert!(row("timeouts").ends_with("0 of 32 open, 1 excused"), "{}", row("timeouts"));
    assert!(
        row("owned").ends_with("0 of 11 open") && row("later").ends_with("1 not told"),
        "{} {}",
        row("owned"),
        row("later")
    );
    assert!(site["standards.html"].contains("it holds from 2030-01-01"));
}

#[test]
fn a_choice_is_told_with_its_ranking_its_reasons_and_what_would_change_it() {
    let page = &hostile()["choices.html"];
    for words in [
        "A &lt;script&gt; is first",
        "<svg",
        "&lt;/div&gt;",
        "no: excluded",
        // From 10ms, which is 1, to 1ms, which is 5.
        "4.11 (3ms)",
        "not said",
        "What would change the winner",
        "3 things keep its numbers from being calculated",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
