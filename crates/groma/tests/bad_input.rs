//! Bad calls and bad input: a clear message, the documented exit code, nothing half-written.

mod common;

use common::{groma_in, told};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn groma(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groma")).args(arguments).stdin(Stdio::null()).output().expect("groma runs")
}

#[track_caller]
fn check(arguments: &[&str], expected_code: i32, expected: &str) {
    let output = groma(arguments);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(expected_code), "{arguments:?}: {text}");
    assert!(text.contains(expected), "{arguments:?}: {text}");
    assert!(!text.contains("panicked"), "{arguments:?}: {text}");
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn paths_that_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_str().unwrap();
    check(&["check", "/no/such/place"], 2, "no such file or directory");
    check(&["check", root], 2, "there is no `.groma` file in");
    check(&["tree", root], 2, "is a directory");
    check(&["fmt", "/no/such/place"], 2, "cannot read");
    let binary = write(folder.path(), "binary.groma", b"person a \"A\"\n\xff\xfe");
    check(&["check", &binary], 2, "is not UTF-8 text: byte 13, on line 2");
    let large = folder.path().join("large.groma");
    std::fs::File::create(&large).unwrap().set_len(100_000_000).unwrap();
    check(&["check", large.to_str().unwrap()], 2, "at most 64 MB");
}

#[test]
fn texts_that_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let deep = write(folder.path(), "deep.groma", "a {".repeat(100_000).as_bytes());
    check(&["check", &deep], 2, "nest more than 200 deep");
    let broken = write(folder.path(), "broken.groma", b"person a \"A\" {\n");
    check(&["check", &broken], 2, "this block is never closed");
    check(&["fmt", &broken], 2, "this block is never closed");
    assert_eq!(std::fs::read(&broken).unwrap(), b"person a \"A\" {\n", "a broken file is not touched");
    let circle = write(
        folder.path(),
        "circle.groma",
        b"include \"circle.groma\"\nperson a \"A\"\nsystem b \"B\" owner=x description=d\na -> b \"Uses\"\n",
    );
    check(&["check", &circle], 0, "checked 2 elements");
    let twice = folder.path().join("twice");
    std::fs::create_dir(&twice).unwrap();
    write(&twice, "one.groma", b"system a \"A\"\n");
    write(&twice, "two.groma", b"system a \"B\"\n");
    check(&["check", twice.to_str().unwrap()], 1, "`a` is declared twice");
}

#[test]
fn calls_that_cannot_be_used() {
    check(&["draw", "/no/such/place", "--view", "x"], 2, "cannot read");
    check(&["nonsense"], 2, "unrecognized subcommand");
    check(&["explain", "lonely-elment"], 2, "did you mean `lonely-element`?");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/orders");
    check(&["check", "--rule", "nope", example], 2, "there is no rule called `nope`");
    check(&["check", "--today", "2026-02-30", "."], 2, "is not a valid date");
    let alone = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/company/kit");
    check(&["environments", alone], 2, "the workspace has no deployment");
    check(&["query", "kind:", "."], 2, "a value is missing");
    check(&["query", "a and (b", "."], 2, "never closed");
}

#[test]
fn outputs_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let source = write(folder.path(), "a.groma", b"person a \"A\"\nsystem b \"B\"\na -> b \"Uses\"\n");
    let file = write(folder.path(), "occupied", b"mine");
    check(&["build", &source, "--out", &file], 2, "is a file, not a folder");
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
    check(&["draw", &source, "--view", "b-context", "--out", "/no/such/place/x.svg"], 2, "cannot write");
    check(&["draw", &source, "--view", "b-contxt"], 2, "did you mean `b-context`?");
    check(&["draw", &source, "--view", "view:b-context", "--format", "dot"], 0, "digraph");
    check(&["draw", &source, "--view", "b-context", "--out", "x.docx"], 2, "does not tell the format");
    let target = folder.path().join("init");
    check(&["init", target.to_str().unwrap(), "--name", "Shop", "--team", "3", "--users", "10"], 0, "wrote");
    check(&["init", target.to_str().unwrap(), "--name", "Shop", "--team", "3", "--users", "10"], 2, "exists already");
    check(&["check", target.to_str().unwrap(), "--fail-on", "note"], 0, "clean");
}

