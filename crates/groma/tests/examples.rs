//! The examples, through the command itself.

mod common;

use std::path::PathBuf;
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn groma(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groma")).args(arguments).current_dir(root()).output().expect("groma runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// The line below each comment such as `// N6` or `// N7, N12`, with each of its marks.
fn marks(text: &str) -> Vec<(usize, String)> {
    let marked = text.lines().enumerate().filter_map(|(at, line)| Some((at + 2, line.trim().strip_prefix("// ")?)));
    let marked = marked.filter(|(_, marks)| marks.starts_with('N'));
    marked.flat_map(|(line, marks)| marks.split(", ").map(move |mark| (line, mark.to_owned()))).collect()
}

#[test]
fn the_contradictions_of_orders_as_found_are_found_at_their_lines() {
    found_at_their_lines("orders", &["N5", "N6", "N7", "N8", "N10", "N11", "N12", "N23", "N25"]);
}

#[test]
fn the_contradictions_of_storefront_as_found_are_found_at_their_lines() {
    found_at_their_lines("storefront", &["N16", "N17"]);
}

/// Each mark of an example is found at its line, each row of its page by the rule that it names, and nothing else is found; a record
/// stands as it was written and bears no marks, so there the row names the line.
fn found_at_their_lines(system: &str, numbers: &[&str]) {
    let example = format!("examples/{system}-as-found");
    let text = std::fs::read_to_string(root().join(format!("{example}/{system}.groma"))).unwrap();
    let output = groma(&["check", &example, "--format", "json", "--today", "2026-01-01"]);
    assert_eq!(code(&output), 1);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let line = |finding: &serde_json::Value| finding["at"]["line"].as_u64().unwrap();
    let is_of_record = |finding: &&serde_json::Value| finding["at"]["file"].as_str().unwrap().ends_with(".md");
    let lines: Vec<u64> = findings.iter().filter(|finding| !is_of_record(finding)).map(line).collect();
    let marks = marks(&text);
    for number in numbers {
        assert!(marks.iter().any(|(_, mark)| mark == number), "{number} is not marked");
    }
    for (line, mark) in &marks {
        assert!(lines.contains(&(*line as u64)), "{mark} on line {line} is not found; findings are on {lines:?}");
    }
    let page = std::fs::read_to_string(root().join(format!("docs/examples/{system}-as-found.md"))).unwrap();
    let rows: Vec<(&str, &str)> = page.lines().filter_map(|line| line.strip_prefix("| N")?.split_once(" | ")).collect();
    for (number, row) in &rows {
        let rule = row.split('`').rev().nth(1).unwrap();
        let is_marked = |at: u64| marks.iter().any(|(marked, mark)| *marked as u64 == at && mark[1..] == **number);
        let is_it = |finding: &serde_json::Value| {
            let at = line(finding);
            let is_here = if is_of_record(&finding) { row.contains(&format!("line {at} ")) } else { is_marked(at) };
            finding["rule"] == rule && is_here
        };
        assert!(findings.iter().any(is_it), "N{number} is not found by `{rule}`");
    }
    let unmarked: Vec<_> = lines.iter().filter(|line| !marks.iter().any(|(mark, _)| *mark as u64 == **line)).collect();
    assert!(unmarked.is_empty(), "findings without a mark on {unmarked:?}");
    let untold = findings.iter().filter(is_of_record).map(line);
    let untold: Vec<_> =
        untold.filter(|at| !rows.iter().any(|(_, row)| row.contains(&format!("line {at} ")))).collect();
    assert!(untold.is_empty(), "findings in records without a row: {untold:?}");
}

#[test]
fn the_other_examples_are_clean_and_formatted() {
    let company = ["examples/company/kit", "examples/company/checkout", "examples/company/reports"];
    for example in ["examples/storefront", "examples/orders", "architecture"].into_iter().chain(company) {
        let output = groma(&["check", example, "--fail-on", "note", "--today", "2026-01-01"]);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stdout));
    }
    assert_eq!(code(&groma(&["fmt", "--check", "examples", "architecture"])), 0);
}

/// Without the exceptions that its owners wrote down, the second team meets neither standards nor radar; what its kit asks is named
/// with the kit.
#[test]
fn a_kit_holds_a_team_to_its_standards_and_its_radar() {
    let folder = tempfile::tempdir().unwrap();
    for (name, file) in
        [("kit", "kit"), ("kit", "facts"), ("kit", "standards"), ("kit", "radar"), ("reports", "reports")]
    {
        let text = std::fs::read_to_string(root().join(format!("examples/company/{name}/{file}.groma"))).unwrap();
        let kept = text.lines().filter(|line| !line.trim().starts_with("allow ")).map(|line| format!("{line}\n"));
        std::fs::create_dir_all(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(format!("{name}/{file}.groma")), kept.collect::<String>()).unwrap();
    }
    let team = folder.path().join("reports");
    let output = groma(&["check", team.to_str().unwrap(), "--format", "json", "--today", "2026-06-01"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        ["json-logs", "metrics", "technology-on-hold", "unpermitted-technology", "unpermitted-technology"]
    );
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told.matches("from the kit \\\"Company rules\\\" 3.1").count(), 5, "{told}");
}

