//! The arithmetic of choices against what is calculated in another way: by hand, by trying, or by an integral.

use groma_decide::{Interval, Leader, Matrix, ScoreSwitch, Weightings, wilson};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

fn exact(rows: &[&[f64]], weights: &[f64]) -> Matrix {
    let scores = rows.iter().map(|row| row.iter().map(|score| Interval::exact(*score)).collect()).collect();
    Matrix { weights: weights.to_vec(), scores }
}

/// A matrix of whole weights from 1 to 9 and whole scores, some of which are not known where that is asked for.
fn any(random: &mut Xoshiro256PlusPlus, has_unknown: bool) -> Matrix {
    let mut below = |count: u64| random.next_u64() % count;
    let (criteria, options) = (2 + below(4) as usize, 2 + below(4) as usize);
    let weights = (0..criteria).map(|_| 1.0 + below(9) as f64).collect();
    let mut score = || match has_unknown && below(6) == 0 {
        true => Interval { low: 1.0, high: 5.0 },
        false => Interval::exact(1.0 + below(5) as f64),
    };
    let scores = (0..options).map(|_| (0..criteria).map(|_| score()).collect()).collect();
    Matrix { weights, scores }
}

fn many(has_unknown: bool) -> impl Iterator<Item = Matrix> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    (0..400).map(move |_| any(&mut random, has_unknown))
}

#[test]
fn a_total_is_the_weighted_mean_of_the_scores() {
    let matrix = exact(&[&[5.0, 2.0], &[3.0, 4.0]], &[3.0, 1.0]);
    // (3 * 5 + 1 * 2) / 4 and (3 * 3 + 1 * 4) / 4.
    assert_eq!(matrix.totals(), [Interval::exact(4.25), Interval::exact(3.25)]);
    assert_eq!(matrix.contributions(0), [Interval::exact(3.75), Interval::exact(0.5)]);
    assert_eq!(matrix.leader(), Leader::Certain(0));
}

#[test]
fn what_is_not_known_makes_an_interval() {
    let mut matrix = exact(&[&[4.0, 4.0], &[5.0, 0.0]], &[1.0, 1.0]);
    matrix.scores[1][1] = Interval { low: 1.0, high: 5.0 };
    assert_eq!(matrix.total(1), Interval { low: 3.0, high: 5.0 });
    assert_eq!(matrix.leader(), Leader::Unsure(vec![0, 1]));
    let ranks: Vec<(usize, usize)> = matrix.ranks().iter().map(|rank| (rank.best, rank.worst)).collect();
    assert_eq!(ranks, [(1, 2), (1, 2)]);
}

#[test]
fn ties_are_ties_however_they_are_summed() {
    // 0.1 + 0.2 is not 0.3 in binary numbers.
    let matrix = exact(&[&[5.0, 5.0, 1.0], &[1.0, 1.0, 5.0]], &[0.1, 0.2, 0.3]);
    assert_eq!(matrix.leader(), Leader::Tied(vec![0, 1]));
    assert!(matrix.ranks().iter().all(|rank| (rank.best, rank.worst) == (1, 1)));
    assert!(matrix.weight_switches(0).iter().all(|one| one.below.is_none() || one.above.is_none()));
}

