use crate::{Absence, Context, Input, Reach, Rule};
use groma_base::Severity;
use groma_model::ItemRef;
use groma_model::decode::FactValue;
use groma_model::facts::{load, workspace};
use groma_model::kinds::class;

pub(super) static RULE: Rule = Rule {
    name: "fewer-users",
    severity: Severity::Note,
    summary: "loads of users, none of which has as many as use it at the same time",
    check: Some(check),
    reach: Reach::Numbers,
    absence: Some(Absence::OfPart),
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("fewer_users.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let Some(at) = arch.workspace else { return };
    let (Some(fact), Some(said)) = (arch.fact(at, &workspace::USERS), arch.quantity(at, &workspace::USERS)) else {
        return;
    };
    let loads: Vec<Option<f64>> = arch.records_of(&class::LOAD).map(|load| most_users(cx, load.at)).collect();
    // Who is behind requests that come by a rate is not known.
    let Some(Some(most)) = loads.iter().copied().max_by(f64_or_none).filter(|_| loads.iter().all(Option::is_some))
    else {
        return;
    };
    if most < said.high {
        let message = format!("{} people use it at the same time, and no load has more than {most}", said.high);
        let finding = cx.at_fact(at, fact, message);
        cx.push(finding.help("let the largest load have as many `users`, or say what is true here"));
    }
}

fn f64_or_none(a: &Option<f64>, b: &Option<f64>) -> std::cmp::Ordering {
    a.unwrap_or_default().total_cmp(&b.unwrap_or_default())
}

/// How many users a load has at most, if it has nothing else.
fn most_users(cx: &Context<'_>, at: ItemRef) -> Option<f64> {
    let arch = cx.arch;
    if [&load::RATE, &load::EVERY, &load::TRACE].iter().any(|fact| arch.fact(at, fact).is_some()) {
        return None;
    }
    let users = arch.quantity(at, &load::USERS)?.high;
    let file = arch.file(at);
    let ends = arch.values_of(at, &load::STAGE).flat_map(|stage| file.parts_of(stage));
    let ends = ends.filter(|part| *part.fact == load::STAGE_USERS).filter_map(FactValue::number);
    Some(ends.fold(users, f64::max))
}
