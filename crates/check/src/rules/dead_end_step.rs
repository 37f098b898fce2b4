use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::stage::Is;

pub(super) static RULE: Rule = Rule {
    name: "dead-end-step",
    severity: Severity::Warning,
    summary: "a pipeline step that is never reached or leads nowhere",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfStep),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("dead_end_step.md"),
};

fn check(cx: &mut Context<'_>) {
    for pipeline in &cx.arch.pipelines {
        let mut ways_out = vec![0; pipeline.stages.len()];
        let mut is_reached = vec![false; pipeline.stages.len()];
        for transition in &pipeline.transitions {
            ways_out[transition.from.index()] += 1;
            is_reached[transition.to.index()] = true;
        }
        // The first of those that nothing leads to is where it begins.
        let beginning = is_reached.iter().position(|reached| !reached);
        for (at, stage) in pipeline.stages.iter().enumerate() {
            let out = ways_out[at];
            let reached = beginning == Some(at) || is_reached[at];
            let sort = cx.arch.choice(stage.at).unwrap_or(Is::Action);
            let title = cx.arch.title(stage.at);
            let (problem, help) = match sort {
                _ if !reached => {
                    (format!("nothing leads to the step \"{title}\""), "add the transition that leads to it")
                }
                Is::Decision | Is::Approval if out < 2 => (
                    format!("the {} \"{title}\" has {out} way{} out", sort.word(), if out == 1 { "" } else { "s" }),
                    "say what happens in the other case too",
                ),
                Is::Action if out == 0 => {
                    (format!("nothing follows the step \"{title}\""), "add what follows, or mark it `is=end`")
                }
                Is::Action | Is::Decision | Is::Approval | Is::End => continue,
            };
            let finding = cx.at(stage.at, problem);
            cx.push(finding.help(help));
        }
    }
}
