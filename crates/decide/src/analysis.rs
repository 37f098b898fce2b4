//! All that is calculated of one choice.

use crate::choice::{Candidate, Choice};
use crate::matrix::{Interval, Leader, Matrix, Rank};
use crate::shares::{Share, Weightings};
use crate::switches::{ScoreSwitch, WeightSwitch};

/// What comes of a choice. Options are known by their number among those that are not excluded.
#[derive(Debug)]
pub struct Analysis<'a> {
    /// The choice.
    pub choice: &'a Choice<'a>,
    /// The options that are not excluded.
    pub candidates: Vec<&'a Candidate<'a>>,
    /// Their weights and scores.
    pub matrix: Matrix,
    /// The total of each.
    pub totals: Vec<Interval>,
    /// The place of each.
    pub ranks: Vec<Rank>,
    /// The options, the first first; those of one place in the order of the text.
    pub order: Vec<usize>,
    /// Who is first.
    pub leader: Leader,
    /// Where weights change that; empty unless somebody is certainly first.
    pub weight_switches: Vec<WeightSwitch>,
    /// Where scores do.
    pub score_switches: Vec<ScoreSwitch>,
    /// Which options are ahead of which by any weights.
    pub dominance: Vec<(usize, usize)>,
    /// How near the given weights the others were drawn.
    pub concentration: f64,
    /// How many of the weightings near the given one each option wins.
    pub near: Vec<Share>,
    /// How many of all weightings.
    pub any: Vec<Share>,
}

/// How firm the winner is.
#[derive(Clone, PartialEq, Debug)]
pub enum Firmness {
    /// Nobody is certainly first.
    NoWinner,
    /// There is no other option.
    Alone,
    /// No other option is better by anything.
    Dominates,
    /// It wins nearly all weightings near the given one, and no score that is wrong by one point changes that.
    Firm,
    /// It wins nearly all weightings near the given one, but a score that is wrong by one point may change that.
    FirmByWeights,
    /// It wins most weightings near the given one.
    Likely,
    /// It wins fewer.
    Weak,
}

/// The share of weightings from which on a winner is firm, and from which on it is likely.
const FIRM: f64 = 0.95;
const LIKELY: f64 = 0.75;

impl<'a> Analysis<'a> {
    /// Calculates a choice, with weightings drawn this near the given one.
    pub fn of(choice: &'a Choice<'a>, concentration: f64) -> Analysis<'a> {
        let matrix = choice.matrix();
        let (ranks, leader) = (matrix.ranks(), matrix.leader());
        let mut order: Vec<usize> = (0..ranks.len()).collect();
        order.sort_by_key(|at| ranks[*at]);
        let (weight_switches, score_switches) = match leader {
            Leader::Certain(at) => (matrix.weight_switches(at), matrix.score_switches(at)),
            Leader::Tied(_) | Leader::Unsure(_) | Leader::Nobody => (Vec::new(), Vec::new()),
        };
        Analysis {
            choice,
            candidates: choice.candidates().collect(),
            totals: matrix.totals(),
            ranks,
            order,
            leader,
            weight_switches,
            score_switches,
            dominance: matrix.dominance(),
            concentration,
            near: matrix.shares(Weightings::Near(concentration)),
            any: matrix.shares(Weightings::Any),
            matrix,
        }
    }

    /// How firm the winner is.
    pub fn firmness(&self) -> Firmness {
        let Leader::Certain(first) = self.leader else { return Firmness::NoWinner };
        let others = || (0..self.candidates.len()).filter(|other| *other != first);
        if others().next().is_none() {
            return Firmness::Alone;
        }
        if others().all(|other| self.dominance.contains(&(first, other))) {
            return Firmness::Dominates;
        }
        let share = self.near[first].interval().low;
        match share {
            share if share >= FIRM && self.nearest_score().is_none() => Firmness::Firm,
            share if share >= FIRM => Firmness::FirmByWeights,
            share if share >= LIKELY => Firmness::Likely,
            _ => Firmness::Weak,
        }
    }

    /// The score that changes the winner if it is wrong by a point or less, and by the least.
    pub fn nearest_score(&self) -> Option<&ScoreSwitch> {
        let first = if let Leader::Certain(first) = self.leader { first } else { return None };
        let distance = |one: &ScoreSwitch| {
            let score = self.matrix.scores[one.option][one.criterion];
            (one.switch.at - if one.option == first { score.low } else { score.high }).abs()
        };
        let near = self.score_switches.iter().filter(|one| distance(one) <= 1.0 + 1e-9);
        near.min_by(|one, other| distance(one).total_cmp(&distance(other)))
    }

    /// The weight that changes the winner, and by the smallest factor.
    pub fn nearest_weight(&self) -> Option<(usize, f64, &[usize])> {
        let factor = |criterion: usize, at: f64| {
            let given = self.matrix.weights[criterion];
            if at > given { at / given } else { given / at }
        };
        let all = self.weight_switches.iter().flat_map(|one| {
            let sides = [&one.below, &one.above].into_iter().flatten();
            sides.map(|switch| (one.criterion, switch.at, &switch.rivals[..]))
        });
        all.min_by(|one, other| factor(one.0, one.1).total_cmp(&factor(other.0, other.1)))
    }
}
