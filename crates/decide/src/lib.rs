//! Choices with numbers: what options score, how they rank, and how firm the winner is.
//!
//! [`Choice`] is a choice of an architecture as numbers, with what is wrong with them. What is calculated knows nothing of where the
//! numbers are from: [`Matrix`] ranks, [`Matrix::weight_switches`] and [`Matrix::score_switches`] say in closed form where the winner
//! changes, and [`Matrix::shares`] how many weightings each option wins. [`Analysis`] is all of it for one choice.

mod analysis;
mod choice;
mod gaps;
mod matrix;
mod problems;
mod random;
mod read;
mod scale;
mod shares;
mod switches;
mod whole;

pub use analysis::{Analysis, Firmness};
pub use choice::{Candidate, Cell, Choice, Criterion, Forecast, Given, Must, OfMust, letter};
pub use gaps::Gap;
pub use matrix::{Interval, Leader, Matrix, Rank};
pub use problems::Problem;

pub use scale::{HIGHEST, LOWEST, Scale};
pub use shares::{CONCENTRATION, DRAWS, SEED, Share, Weightings, wilson};
pub use switches::{ScoreSwitch, Switch, WeightSwitch};