/// `/dev/full` refuses every byte, as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let source = write(folder.path(), "a.groma", b"person a \"A\"\nsystem b \"B\"\na -> b \"Uses\"\n");
    let misformatted = write(folder.path(), "b.groma", b"person  b\n");
    for arguments in [
        &["explain", "language"][..],
        &["--help"],
        &["--version"],
        &["check", "--help"],
        &["help", "draw"],
        &["check", &source],
        &["check", &source, "--format", "sarif"],
        &["tree", &source],
        &["query", "**", &source],
        &["draw", &source],
        &["fmt", "--check", &misformatted],
        &["completions", "bash"],
        &["man"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_groma"))
            .args(arguments)
            .stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("cannot write to standard output: no space left on device"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_groma"))
        .args(["tree", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all("a 1\n".repeat(20_000).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_certain_correction_is_made_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let text = "system store \"Store\" owner=a desciption=\"It sells.\" // stays\nperson anna \"Anna\" description=\"Buys.\"\nanna -> stoer \"Uses\"\n";
    let source = write(folder.path(), "a.groma", text.as_bytes());
    check(&["check", &source], 1, "did you mean `store`?");
    assert_eq!(std::fs::read_to_string(&source).unwrap(), text);
    // First those of one rule alone; the word that is not understood leaves open what else there is.
    check(&["check", "--fix", "--rule", "unresolved-name", &source], 1, "1 fix applied");
    let named = text.replace("stoer", "store");
    assert_eq!(std::fs::read_to_string(&source).unwrap(), named);
    check(&["check", "--fix", &source], 0, "1 fix applied");
    assert_eq!(std::fs::read_to_string(&source).unwrap(), named.replace("desciption", "description"));
}

/// A word that nobody would read to its end is not repeated, however it is wrong.
#[test]
fn long_words_are_told_by_their_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(100_000);
    for (nth, text) in [
        format!("{long} a \"A\"\n"),
        format!("person a \"A\" {long}=1\n"),
        format!("person a \"A\"\na -> {long} \"Uses\"\n"),
        format!("system a \"A\" {{ service b \"B\" {{ replicas {long}; }}; }}\n"),
        format!("system a \"A\" {{ service b \"B\" {{ replicas 3{long}; }}; }}\n"),
    ]
    .iter()
    .enumerate()
    {
        let path = write(folder.path(), &format!("{nth}.groma"), text.as_bytes());
        for format in ["human", "json", "github"] {
            let output = groma(&["check", &path, "--format", format]);
            let told = output.stdout.len() + output.stderr.len();
            assert!(told > 60 && told < 5_000, "{nth} as {format}: {told} bytes");
        }
    }
}

#[test]
fn names_are_taken_in_other_letters_where_none_has_just_these() {
    let folder = tempfile::tempdir().unwrap();
    let text = "person u \"U\"\nsystem a \"A\" { service api \"Api\" concurrency=2 }\nsystem b \"B\" { service api \"Api\" }\nu -> a.api \"asks\"\nflow f \"F\" { u -> a.api \"asks\" time=10ms }\nload day \"Day\" rate=1/s\nquality fast \"Fast\" { require p95 flow=f under=1s load=day }\nview all \"All\" show=landscape\nview one \"One\" show=landscape\nview ONE \"One\" show=landscape\n";
    let file = write(folder.path(), "w.groma", text.as_bytes());
    check(&["query", "A.Api", &file], 0, "a.api");
    check(&["simulate", "--flow", "F", "--load", "DAY", "--quality", "Fast", &file], 0, "p95");
    check(&["simulate", "--what-if", "A.API.concurrency=3", &file], 0, "p95");
    check(&["simulate", "--what-if", "U->A.api.pool=3", &file], 0, "p95");
    check(&["sweep", "--vary", "A.api.concurrency=2,3", &file], 0, "A.api.concurrency");
    check(&["draw", "--view", "All", "--format", "dot", &file], 0, "digraph");
    check(&["draw", "--view", "One", &file], 2, "`One` fits several views");
    check(&["simulate", "--what-if", "A.apis.concurrency=3", &file], 2, "did you mean `a.api`");
}

/// Of two values for one thing only one could count, however the thing is spelled: by its last name, in other letters, with its class or the
/// text of a relationship, also where it is a part of a fact. One fact of two elements is two things.
#[test]
fn one_thing_has_one_value_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let text = "person u \"U\"\nsystem s \"S\" {\n    service a \"A\" concurrency=2 replicas=1\n    database d \"D\" replicas=2 { failover automatic after=9s }\n    a -> d \"reads\" timeout=1s\n}\nu -> s.a \"asks\"\nflow f \"F\" { u -> s.a \"asks\" time=1ms }\nload day \"Day\" rate=1/s\nquality fast \"Fast\" { require p95 flow=f under=1s load=day }\n";
    let file = write(folder.path(), "w.groma", text.as_bytes());
    let twice = [
        ("s.a.replicas=1", "s.a.replicas=2", "`s.a.replicas`"),
        ("s.a.replicas=1", "a.replicas=2", "`s.a.replicas` is the same as `a.replicas`, and"),
        ("S.A.replicas=1", "s.a.replicas=1", "`S.A.replicas` is the same as `s.a.replicas`, and"),
        ("day.rate=1/s", "load:day.rate=2/s", "`day.rate` is the same as `load:day.rate`, and"),
        (
            "s.a->s.d.timeout=1s",
            "a -> d \"reads\".timeout=2s",
            "`s.a->s.d.timeout` is the same as `a -> d \"reads\".timeout`, and",
        ),
        ("d.failover.after=2s", "s.d.failover.after=3s", "`d.failover.after` is the same as `s.d.failover.after`, and"),
    ];
    for (one, other, told) in twice {
        for (command, option, verb) in [("simulate", "--what-if", "changed"), ("sweep", "--vary", "varied")] {
            // What stands between is something else.
            let between = "s.a.concurrency=3";
            let arguments = [command, &file, option, one, option, between, option, other];
            check(&arguments, 2, &format!("error: {told} is {verb} twice"));
        }
    }
    let two_things =
        ["--what-if", "s.a.replicas=2", "--what-if", "s.d.replicas=2", "--what-if", "s.d.failover.after=3s"];
    check(&[&["simulate", &file][..], &two_things].concat(), 0, "no verdict changes");
}

/// Each argument that names something answers a name that there is not with what may be meant: what looks like it, what has a word in common
/// with it, what is titled so, and what was called so.
#[test]
fn each_argument_that_names_something_says_what_may_be_meant() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.groma");
    let text = r#"
person u "U"
system store "Store" was=shop { service kernel "Kernel" was=core }
u -> store.kernel "Asks"
fact price "Price" was=cost on=service
flow look-at "Look" was=browse { u -> store.kernel "Asks" time=1ms }
load peak "Peak" was=spike rate=2/s { mix look-at }
quality quick "Quick" was=fast { require p95 under=1s flow=look-at load=peak }
view plain "Plain picture" was=simple of=store show=container
standard owned "Owned" was=has-owner applies="kind:service" must="has:owner" reason="R"
"#;
    std::fs::write(&path, text).unwrap();
    let file = path.to_str().unwrap();
    for (arguments, told) in [
        (&["draw", file, "--view", "plaim"][..], "did you mean `plain`?"),
        (&["draw", file, "--view", "simple"], "`simple` is now called `plain`"),
        (&["draw", file, "--view", "plain picture"], "that is a title: write `plain`"),
        (&["draw", file, "--view", "look-at-flow"], "did you mean `look-at-sequence`?"),
        (&["check", file, "--rule", "lonely"], "did you mean `lonely-actor` or `lonely-element`?"),
        (&["query", "*", file, "--columns", "pric"], "did you mean `price`"),
        (&["query", "*", file, "--columns", "cost"], "`cost` is now called `price`"),
        (&["query", "*", file, "--sort", "nmae"], "did you mean `name`?"),
        (&["query", "finding:lonely-thing", file], "did you mean `lonely-"),
        (&["query", "service", file], "`service` is a kind: write `kind:service`"),
        (&["query", "core", file], "`core` is now called `store.kernel`"),
        (&["query", "browse", file], "`flow:look-at` asks for what has this name"),
        (&["simulate", file, "--flow", "browse"], "`browse` is now called `look-at`"),
        (&["simulate", file, "--load", "spike"], "`spike` is now called `peak`"),
        (&["simulate", file, "--quality", "fast"], "`fast` is now called `quick`"),
        (&["simulate", file, "--what-if", "shop.core.concurrency=3"], "`shop.core` is now called `store.kernel`"),
        (&["simulate", file, "--what-if", "spike.rate=3/s"], "`spike` is now called `peak`"),
        (&["sweep", file, "--vary", "spike.rate=3/s,4/s"], "`spike` is now called `peak`"),
    ] {
        let output = groma(arguments);
        let answer = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && answer.contains(told), "{arguments:?}: {answer}");
    }
}

/// Where the plot of a sweep cannot be written, that is said before anything is simulated; its name says which picture it is.
#[test]
fn a_sweep_draws_what_the_name_of_its_plot_says_or_refuses_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"
person u "U"
system s "S" { service api "Api" concurrency=1 }
u -> s.api "asks"
flow f "F" { u -> s.api "asks" time=10ms }
load day "Day" rate=1/s
quality fast "Fast" { require p95 flow=f under=1s load=day }
"#;
    let file = write(folder.path(), "w.groma", text.as_bytes());
    let sweep = |plot: &str| groma(&["sweep", &file, "--vary", "day.rate=10/s,50/s", "--plot", plot]);
    for (name, told) in
        [("plot.pdf", "end it with `.svg` or `.png`"), ("nowhere/plot.svg", "cannot write"), (".", "`.svg`")]
    {
        let output = sweep(&folder.path().join(name).display().to_string());
        let answer = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(2) && answer.contains(told) && output.stdout.is_empty(),
            "{name}: {answer}"
        );
    }
    for (name, begins) in [("plot.svg", &b"<svg"[..]), ("plot.PNG", b"\x89PNG")] {
        let path = folder.path().join(name);
        assert_eq!(sweep(&path.display().to_string()).status.code(), Some(0));
        assert!(std::fs::read(&path).unwrap().starts_with(begins), "{name}");
    }
}

