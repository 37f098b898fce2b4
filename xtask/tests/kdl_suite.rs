//! The conformance suite of KDL 2, as the `kdl` crate ships it: the benchmarks compare with that crate.

use groma_model::facets::own_facts::OwnFacts;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// What a tool prints in the repository.
fn printed(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool).args(arguments).current_dir(xtask::root()).output().expect("the tool runs");
    String::from_utf8(output.stdout).unwrap()
}

/// Where the crate's copy lies.
fn suite() -> PathBuf {
    // Only the crates for this platform are sure to be here without a network.
    let version = printed("rustc", &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = ["metadata", "--format-version", "1", "--offline", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&printed(env!("CARGO"), &metadata)).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().unwrap();
    let manifest =
        packages.iter().find(|package| package["name"] == "kdl").expect("kdl is a dependency")["manifest_path"]
            .as_str()
            .unwrap();
    PathBuf::from(manifest).with_file_name("tests").join("test_cases")
}

/// The project's own suite has this as a case that is read, since KDL 2.0.1.
const READ_SINCE: &str = "zero_space_before_slashdash_arg_fail";

/// The crate's copy expects exponents as Rust prints them, the project's own as `1.0E+10`.
const EXPONENTS: &[&str] = &[
    "negative_exponent",
    "no_decimal_exponent",
    "parse_all_arg_types",
    "positive_exponent",
    "prop_float_type",
    "sci_notation_large",
    "sci_notation_small",
    "underscore_in_exponent",
];

#[test]
fn the_suite_is_read_and_refused_as_it_should_be() {
    let suite = suite();
    let schema = groma_model::json_schema(&OwnFacts::default());
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let (mut count, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(suite.join("input")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (tree, errors) = groma_syntax::parse(std::fs::read_to_string(&path).unwrap());
        count += 1;
        if name.ends_with("_fail") && name != READ_SINCE {
            if errors.is_empty() {
                wrong.push(format!("{name} is read"));
            }
            continue;
        }
        if let Some(error) = errors.first() {
            wrong.push(format!("{name} is refused: {}", error.message));
        }
        let json = groma_syntax::print::json(&tree);
        if !validator.is_valid(&json) {
            wrong.push(format!("{name} is not valid by the schema: {json}"));
        }
        let Ok(expected) = std::fs::read_to_string(suite.join("expected_kdl").join(path.file_name().unwrap())) else {
            continue;
        };
        if groma_syntax::print::kdl(&tree) != expected && !EXPONENTS.contains(&&*name) {
            wrong.push(format!("{name} prints differently: {:?} {:?}", expected, groma_syntax::print::kdl(&tree)));
        }
    }
    assert!(count >= 320, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
