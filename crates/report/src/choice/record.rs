//! A choice as the text of a decision record, with fields of a template for what `groma adr new` fills in. What
//! only people can say is marked: `groma check` finds the marks.

use super::words::sentence;
use groma_decide::{Analysis, Candidate, Given, Interval, Leader, OfMust};
use groma_records::template::Form;
use std::fmt::Write;

/// From this score on something speaks for an option, and up to that one against it.
const GOOD: f64 = 4.0;
const BAD: f64 = 2.0;

/// What begins a record, and what its sections are called that the forms call otherwise.
struct Heads {
    opening: &'static str,
    context: &'static str,
    outcome: &'static str,
    consequences: &'static str,
}

const MADR: Heads = Heads {
    opening: "---\nstatus: {{status}}\ndate: {{date}}\n---\n\n# {{title}}\n\n",
    context: "## Context and Problem Statement",
    outcome: "## Decision Outcome",
    consequences: "### Consequences",
};

const NYGARD: Heads = Heads {
    opening: "# {{number}}. {{title}}\n\nDate: {{date}}\n\n## Status\n\nProposed\n\n",
    context: "## Context",
    outcome: "## Decision",
    consequences: "## Consequences",
};

const LABELLED: Heads =
    Heads { opening: "# {{number}}. {{title}}\n\n**Status:** Proposed\n\n**Date:** {{date}}\n\n", ..NYGARD };

/// The record of a choice, as a template: with the header and the headings of a form.
pub fn record(analysis: &Analysis<'_>, form: Form) -> String {
    let heads = match form {
        Form::Madr => MADR,
        Form::Nygard => NYGARD,
        Form::Brief | Form::Full => LABELLED,
    };
    let choice = analysis.choice;
    let mut out = String::from(heads.opening);
    let _ = write!(out, "{}\n\n{}\n\n", heads.context, line(choice.title));
    out.push_str(&mark("what makes the decision necessary, and what holds whatever is decided"));
    drivers(analysis, &mut out);
    out.push_str("\n## Considered Options\n\n");
    for option in &choice.options {
        let _ = writeln!(out, "* {}", line(option.title));
    }
    let _ = write!(out, "\n{}\n\n", heads.outcome);
    outcome(analysis, &mut out);
    let _ = write!(out, "\n{}\n\n", heads.consequences);
    consequences(analysis, &mut out);
    let level = if form == Form::Madr { "###" } else { "##" };
    let _ = write!(out, "\n{level} Confirmation\n\n");
    out.push_str(&mark("how it is made sure that it is kept"));
    out.push_str("\n## Pros and Cons of the Options\n");
    for option in &choice.options {
        weighed(analysis, option, &mut out);
    }
    let name = choice.name;
    let _ = write!(
        out,
        "\n## More Information\n\nThe numbers stand in the choice `{name}`: `groma decide {name}` calculates them anew.\n"
    );
    out
}

/// A mark that only a person can take away.
fn mark(what: &str) -> String {
    format!("{{to be said: {what}}}\n")
}

/// A score without the digits that say nothing: `5`, `3–4`, `4.25`.
fn points(score: Interval) -> String {
    let short = |text: &str| text.strip_suffix(".00").unwrap_or(text).to_owned();
    score.points().split('–').map(short).collect::<Vec<_>>().join("–")
}

/// A text of the workspace in one line, which is no field of a template.
fn line(text: &str) -> String {
    crate::one_line(text).replace("{{", "{ {")
}

fn drivers(analysis: &Analysis<'_>, out: &mut String) {
    out.push_str("\n## Decision Drivers\n\n");
    let all = analysis.matrix.weight();
    for must in &analysis.choice.musts {
        let _ = writeln!(out, "* Must be: {}", line(must.title));
    }
    for criterion in &analysis.choice.criteria {
        let share = (100.0 * criterion.weight / all).round();
        let asks = criterion.asks.map(|asks| format!(": {asks}")).unwrap_or_default();
        let _ = writeln!(out, "* {} ({share}% of the weight){asks}", line(criterion.title));
    }
}

fn outcome(analysis: &Analysis<'_>, out: &mut String) {
    match analysis.leader {
        Leader::Certain(first) => {
            let (title, total) = (line(analysis.candidates[first].title), analysis.totals[first].points());
            let _ = write!(
                out,
                "Chosen option: \"{title}\", because by the criteria and weights below it scores {total} of 5. "
            );
        }
        Leader::Tied(_) | Leader::Unsure(_) | Leader::Nobody => out.push_str(&mark("which option is chosen, and why")),
    }
    let _ = write!(out, "{}\n\n", line(&sentence(analysis)));
    matrix(analysis, out);
}

