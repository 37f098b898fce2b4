//! What is wrong with a choice as a whole, and with what an option says.

use crate::choice::{Choice, Given};
use crate::problems::{Problems, words_of};
use groma_base::list_words;
use groma_model::ItemRef;
use groma_model::facts::option as said;
use groma_model::items::FactValue;

/// What is wrong with a choice as a whole, once all of it is read.
pub(crate) fn of_whole(problems: &mut Problems<'_>, choice: &Choice<'_>) {
    let at = choice.at;
    if choice.criteria.is_empty() {
        let help =
            "write `criterion fit \"…\" weight=5` for each, or begin with those that Groma brings: `criteria=database`";
        problems.named(at, "the choice has no criterion", help);
    }
    match &choice.options[..] {
        [] => {
            problems.named(at, "the choice has no option", "write `option postgresql \"…\" { … }` for each");
        }
        [only] => {
            let message = "the choice has one option, so there is nothing to choose";
            let help = "write the others that were thought of; to do nothing, or to wait, is one as well";
            problems.named(only.at, message, help);
        }
        all if all.iter().all(|option| !option.fails.is_empty()) => {
            let failed = choice
                .musts
                .iter()
                .enumerate()
                .filter(|(nth, _)| all.iter().any(|one| one.fails.iter().any(|failed| failed.must == *nth)));
            let names = list_words(failed.map(|(_, must)| must.name), "and");
            let message = format!("no option is left: each fails {names}");
            let help = "look for another option, or ask whether that must be, or is a criterion";
            problems.named(at, message, help);
        }
        _ => {}
    }
    idle_changes(problems, choice);
    if choice.options.len() > 1 && !choice.has_unknown_names {
        unscored(problems, choice);
    }
}

/// What options change in the model though nothing of them is forecast.
fn idle_changes(problems: &mut Problems<'_>, choice: &Choice<'_>) {
    let arch = problems.arch;
    for option in &choice.options {
        let is_forecast = option.cells.iter().any(|cell| cell.given == Given::Unmeasured);
        if let Some(set) = arch.fact(option.at, &said::SET).filter(|_| !is_forecast) {
            let message = format!("nothing of option `{}` is forecast, so what it sets changes nothing", option.name);
            let help = "name the quality that a criterion is measured by: `criterion latency \"…\" measure=QUALITY`";
            problems.at(option.at, set, message, help);
        }
    }
}

/// What nobody is scored by, and scales by which nothing is measured.
fn unscored(problems: &mut Problems<'_>, choice: &Choice<'_>) {
    for (nth, criterion) in choice.criteria.iter().enumerate() {
        let cells = || choice.options.iter().map(move |option| &option.cells[nth]);
        let span = criterion.at.map_or(problems.arch.name_span(choice.at), |at| problems.arch.name_span(at));
        if cells().all(|cell| matches!(cell.given, Given::Nothing)) {
            let message = format!("no option is scored by `{}`", criterion.name);
            let help = match criterion.at {
                Some(_) => {
                    format!("write `score {} 3 because=\"…\"` in each option, or remove the criterion", criterion.name)
                }
                None => {
                    format!("write `score {} 3 because=\"…\"` in each option: `criteria` brings it", criterion.name)
                }
            };
            problems.add(span, message, help);
        } else if let Some(at) =
            criterion.at.filter(|_| cells().all(|cell| matches!(cell.given, Given::Nothing | Given::Score)))
            && let Some(scale) = words_of(problems.arch, at)
        {
            let message = format!("nothing is measured by `{}`, so its scale says nothing", criterion.name);
            let help = "write what was measured, such as `value NAME 12ms`, or remove the scale: a score is better the higher it is";
            let help = help.replace("NAME", criterion.name);
            problems.at(at, scale, message, help);
        }
    }
}

/// That an option says the same twice, or one thing and its opposite.
pub(crate) fn said_twice(problems: &mut Problems<'_>, at: ItemRef) {
    let arch = problems.arch;
    for facts in [[&said::SCORE, &said::VALUE], [&said::MEETS, &said::FAILS]] {
        let all: Vec<&FactValue> = facts.iter().flat_map(|fact| arch.values_of(at, fact)).collect();
        for (nth, one) in all.iter().enumerate() {
            let name = arch.words(at, one);
            let Some(first) = all[..nth].iter().find(|first| arch.words(at, first) == name) else { continue };
            let (message, help) = match (*one.fact == said::SCORE || *one.fact == said::VALUE, one.fact == first.fact) {
                (true, true) => (format!("`{name}` is scored twice"), "keep one of them"),
                (true, false) => (
                    format!("`{name}` is scored and measured"),
                    "keep the `value`, of which the scale makes a score, or the `score`",
                ),
                (false, true) => (format!("`{name}` is said twice"), "remove one of them"),
                (false, false) => (format!("`{name}` is both met and failed"), "keep the one that is true"),
            };
            problems.at(at, one, message, help).beside = Some(arch.span(at, first.range));
        }
    }
}
