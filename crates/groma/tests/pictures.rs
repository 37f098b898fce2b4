//! Pictures that are easily wrong: loops, and more than one picture can hold.

mod common;

use serde_json::Value;
use std::path::Path;
use std::process::Command;

const LOOPS: &str = r#"
system app "Application" {
    database db "DB"
    service s "S" {
        component c "C"
        component d "D"
        c -> d "Hands to"
        c -> c "Repeats"
    }
    s -> db "Uses"
    db -> db "Replicates to"
    s -> s "Reloads"
}
system other "Other"
app -> other "Reports to"
app -> app "Restarts"
flow f "F" {
    app.s -> app.db "Reads"
    app.db -> app.db "Vacuums"
}
deployment one "One" environment=test {
    host h "H" { instance app.db; instance app.s }
}
deployment two "Two" environment=production {
    host a "A" { instance app.db }
    host b "B" { instance app.db standby=#true }
}
pipeline p "P" {
    step x "X"
    x -> x "Again"
}
view landscape "L" show=landscape
view context "X" show=context of=app
view containers "N" show=container of=app
view components "M" show=component of=app.s
view dynamic "D" show=dynamic of=f
view sequence "S" show=sequence of=f
view one "O" show=deployment of=one
view two "T" show=deployment of=two
view pipeline "P" show=pipeline of=p
"#;

fn draw(source: &Path, view: &str, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_groma"))
        .arg("draw")
        .arg(source)
        .args(["--view", view, "--format", format])
        .output()
        .unwrap();
    assert!(output.status.success(), "{view} {format}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The ends of each edge of a scene.
fn edges(scene: &str) -> Vec<(String, String)> {
    let scene: Value = serde_json::from_str(scene).unwrap();
    let end = |edge: &Value, key: &str| edge[key].as_str().unwrap().to_owned();
    scene["edges"].as_array().unwrap().iter().map(|edge| (end(edge, "from"), end(edge, "to"))).collect()
}

#[test]
fn what_uses_itself_has_a_loop_where_it_is_shown_itself() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("w.groma");
    std::fs::write(&source, LOOPS).unwrap();
    // Each view with the loops that it shows: what stands for several things shows none of what goes on inside it, and
    // in a deployment each works with its fellows, if it has any.
    let expected: &[(&str, &[(&str, &str)])] = &[
        ("landscape", &[("app", "Restarts")]),
        ("context", &[("app", "Restarts")]),
        ("containers", &[("app", "Restarts"), ("app.db", "Replicates to"), ("app.s", "Reloads")]),
        (
            "components",
            &[("app", "Restarts"), ("app.db", "Replicates to"), ("app.s", "Reloads"), ("app.s.c", "Repeats")],
        ),
        ("dynamic", &[("app.db", "2. Vacuums")]),
        ("sequence", &[("app.db", "Vacuums")]),
        ("one", &[("instance:0", "Replicates to"), ("instance:1", "Reloads")]),
        ("two", &[]),
        ("pipeline", &[("step:x", "Again")]),
    ];
    for (view, loops) in expected {
        let mut found: Vec<String> = edges(&draw(&source, view, "scene"))
            .into_iter()
            .filter_map(|(from, to)| (from == to).then_some(from))
            .collect();
        found.sort();
        assert_eq!(found, loops.iter().map(|(at, _)| *at).collect::<Vec<_>>(), "{view}");
        for format in common::text_formats() {
            let drawn = draw(&source, view, format);
            let shown: String = drawn.split_whitespace().collect();
            for (_, label) in *loops {
                let label: String = label.split_whitespace().collect();
                assert!(shown.contains(&label), "{view} {format} lacks `{label}`:\n{drawn}");
            }
        }
    }
    assert_eq!(edges(&draw(&source, "two", "scene")), [("instance:0".to_owned(), "instance:1".to_owned())]);
}

/// Thirty systems of which each uses each after it, and a view of nothing. The last 28 are others' and get no view.
fn crowd() -> String {
    let external = |at: usize| if at < 2 { "" } else { " external=#true" };
    let systems = (0..30).map(|at| format!("system s{at} \"System {at}\"{}\n", external(at)));
    let pairs = (0..30).flat_map(|from| (from + 1..30).map(move |to| format!("s{from} -> s{to} \"uses\"\n")));
    let nothing = "view nothing \"Nothing\" show=landscape { include \"kind:queue\" }\n";
    systems.chain(pairs).collect::<String>() + nothing + "view all \"All\" show=landscape\n"
}

#[test]
fn a_picture_that_is_too_dense_says_so_and_takes_no_build_down() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("w.groma");
    std::fs::write(&source, crowd()).unwrap();
    // 435 arrows over distances of one to 29 cross 4,495 layers, more than one picture holds.
    assert!(draw(&source, "all", "ascii").contains("of 435 arrows are left out"));
    let scene = draw(&source, "all", "scene");
    let kept = edges(&scene).len();
    assert!((29..435).contains(&kept), "{kept}");
    let note = format!("{} of 435 arrows are left out", 435 - kept);
    assert!(scene.contains(&note));
    let build = |out: &Path| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_groma")).arg("build").arg(&source).arg("--out").arg(out).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read = |name: &str| std::fs::read_to_string(out.join("view").join(name)).unwrap();
        ["all.svg", "s1-context.svg", "nothing.svg"].map(read)
    };
    let pictures = build(&folder.path().join("one"));
    assert_eq!(pictures, build(&folder.path().join("two")));
    assert!(pictures[0].contains(&note) && pictures[1].contains("class=\"edge\""));
    assert!(pictures[2].contains("This view cannot be drawn: the view shows nothing."), "{}", pictures[2]);
}

/// An answer that is written in the block of its call is drawn there, and not a second time at the end.
#[test]
fn an_answer_is_drawn_where_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("w.groma");
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\"; service d \"D\" }\nflow f \"F\" { u -> s.a \"Order\" reply=\"Late\" { s.a --> u \"Accepted\"; s.a -> s.d \"Write\" reply=\"Written\" } }\n";
    std::fs::write(&source, text).unwrap();
    let drawn = draw(&source, "f-sequence", "mermaid");
    let place = |words: &str| drawn.find(words);
    assert!(place("Order") < place("Accepted") && place("Accepted") < place("Write"), "{drawn}");
    assert!(place("Written").is_some() && place("Late").is_none(), "{drawn}");
}

/// Where the mean of a step is not written, its median is shown.
#[test]
fn a_step_shows_its_mean_or_else_its_median() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("w.groma");
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\"; service d \"D\" }\nflow f \"F\" { u -> s.a \"Order\" p50=60ms p99=900ms { s.a -> s.d \"Write\" time=3ms p99=20ms } }\n";
    std::fs::write(&source, text).unwrap();
    let drawn = draw(&source, "f-sequence", "mermaid");
    assert!(drawn.contains("Order (p50 60ms, p99 900ms)") && drawn.contains("Write (3ms, p99 20ms)"), "{drawn}");
}