/// Calls on a workspace of which a part could not be understood, how each ends and what it says of that.
const OF_BROKEN: &[(&[&str], i32, &str)] = &[
    (&["check", "w.groma"], 1, "[unresolved-name]"),
    (&["simulate", "w.groma"], 2, "error: "),
    (&["sweep", "w.groma", "--vary", "p.h.count=1,2"], 2, "error: "),
    (&["build", "w.groma", "--no-forecast", "-o", "site"], 0, "`groma check` finds 1 of severity error"),
    (&["diff", "w.groma", "w.groma"], 0, LEFT_OUT_BEFORE),
    (&["query", "reaches(s.b)", "w.groma"], 0, LEFT_OUT),
    (&["query", "reaches(s.b)", "w.groma", "--format", "json"], 0, LEFT_OUT),
    (&["query", "reaches(s.b)", "w.groma", "--format", "csv"], 0, LEFT_OUT),
    (&["query", "reaches(s.b)", "w.groma", "--format", "count"], 0, LEFT_OUT),
    (&["environments", "w.groma"], 0, LEFT_OUT),
    (&["environments", "w.groma", "--format", "json"], 0, LEFT_OUT),
    (&["draw", "w.groma"], 0, LEFT_OUT),
    (&["draw", "w.groma", "--view", "v"], 0, LEFT_OUT),
    (&["radar", "w.groma"], 0, LEFT_OUT),
    (&["decide", "w.groma"], 2, LEFT_OUT),
    (&["sign", "--verify", "w.groma"], 0, LEFT_OUT),
    (&["sign", "s", "--as", "architect", "w.groma"], 2, "could not be understood, and nothing is signed"),
    (&["radar", "w.groma", "--since", "w.groma"], 0, LEFT_OUT_BEFORE),
    (&["explain", "tier", "w.groma"], 0, LEFT_OUT),
    (&["explain", "tier"], 0, LEFT_OUT),
    (&["rfc", "show", "1", "w.groma"], 0, LEFT_OUT),
    (&["tree", "--schema", "w.groma"], 0, LEFT_OUT),
    (&["rename", "v", "w", "w.groma", "--dry-run"], 0, LEFT_OUT),
];

