//! What pages say of standards, of exceptions, of what holds anyway, and of what errors leave open.

use groma_session::{MemoryFileSystem, Session};
use groma_site::{Found, build};
use std::collections::BTreeMap;
use std::path::Path;

fn site(text: &str) -> BTreeMap<String, String> {
    let files = MemoryFileSystem::new(&[("w.groma", text)]);
    let snapshot = Session::open(&files, Path::new("w.groma")).unwrap().snapshot();
    let checked = snapshot.checked("2026-11-27");
    let files = build(&snapshot, Found { checked: &checked, spared: &[], today: "2026-11-27" }, None);
    files.into_iter().map(|file| (file.path, String::from_utf8(file.bytes).unwrap())).collect()
}

const OWNERS: &str =
    "standard owners \"Owned\" was=tls applies=\"kind:service or kind:cache\" must=\"has:owner\" { reason \"R\"; }\n";

/// The rows of a page's tables, without tags.
fn rows(page: &str) -> Vec<String> {
    let row = |row: &str| {
        let cells = row.split("</td>").map(|cell| cell.split('<').filter_map(|piece| piece.split('>').nth(1)));
        cells.map(|cell| cell.collect::<String>()).collect::<Vec<_>>().join(" | ")
    };
    page.split("<tr>").skip(1).map(|piece| row(piece.split("</tr>").next().unwrap())).collect()
}

#[test]
fn beside_errors_nothing_is_said_to_be_met() {
    let clean = site(&format!("{OWNERS}system s \"S\" {{ service a \"A\" owner=t; }}\nteam t \"T\""));
    assert!(clean["standards.html"].contains("1 of 1") && !clean["standards.html"].contains("open what else"));
    let broken = site(&format!("{OWNERS}system s \"S\" {{ zorb a \"A\"; }}"));
    let page = &broken["standards.html"];
    assert!(page.contains("1 error leaves</a> open what else there is"), "{page}");
    let row = rows(page).into_iter().find(|row| row.contains("Owned")).unwrap();
    assert!(row.contains("0 of 1") && row.contains("1 not told"), "{row}");
    let idle = site(&format!("{OWNERS}system s \"S\" {{ queue q \"Q\"; }}"));
    let row = rows(&idle["standards.html"]).into_iter().find(|row| row.contains("Owned")).unwrap();
    assert!(row.contains("nothing here") && !row.contains("0 of 0") && !row.contains("none"), "{row}");
}

#[test]
fn an_element_tells_which_standards_it_meets() {
    let text = "standard later \"Later\" applies=\"kind:service\" must=\"has:owner\" since=2030-01-01 { reason \"R\"; }\n\
        system s \"S\" {\n    service a \"A\"\n    service b \"B\" owner=t\n    cache c \"C\" { allow tls owner=t reason=\"r\" expires=2027-06-30; }\n    queue q \"Q\"\n}\nteam t \"T\"\n";
    let site = site(&format!("{OWNERS}{text}"));
    let told = |page: &str| -> Vec<String> {
        let rows = rows(&site[page]).into_iter();
        rows.filter(|row| row.starts_with("Owned") || row.starts_with("Later")).collect()
    };
    assert_eq!(
        told("element/s.a.html"),
        ["Owned | not met | ", "Later | not met, without a finding: it holds from 2030-01-01 | "]
    );
    assert_eq!(told("element/s.b.html"), ["Owned | met | ", "Later | met | "]);
    assert_eq!(told("element/s.c.html"), ["Owned | not met: excused by an exception | "]);
    assert!(!site["element/s.q.html"].contains("<h2>Standards</h2>"));
    let row = rows(&site["exceptions.html"]).into_iter().find(|row| row.contains("owners")).unwrap();
    assert!(row.starts_with("owners") && row.contains("written as its old name tls"), "{row}");
}

#[test]
fn what_holds_by_a_default_is_shown_and_marked() {
    let site = site(
        "fact logs \"How it logs\" on=\"service, requirement\" one-of=\"json, text\" default=text\n\
        fact keeper on=service names=team default=t\n\
        system s \"S\" { service a \"A\"; service b \"B\" logs=json keeper=u; }\nteam t \"T\"\nteam u \"U\"\nrequirement r \"R\"",
    );
    let page = &site["element/s.a.html"];
    assert!(page.contains("text <span class=\"note\">(default)"), "{page}");
    assert!(page.contains("people.html#t\">T</a> <span class=\"note\">(default)"), "{page}");
    assert!(!site["element/s.b.html"].contains("(default)"));
    assert!(site["requirements.html"].contains("text <span class=\"note\">(default)"));
}

#[test]
fn a_list_beside_a_number_is_told_apart_from_it() {
    let page = &site("workspace w \"W\" { team 5 skills=\"go, oracle\"; }\nsystem s \"S\"")["index.html"];
    assert!(page.contains("5 people; skills: go, oracle"), "{page}");
}

/// Redis 7.2 is listed without an end, and 7.0 ended in 2024; Node.js 22 ends on 2027-04-30, which is within a year of the day.
#[test]
fn support_is_told_as_the_rule_and_explain_tell_it() {
    let text = |horizon: &str| {
        format!(
            "workspace w \"W\" horizon={horizon}\ntechnology acme \"Acme\" ended=2026-11-27\nsystem s \"S\" {{\n    cache a \"A\" technology=\"Redis 7.2\"\n    service b \"B\" technology=\"Node.js 22\"\n    service c \"C\" technology=Acme\n}}"
        )
    };
    let row = |page: &str, id: &str| {
        page.split(&format!("row~{id}\"")).nth(1).unwrap().split("</tr>").next().unwrap().to_owned()
    };
    let pages = site(&text("365d"));
    let page = &pages["technologies.html"];
    assert!(row(page, "redis").contains("<p>supported; no end is known</p>"), "{page}");
    assert!(
        row(page, "node.js").contains("within the horizon") && row(page, "acme").contains("ended 2026-11-27"),
        "{page}"
    );
    assert!(pages["element/s.b.html"].contains("which is within the horizon"));
    let page = &site(&text("100d"))["technologies.html"];
    assert!(!row(page, "node.js").contains("within the horizon"), "{page}");
}

#[test]
fn the_radar_says_how_to_see_what_moved() {
    assert!(site("technology go ring=adopt")["radar.html"].contains("groma radar --since STATE"));
}
