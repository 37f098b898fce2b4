//! A choice as numbers: what is read of it.

use crate::matrix::{Interval, Matrix};
use crate::problems::Problem;
use crate::scale::Scale;
use groma_model::ItemRef;
use groma_model::facts::option::By;

/// A choice: what it is judged by, what there is to choose from, and what is wrong with it.
#[derive(Debug)]
pub struct Choice<'a> {
    /// Where it is declared.
    pub at: ItemRef,
    /// Its name.
    pub name: &'a str,
    /// The question.
    pub title: &'a str,
    /// What it is judged by.
    pub criteria: Vec<Criterion<'a>>,
    /// What must be met.
    pub musts: Vec<Must<'a>>,
    /// What there is to choose from, those that are excluded among it.
    pub options: Vec<Candidate<'a>>,
    /// The decision that it led to, as it is named.
    pub decision: Option<&'a str>,
    /// Why something else was decided than the numbers say.
    pub despite: Option<&'a str>,
    /// What makes it impossible to calculate.
    pub problems: Vec<Problem>,
    /// Whether a name in it means nothing, which is told where names are.
    pub has_unknown_names: bool,
    /// Whether some of it could not be read, which is told there.
    pub is_broken: bool,
}

/// What options are judged by.
#[derive(Debug)]
pub struct Criterion<'a> {
    /// Where it is declared; one that a shipped set brings is nowhere.
    pub at: Option<ItemRef>,
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What is asked by it, of a shipped one.
    pub asks: Option<&'static str>,
    /// How much it matters.
    pub weight: f64,
    /// What makes scores of values.
    pub scale: Option<Scale>,
    /// The quality whose number the options are forecast by, as it is called.
    pub quality: Option<&'a str>,
}

/// What must be met.
#[derive(Debug)]
pub struct Must<'a> {
    /// Where it is declared.
    pub at: ItemRef,
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
}

/// What may be chosen.
#[derive(Debug)]
pub struct Candidate<'a> {
    /// Where it is declared.
    pub at: ItemRef,
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The technology that it is.
    pub technology: Option<&'a str>,
    /// Whether it would be built or bought.
    pub by: Option<By>,
    /// Its score by each criterion.
    pub cells: Vec<Cell<'a>>,
    /// The must-haves that it meets.
    pub meets: Vec<OfMust<'a>>,
    /// The must-haves that it does not meet.
    pub fails: Vec<OfMust<'a>>,
    /// The must-haves of which it says nothing.
    pub unsaid: Vec<usize>,
}

/// A must-have that an option meets or does not.
#[derive(Clone, Copy, Debug)]
pub struct OfMust<'a> {
    /// Which, by its number.
    pub must: usize,
    /// Why.
    pub because: Option<&'a str>,
}

/// How an option does by a criterion.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// The score; from the lowest to the highest if nothing is said.
    pub score: Interval,
    /// What is said.
    pub given: Given<'a>,
    /// The reason.
    pub because: Option<&'a str>,
}

/// What is said of an option and a criterion.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Given<'a> {
    /// Nothing.
    Nothing,
    /// A score.
    Score,
    /// A value, as it is written.
    Value(&'a str),
    /// Nothing, as it is forecast; and it is not forecast yet.
    Unmeasured,
    /// A value that was forecast, with its interval.
    Forecast(&'a str),
}

/// What was forecast of an option.
#[derive(Clone, PartialEq, Debug)]
pub struct Forecast {
    /// The option.
    pub option: ItemRef,
    /// The criterion, by its number.
    pub criterion: usize,
    /// The value with its interval, in words.
    pub words: String,
    /// The lower end of the interval, in seconds, per second, or as a share.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The letter that stands for a criterion, by its number, where there is no room for its name.
pub fn letter(criterion: usize) -> char {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    LETTERS.get(criterion).map_or('#', |letter| char::from(*letter))
}

impl<'a> Choice<'a> {
    /// The options that no must-have excludes.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate<'a>> + Clone {
        self.options.iter().filter(|option| option.fails.is_empty())
    }

    /// The criteria by which an option is still to be forecast.
    pub fn unmeasured(&self, option: &Candidate<'_>) -> Vec<usize> {
        (0..self.criteria.len()).filter(|nth| option.cells[*nth].given == Given::Unmeasured).collect()
    }

    /// Whether anything of it is still to be forecast.
    pub fn is_unmeasured(&self) -> bool {
        self.candidates().any(|option| !self.unmeasured(option).is_empty())
    }

    /// The choice with what was forecast.
    pub fn with_forecasts<'f>(self, forecasts: &'f [Forecast]) -> Choice<'f>
    where
        'a: 'f,
    {
        let mut choice: Choice<'f> = self;
        for forecast in forecasts {
            let scale = choice.criteria[forecast.criterion].scale.clone();
            let option = choice.options.iter_mut().find(|option| option.at == forecast.option);
            let cell = option.map(|option| &mut option.cells[forecast.criterion]);
            if let Some((cell, scale)) = cell.filter(|cell| cell.given == Given::Unmeasured).zip(scale) {
                cell.score = scale.between(forecast.low, forecast.high);
                cell.given = Given::Forecast(&forecast.words);
            }
        }
        choice
    }

    /// Whether it can be calculated.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty() && !self.has_unknown_names && !self.is_broken
    }

    /// The weights, and the scores of those options that no must-have excludes.
    pub fn matrix(&self) -> Matrix {
        let row = |option: &Candidate<'a>| option.cells.iter().map(|cell| cell.score).collect();
        Matrix {
            weights: self.criteria.iter().map(|criterion| criterion.weight).collect(),
            scores: self.candidates().map(row).collect(),
        }
    }
}
