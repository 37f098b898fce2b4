//! The standards of the workspace: what each is about, and how many things meet it.

use crate::Site;
use crate::findings::{SPARED, finding_group, left_open};
use crate::links::record_link;
use crate::menu::Whole;
use crate::page::{coded, count, page};
use crate::records::said;
use groma_base::Diagnostic;
use groma_model::facts::standard::{self, Severity};
use groma_model::kinds::class;
use groma_model::standards_met::Scope;
use groma_model::{ItemRef, Record};
use maud::{Markup, html};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let standards: Vec<&Record> = site.arch.records_of(&class::STANDARD).collect();
    let body = html! {
        h1 { "Standards" }
        p.lead { "What must be true of everything here, and of what it is." }
        (left_open(site, "what is not understood is not counted here, and some of what does not meet a standard is told only without that"))
        table {
            thead { tr { th { "Standard" } th { "Severity" } th { "Since" } th { "Is about" } th { "Met by" } th { "Findings" } } }
            tbody {
                @for record in &standards {
                    tr {
                        td { a href={ "#" (site.record_id(record.at)) } { (site.arch.title(record.at)) } }
                        td { (severity(site, record.at)) }
                        td { (site.arch.text(record.at, &standard::SINCE).unwrap_or_default()) }
                        (measured(site, record.at))
                        td { (open_and_excused(site, record.at)) }
                    }
                }
            }
        }
        @for record in standards { (section(site, record)) }
    };
    page(site, "Standards", "", Whole::Standards, body)
}

/// What a standard is about, if it says that.
fn scope<'s>(site: &'s Site<'_>, at: ItemRef) -> Option<&'s Scope> {
    site.standards.iter().find(|(standard, _)| *standard == at)?.1.as_ref()
}

/// Why something does not meet it and is not found.
fn why_untold(site: &Site<'_>, at: ItemRef) -> String {
    match site.arch.text(at, &standard::SINCE).filter(|since| *since > site.today) {
        Some(since) => format!("it holds from {since}"),
        None => "it is not looked for, or an error elsewhere holds that back".to_owned(),
    }
}

/// The standards that are about something, and whether it meets them, from a page in a folder.
pub(crate) fn standards_about(site: &Site<'_>, thing: ItemRef, root: &str) -> Markup {
    let about = |(at, scope): &(ItemRef, Option<Scope>)| {
        let scope = scope.as_ref().filter(|scope| scope.about.binary_search(&thing).is_ok())?;
        Some((*at, scope.unmet.binary_search(&thing).is_err()))
    };
    let all: Vec<(ItemRef, bool)> = site.standards.iter().filter_map(about).collect();
    html! {
        @if !all.is_empty() {
            h2 { "Standards" }
            table.standards {
                thead { tr { th { "Standard" } th { "Whether it is met" } } }
                tbody { @for (at, is_met) in all { tr { td { (record_link(site, at, root)) } td { @if is_met { "met" } @else { (unmet(site, at, thing)) } } } } }
            }
        }
    }
}

/// What became of it that something does not meet a standard.
fn unmet(site: &Site<'_>, at: ItemRef, thing: ItemRef) -> Markup {
    let is_it = |finding: &Diagnostic| {
        finding.code == site.arch.name(at)
            && finding.primary.span.file == thing.file
            && finding.subject == Some(thing.item.index() as u32)
    };
    html! {
        @if site.findings.iter().any(is_it) { span class=(severity(site, at)) { "not met" } }
        @else if site.suppressed.iter().any(|one| is_it(&one.finding)) { "not met: excused by an exception" }
        @else if site.spared.iter().any(is_it) { "not met: spared by the baseline" }
        @else { "not met, without a finding: " (why_untold(site, at)) }
    }
}

