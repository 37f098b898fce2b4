//! Files in the repository that are made from the code. They are checked, not trusted: a stale one fails the tests.

use groma_model::facets::FACETS;
use groma_model::facets::own_facts::OwnFacts;
use groma_model::kinds;
use groma_model::schema::{Fact, Head, Kind, Type};
use std::fmt::Write;

/// Each generated file's path from the root, and what it must hold.
pub fn files() -> Vec<(&'static str, String)> {
    let schema = serde_json::to_string_pretty(&groma_model::json_schema(&OwnFacts::default())).unwrap_or_default();
    vec![
        ("docs/reference/rules.md", rules()),
        ("docs/reference/language.md", language()),
        ("docs/reference/command-line.md", command_line()),
        ("docs/reference/accuracy.md", accuracy()),
        ("docs/reference/tree.schema.json", format!("{schema}\n")),
    ]
}

const NOTE: &str = "<!-- Made by `cargo xtask generate` from the code. Do not edit. -->\n";

fn rules() -> String {
    let mut out = format!(
        "{NOTE}\n# Rules\n\n`groma explain RULE` prints a rule's page; here are all of them.\n\nWhere a rule that blocks forecasts finds something, a forecast would not describe what is written: `simulate` and `sweep` show the findings instead, and `build` publishes no verdict. An `allow`, or a `rule` that is off, removes such a finding from `check` and changes nothing here: it does not make an impossible number possible.\n\n| rule | severity | forecasts | finds |\n| --- | --- | --- | --- |\n"
    );
    for rule in groma_check::RULES {
        let page = format!("../../crates/check/src/rules/{}.md", rule.name.replace('-', "_"));
        let blocks = if rule.blocks_forecast { "blocks" } else { "" };
        let _ = writeln!(out, "| [{}]({page}) | {} | {blocks} | {} |", rule.name, rule.severity.word(), rule.summary);
    }
    out.push_str("\n## Renamed rules\n\nThe old names still work wherever a rule is named.\n\n| old name | rule |\n| --- | --- |\n");
    for (old, name) in groma_check::ALIASES {
        let _ = writeln!(out, "| {old} | {name} |");
    }
    out
}

/// The exact results that the simulation is tested against.
fn accuracy() -> String {
    let cases = include_str!("../../crates/simulate/tests/closed-forms.json");
    let cases: Vec<serde_json::Value> = serde_json::from_str(cases).unwrap_or_default();
    let mut out = format!(
        "{NOTE}\n# Accuracy\n\n`cargo test -p groma-simulate` compares the formulas with each of these {} results, and the simulation, from text to verdict, wherever the language can say the case. It fails if one is further off than its tolerance, a share of the value. [How Groma computes](../how-groma-computes.md) tells more.\n\n| case | model | given | expected | tolerance | source |\n| --- | --- | --- | --- | --- | --- |\n",
        cases.len()
    );
    for case in &cases {
        let word = |name: &str| case[name].as_str().unwrap_or_default().replace('|', "\\|");
        let (inputs, expected, tolerance) =
            (pairs(&case["inputs"]), pairs(&case["expected"]), pairs(&case["tolerance"]));
        let _ = writeln!(
            out,
            "| {} | {} | {inputs} | {expected} | {tolerance} | {} |",
            word("name"),
            word("kind"),
            word("source")
        );
    }
    out.push_str(&verdicts());
    out
}

/// What verdicts must be, case by case.
fn verdicts() -> String {
    let cases = include_str!("../../crates/simulate/tests/verdicts.json");
    let cases: Vec<serde_json::Value> = serde_json::from_str(cases).unwrap_or_default();
    let mut out = format!(
        "\n## Verdicts\n\nThese {} cases go from text to verdict; the texts are in `crates/simulate/tests/verdicts.json`. Values are in seconds, per second, or shares; *none* is a value without end, or none that could be told.\n\n| case | what it is about | expected | derivation |\n| --- | --- | --- | --- |\n",
        cases.len()
    );
    for case in &cases {
        let word = |name: &str| case[name].as_str().unwrap_or_default().replace('|', "\\|");
        let told = |one: &serde_json::Value| {
            let verdict = one["verdict"].as_str().unwrap_or_default();
            match (one.get("value"), one["value"].as_f64()) {
                (None, _) => verdict.to_owned(),
                (_, None) => format!("{verdict}, none"),
                (_, Some(value)) => format!("{verdict}, {}", groma_simulate::number::plain(value)),
            }
        };
        let expected: Vec<String> = case["expect"].as_array().into_iter().flatten().map(told).collect();
        let _ =
            writeln!(out, "| {} | {} | {} | {} |", word("name"), word("about"), expected.join("; "), word("source"));
    }
    out
}

/// Names with numbers, as words.
fn pairs(value: &serde_json::Value) -> String {
    let written = |value: &serde_json::Value| match value.as_f64() {
        Some(number) if value.is_f64() => groma_simulate::number::plain(number),
        _ => value.to_string().replace('"', "").replace('|', "\\|"),
    };
    let all = value.as_object().into_iter().flatten();
    all.map(|(name, value)| format!("{name} {}", written(value))).collect::<Vec<_>>().join(", ")
}

