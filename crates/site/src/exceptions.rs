//! The exceptions: which findings an `allow` suppresses, why, for how long, and who answers for it.

use crate::Site;
use crate::findings::{element_around, left_open, rule_link};
use crate::menu::Whole;
use crate::page::{coded, count, page};
use crate::records::fact_words;
use groma_base::days_between;
use groma_check::leaves_open;
use groma_model::standards_met::standard_called;
use groma_model::{ItemRef, facts};
use groma_session::Suppressed;
use maud::{Markup, html};

/// An exception that ends within so many days is over soon.
const SOON: i64 = 30;

/// An `allow`, and the findings that it suppresses.
struct Exception<'s> {
    at: ItemRef,
    /// Its last day; exceptions for ever have none.
    until: Option<&'s str>,
    suppressed: Vec<&'s Suppressed>,
}

impl<'s> Exception<'s> {
    /// The exceptions for these findings, those that end first before the others.
    fn all(site: &'s Site<'_>, suppressed: impl Iterator<Item = &'s Suppressed>) -> Vec<Exception<'s>> {
        let mut sorted: Vec<&Suppressed> = suppressed.collect();
        sorted.sort_by_key(|one| one.by);
        let of_one = sorted.chunk_by(|a, b| a.by == b.by).map(|of_one| Exception {
            at: of_one[0].by,
            until: site.arch.text(of_one[0].by, &facts::allow::EXPIRES),
            suppressed: of_one.to_vec(),
        });
        let mut all: Vec<Exception<'_>> = of_one.collect();
        all.sort_by_key(|one| (one.until.is_none(), one.until));
        all
    }

    /// In how many days it is over, if that is soon.
    fn days_left(&self, site: &Site<'_>) -> Option<i64> {
        days_between(site.today, self.until?).filter(|days| *days <= SOON)
    }
}

/// The page of all exceptions.
pub(crate) fn page_file(site: &Site<'_>) -> String {
    let all = Exception::all(site, site.suppressed.iter());
    let (soon, later): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.days_left(site).is_some());
    let body = html! {
        h1 { "Exceptions" }
        p.lead {
            (count(site.suppressed.len(), "finding is", "findings are")) " suppressed by " (count(all.len(), "exception", "exceptions")) "."
        }
        (left_open(site, "what may be suppressed as well is told only without that"))
        @if !soon.is_empty() { h2 { "Over within " (SOON) " days" } (table(site, &soon, "")) }
        @if !soon.is_empty() && !later.is_empty() { h2 { "The others" } }
        @if !later.is_empty() { (table(site, &later, "")) }
        (without_effect(site))
        p { a href="findings.html" { "What is found and not suppressed" } }
    };
    page(site, "Exceptions", "", Whole::Exceptions, body)
}

/// The exceptions for these findings as a table, from a page in a folder.
pub(crate) fn table_of<'s>(site: &'s Site<'_>, suppressed: impl Iterator<Item = &'s Suppressed>, root: &str) -> Markup {
    table(site, &Exception::all(site, suppressed).iter().collect::<Vec<_>>(), root)
}

/// The exceptions that suppress nothing, unless errors leave open what there is to suppress.
fn without_effect(site: &Site<'_>) -> Markup {
    let suppresses = |at: &ItemRef| site.suppressed.iter().any(|one| one.by == *at);
    let is_left_open = site.findings.iter().any(leaves_open);
    let idle: Vec<ItemRef> = site.exceptions().filter(|at| !is_left_open && !suppresses(at)).collect();
    html! {
        @if !idle.is_empty() {
            h2 { "Without effect" }
            p { "These suppress nothing: they have ended, or nothing is found that they could suppress, or it has become graver than they allow." }
            table.exceptions {
                thead { tr { th { "Rule" } th { "Why" } th { "Until" } th { "Who" } } }
                tbody { @for at in idle { (idle_row(site, at)) } }
            }
        }
    }
}

fn idle_row(site: &Site<'_>, at: ItemRef) -> Markup {
    let until = site.arch.text(at, &facts::allow::EXPIRES);
    let is_over = until.is_some_and(|until| until < site.today);
    html! {
        tr {
            (rule_cell(site, at, ""))
            (reason_cell(site, at))
            td { @match until {
                Some(date) => { span.date { (date) } @if is_over { p.warning { "it has ended" } } }
                None => span.note { "no end is given" },
            } }
            (owner_cell(site, at, ""))
        }
    }
}

fn table(site: &Site<'_>, exceptions: &[&Exception<'_>], root: &str) -> Markup {
    html! {
        table.exceptions {
            thead { tr { th { "Rule" } th { "What is suppressed" } th { "Why" } th { "Until" } th { "Who" } } }
            tbody { @for one in exceptions { (row(site, one, root)) } }
        }
    }
}

/// So many findings of one exception are shown: one for a whole file can suppress very many.
const MOST: usize = 20;

fn row(site: &Site<'_>, one: &Exception<'_>, root: &str) -> Markup {
    let (at, published) = (one.at, |span| site.snapshot.sources.published_location(span));
    html! {
        tr {
            (rule_cell(site, at, root))
            td {
                @for suppressed in one.suppressed.iter().take(MOST) {
                    @let finding = &suppressed.finding;
                    p {
                        (coded(&finding.message)) " " span.note { code { (published(finding.primary.span)) } @if let Some(id) = element_around(site, finding) { " · " (crate::links::link(site, id, root)) } }
                    }
                }
                @if one.suppressed.len() > MOST { p.note { "and " (one.suppressed.len() - MOST) " more" } }
            }
            (reason_cell(site, at))
            td { (until(site, one)) }
            (owner_cell(site, at, root))
        }
    }
}

/// Which rule, where the exception stands, and how grave a finding of it may be.
fn rule_cell(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    let arch = site.arch;
    let place = site.snapshot.sources.published_location(arch.name_span(at));
    html! {
        td {
            (rule_of(site, arch.name(at), root))
            p.note { code { (place) } }
            @if let Some(up_to) = arch.text(at, &facts::allow::UP_TO) { p.note { "up to " (up_to) "s" } }
        }
    }
}

fn reason_cell(site: &Site<'_>, at: ItemRef) -> Markup {
    let reason = site.arch.text(at, &facts::allow::REASON);
    html! { td { @match reason { Some(reason) => (coded(reason)), None => span.note { "no reason is given" } } } }
}

fn owner_cell(site: &Site<'_>, at: ItemRef, root: &str) -> Markup {
    let owner = site.arch.fact(at, &facts::OWNER);
    html! { td { @match owner { Some(owner) => (fact_words(site, at, owner, root)), None => span.note { "nobody" } } } }
}

/// The rule or standard that an exception names, by the name that it has now.
fn rule_of(site: &Site<'_>, written: &str, root: &str) -> Markup {
    let of_standard = || Some(site.arch.name(standard_called(site.arch, written)?));
    let name = groma_check::rule(written).map(|rule| rule.name).or_else(of_standard).unwrap_or(written);
    html! { (rule_link(site, name, root)) @if name != written { p.note { "written as its old name " code { (written) } } } }
}

fn until(site: &Site<'_>, one: &Exception<'_>) -> Markup {
    let Some(date) = one.until else { return html! { span.note { "no end is given" } } };
    let left = one.days_left(site).map(|days| match days {
        ..=0 => "its last day is today".to_owned(),
        days => format!("over in {}", count(usize::try_from(days).unwrap_or_default(), "day", "days")),
    });
    html! { span.date { (date) } @if let Some(left) = left { p.warning { (left) } } }
}
