//! Diagrams as text, read by the tools whose text it is: each must take every view, and show every text as it is written.

mod tools;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text without signs: what has signs must be shown wherever this is.
const PLAIN: &str = "Plain";

/// Texts that mean something to some format, as they are to be shown.
const TEXTS: &[&str] = &[
    PLAIN,
    r#"a < b > c & d &amp; &lt;b&gt; &#35; <b>bold</b> <br>"#,
    r##"# one #35; ## two #lt; ;; three; # "double" 'single' `back` "`md`""##,
    r"C:\new\temp \\new \N \G \l back\",
    r"**bold** //italic// __under__ --strike-- ~~wave~~ ==head== .. dots ..",
    r#"%getenv("HOME") %date() %% %%{init}%% 100%"#,
    r"!include /etc/passwd",
    r"!define A B",
    r"* item",
    r"1. one",
    r"- dash | bar || [[link]] {brace} (paren) <<stereo>> «guillemets»",
    r"| a | b |",
    "end",
    "@enduml",
    "title left",
    "note: x --> y : z",
    "wrap: no $$x^2$$ $a ${b} $link",
    "/' comment '/ ' // %% /* */",
    "http://example.org/?a=1&b=2#c [[http://x y]]",
    "Rel(a, b) Person(x) e_label TECHN_FONT_SIZE",
    "~#literal ~**x** <U+0041> &#65; #65;",
    "<script>alert(1)</script> <img src=x>",
    "subgraph x --> y; click z; style q",
    "°65¶ 日本語 ü × – → “quoted” ‘single’ …",
    ": colon :: _under_score_ :smile: +plus+ ^caret^ =is=",
];

