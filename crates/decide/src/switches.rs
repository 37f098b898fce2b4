//! Where the winner changes, in closed form.
//!
//! With the leader `a`, a rival `b` and all else as it is, the lead is `f(w) = m + w * d` in the weight `w` of one criterion, where `d` is the
//! difference of both scores by it and `m` what the other criteria make of the lead: it is nothing at `w = -m / d`. In the score
//! `s` of one option it is a straight line as well, of which a point is worth the weight of the criterion by that of all. What is not known
//! counts against the leader.

use crate::matrix::{Matrix, exceeds};
use crate::scale::{HIGHEST, LOWEST};

/// A value at which the leader is no longer alone in front, and who then is there as well.
#[derive(Clone, PartialEq, Debug)]
pub struct Switch {
    /// The value. Beyond it, others are ahead.
    pub at: f64,
    /// Who.
    pub rivals: Vec<usize>,
}

/// Where the weight of a criterion changes the winner, the others staying as they are.
#[derive(Clone, PartialEq, Debug)]
pub struct WeightSwitch {
    /// The criterion.
    pub criterion: usize,
    /// The nearest such weight below the given one.
    pub below: Option<Switch>,
    /// The nearest one above.
    pub above: Option<Switch>,
}

/// Where a score changes the winner, all else staying as it is.
#[derive(Clone, PartialEq, Debug)]
pub struct ScoreSwitch {
    /// The option.
    pub option: usize,
    /// The criterion.
    pub criterion: usize,
    /// The score: of the leader one below its own, of another one above.
    pub switch: Switch,
}

/// The one of some values that comes first, and whose it is.
fn nearest(all: impl Iterator<Item = (f64, usize)>, is_nearer: impl Fn(f64, f64) -> bool) -> Option<Switch> {
    let mut found: Option<Switch> = None;
    for (at, rival) in all {
        match &mut found {
            Some(known) if is_nearer(known.at, at) => {}
            Some(known) if !is_nearer(at, known.at) => known.rivals.push(rival),
            _ => found = Some(Switch { at, rivals: vec![rival] }),
        }
    }
    found
}

impl Matrix {
    /// For each criterion the weights at which the leader is no longer alone in front.
    pub fn weight_switches(&self, leader: usize) -> Vec<WeightSwitch> {
        let rivals = || (0..self.scores.len()).filter(move |other| *other != leader);
        let of = |criterion: usize| {
            let given = self.weights[criterion];
            // The weight at which the lead over a rival is nothing, and whether a larger one makes it larger.
            let zero = |rival: usize| {
                let lead = |at: usize| self.scores[leader][at].low - self.scores[rival][at].high;
                let others = (0..self.weights.len()).filter(|at| *at != criterion);
                let (rest, slope): (f64, f64) = (others.map(|at| self.weights[at] * lead(at)).sum(), lead(criterion));
                (slope != 0.0).then(|| (-rest / slope, slope > 0.0))
            };
            let side = |grows: bool| {
                rivals().filter_map(move |rival| {
                    zero(rival).filter(|(at, is_grown)| *is_grown == grows && *at > 0.0).map(|(at, _)| (at, rival))
                })
            };
            WeightSwitch {
                criterion,
                below: nearest(side(true).filter(|(at, _)| *at < given), exceeds),
                above: nearest(side(false).filter(|(at, _)| *at > given), |one, other| exceeds(other, one)),
            }
        };
        (0..self.weights.len()).map(of).collect()
    }

    /// The scores at which the leader is no longer alone in front, as far as the scale reaches that far.
    pub fn score_switches(&self, leader: usize) -> Vec<ScoreSwitch> {
        let (all, totals) = (self.weight(), self.totals());
        let mut found = Vec::new();
        for option in 0..self.scores.len() {
            for criterion in 0..self.weights.len() {
                let points = |lead: f64| lead * all / self.weights[criterion];
                let lead = |rival: usize| totals[leader].low - totals[rival].high;
                let score = self.scores[option][criterion];
                let rivals = (0..totals.len()).filter(|other| *other != leader);
                let switch = if option == leader {
                    let each = rivals.map(|rival| (score.low - points(lead(rival)), rival));
                    nearest(each, exceeds).filter(|switch| !exceeds(LOWEST, switch.at))
                } else {
                    let at = score.high + points(lead(option));
                    (!exceeds(at, HIGHEST)).then(|| Switch { at, rivals: vec![option] })
                };
                found.extend(switch.map(|switch| ScoreSwitch { option, criterion, switch }));
            }
        }
        found
    }
}