const LEFT_OUT: &str = "warning: one thing could not be understood and is left out; for details: groma check\n";
const LEFT_OUT_BEFORE: &str = "warning: one thing in `w.groma` could not be understood and is left out\n";

/// The commands that read no workspace.
const OF_NO_WORKSPACE: [&str; 6] = ["adr", "fmt", "init", "completions", "man", "help"];

#[test]
fn no_command_is_silent_about_what_it_could_not_understand() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"
system s "S" { service a "A" technology=Go; service b "B"; }
s.a -> s.bb "Asks"
fact tier on=service
view v "V" show=container of=s
technology go "Go" ring=adopt
deployment p { host h { instance s.a; } }
"#;
    write(folder.path(), "w.groma", text.as_bytes());
    std::fs::create_dir_all(folder.path().join("docs/rfcs")).unwrap();
    write(folder.path(), "docs/rfcs/0001-x.md", b"# X\n\nStatus: Draft\n");
    let help = String::from_utf8(groma(&["--help"]).stdout).unwrap();
    let listed = help.split_once("Commands:\n").unwrap().1.lines().take_while(|line| !line.is_empty());
    for name in listed.filter_map(|line| line.split_whitespace().next()) {
        let is_told = OF_BROKEN.iter().any(|(arguments, ..)| arguments[0] == name);
        assert!(is_told || OF_NO_WORKSPACE.contains(&name), "what does `{name}` say of a broken text?");
    }
    for (arguments, code, words) in OF_BROKEN {
        let output = groma_in(folder.path(), arguments);
        let answer = told(&output);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {answer}");
        // The findings are the answer of `check`.
        let said = if arguments[0] == "check" { output.stdout } else { output.stderr };
        assert!(String::from_utf8_lossy(&said).contains(words), "{arguments:?}: {answer}");
    }
}