/// A workspace whose views, one of each kind, have this text wherever they have a text. An arrow ends at a frame, one at
/// an empty frame, and elements use themselves. Long because it is one text.
fn workspace(text: &str) -> String {
    let t = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    format!(
        r#"workspace w {t}
person p {t} description={t}
system s {t} description={t} {{
    service a {t} technology={t} description={t} {{
        component x {t} technology={t} description={t}
        component y {t}
        x -> y {t} protocol={t}
        x -> x {t}
    }}
    database b {t} technology={t}
    queue q {t}
    group g {t} {{
        cache k {t}
    }}
    a -> b {t} protocol={t}
    b -> b {t}
    a -> q {t} async=#true
    q -> q {t}
}}
system z {t} external=#true description={t}
p -> s {t}
p -> s.a {t}
s -> z {t}
s -> s {t}
z -> z {t} async=#true
flow f {t} {{
    p -> s.a {t} reply={t} {{
        chance 5% {t} {{ s.a -> s.b {t} }}
        s.a -> s.a {t}
        parallel {t} {{
            s.a -> s.q {t} async=#true
            s.a -> z {t}
        }}
    }}
}}
requirement r {t} {{ realized-by s.a f }}
deployment d {t} environment=production {{
    region e {t} {{
        host h {t} {{ instance s.a; instance s.b }}
        host i {t} {{ instance s.b standby=#true; instance s.q }}
    }}
    host o {t}
}}
pipeline c {t} {{
    step one {t}
    step two {t} is=decision
    one -> two {t}
    two -> two {t}
}}
view landscape {t} show=landscape description={t}
view context {t} show=context of=s description={t} direction=right detail=names
view containers {t} show=container of=s description={t}
view whole {t} show=container of=s description={t} {{ include "p or s.* or z" }}
view components {t} show=component of=s.a description={t}
view dynamic {t} show=dynamic of=f description={t}
view sequence {t} show=sequence of=f description={t}
view deployment {t} show=deployment of=d description={t}
view pipeline {t} show=pipeline of=c description={t}
view trace {t} show=traceability description={t}
"#
    )
}

/// Draws every view with every text into files of a format.
fn drawn(folder: &Path, format: &str, ending: &str) -> Vec<(PathBuf, &'static str)> {
    let mut files = Vec::new();
    for (at, text) in TEXTS.iter().enumerate() {
        let source = folder.join("w.groma");
        std::fs::write(&source, workspace(text)).unwrap();
        let out = folder.join(at.to_string());
        let output = Command::new(env!("CARGO_BIN_EXE_groma"))
            .arg("draw")
            .arg(&source)
            .args(["--all", "--format", format, "--out"])
            .arg(&out)
            .output()
            .unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{text}: {}", said(&output.stderr));
        let before = files.len();
        let entries = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
        files.extend(
            entries.filter(|path| path.extension().is_some_and(|found| found == ending)).map(|path| (path, *text)),
        );
        assert_eq!(files.len() - before, 10, "{text}");
    }
    files.sort();
    files
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A text without what a layout may change: where lines break, which spaces are used, how wide a sign is.
fn letters(text: &str) -> String {
    let text = text.replace('＜', "<").replace('＞', ">").replace('＆', "&");
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

/// The texts in an SVG file, one after the other.
fn svg_texts(path: &Path) -> String {
    let svg = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&svg, options)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name("text") || node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    texts.flat_map(|node| node.descendants()).filter(|node| node.is_text()).filter_map(|node| node.text()).collect()
}

/// Panics unless each picture shows its text as often as it shows the plain one.
fn shows(pictures: impl Iterator<Item = (PathBuf, &'static str, String)>) {
    let pictures: Vec<_> = pictures.map(|(path, text, shown)| (path, letters(text), letters(&shown))).collect();
    let mut wrong = String::new();
    for (path, text, shown) in &pictures {
        let (_, _, plain) =
            pictures.iter().find(|(other, text, _)| text == PLAIN && other.file_name() == path.file_name()).unwrap();
        let (found, meant) = (shown.matches(text.as_str()).count(), plain.matches(PLAIN).count());
        if found != meant {
            let source = std::fs::read_to_string(path).unwrap_or_default();
            let view = path.file_stem().unwrap().display();
            let _ = writeln!(
                wrong,
                "{view} shows `{text}` {found} times instead of {meant}:\n{source}\n  it shows {shown}\n"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn graphviz_shows_every_text_and_invents_no_box() {
    let left_out = format!("{} views in DOT", TEXTS.len() * 10);
    let Some(dot) = tools::command(&["dot"], "-V", &left_out) else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = drawn(folder.path(), "dot", "dot");
    let output = Command::new(dot).args(["-Tsvg", "-O"]).args(files.iter().map(|(path, _)| path)).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", said(&output.stderr));
    for (path, _) in &files {
        let source = std::fs::read_to_string(path).unwrap();
        let svg = std::fs::read_to_string(path.with_extension("dot.svg")).unwrap();
        let declared =
            source.lines().filter(|line| line.trim_start().starts_with("e_") && !line.contains(" -> ")).count();
        assert_eq!(svg.matches("class=\"node\"").count(), declared, "{source}");
    }
    shows(files.into_iter().map(|(path, text)| {
        let shown = svg_texts(&path.with_extension("dot.svg"));
        (path, text, shown)
    }));
}

#[test]
fn plantuml_shows_every_text_and_runs_none() {
    let left_out = format!("{} views in PlantUML", TEXTS.len() * 10);
    let Some(plantuml) = tools::command(&["plantuml"], "-version", &left_out) else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = drawn(folder.path(), "plantuml", "puml");
    let output = Command::new(plantuml)
        .args(["-tsvg", "-charset", "UTF-8", "-nbthread", "2"])
        .args(files.iter().map(|(path, _)| path))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}{}", said(&output.stdout), said(&output.stderr));
    shows(files.into_iter().map(|(path, text)| {
        let shown = svg_texts(&path.with_extension("svg"));
        (path, text, shown)
    }));
}

#[test]
fn mermaid_shows_every_text() {
    let left_out = format!("{} views in Mermaid", TEXTS.len() * 10);
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    let Some(browser) = tools::command(&browsers, "--version", &left_out) else { return };
    let Some(mermaid) = tools::file("node_modules/mermaid/dist/mermaid.min.js", &left_out) else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = drawn(folder.path(), "mermaid", "mmd");
    let sources: Vec<String> = files.iter().map(|(path, _)| std::fs::read_to_string(path).unwrap()).collect();
    let page = folder.path().join("page.html");
    let script = std::fs::canonicalize(mermaid).unwrap();
    let sources = serde_json::to_string(&sources).unwrap().replace('<', "\\u003c");
    std::fs::write(&page, PAGE.replace("SCRIPT", &script.to_string_lossy()).replace("SOURCES", &sources)).unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--allow-file-access-from-files",
            "--virtual-time-budget=600000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let dump = said(&output.stdout);
    let shown = dump.split("<pre>").nth(1).and_then(|rest| rest.split("</pre>").next()).unwrap_or_default();
    let shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&");
    let shown: Vec<String> = serde_json::from_str(&shown)
        .unwrap_or_else(|error| panic!("{error}: the browser says {dump}{}", said(&output.stderr)));
    assert_eq!(shown.len(), files.len());
    shows(files.into_iter().zip(shown).map(|((path, text), shown)| (path, text, shown)));
}

/// A page that draws diagrams and writes down, as JSON, the texts that each shows, or why it cannot be drawn.
const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><body><script src="file://SCRIPT"></script><script>
(async () => {
    mermaid.initialize({ startOnLoad: false });
    const shown = [];
    for (const [at, source] of SOURCES.entries()) {
        try {
            const drawn = document.createElement("div");
            drawn.innerHTML = (await mermaid.render("d" + at, source)).svg;
            drawn.querySelectorAll("style, title, desc").forEach((one) => one.remove());
            shown.push(drawn.textContent);
        } catch (error) {
            shown.push("cannot be drawn: " + error.message);
        }
    }
    document.body.replaceChildren(document.createElement("pre"));
    document.querySelector("pre").textContent = JSON.stringify(shown);
})();
</script>"#;
