//! What the rules find: all of it by rule, and lists of some of it.

use crate::Site;
use crate::links::link;
use crate::menu::Whole;
use crate::page::{coded, count, page};
use groma_base::{Diagnostic, Severity};
use groma_check::leaves_open;
use groma_model::ElementId;
use groma_model::standards_met::standard_called;
use maud::{Markup, html};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let counts = finding_counts(site.findings).into_iter().filter(|(_, number)| *number > 0).collect::<Vec<_>>();
    let body = html! {
        h1 { "Findings" }
        @if site.findings.is_empty() && site.spared.is_empty() { p { "Every rule was checked; none found anything." } }
        @if site.findings.is_empty() && !site.spared.is_empty() { p { "Every rule was checked; none found anything that is not spared." } }
        @if counts.len() > 1 {
            (choice("all", "All", site.findings.len(), true))
            @for (severity, number) in &counts { (choice(severity.word(), &format!("{}s", severity.word()), *number, false)) }
        }
        @for (severity, code, findings) in by_rule(site) {
            section.rule.(severity.word()) {
                h2 { span.severity { (severity.word()) } " " (rule_link(site, code, "")) " " span.kind { (count(findings.len(), "finding", "findings")) } }
                @if let Some(summary) = summary(site, code) { p.note { (summary) } }
                (finding_group(site, &findings))
            }
        }
        @if !site.suppressed.is_empty() {
            p { (count(site.suppressed.len(), "more is", "more are")) " suppressed: " a href=(Whole::Exceptions.file()) { "Exceptions" } }
        }
        (spared_list(site, &site.spared.iter().collect::<Vec<_>>(), Some("")))
    };
    page(site, "Findings", "", Whole::Findings, body)
}

/// That errors leave open what else there is, if there are any, and what that means for a page.
pub(crate) fn left_open(site: &Site<'_>, so: &str) -> Markup {
    let errors = site.findings.iter().filter(|finding| leaves_open(finding)).count();
    html! {
        @if errors > 0 {
            p.lacks { a href=(Whole::Findings.file()) { (count(errors, "error leaves", "errors leave")) } " open what else there is: " (so) "." }
        }
    }
}

/// Chooses which severities are shown. The style sheet hides what follows and is of another: no script is needed.
fn choice(word: &str, label: &str, number: usize, is_chosen: bool) -> Markup {
    let id = format!("only-{word}");
    html! {
        input.only type="radio" name="only" id=(id) checked[is_chosen];
        label for=(id) { (label) " " (number) }
    }
}

/// The findings of each rule and severity: the gravest first, and then what is found most often.
fn by_rule<'s>(site: &'s Site<'_>) -> Vec<(Severity, &'s str, Vec<&'s Diagnostic>)> {
    let mut sorted: Vec<&Diagnostic> = site.findings.iter().collect();
    sorted.sort_by_key(|finding| (finding.severity, finding.code.clone()));
    let same = |a: &&Diagnostic, b: &&Diagnostic| (a.severity, &a.code) == (b.severity, &b.code);
    let groups = sorted.chunk_by(same).map(|of_it| (of_it[0].severity, &*of_it[0].code, of_it.to_vec()));
    let mut groups: Vec<_> = groups.collect();
    groups.sort_by_key(|(severity, _, findings)| std::cmp::Reverse((*severity, findings.len())));
    groups
}

/// The name of a rule, with a link to its page; that of a standard leads to where the site tells of it.
pub(crate) fn rule_link(site: &Site<'_>, code: &str, root: &str) -> Markup {
    let of_standard = || Some(format!("{root}{}", site.record_address(standard_called(site.arch, code)?)));
    let address = groma_check::rule(code).map(|rule| rule.address()).or_else(of_standard);
    html! { @match address { Some(address) => a href=(address) { (code) }, None => (code) } }
}

/// What a rule finds, or what a standard asks, in a few words.
fn summary<'s>(site: &'s Site<'_>, code: &str) -> Option<&'s str> {
    let of_standard = || Some(site.arch.title(standard_called(site.arch, code)?));
    groma_check::rule(code).map(|rule| rule.summary).or_else(of_standard)
}

/// Findings of one rule as a list. What is said with each of several alike is said once, before them.
pub(crate) fn finding_group(site: &Site<'_>, findings: &[&Diagnostic]) -> Markup {
    let of_all = |lines: fn(&Diagnostic) -> &Vec<String>| -> Vec<&String> {
        let Some((first, others)) = findings.split_first().filter(|(_, others)| !others.is_empty()) else {
            return Vec::new();
        };
        lines(first).iter().filter(|line| others.iter().all(|other| lines(other).contains(line))).collect()
    };
    let (notes, help) = (of_all(|one| &one.notes), of_all(|one| &one.help));
    html! {
        @for note in &notes { p.note { (coded(note)) } }
        @for help in &help { p.help { "→ " (coded(help)) } }
        ul.findings { @for finding in findings { (item(site, finding, Some(""), &[notes.as_slice(), help.as_slice()].concat(), false)) } }
    }
}

/// Findings as a list, the gravest first. With `root`, the way to the site's root, each leads to the element that it
/// stands in.
pub(crate) fn finding_list(site: &Site<'_>, findings: &[&Diagnostic], root: Option<&str>) -> Markup {
    let mut findings = findings.to_vec();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    html! { ul.findings { @for finding in findings { (item(site, finding, root, &[], true)) } } }
}

/// Findings that a baseline spares, below a heading, if there are any.
pub(crate) fn spared_list(site: &Site<'_>, spared: &[&Diagnostic], root: Option<&str>) -> Markup {
    html! { @if !spared.is_empty() { h2 #(SPARED) { "Spared by the baseline" } (finding_list(site, spared, root)) } }
}

/// The place of the findings that a baseline spares, in the page of findings.
pub(crate) const SPARED: &str = "spared";

/// A finding, without the lines that are said elsewhere.
fn item(site: &Site<'_>, finding: &Diagnostic, root: Option<&str>, elsewhere: &[&String], says_rule: bool) -> Markup {
    let is_left = |line: &&String| !elsewhere.contains(line);
    let word = finding.severity.word();
    html! {
        li class=(word) {
            p { @if says_rule { span.severity { (word) } " " } (coded(&finding.message)) }
            p.where {
                code { (site.snapshot.sources.published_location(finding.primary.span)) }
                @if says_rule { " · " (finding.code) }
                @if let (Some(root), Some(id)) = (root, element_around(site, finding)) { " · " (link(site, id, root)) }
            }
            @for note in finding.notes.iter().filter(is_left) { p.note { (coded(note)) } }
            @for help in finding.help.iter().filter(is_left) { p.help { "→ " (coded(help)) } }
        }
    }
}

/// The innermost element that a finding stands in.
pub(crate) fn element_around(site: &Site<'_>, finding: &Diagnostic) -> Option<ElementId> {
    let arch = site.arch;
    let span = finding.primary.span;
    let around = arch.element_ids().filter(|id| {
        let at = arch.element(*id).at;
        at.file == span.file && arch.item(at).range.contains(span.range)
    });
    around.max_by_key(|id| arch.item(arch.element(*id).at).range.start)
}

/// How many findings of each severity.
pub(crate) fn finding_counts(findings: &[Diagnostic]) -> [(Severity, usize); 3] {
    [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| (severity, findings.iter().filter(|finding| finding.severity == severity).count()))
}
