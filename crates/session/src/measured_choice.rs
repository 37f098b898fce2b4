//! Options of a choice that a forecast measures: each is the workspace with its changes made, judged by the qualities that the criteria name.

use crate::change::{change, in_names_of_today};
use crate::parse::parse;
use crate::what_if::go_on;
use crate::{Forecastable, NoAnswer, Selection, Session};
use groma_base::{Diagnostic, apply_edits};
use groma_decide::{Candidate, Choice, Forecast};
use groma_model::decode::{FactValue, WRONG_VALUE};
use groma_model::facts::option::SET;
use groma_model::write::Value;
use groma_model::{Architecture, ItemRef};
use groma_simulate::{Judgement, Options, number};
use std::sync::atomic::AtomicBool;

/// What the forecasts of a choice tell.
#[derive(Debug, Default)]
pub struct MeasuredOptions {
    /// What was forecast.
    pub forecasts: Vec<Forecast>,
    /// What could not be forecast, in sentences.
    pub unknown: Vec<String>,
}

impl Forecastable<'_> {
    /// Forecasts the options of a choice, as far as its criteria are measured and the options do not say themselves what they score. All are
    /// simulated with the same random numbers, so that what differs comes from the options.
    ///
    /// # Errors
    /// If what an option sets means nothing here, if with it there is no forecast, or nobody waits for it any more.
    pub fn measure_options(
        &self,
        choice: &Choice<'_>,
        options: &Options,
        cancel: &AtomicBool,
        progress: &dyn Fn(usize),
    ) -> Result<MeasuredOptions, NoAnswer> {
        let mut measured = MeasuredOptions::default();
        for (nth, option) in choice.candidates().enumerate() {
            let wanted = choice.unmeasured(option);
            if wanted.is_empty() {
                continue;
            }
            progress(nth);
            let judged = self.judged_option(option, &qualities(choice, &wanted), options, cancel)?;
            go_on(cancel)?;
            for criterion in wanted {
                let one = &choice.criteria[criterion];
                match judged.iter().find(|(quality, _)| one.quality == Some(quality)) {
                    Some((_, judgement)) => told(option, (criterion, one.name), judgement, &mut measured),
                    None => measured.unknown.push(format!("`{}` of {}: it is not measured", one.name, option.title)),
                }
            }
        }
        Ok(measured)
    }

    /// What comes of the workspace as an option would have it, each judgement with the name of its quality.
    fn judged_option(
        &self,
        option: &Candidate<'_>,
        qualities: &[String],
        options: &Options,
        cancel: &AtomicBool,
    ) -> Result<Vec<(String, Judgement)>, NoAnswer> {
        let arch = self.arch();
        let words: Vec<String> = arch.values_of(option.at, &SET).map(|set| arch.words(option.at, set).into()).collect();
        let selection = Selection { qualities: qualities.to_vec(), ..Selection::default() };
        let judge = |variant: &Forecastable<'_>| {
            let report = variant.judge_selected(&selection, options, cancel, &|_, _, _| {});
            let named = |one: Judgement| (variant.arch().name(one.quality).to_owned(), one);
            report.judgements.into_iter().map(named).collect()
        };
        if words.is_empty() { Ok(judge(self)) } else { Ok(judge(&self.with_changes(&words)?)) }
    }
}

impl Session {
    /// What is wrong with the changes that options of choices would make.
    pub(crate) fn impossible_changes(&self, arch: &Architecture) -> Vec<Diagnostic> {
        let wrong = |(at, set): (ItemRef, &FactValue)| {
            let (words, span) = (arch.words(at, set), arch.span(at, set.range));
            let why = self.impossible(arch, words)?;
            let told = Diagnostic::error(WRONG_VALUE, span, format!("an option cannot set this: {why}"));
            Some(match in_names_of_today(arch, words) {
                Some(today) => told.fix(format!("write `{today}`"), span, Value::quoted(&today).as_written()),
                None => {
                    told.help("write it as `--what-if` of `groma simulate` takes it, such as `shop.core.replicas=4`")
                }
            })
        };
        let options = arch.choices().flat_map(|choice| arch.options_of(choice));
        options.flat_map(|at| arch.values_of(at, &SET).map(move |set| (at, set))).filter_map(wrong).collect()
    }

    /// Why a change cannot be made; `None` if it can.
    fn impossible(&self, arch: &Architecture, words: &str) -> Option<String> {
        let edit = match change(arch, words) {
            Ok(change) => change.edit,
            Err(why) => return Some(why),
        };
        let (id, source) = (edit.span.file, &self.entries[edit.span.file.index()].source);
        let text = apply_edits(&source.text, &[(edit.span.range, &*edit.text)]);
        let changed = parse(id, &source.with_text(text), &arch.own_facts);
        let before = &arch.files[id.index()].problems;
        let is_new = |problem: &&Diagnostic| before.iter().all(|other| other.message != problem.message);
        changed.model.problems.iter().chain(&changed.errors).find(is_new).map(|problem| problem.message.clone())
    }
}

/// The qualities that some criteria are measured by.
fn qualities(choice: &Choice<'_>, wanted: &[usize]) -> Vec<String> {
    let named = wanted.iter().filter_map(|nth| choice.criteria[*nth].quality);
    named.map(|name| format!("quality:{name}")).collect()
}

fn told(
    option: &Candidate<'_>,
    (criterion, name): (usize, &str),
    judgement: &Judgement,
    measured: &mut MeasuredOptions,
) {
    match &judgement.estimate {
        Some(estimate) => measured.forecasts.push(Forecast {
            option: option.at,
            criterion,
            words: number::interval(judgement.metric, estimate),
            low: estimate.low,
            high: estimate.high,
        }),
        None => measured.unknown.push(format!("`{name}` of {}: {}", option.title, judgement.reason)),
    }
}
