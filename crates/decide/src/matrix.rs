//! Weights and scores, and what follows from them alone.

/// Two totals that differ by no more than this are the same: a hundred-thousandth of a point is far below what any score says, and far
/// above what rounding makes of sums.
const SAME: f64 = 1e-9;

/// A number that is known to lie between two ends.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    /// The least that it can be.
    pub low: f64,
    /// The most that it can be.
    pub high: f64,
}

impl Interval {
    /// A number that is known.
    pub fn exact(value: f64) -> Interval {
        Interval { low: value, high: value }
    }

    /// It in points, with two decimals: `4.62`, or `2.85–2.92`.
    pub fn points(self) -> String {
        // A zero that was rounded to has no sign.
        let [low, high] = [self.low, self.high].map(|value| format!("{:.2}", value + 0.0));
        if low == high { low } else { format!("{low}–{high}") }
    }

    /// Whether it is one number.
    pub fn is_exact(self) -> bool {
        self.high - self.low <= SAME
    }
}

/// Whether one number is larger than another by more than rounding makes.
pub(crate) fn exceeds(one: f64, other: f64) -> bool {
    one - other > SAME
}

/// What there is to choose from, as numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Matrix {
    /// The weight of each criterion, which is larger than zero.
    pub weights: Vec<f64>,
    /// The score of each option by each criterion.
    pub scores: Vec<Vec<Interval>>,
}

/// The places that an option may have: 1 is the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rank {
    /// The best one.
    pub best: usize,
    /// The worst one.
    pub worst: usize,
}

/// Who is first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Leader {
    /// This option, whatever is not known.
    Certain(usize),
    /// These have the same total, and no other has as much.
    Tied(Vec<usize>),
    /// Each of these may be, as not all scores are known.
    Unsure(Vec<usize>),
    /// There is no option.
    Nobody,
}

impl Matrix {
    /// The sum of all weights.
    pub fn weight(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// What each criterion adds to the total of an option: weight times score, by the sum of the weights.
    pub fn contributions(&self, option: usize) -> Vec<Interval> {
        let all = self.weight();
        let one = |(weight, score): (&f64, &Interval)| Interval {
            low: weight * score.low / all,
            high: weight * score.high / all,
        };
        self.weights.iter().zip(&self.scores[option]).map(one).collect()
    }

    /// The mean of an option's scores, each as often as its criterion weighs.
    pub fn total(&self, option: usize) -> Interval {
        self.total_by(&self.weights, option)
    }

    /// The same by other weights.
    pub(crate) fn total_by(&self, weights: &[f64], option: usize) -> Interval {
        let (mut low, mut high, mut all) = (0.0, 0.0, 0.0);
        for (weight, score) in weights.iter().zip(&self.scores[option]) {
            low += weight * score.low;
            high += weight * score.high;
            all += weight;
        }
        Interval { low: low / all, high: high / all }
    }

    /// The totals of all options.
    pub fn totals(&self) -> Vec<Interval> {
        (0..self.scores.len()).map(|option| self.total(option)).collect()
    }

    /// The places of all options. Options of the same total share one.
    pub fn ranks(&self) -> Vec<Rank> {
        let totals = self.totals();
        let place = |own: &Interval| {
            let before =
                |is_before: &dyn Fn(&Interval) -> bool| 1 + totals.iter().filter(|other| is_before(other)).count();
            let best = before(&|other| exceeds(other.low, own.high));
            let is_other = |other: &Interval| !std::ptr::eq(other, own);
            let worst = before(&|other| is_other(other) && exceeds(other.high, own.low));
            Rank { best, worst }
        };
        totals.iter().map(place).collect()
    }

    /// Who is first.
    pub fn leader(&self) -> Leader {
        let totals = self.totals();
        let least = totals.iter().map(|total| total.low).fold(f64::NEG_INFINITY, f64::max);
        let may_lead: Vec<usize> = (0..totals.len()).filter(|at| !exceeds(least, totals[*at].high)).collect();
        match may_lead[..] {
            [] => Leader::Nobody,
            [only] => Leader::Certain(only),
            _ if may_lead.iter().all(|at| totals[*at].is_exact()) => Leader::Tied(may_lead),
            _ => Leader::Unsure(may_lead),
        }
    }

    /// Whether an option is at least as good as another by every criterion, and better by one, whatever is not known. Then it is ahead by any
    /// weights.
    pub fn dominates(&self, one: usize, other: usize) -> bool {
        let pairs = || self.scores[one].iter().zip(&self.scores[other]);
        pairs().all(|(one, other)| !exceeds(other.high, one.low))
            && pairs().any(|(one, other)| exceeds(one.low, other.high))
    }

    /// All pairs of which the first dominates the second.
    pub fn dominance(&self) -> Vec<(usize, usize)> {
        let all = 0..self.scores.len();
        let pairs = all.clone().flat_map(|one| all.clone().map(move |other| (one, other)));
        pairs.filter(|(one, other)| self.dominates(*one, *other)).collect()
    }
}
