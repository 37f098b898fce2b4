//! The choices: what each option scores and why, how they rank, and what would change the winner.

use crate::Site;
use crate::links::record_link;
use crate::menu::Whole;
use crate::page::{coded, count, heading, page};
use crate::records::{fact_list, fact_words, said};
use groma_decide::{Analysis, CONCENTRATION, Candidate, Choice, Given, Leader};
use groma_model::facts::{criterion, option};
use groma_model::schema::Fact;
use groma_model::{ItemRef, Record, facts};
use groma_report::choice::{scores_that_change, sentence, shares, weights_that_change};
use maud::{Markup, PreEscaped, html};

pub(crate) fn page_file(site: &Site<'_>) -> String {
    let body = html! {
        h1 { "Choices" }
        p.lead { "What is decided with numbers: what each option scores and why, and how firm the winner is." }
        @for record in site.records_on(Whole::Choices) { (section(site, record)) }
    };
    page(site, "Choices", "", Whole::Choices, body)
}

/// The choices that led to a decision, from a page in a folder.
pub(crate) fn choices_behind(site: &Site<'_>, decision: ItemRef, root: &str) -> Markup {
    let all: Vec<ItemRef> = site.arch.choices_behind(decision).collect();
    html! {
        @if !all.is_empty() { dt { "Weighed in" } dd { @for at in all { p { (record_link(site, at, root)) } } } }
    }
}

fn section(site: &Site<'_>, record: &Record) -> Markup {
    let choice = Choice::of(site.arch, record.at);
    html! {
        h2 id=(site.record_id(record.at)) { (choice.title) }
        (said(site, record, &[]))
        @if choice.is_sound() { (calculated(site, &Analysis::of(&choice, CONCENTRATION))) } @else { (written(site, &choice)) }
    }
}

fn calculated(site: &Site<'_>, analysis: &Analysis<'_>) -> Markup {
    let is_open = analysis.choice.is_unmeasured();
    html! {
        p { strong { @if is_open { "What is to be forecast is open here: " code { "groma decide " (analysis.choice.name) } " tells who is first." } @else { (sentence(analysis)) } } }
        figure { (PreEscaped(groma_plot::choice(analysis).svg)) }
        (scores(site, analysis))
        @if let (Leader::Certain(_), 2.., false) = (&analysis.leader, analysis.candidates.len(), is_open) { (what_changes_it(analysis)) }
        @if analysis.candidates.len() > 1 && !is_open { (weightings(analysis)) }
    }
}

/// The options in their order, those that are excluded last.
fn in_order<'a>(analysis: &Analysis<'a>) -> Vec<&'a Candidate<'a>> {
    let excluded = analysis.choice.options.iter().filter(|option| !option.fails.is_empty());
    analysis.order.iter().map(|at| analysis.candidates[*at]).chain(excluded).collect()
}

/// What each option scores by each criterion, and which must-haves it meets, each with the reason.
fn scores(site: &Site<'_>, analysis: &Analysis<'_>) -> Markup {
    let (choice, options, all) = (analysis.choice, in_order(analysis), analysis.matrix.weight());
    html! {
        table {
            thead { tr { th { "Criterion" } th { "Weight" } @for option in &options { th { (option.title) } } } }
            tbody {
                @for (nth, criterion) in choice.criteria.iter().enumerate() {
                    tr {
                        td {
                            (criterion.title)
                            @if let Some(asks) = criterion.asks { p.note { (asks) } }
                            @if let Some(at) = criterion.at {
                                (note(site, at))
                                (fact_list(site, at, &[&criterion::WEIGHT, &facts::DESCRIPTION], ""))
                            }
                        }
                        td { (criterion.weight) p.note { (format!("{:.0}%", 100.0 * criterion.weight / all)) } }
                        @for option in &options { td { (score(option, nth)) } }
                    }
                }
                @for (nth, must) in choice.musts.iter().enumerate() {
                    tr { td { (must.title) (note(site, must.at)) } td { "must" } @for option in &options { td { (meets(site, option, (nth, must.name))) } } }
                }
                (about_options(site, &options))
            }
        }
    }
}

/// The description of a part.
fn note(site: &Site<'_>, at: ItemRef) -> Markup {
    html! { @if let Some(text) = site.arch.text(at, &facts::DESCRIPTION) { p.note { (text) } } }
}

