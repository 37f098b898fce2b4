//! What is not said in a choice, so that its numbers rest on less than they seem to.

use crate::choice::{Choice, Given};
use groma_base::list_words;
use groma_model::ItemRef;

/// What is missing in an option.
#[derive(Clone, PartialEq, Debug)]
pub struct Gap {
    /// The option.
    pub at: ItemRef,
    /// What is missing.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Choice<'_> {
    /// What is missing in the options that are not excluded: scores, reasons, and whether a must-have is met.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for option in self.candidates() {
            let names = |is_meant: &dyn Fn(usize) -> bool| -> Vec<&str> {
                let named = self.criteria.iter().enumerate().filter(|(nth, _)| is_meant(*nth));
                named.map(|(_, criterion)| criterion.name).collect()
            };
            // What nobody is scored by is told at the criterion.
            // What is forecast has its reason in the model.
            let is_said = |given| matches!(given, Given::Score | Given::Value(_));
            let is_used = |nth: usize| self.options.iter().any(|one| !matches!(one.cells[nth].given, Given::Nothing));
            let unscored = names(&|nth| matches!(option.cells[nth].given, Given::Nothing) && is_used(nth));
            let unexplained = names(&|nth| is_said(option.cells[nth].given) && option.cells[nth].because.is_none());
            let musts: Vec<&str> = option.unsaid.iter().map(|nth| self.musts[*nth].name).collect();
            let mut add = |message: String, help: String| gaps.push(Gap { at: option.at, message, help });
            if let Some(first) = musts.first() {
                let message = format!("option `{}` does not say whether it meets {}", option.name, listed(&musts));
                add(message, format!("write `meets {first}` or `fails {first}`"));
            }
            if let Some(first) = unscored.first() {
                let message = format!("option `{}` has no score by {}", option.name, listed(&unscored));
                add(
                    message,
                    format!("write `score {first} 3 because=\"…\"`; until then it counts as anything from 1 to 5"),
                );
            }
            if !unexplained.is_empty() {
                let message =
                    format!("option `{}` gives no reason for its score by {}", option.name, listed(&unexplained));
                add(message, "write `because=\"…\"` behind it: what was seen, measured or read".to_owned());
            }
        }
        gaps
    }
}

fn listed(names: &[&str]) -> String {
    list_words(names.iter().copied(), "and")
}
