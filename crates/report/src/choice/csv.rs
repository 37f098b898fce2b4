//! What comes of choices, as a table: a row for each option and criterion.

use crate::quoted;
use groma_decide::{Analysis, Given};

/// Rows of some choices, below the names of the columns.
pub fn csv(all: &[Analysis<'_>]) -> String {
    let mut out = "choice,option,rank-best,rank-worst,total-low,total-high,wins-near-low,wins-near-high,wins-any-low,wins-any-high,\
                   criterion,weight,value,score-low,score-high,contribution-low,contribution-high,because\n"
        .to_owned();
    for analysis in all {
        for at in &analysis.order {
            let (option, rank, total) = (analysis.candidates[*at], analysis.ranks[*at], analysis.totals[*at]);
            let (near, any) = (analysis.near[*at].interval(), analysis.any[*at].interval());
            let contributions = analysis.matrix.contributions(*at);
            for (nth, cell) in option.cells.iter().enumerate() {
                let criterion = &analysis.choice.criteria[nth];
                let value =
                    if let Given::Value(written) | Given::Forecast(written) = cell.given { written } else { "" };
                let numbers = |all: &[f64]| all.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
                let row = [
                    quoted(analysis.choice.name),
                    quoted(option.name),
                    format!("{},{}", rank.best, rank.worst),
                    numbers(&[total.low, total.high, near.low, near.high, any.low, any.high]),
                    quoted(criterion.name),
                    criterion.weight.to_string(),
                    quoted(value),
                    numbers(&[cell.score.low, cell.score.high, contributions[nth].low, contributions[nth].high]),
                    quoted(cell.because.unwrap_or_default()),
                ];
                out.push_str(&row.join(","));
                out.push('\n');
            }
        }
    }
    out
}