fn command_line() -> String {
    let mut command = groma::command();
    command.build();
    let mut out = format!(
        "{NOTE}\n# The command line\n\n`groma man` prints this as a manual page, `groma completions SHELL` what a shell needs to complete it.\n\n{}\n",
        groma::EXIT_CODES
    );
    commands_in(&command, "groma", "##", &mut out);
    out
}

/// The commands of a command, each below a heading: those of `groma`, and in turn those that one of them has.
fn commands_in(command: &clap::Command, name: &str, level: &str, out: &mut String) {
    for one in command.get_subcommands().filter(|one| one.get_name() != "help") {
        let about = one.get_long_about().or(one.get_about()).map(ToString::to_string).unwrap_or_default();
        let usage = one.clone().render_usage().to_string().replace("Usage: ", "");
        let name = format!("{name} {}", one.get_name());
        let _ = write!(out, "\n{level} {name}\n\n{about}\n\n```text\n{usage}\n```\n\n");
        for argument in one.get_arguments().filter(|argument| !argument.is_hide_set()) {
            out.push_str(&argument_line(argument));
        }
        commands_in(one, &name, &format!("{level}#"), out);
    }
}

fn argument_line(argument: &clap::Arg) -> String {
    let value = || {
        let names = argument.get_value_names().unwrap_or_default();
        names.iter().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(" ")
    };
    let takes_value = argument.get_action().takes_values();
    let name = match (argument.get_long(), argument.get_short()) {
        (Some(long), Some(short)) => format!("-{short}, --{long}"),
        (Some(long), None) => format!("--{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) => return format!("- `{}`: {}\n", value(), help(argument)),
    };
    let value = if takes_value { format!(" {}", value()) } else { String::new() };
    format!("- `{name}{value}`: {}\n", help(argument))
}

fn help(argument: &clap::Arg) -> String {
    let mut out = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let values = argument.get_possible_values();
    if argument.get_action().takes_values() && !values.is_empty() {
        let words: Vec<String> = values.iter().map(|value| format!("`{}`", value.get_name())).collect();
        let _ = write!(out, "; one of {}", words.join(", "));
    }
    let defaults = argument.get_default_values();
    if argument.get_action().takes_values() && !defaults.is_empty() {
        let words: Vec<String> = defaults.iter().map(|value| value.to_string_lossy().into_owned()).collect();
        let _ = write!(out, "; `{}` if not given", words.join(" "));
    }
    out
}

fn language() -> String {
    let mut out = format!(
        "{NOTE}\n# Language reference\n\nEvery kind of node, with its facts. A fact is written `name=value` on the node's line or `name value` in its block. A fact that is true or false is said by its bare name: `external`.\n\nThe last column says who uses a fact: the rules that find something else where it has another value, the `forecast`, `pictures`, `queries` (which can ask for any fact), or `reading`, where it says how other texts are read. What is `text only` is there for people. It is found by trying, not declared: see [the search](../../crates/session/tests/facts_count/main.rs).\n"
    );
    for facet in FACETS {
        let _ = write!(out, "\n## {}\n", facet.title);
        for kind in facet.kinds {
            describe(kind, &mut out);
        }
    }
    out
}

fn describe(kind: &'static Kind, out: &mut String) {
    let _ = write!(
        out,
        "\n### `{}`\n\n{} {}\n\n```groma\n{}\n```\n",
        kind.name,
        sentence(kind.summary),
        kind.doc,
        kind.example
    );
    if let Head::Value(fact) = kind.head
        && !fact.name.is_empty()
    {
        let _ = write!(out, "\nIts first value: {} ({}).\n", fact.described(), fact.expected());
    }
    if kind.all_facts().next().is_some() {
        out.push_str("\n| fact | value | meaning | used by |\n| --- | --- | --- | --- |\n");
        for fact in kind.all_facts() {
            row(fact, "", out);
        }
    }
    let inside: Vec<String> = kinds::held_by(Some(kind)).map(|other| format!("`{}`", other.name)).collect();
    if !inside.is_empty() {
        let _ = write!(out, "\nHolds: {}.\n", inside.join(", "));
    }
}

fn row(fact: &'static Fact, prefix: &str, out: &mut String) {
    let value = match fact.ty {
        Type::OneOf(words) => words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(" "),
        _ => fact.expected(),
    };
    let many = if fact.many { "; may be repeated" } else { "" };
    let older: String = fact.older_names.iter().map(|name| format!("; formerly `{name}`")).collect();
    let _ = writeln!(
        out,
        "| {prefix}`{}` | {value} | {}{many}{older} | {} |",
        fact.name,
        fact.described(),
        kinds::used_by(fact).unwrap_or_default()
    );
    for part in fact.parts {
        row(part, &format!("{prefix}`{}` … ", fact.name), out);
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), characters.as_str()))
}