/// The scores of the options that no must-have excludes, best first.
fn matrix(analysis: &Analysis<'_>, out: &mut String) {
    let cell = |text: &str| line(text).replace('|', "\\|");
    let titles: Vec<String> = analysis.order.iter().map(|at| cell(analysis.candidates[*at].title)).collect();
    let _ = writeln!(out, "| Criterion | Weight | {} |", titles.join(" | "));
    let _ = writeln!(out, "|---|---|{}", "---|".repeat(titles.len()));
    for (nth, criterion) in analysis.choice.criteria.iter().enumerate() {
        let scores = analysis.order.iter().map(|at| points(analysis.matrix.scores[*at][nth]));
        let scores = scores.collect::<Vec<_>>().join(" | ");
        let _ = writeln!(out, "| {} | {} | {scores} |", cell(criterion.title), criterion.weight);
    }
    let totals = analysis.order.iter().map(|at| analysis.totals[*at].points()).collect::<Vec<_>>();
    let _ = writeln!(out, "| **Total** | {} | {} |", analysis.matrix.weight(), totals.join(" | "));
}

/// What is good and bad about the winner is what follows from it.
fn consequences(analysis: &Analysis<'_>, out: &mut String) {
    let Leader::Certain(first) = analysis.leader else {
        out.push_str(&mark("what becomes better by it, and what becomes worse"));
        return;
    };
    let sides = sides(analysis, analysis.candidates[first]);
    for (word, text) in &sides {
        if *word != "Neutral" {
            let _ = writeln!(out, "* {word}, because {text}");
        }
    }
    if !sides.iter().any(|(word, _)| *word == "Bad") {
        let _ = write!(out, "* Bad, because {}", mark("what becomes worse by it: each decision gives something up"));
    }
}

/// An option with what speaks for and against it.
fn weighed(analysis: &Analysis<'_>, option: &Candidate<'_>, out: &mut String) {
    let _ = write!(out, "\n### {}\n\n", line(option.title));
    for (word, text) in sides(analysis, option) {
        let _ = writeln!(out, "* {word}, because {text}");
    }
    let musts = |all: &mut dyn Iterator<Item = &OfMust<'_>>| all.map(|one| must(analysis, one)).collect::<Vec<_>>();
    // That one is met goes without saying where nothing is said of why.
    let met = musts(&mut option.meets.iter().filter(|one| one.because.is_some()));
    if !met.is_empty() {
        let _ = writeln!(out, "* Good, because it meets what must be: {}", met.join("; "));
    }
    let failed = musts(&mut option.fails.iter());
    if !failed.is_empty() {
        let _ = writeln!(out, "* Rejected because it fails what must be: {}", failed.join("; "));
        return;
    }
    let place = analysis.candidates.iter().position(|one| std::ptr::eq(*one, option));
    if let (Leader::Certain(first), Some(place)) = (&analysis.leader, place)
        && *first != place
    {
        let (own, winner) = (analysis.totals[place].points(), analysis.totals[*first].points());
        let title = line(analysis.candidates[*first].title);
        let _ = writeln!(out, "* Rejected because all in all it scores {own} of 5, and {title} {winner}");
    }
}

/// A must-have with why it is met or not.
fn must(analysis: &Analysis<'_>, one: &OfMust<'_>) -> String {
    let why = one.because.map(|why| format!(" ({})", line(why))).unwrap_or_default();
    format!("{}{why}", line(analysis.choice.musts[one.must].title))
}

/// What each criterion says of an option: a word for the side, and the reason with the score.
fn sides(analysis: &Analysis<'_>, option: &Candidate<'_>) -> Vec<(&'static str, String)> {
    let of_one = |(criterion, cell): (&groma_decide::Criterion<'_>, &groma_decide::Cell<'_>)| {
        let Interval { low, high } = cell.score;
        let word = match () {
            () if low >= GOOD => "Good",
            () if high <= BAD => "Bad",
            () => "Neutral",
        };
        let said = match cell.given {
            Given::Nothing | Given::Unmeasured => return None,
            Given::Score => String::new(),
            Given::Value(value) | Given::Forecast(value) => format!("{}, ", line(value)),
        };
        let because = cell.because.map(|because| format!(": {}", line(because))).unwrap_or_default();
        Some((word, format!("{}{because} ({said}{} of 5)", line(criterion.title), points(cell.score))))
    };
    analysis.choice.criteria.iter().zip(&option.cells).filter_map(of_one).collect()
}