/// `a` and `b` are rectangles as the scene JSON has them.
fn overlap(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    let at = |value: &serde_json::Value, key: &str| value[key].as_f64().unwrap();
    let apart = |start: &str, size: &str| {
        at(a, start) + at(a, size) <= at(b, start) + 0.5 || at(b, start) + at(b, size) <= at(a, start) + 0.5
    };
    !(apart("x", "width") || apart("y", "height"))
}

#[test]
fn no_boxes_or_labels_overlap_in_any_view_of_the_examples() {
    for example in
        ["examples/storefront", "examples/orders", "examples/orders-as-found", "examples/storefront-as-found"]
    {
        let listed = groma(&["draw", example]);
        let views: Vec<String> = String::from_utf8(listed.stdout)
            .unwrap()
            .lines()
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .collect();
        assert!(!views.is_empty());
        for view in views {
            let output = groma(&["draw", example, "--view", &view, "--format", "scene"]);
            let scene: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let boxes: Vec<_> = scene["boxes"].as_array().unwrap().iter().filter(|one| one["frame"] == false).collect();
            let labels: Vec<_> = scene["edges"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|edge| edge["label"].as_object().map(|_| &edge["label"]))
                .collect();
            let solid: Vec<_> = boxes.iter().copied().chain(labels.iter().copied()).collect();
            for (at, one) in solid.iter().enumerate() {
                for other in &solid[at + 1..] {
                    assert!(!overlap(one, other), "{example} {view}: {one} and {other}");
                }
            }
            for one in scene["boxes"].as_array().unwrap() {
                for text in one["text"].as_array().unwrap() {
                    let (left, right) =
                        (one["x"].as_f64().unwrap(), one["x"].as_f64().unwrap() + one["width"].as_f64().unwrap());
                    let start = text["x"].as_f64().unwrap();
                    assert!(
                        start >= left && start + text["width"].as_f64().unwrap() <= right,
                        "{example} {view}: {text} leaves its box"
                    );
                }
            }
        }
    }
}

#[test]
fn every_format_draws_every_view() {
    for view in ["context", "containers", "components", "login-sequence", "production", "pipeline"] {
        for format in common::text_formats().chain(["png"]) {
            let output = groma(&["draw", "examples/orders", "--view", view, "--format", format]);
            assert_eq!(code(&output), 0, "{view} {format}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(output.stdout.len() > 100, "{view} {format}");
        }
    }
}

#[test]
fn editing_a_text_moves_no_box() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(root().join("examples/orders/orders.groma")).unwrap();
    let scene = |text: &str| -> serde_json::Value {
        let path = folder.path().join("a.groma");
        std::fs::write(&path, text).unwrap();
        let output = groma(&["draw", path.to_str().unwrap(), "--view", "containers", "--format", "scene"]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let places = |scene: &serde_json::Value| -> Vec<String> {
        scene["boxes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {} {}", one["id"], one["x"], one["y"]))
            .collect()
    };
    let before = scene(&text);
    let after = scene(&text.replace(
        "REST API, one deployable, split inside.",
        "A much longer description that says a good deal more about what this service is for, and why it is one.",
    ));
    assert_ne!(before, after);
    assert_eq!(places(&before), places(&after));
}

#[test]
fn a_site_is_whole_and_the_same_twice() {
    let folder = tempfile::tempdir().unwrap();
    let build = |name: &str| {
        let out = folder.path().join(name);
        let output = groma(&["build", "examples/orders", "--out", out.to_str().unwrap(), "--today", "2026-01-01"]);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
        out
    };
    let (one, two) = (build("one"), build("two"));
    let mut pending = vec![one.clone()];
    let mut pages = 0;
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes, std::fs::read(two.join(path.strip_prefix(&one).unwrap())).unwrap(), "{}", path.display());
        if path.extension().is_some_and(|ending| ending == "html") {
            pages += 1;
            links_lead_somewhere(&path, &String::from_utf8(bytes).unwrap());
        }
    }
    assert!(pages > 20);
}

fn links_lead_somewhere(page: &std::path::Path, html: &str) {
    for (mark, attribute) in [("href=\"", "href"), ("src=\"", "src")] {
        for rest in html.split(mark).skip(1) {
            let address = rest.split('"').next().unwrap().split('#').next().unwrap();
            if address.is_empty() || address.contains("://") || address.starts_with("mailto:") {
                continue;
            }
            let target = page.parent().unwrap().join(address);
            assert!(target.exists(), "{}: {attribute} {address} leads nowhere", page.display());
        }
    }
}

/// The picture that the README shows is what Groma draws today.
#[test]
fn the_picture_in_the_readme_is_true() {
    let shown = std::fs::read(root().join("docs/images/orders-containers.svg")).unwrap();
    let output = groma(&["draw", "examples/orders", "--view", "containers"]);
    let remedy = "draw it anew: groma draw examples/orders --view containers -o docs/images/orders-containers.svg";
    assert!(shown == output.stdout, "{remedy}");
}
