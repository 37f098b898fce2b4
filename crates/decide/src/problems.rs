//! What is wrong with the numbers of a choice, so that nothing can be calculated from them.

use crate::matrix::exceeds;
use crate::scale::{HIGHEST, LOWEST, in_words, measure};
use groma_base::Span;
use groma_model::facts::criterion as asked;
use groma_model::items::FactValue;
use groma_model::{Architecture, ItemRef};

/// Something that is wrong, where it stands, and what to do.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Where it stands.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where that stands with which it does not agree, if there is such a place.
    pub beside: Option<Span>,
}

pub(crate) struct Problems<'a> {
    pub(crate) arch: &'a Architecture,
    pub(crate) found: Vec<Problem>,
}

/// What is beyond these is a slip of the pen: no criterion matters a billion times as much as another.
const LEAST_WEIGHT: f64 = 0.001;
const MOST_WEIGHT: f64 = 1e6;

impl<'a> Problems<'a> {
    pub(crate) fn add(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) -> &mut Problem {
        self.found.push(Problem { span, message: message.into(), help: help.into(), beside: None });
        self.found.last_mut().expect("just added")
    }

    pub(crate) fn at(
        &mut self,
        at: ItemRef,
        value: &FactValue,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> &mut Problem {
        let span = self.arch.span(at, value.range);
        self.add(span, message, help)
    }

    pub(crate) fn named(&mut self, at: ItemRef, message: impl Into<String>, help: impl Into<String>) -> &mut Problem {
        let span = self.arch.name_span(at);
        self.add(span, message, help)
    }

    /// That what must be a weight is none.
    pub(crate) fn weight(&mut self, at: ItemRef) {
        let Some(given) = self.arch.fact(at, &asked::WEIGHT) else { return };
        let Some(weight) = given.number() else { return };
        if (LEAST_WEIGHT..=MOST_WEIGHT).contains(&weight) {
            return;
        }
        let written = self.arch.words(at, given);
        let help = match weight > 0.0 {
            true => "weights are relative: write one such as `5`, from 0.001 to 1,000,000",
            false => {
                "write how much it matters beside the others, such as `1`; what does not matter is no criterion: remove it"
            }
        };
        self.at(at, given, format!("the weight `{written}` is none"), help);
    }

    /// That a number is no score.
    pub(crate) fn score(&mut self, at: ItemRef, given: &FactValue) -> bool {
        let Some(score) = given.quantity() else { return false };
        let is_one = !exceeds(LOWEST, score.low) && !exceeds(score.high, HIGHEST);
        if !is_one {
            let written = self.arch.words(at, given);
            let help =
                "scores go from `1` (bad) to `5` (good); what was measured is a `value`, with a scale on the criterion";
            self.at(at, given, format!("`{written}` is no score"), help);
        }
        is_one
    }

    /// That a value is not of what the scale of its criterion is.
    pub(crate) fn unit(&mut self, at: ItemRef, given: &FactValue, (other_at, other): (ItemRef, &FactValue)) -> bool {
        let (Some(one), Some(two)) = (given.quantity(), other.quantity()) else { return false };
        if measure(one) == measure(two) {
            return true;
        }
        let (arch, written) = (self.arch, self.arch.words(at, given));
        let message = format!("`{written}` is no {}, which `{}` is", in_words(two), arch.words(other_at, other));
        let help = format!("write both in one unit, such as {}", two.dimension.examples());
        self.at(at, given, message, help).beside = Some(arch.span(other_at, other.range));
        false
    }
}

/// Any fact of the scale of a criterion, if it has one.
pub(crate) fn words_of(arch: &Architecture, at: ItemRef) -> Option<&FactValue> {
    let facts = [&asked::WORST, &asked::BEST, &asked::THRESHOLD, &asked::BETTER];
    facts.iter().find_map(|fact| arch.fact(at, fact))
}
