//! What comes of a choice, for programs: with all that is needed to calculate it anew.

use super::words::sentence;
use groma_decide::{
    Analysis, Candidate, Criterion, DRAWS, Firmness, Given, Interval, Leader, OfMust, SEED, Scale, Share, Switch,
};
use serde_json::{Value, json};

/// A document of one choice.
pub fn json(analysis: &Analysis<'_>) -> Value {
    let choice = analysis.choice;
    let name = |at: usize| analysis.candidates[at].name;
    let excluded = choice.options.iter().filter(|option| !option.fails.is_empty());
    let failed = |one: &OfMust<'_>| json!({ "must": choice.musts[one.must].name, "because": one.because });
    let failed = |option: &Candidate<'_>| option.fails.iter().map(failed).collect::<Vec<_>>();
    let excluded =
        excluded.map(|option| json!({ "name": option.name, "title": option.title, "fails": failed(option) }));
    json!({
        "name": choice.name,
        "title": choice.title,
        "decision": choice.decision,
        "despite": choice.despite,
        "criteria": choice.criteria.iter().map(|one| criterion(analysis, one)).collect::<Vec<_>>(),
        "options": analysis.order.iter().map(|at| option(analysis, *at)).collect::<Vec<_>>(),
        "excluded": excluded.collect::<Vec<_>>(),
        "first": match &analysis.leader {
            Leader::Certain(at) => json!({ "certain": name(*at) }),
            Leader::Tied(all) => json!({ "tied": all.iter().map(|at| name(*at)).collect::<Vec<_>>() }),
            Leader::Unsure(all) => json!({ "unsure": all.iter().map(|at| name(*at)).collect::<Vec<_>>() }),
            Leader::Nobody => json!({}),
        },
        "firmness": firmness(&analysis.firmness()),
        "sentence": sentence(analysis),
        "weights-that-change-it": weights(analysis),
        "scores-that-change-it": scores(analysis),
        "dominates": analysis.dominance.iter().map(|(one, other)| json!([name(*one), name(*other)])).collect::<Vec<_>>(),
        "weightings": {
            "draws": DRAWS,
            "seed": SEED,
            "concentration": analysis.concentration,
        },
    })
}

fn interval(of: Interval) -> Value {
    json!({ "low": of.low, "high": of.high })
}

fn firmness(of: &Firmness) -> &'static str {
    match of {
        Firmness::NoWinner => "no-winner",
        Firmness::Alone => "alone",
        Firmness::Dominates => "dominates",
        Firmness::Firm => "firm",
        Firmness::FirmByWeights => "firm-by-weights",
        Firmness::Likely => "likely",
        Firmness::Weak => "weak",
    }
}

fn musts<'a>(analysis: &Analysis<'a>, all: &[usize]) -> Vec<&'a str> {
    all.iter().map(|nth| analysis.choice.musts[*nth].name).collect()
}

fn criterion(analysis: &Analysis<'_>, one: &Criterion<'_>) -> Value {
    let scale = one.scale.as_ref().map(|scale| match scale {
        Scale::Linear { worst, best } => json!({ "worst": worst, "best": best }),
        Scale::Thresholds { is_low_better, all } => {
            let all = all.iter().map(|(value, score)| json!({ "value": value, "score": score })).collect::<Vec<_>>();
            json!({ "better": if *is_low_better { "low" } else { "high" }, "thresholds": all })
        }
    });
    json!({
        "name": one.name,
        "title": one.title,
        "asks": one.asks,
        "weight": one.weight,
        "share": one.weight / analysis.matrix.weight(),
        "scale": scale,
        "measured-by": one.quality,
    })
}

fn share(of: Share) -> Value {
    json!({ "alone": of.alone, "perhaps": of.perhaps, "share": interval(of.interval()) })
}

fn option(analysis: &Analysis<'_>, at: usize) -> Value {
    let one: &Candidate<'_> = analysis.candidates[at];
    let contributions = analysis.matrix.contributions(at);
    let cell = |(nth, cell): (usize, &groma_decide::Cell<'_>)| {
        json!({
            "criterion": analysis.choice.criteria[nth].name,
            "given": match cell.given {
                Given::Nothing => "nothing",
                Given::Score => "score",
                Given::Value(_) => "value",
                Given::Unmeasured => "not-forecast",
                Given::Forecast(_) => "forecast",
            },
            "value": if let Given::Value(written) | Given::Forecast(written) = cell.given { Some(written) } else { None },
            "score": interval(cell.score),
            "contribution": interval(contributions[nth]),
            "because": cell.because,
        })
    };
    let rank = analysis.ranks[at];
    json!({
        "name": one.name,
        "title": one.title,
        "technology": one.technology,
        "by": one.by.map(|by| by.word()),
        "rank": { "best": rank.best, "worst": rank.worst },
        "total": interval(analysis.totals[at]),
        "scores": one.cells.iter().enumerate().map(cell).collect::<Vec<_>>(),
        "not-said": musts(analysis, &one.unsaid),
        "wins": { "near": share(analysis.near[at]), "any": share(analysis.any[at]) },
    })
}

fn switch(analysis: &Analysis<'_>, of: &Switch) -> Value {
    let rivals: Vec<&str> = of.rivals.iter().map(|at| analysis.candidates[*at].name).collect();
    json!({ "at": of.at, "first": rivals })
}

fn weights(analysis: &Analysis<'_>) -> Vec<Value> {
    let one = |one: &groma_decide::WeightSwitch| {
        json!({
            "criterion": analysis.choice.criteria[one.criterion].name,
            "weight": analysis.matrix.weights[one.criterion],
            "below": one.below.as_ref().map(|below| switch(analysis, below)),
            "above": one.above.as_ref().map(|above| switch(analysis, above)),
        })
    };
    analysis.weight_switches.iter().map(one).collect()
}

fn scores(analysis: &Analysis<'_>) -> Vec<Value> {
    let one = |one: &groma_decide::ScoreSwitch| {
        json!({
            "option": analysis.candidates[one.option].name,
            "criterion": analysis.choice.criteria[one.criterion].name,
            "score": interval(analysis.matrix.scores[one.option][one.criterion]),
            "changes": switch(analysis, &one.switch),
        })
    };
    analysis.score_switches.iter().map(one).collect()
}