fn score(option: &Candidate<'_>, criterion: usize) -> Markup {
    let cell = &option.cells[criterion];
    html! {
        @match cell.given {
            Given::Nothing => span.lacks { "not said" },
            Given::Unmeasured => span.note { "forecast by " code { "groma decide" } },
            Given::Score => (plain(&cell.score.points())),
            Given::Value(written) | Given::Forecast(written) => { (plain(&cell.score.points())) " (" (written) ")" },
        }
        @if let Some(because) = cell.because { p.note { (because) } }
    }
}

/// Whole points without decimals.
fn plain(points: &str) -> String {
    points.replace(".00", "")
}

/// Whether an option meets a must-have, and why.
fn meets(site: &Site<'_>, option: &Candidate<'_>, (nth, name): (usize, &str)) -> Markup {
    let reason = |fact: &'static Fact| {
        let value = site.arch.values_of(option.at, fact).find(|value| site.arch.words(option.at, value) == name);
        let because = value.and_then(|value| site.arch.part_of(option.at, value, &option::BECAUSE));
        html! { @if let Some(because) = because { p.note { (because) } } }
    };
    html! {
        @if option.fails.iter().any(|failed| failed.must == nth) { span.lacks { "no: excluded" } (reason(&option::FAILS)) }
        @else if option.unsaid.contains(&nth) { span.lacks { "not said" } }
        @else { "yes" (reason(&option::MEETS)) }
    }
}

/// What is said of the options besides, a row for each fact.
fn about_options(site: &Site<'_>, options: &[&Candidate<'_>]) -> Markup {
    let has = |fact: &&'static Fact| options.iter().any(|option| site.arch.fact(option.at, fact).is_some());
    let cell = |at: ItemRef, fact: &'static Fact| {
        let values = site.arch.values_of(at, fact);
        html! { @for value in values { p { (fact_words(site, at, value, "")) } } }
    };
    html! {
        @for fact in [&option::TECHNOLOGY, &option::BY, &option::SET, &facts::DESCRIPTION].into_iter().filter(has) {
            tr { td { (heading(fact.name)) } td {} @for option in options { td { (cell(option.at, fact)) } } }
        }
    }
}

fn what_changes_it(analysis: &Analysis<'_>) -> Markup {
    let told = |head: &str, none: &str, all: Vec<String>| {
        html! {
            @if all.is_empty() { p { (none) } }
            @else { p { (head) } ul { @for line in all { li { (coded(&line)) } } } }
        }
    };
    html! {
        h3 { "What would change the winner" }
        (told("One weight alone:", "No weight alone does, whatever it is.", weights_that_change(analysis)))
        (told("One score alone:", "No score alone does, whatever it is.", scores_that_change(analysis)))
        @for (one, other) in &analysis.dominance {
            p {
                (analysis.candidates[*one].title) " is at least as good as " (analysis.candidates[*other].title)
                " by every criterion, and better by one: it is ahead by any weights."
            }
        }
    }
}

/// How many of the weightings each option wins.
fn weightings(analysis: &Analysis<'_>) -> Markup {
    html! {
        table {
            thead { tr { th { "Wins this share of the weightings" } th { "near the given one" } th { "of all" } } }
            tbody {
                @for at in &analysis.order {
                    tr {
                        td { (analysis.candidates[*at].title) }
                        td { (shares(analysis.near[*at].interval())) }
                        td { (shares(analysis.any[*at].interval())) }
                    }
                }
            }
        }
    }
}

/// All that is written of a choice whose numbers cannot be calculated.
fn written(site: &Site<'_>, choice: &Choice<'_>) -> Markup {
    let lacking = count(choice.problems.len(), "thing keeps", "things keep");
    html! {
        p.lacks {
            @if choice.problems.is_empty() { "Something keeps " } @else { (lacking) " " }
            "its numbers from being calculated: " a href=(Whole::Findings.file()) { "the findings" } " tell."
        }
        @for at in site.arch.parts_of_choice(choice.at) {
            h3 { (site.arch.title(at)) }
            (note(site, at))
            (fact_list(site, at, &[&facts::DESCRIPTION], ""))
        }
    }
}
