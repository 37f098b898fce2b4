//! What must be true of the repository as a whole.

use serde_json::Value;
use std::process::Command;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(xtask::root())
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

#[test]
fn dependencies_point_down_the_layers_only() {
    let metadata = metadata();
    let layers: Vec<&str> =
        metadata["metadata"]["groma"]["layers"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let place = |name: &str| layers.iter().position(|layer| *layer == name);
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if name == "xtask" || name == "groma-benches" {
            continue;
        }
        let Some(own) = place(name) else {
            wrong.push(format!("{name} is in no layer: add it to [workspace.metadata.groma] in Cargo.toml"));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let other = dependency["name"].as_str().unwrap();
            let development = dependency["kind"] == "dev";
            if !development && place(other).is_some_and(|other| other >= own) {
                wrong.push(format!("{name} must not depend on {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_names_every_crate_and_no_other() {
    let map = std::fs::read_to_string(xtask::root().join("ARCHITECTURE.md")).unwrap();
    let mut named: Vec<String> = map
        .lines()
        .filter_map(|line| line.strip_prefix("| `crates/"))
        .filter_map(|rest| rest.split('`').next())
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect();
    named.sort();
    let mut real: Vec<String> = std::fs::read_dir(xtask::root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    real.sort();
    assert_eq!(named, real);
    assert!(map.lines().count() < 200, "the map must stay short");
}

#[test]
fn generated_files_are_fresh() {
    for (path, content) in xtask::generated::files() {
        let written = std::fs::read_to_string(xtask::root().join(path)).unwrap_or_default();
        assert!(written == content, "{path} is stale: run `cargo xtask generate`");
    }
}

#[test]
fn the_architecture_workspace_names_every_crate() {
    let text = std::fs::read_to_string(xtask::root().join("architecture/groma.groma")).unwrap();
    let words = text.lines().filter_map(|line| line.trim().strip_prefix("component "));
    let mut named: Vec<&str> = words.filter_map(|rest| rest.split('"').nth(1)).collect();
    named.sort_unstable();
    let metadata = metadata();
    let layers = metadata["metadata"]["groma"]["layers"].as_array().unwrap();
    let mut real: Vec<&str> =
        layers.iter().filter_map(Value::as_str).map(|name| name.strip_prefix("groma-").unwrap_or(name)).collect();
    real.sort_unstable();
    assert_eq!(named, real);
}