/// Whether a query can be asked depends on it alone, not on what is found.
#[test]
fn a_query_is_answered_whatever_the_verdicts_are() {
    let folder = tempfile::tempdir().unwrap();
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" }\nu -> s.a \"Asks\"\nflow f \"F\" { u -> s.a \"Asks\" time=10ms }\nload day \"Day\" rate=1/s\nquality fast \"Fast\" { require p95 flow=f under=1s load=day }\n";
    let file = write(folder.path(), "w.groma", text.as_bytes());
    for (query, code, told) in [
        ("any and verdict:holds", 0, "fast"),
        ("any and verdict:fails", 0, "0 things"),
        ("kind:quality and not verdict:holds", 0, "0 things"),
        ("verdict:holds", 2, "ask for these with `kind:quality`, `kind:failure` or `kind:load`"),
        ("verdict:fails", 2, "ask for these with `kind:quality`, `kind:failure` or `kind:load`"),
    ] {
        check(&["query", query, &file], code, told);
    }
}

/// A query that selects nothing, or fewer with findings, because it ranges over elements alone says what it would select otherwise, and no other does.
#[test]
fn a_query_says_what_it_would_select_of_other_kinds() {
    let folder = tempfile::tempdir().unwrap();
    let text = "team t \"T\" { member a \"A\"; member b \"B\" }\nsystem s \"S\"\nquestion q \"Q?\" owner=t\nrequirement r \"R\" owner=t\n";
    let file = write(folder.path(), "w.groma", text.as_bytes());
    for (query, told) in [
        ("in(team:t)", "with `any` it selects 1 team and 2 members: write `any and in(team:t)`\n"),
        ("owner:t or s.*", "with `any` it selects 1 question and 1 requirement: write `any and (owner:t or s.*)`\n"),
        ("owner:none", ""),
        ("kind:requirement and owner:none", ""),
        ("any and owner:none", ""),
        ("not s", "with `any` it selects"),
        // What is found about other things is none of what it selects, though it selects some.
        ("finding:*", "with `any` it selects"),
        ("s", ""),
    ] {
        for format in ["table", "json", "csv", "count"] {
            let output = groma(&["query", query, &file, "--format", format]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(0), "{query}: {said}");
            assert_eq!(said.contains("note: "), !told.is_empty(), "{query}: {said}");
            assert!(said.contains(told), "{query}: {said}");
        }
    }
}
