//! What the pages say of decisions and requests for comments in Markdown, of what they are about, and of signatures.

use groma_session::{MemoryFileSystem, Session};
use groma_site::{Found, build};
use std::collections::BTreeMap;
use std::path::Path;

const SHOP: &str = r#"
workspace shop "Shop" {
    decisions "adr"
    rfcs "rfc"
}
team core "Core" {
    member ana "Ana Ruiz" email="ana@example.org" roles=architect
}
system shop "Shop" {
    service api "Parcel API"
    service billing "Billing"
    database db "Database"
    api -> billing "Asks for prices"
    api -> db "Reads"
}
flow book "Book" { shop.api -> shop.db "Write"; }
flow scan "Scan" { shop.api -> shop.db "Read"; }
pipeline release "Release" {
    step review "Review" is=approval {
        needs-signature architect of=1
        needs-signature architect of="kind:database" with-key=#true
    }
    step deploy "Deploy" is=end
    review -> deploy
}
view log "Log" show=decisions
sign "adr-1" role=architect by="Ana Ruiz <ana@example.org>" on=2026-01-01 hash="sha256:0000000000000000000000000000000000000000000000000000000000000000" form=1 signature="ssh:AAAA"
"#;

const RECORD: &str = "# ADR-0001: gRPC between services\n\n**Status:** Accepted\n**Date:** 2023-10-02\n**Deciders:** Ana Ruiz\n**Related:** nothing yet\n**Decides:** shop.api -> shop.billing\n\n## Context\n\nCalls are slow.\n\n## Decision\n\nWe take gRPC.\n";

const RFC: &str = "# RFC 2: Scan faster\n\n**Status:** Review, until all have read it\n\n**Date:** 2026-01-02\n\n**Authors:** Ana Ruiz\n\n**About:** shop.api, scan\n\n## Problem\n\nScans wait.\n";

fn site() -> BTreeMap<String, String> {
    let files = MemoryFileSystem::new(&[
        ("w/w.groma", SHOP),
        ("w/adr/0001-grpc-between-services.md", RECORD),
        ("w/rfc/0002-scan-faster.md", RFC),
    ]);
    let snapshot = Session::open(&files, Path::new("w")).unwrap().snapshot();
    let checked = snapshot.checked("2026-02-01");
    let made = build(&snapshot, Found { checked: &checked, spared: &[], today: "2026-02-01" }, None);
    made.into_iter().map(|file| (file.path, String::from_utf8(file.bytes).unwrap())).collect()
}

#[track_caller]
fn has(page: &str, words: &str) {
    assert!(page.contains(words), "{words} is not in {page}");
}

#[test]
fn a_decision_about_a_relationship_stands_at_both_its_ends() {
    let site = site();
    for page in ["element/shop.api.html", "element/shop.billing.html"] {
        has(
            &site[page],
            ">gRPC between services</a> <span class=\"holds\">accepted</span> <span class=\"note\">about Parcel API → Billing</span>",
        );
    }
    assert!(!site["element/shop.db.html"].contains("gRPC"));
    let decision = &site["decision/1.html"];
    has(decision, ">Parcel API → Billing</a>");
    // A picture with one end alone shows nothing of it.
    assert!(decision.contains("shop-containers.svg") && !decision.contains("-sequence.svg"), "{decision}");
    has(&site["view/log.html"], "Parcel API → Billing");
    has(&site["flow/scan.html"], "<h2>Discussed in</h2>");
    assert!(!site["flow/book.html"].contains("Discussed in"));
}

#[test]
fn what_the_facts_say_is_not_said_again_in_the_text() {
    let site = site();
    let text = |page: &str| site[page].split_once("<article>").unwrap().1.to_owned();
    let decision = text("decision/1.html");
    for word in ["Status", "Date", "Deciders", "Decides"] {
        assert!(!decision.contains(word), "{word}: {decision}");
    }
    has(&decision, "<strong>Related:</strong> nothing yet");
    has(&decision, "Calls are slow.");
    has(&site["decision/1.html"], "<dt>Decided by</dt><dd>Ana Ruiz</dd>");
    let rfc = text("rfc/rfc-2.html");
    has(&rfc, "<strong>Status:</strong> Review, until all have read it");
    for word in ["Date", "Authors", "About"] {
        assert!(!rfc.contains(word), "{word}: {rfc}");
    }
}

#[test]
fn a_record_about_a_flow_shows_that_flow_and_no_other() {
    let page = &site()["rfc/rfc-2.html"];
    has(page, "../view/scan-sequence.svg");
    assert!(!page.contains("book-sequence"), "{page}");
}

#[test]
fn signatures_are_short_and_steps_say_which_they_need() {
    let site = site();
    let page = &site["signatures.html"];
    has(page, "<summary><code>sha256:000000000000…</code></summary>");
    has(page, "ssh:AAAA");
    let page = &site["view/release-pipeline.html"];
    has(page, "<h2>Signatures that steps need</h2>");
    has(
        page,
        "<td><a href=\"../decision/1.html\">gRPC between services</a></td><td><span class=\"lacks\">nobody has signed it as it is</span></td>",
    );
    has(page, "architect<p class=\"note\">with a known key</p></td><td><code>kind:database</code></td>");
}
