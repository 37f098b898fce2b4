use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_decide::Choice;

pub(super) static RULE: Rule = Rule {
    name: "unscored-option",
    severity: Severity::Warning,
    summary: "an option of a choice without a score, without the reason of one, or that does not say whether it meets a must-have",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unscored_option.md"),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.arch.choices() {
        let choice = Choice::of(cx.arch, at);
        // What is missed may be what was misspelt, or could not be read.
        if choice.has_unknown_names || choice.is_broken {
            continue;
        }
        for gap in choice.gaps() {
            // An option may lack several scores.
            let of = gap.message.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
            let finding = cx.at(gap.at, gap.message).regarding(of);
            cx.push(finding.help(gap.help));
        }
    }
}