/// The lead of an option, at the worst, over the best of the others.
fn lead(matrix: &Matrix, of: usize) -> f64 {
    let totals = matrix.totals();
    let others = totals.iter().enumerate().filter(|(at, _)| *at != of).map(|(_, total)| total.high);
    totals[of].low - others.fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn a_weight_that_changes_the_winner_is_where_trying_finds_it() {
    let mut found = 0;
    for matrix in many(true) {
        let Leader::Certain(first) = matrix.leader() else { continue };
        for one in matrix.weight_switches(first) {
            let given = matrix.weights[one.criterion];
            let with = |weight: f64| {
                let mut other = matrix.clone();
                other.weights[one.criterion] = weight;
                lead(&other, first)
            };
            let (below, above) = (one.below.as_ref(), one.above.as_ref());
            let (from, to) = (below.map_or(0.0, |switch| switch.at), above.map_or(1e6, |switch| switch.at));
            assert!(from < given && given < to);
            for step in 1..200 {
                let weight = from + (to.min(50.0) - from) * f64::from(step) / 200.0;
                assert!(with(weight) > 0.0, "{matrix:?} {one:?} {weight}");
            }
            for switch in below.into_iter().chain(above) {
                found += 1;
                assert!(with(switch.at).abs() < 1e-9, "{matrix:?} {one:?}");
                let beyond = if switch.at < given { switch.at * 0.999 } else { switch.at * 1.001 };
                assert!(with(beyond) < 0.0, "{matrix:?} {one:?}");
                let mut other = matrix.clone();
                other.weights[one.criterion] = beyond;
                let totals = other.totals();
                let best = (0..totals.len())
                    .filter(|at| *at != first)
                    .max_by(|a, b| totals[*a].high.total_cmp(&totals[*b].high))
                    .unwrap();
                let is_best = |rival: &usize| (totals[*rival].high - totals[best].high).abs() < 1e-2;
                assert!(switch.rivals.iter().any(is_best), "{matrix:?} {one:?}");
            }
        }
    }
    assert!(found > 200, "{found} switches are too few to say something");
}

#[test]
fn a_score_that_changes_the_winner_is_where_trying_finds_it() {
    let mut found = 0;
    for matrix in many(true) {
        let Leader::Certain(first) = matrix.leader() else { continue };
        let told = matrix.score_switches(first);
        for option in 0..matrix.scores.len() {
            for criterion in 0..matrix.weights.len() {
                let with = |score: f64| {
                    let mut other = matrix.clone();
                    other.scores[option][criterion] = Interval::exact(score);
                    lead(&other, first)
                };
                let is_it = |one: &&ScoreSwitch| (one.option, one.criterion) == (option, criterion);
                match told.iter().find(is_it) {
                    Some(one) => {
                        found += 1;
                        assert!(with(one.switch.at).abs() < 1e-9, "{matrix:?} {one:?}");
                        assert!((1.0 - 1e-9..=5.0 + 1e-9).contains(&one.switch.at));
                    }
                    None if matrix.scores[option][criterion].is_exact() => {
                        let end = if option == first { 1.0 } else { 5.0 };
                        assert!(with(end) > 0.0, "{matrix:?} {option} {criterion}");
                    }
                    None => {}
                }
            }
        }
    }
    assert!(found > 200, "{found} switches are too few to say something");
}

#[test]
fn who_dominates_is_ahead_by_any_weights() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut found = 0;
    for mut matrix in many(true) {
        for (one, other) in matrix.dominance() {
            found += 1;
            assert!(!matrix.dominates(other, one));
            for _ in 0..20 {
                matrix.weights.iter_mut().for_each(|weight| *weight = 1.0 + (random.next_u64() % 1000) as f64);
                assert!(matrix.total(one).low >= matrix.total(other).high - 1e-9, "{matrix:?}");
            }
        }
    }
    assert!(found > 50, "{found} pairs are too few to say something");
}

#[test]
fn weights_that_are_scaled_alike_change_nothing() {
    for matrix in many(false).take(40) {
        let mut scaled = matrix.clone();
        // A power of two changes no digit of any sum.
        scaled.weights.iter_mut().for_each(|weight| *weight *= 8.0);
        assert_eq!(scaled.totals(), matrix.totals());
        assert_eq!((scaled.leader(), scaled.ranks()), (matrix.leader(), matrix.ranks()));
        assert_eq!(scaled.shares(Weightings::Near(30.0)), matrix.shares(Weightings::Near(30.0)));
        scaled.weights.iter_mut().for_each(|weight| *weight *= 0.3);
        assert_eq!((scaled.leader(), scaled.ranks()), (matrix.leader(), matrix.ranks()));
    }
}

#[test]
fn the_order_of_options_and_criteria_changes_nothing() {
    for matrix in many(true).take(40) {
        let mut turned = matrix.clone();
        turned.scores.reverse();
        let back = |mut ranks: Vec<groma_decide::Rank>| {
            ranks.reverse();
            ranks
        };
        assert_eq!(back(turned.ranks()), matrix.ranks());
        let mut shares = turned.shares(Weightings::Any);
        shares.reverse();
        assert_eq!(shares, matrix.shares(Weightings::Any));
        let mut turned = matrix.clone();
        turned.weights.reverse();
        turned.scores.iter_mut().for_each(|row| row.reverse());
        assert_eq!(turned.ranks(), matrix.ranks());
        let is_told_apart = matrix.weights.iter().enumerate().all(|(at, one)| !matrix.weights[..at].contains(one));
        if is_told_apart {
            assert_eq!(turned.shares(Weightings::Near(30.0)), matrix.shares(Weightings::Near(30.0)));
        }
    }
}