fn severity(site: &Site<'_>, at: ItemRef) -> &'static str {
    site.arch.choice(at).unwrap_or(Severity::Error).word()
}

/// How many things it is about, and how many of these meet it.
fn measured(site: &Site<'_>, at: ItemRef) -> Markup {
    match scope(site, at) {
        Some(scope) if scope.about.is_empty() => html! { td { "nothing here" } td {} },
        Some(scope) => html! {
            td { (count(scope.about.len(), "thing", "things")) }
            td { (scope.about.len() - scope.unmet.len()) " of " (scope.about.len()) }
        },
        None => html! { td { "unclear" } td {} },
    }
}

/// What is found of it, of some findings.
fn findings<'s>(site: &Site<'_>, all: &'s [Diagnostic], at: ItemRef) -> Vec<&'s Diagnostic> {
    let name = site.arch.name(at);
    all.iter().filter(|finding| finding.code == name).collect()
}

/// How many of its findings an exception suppresses.
fn excused(site: &Site<'_>, at: ItemRef) -> usize {
    let name = site.arch.name(at);
    site.suppressed.iter().filter(|one| one.finding.code == name).count()
}

/// How many things do not meet it without a finding.
fn untold(site: &Site<'_>, at: ItemRef) -> usize {
    let told = findings(site, site.findings, at).len() + findings(site, site.spared, at).len() + excused(site, at);
    scope(site, at).map_or(0, |scope| scope.unmet.len()).saturating_sub(told)
}

/// How many of its findings are open, how many excused, and how many a baseline spares: `1 open, 1 excused, 2 spared`.
fn open_and_excused(site: &Site<'_>, at: ItemRef) -> Markup {
    let (open, excused) = (findings(site, site.findings, at).len(), excused(site, at));
    let spared = findings(site, site.spared, at).len();
    html! {
        @if open + excused + spared == 0 {
            @match untold(site, at) {
                0 if scope(site, at).is_none_or(|scope| scope.about.is_empty()) => {},
                0 => "none",
                untold => a href={ "#" (site.record_id(at)) } { (untold) " not told" },
            }
        }
        @if open > 0 { span class=(severity(site, at)) { (open) " open" } }
        @if open > 0 && excused > 0 { ", " }
        @if excused > 0 { a href=(Whole::Exceptions.file()) { (excused) " excused" } }
        @if open + excused > 0 && spared > 0 { ", " }
        @if spared > 0 { a href={ "findings.html#" (SPARED) } { (spared) " spared" } }
    }
}

fn section(site: &Site<'_>, record: &Record) -> Markup {
    let arch = site.arch;
    let at = record.at;
    let (found, spared) = (findings(site, site.findings, at), findings(site, site.spared, at));
    let (excused, untold) = (excused(site, at), untold(site, at));
    let text = |fact| arch.text(at, fact);
    let shown = [
        &standard::APPLIES,
        &standard::MUST,
        &standard::SEVERITY,
        &standard::SINCE,
        &standard::REASON,
        &standard::EXCEPTION,
    ];
    html! {
        section id=(site.record_id(at)) {
            h2 { (arch.title(at)) }
            @if let Some(reason) = text(&standard::REASON) { p { (coded(reason)) } }
            dl.facts {
                @if let Some(query) = text(&standard::APPLIES) { dt { "Is about" } dd { code { (query) } } }
                @if let Some(query) = text(&standard::MUST) { dt { "Must be" } dd { code { (query) } } }
                dt { "Severity" } dd { (severity(site, at)) }
                @if let Some(since) = text(&standard::SINCE) { dt { "Since" } dd { (since) } }
                @if let Some(exception) = text(&standard::EXCEPTION) { dt { "Exception" } dd { (coded(exception)) } }
            }
            (said(site, record, &shown))
            @if excused > 0 { p.note { (count(excused, "thing does", "things do")) " not meet it by " a href=(Whole::Exceptions.file()) { "an exception" } "." } }
            @if untold > 0 { p.note { (count(untold, "thing does", "things do")) " not meet it without a finding: " (why_untold(site, at)) "." } }
            @if !found.is_empty() { (finding_group(site, &found)) p { a href="findings.html" { "All findings" } } }
            @if !spared.is_empty() { h3 { "Spared by the baseline" } (finding_group(site, &spared)) }
        }
    }
}
