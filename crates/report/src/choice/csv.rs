//! What comes of choices, as a table: a row for each option and criterion, and for each must-have that excludes an option.

use crate::quoted;
use groma_decide::{Analysis, Given};

/// Rows of some choices, below the names of the columns.
pub fn csv(all: &[Analysis<'_>]) -> String {
    let mut out = "choice,option,rank-best,rank-worst,total-low,total-high,wins-near-low,wins-near-high,wins-any-low,wins-any-high,\
                   criterion,weight,value,score-low,score-high,contribution-low,contribution-high,because,fails\n"
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
                    String::new(),
                ];
                out.push_str(&row.join(","));
                out.push('\n');
            }
        }
        excluded(analysis, &mut out);
    }
    out
}

/// So many columns are empty of an option that is excluded: from its ranks to what its scores add.
const EMPTY: usize = 15;

/// A row for each must-have that an option fails, which nothing is calculated of.
fn excluded(analysis: &Analysis<'_>, out: &mut String) {
    let choice = analysis.choice;
    for option in &choice.options {
        for failed in &option.fails {
            let begin = [quoted(choice.name), quoted(option.name)];
            let end = [quoted(failed.because.unwrap_or_default()), quoted(choice.musts[failed.must].name)];
            let row: Vec<String> =
                begin.into_iter().chain(std::iter::repeat_n(String::new(), EMPTY)).chain(end).collect();
            out.push_str(&row.join(","));
            out.push('\n');
        }
    }
}