/// Whether a share that was counted agrees with the exact one. An interval of 95% misses one of twenty: this one is wider.
fn agrees(seen: u32, draws: u32, share: f64) -> bool {
    let deviation = (share * (1.0 - share) / f64::from(draws)).sqrt();
    (f64::from(seen) / f64::from(draws) - share).abs() <= 4.0 * deviation + 1e-12
}

#[test]
fn shares_of_two_criteria_are_those_of_the_integral() {
    // The first wins where 5 w + 2 (1 - w) > 3, so where w > 1/3. Of all weightings that are two thirds.
    let matrix = exact(&[&[5.0, 2.0], &[3.0, 3.0]], &[2.0, 1.0]);
    let any = matrix.shares(Weightings::Any);
    assert!(agrees(any[0].alone, any[0].draws, 2.0 / 3.0) && agrees(any[1].alone, any[1].draws, 1.0 / 3.0), "{any:?}");
    // Near 2 : 1 with a concentration of 3 the weight has the beta distribution (2, 1), of which w^2 is below w: 1 - 1/9.
    let near = matrix.shares(Weightings::Near(3.0));
    assert!(agrees(near[0].alone, near[0].draws, 8.0 / 9.0), "{near:?}");
    assert_eq!(near[0].alone + near[1].alone, near[0].draws);
    // With one of 6 it is beta (4, 2), of which 5 w^4 - 4 w^5 is below w: 1 - 11/243.
    let near = matrix.shares(Weightings::Near(6.0));
    assert!(agrees(near[0].alone, near[0].draws, 1.0 - 11.0 / 243.0), "{near:?}");
}

#[test]
fn shares_of_three_criteria_are_those_of_the_triangle() {
    // Each of three that are best by one criterion wins a third of all weightings; one that is level everywhere below wins none.
    let matrix = exact(&[&[5.0, 1.0, 1.0], &[1.0, 5.0, 1.0], &[1.0, 1.0, 5.0], &[2.0, 2.0, 2.0]], &[1.0, 1.0, 1.0]);
    let any = matrix.shares(Weightings::Any);
    assert!(any[..3].iter().all(|share| agrees(share.alone, share.draws, 1.0 / 3.0)), "{any:?}");
    assert_eq!(any[3].perhaps, 0);
}

#[test]
fn shares_of_options_that_are_alike_are_shared_and_of_unknown_ones_are_intervals() {
    let matrix = exact(&[&[5.0, 2.0], &[5.0, 2.0]], &[1.0, 1.0]);
    let shares = matrix.shares(Weightings::Any);
    assert!(shares.iter().all(|share| (share.alone, share.perhaps) == (0, share.draws)), "{shares:?}");
    let mut matrix = exact(&[&[3.0, 3.0], &[3.0, 0.0]], &[1.0, 1.0]);
    matrix.scores[1][1] = Interval { low: 1.0, high: 5.0 };
    let shares = matrix.shares(Weightings::Near(30.0));
    assert!(shares.iter().all(|share| (share.alone, share.perhaps) == (0, share.draws)), "{shares:?}");
    assert_eq!(shares[0].interval(), Interval { low: 0.0, high: 1.0 });
}

#[test]
fn an_interval_of_a_share_is_wilsons() {
    // By the formula, calculated apart: 15 of 100 and z = 1.96.
    let interval = wilson(15, 100);
    assert!((interval.low - 0.093_07).abs() < 1e-4 && (interval.high - 0.232_83).abs() < 1e-4, "{interval:?}");
    assert_eq!((wilson(0, 50).low, wilson(50, 50).high), (0.0, 1.0));
    assert!(wilson(0, 50).high > 0.05 && wilson(50, 50).low < 0.95);
}

/// A fixed seed and logarithms that are not the platform's: the same counts on every machine.
#[test]
fn the_same_weightings_are_drawn_everywhere() {
    let matrix = exact(&[&[5.0, 2.0, 3.0], &[3.0, 3.0, 4.0], &[2.0, 5.0, 1.0]], &[5.0, 3.0, 2.0]);
    let counts = |weightings| matrix.shares(weightings).iter().map(|share| share.alone).collect::<Vec<_>>();
    assert_eq!((&counts(Weightings::Near(30.0))[..], &counts(Weightings::Any)[..]), (&NEAR[..], &ANY[..]));
}

// A second implementation, in Python, gives these numbers.
const NEAR: [u32; 3] = [95_521, 2_265, 2_214];
const ANY: [u32; 3] = [41_092, 35_532, 23_376];
