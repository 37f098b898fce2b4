//! What every format makes of odd names, compared with what is kept in `tests/golden/`, and read back as far as that can be done here.

use groma_base::FileId;
use groma_export::{FORMATS, Format, ascii, dot, mermaid, plantuml};
use groma_model::{Architecture, decode, link};
use groma_testing::goldens;
use groma_view::{Diagram, SequenceItem, declared_and_default};
use std::path::Path;
use std::sync::Arc;

fn written(format: &Format, diagram: &Diagram) -> String {
    (format.write)(diagram).unwrap()
}

fn read(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{errors:?}");
    let (arch, problems) = link(vec![Arc::new(decode::decode(FileId(0), &tree))]);
    assert!(problems.is_empty(), "{problems:?}");
    arch
}

/// The declared views of a text.
fn diagrams(text: &str) -> Vec<(String, Diagram)> {
    let arch = read(text);
    let specs = declared_and_default(&arch).into_iter().take(arch.views.len());
    specs.map(|spec| (spec.id.clone(), Diagram::new(&arch, &spec).unwrap())).collect()
}

fn odd() -> Vec<(String, Diagram)> {
    diagrams(include_str!("odd.groma"))
}

#[test]
fn every_format() {
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"), |goldens| {
        for (name, diagram) in odd() {
            for format in FORMATS {
                goldens.check(&format!("{name}.{}", format.endings[0]), &written(format, &diagram));
            }
        }
    });
}

#[test]
fn no_format_claims_of_several_relationships_what_one_of_them_says() {
    let view = "view v \"V\" show=landscape";
    let text = |one: &str, other: &str| {
        let parts = "service x \"X\"; service y \"Y\"";
        format!("system a \"A\"; system d \"D\" {{ {parts} }}\na -> d.x \"M\"{one}; a -> d.y \"W\"{other}\n{view}")
    };
    let said = " protocol=HTTPS async=#true";
    let [(_, one), (_, both), (_, none)] =
        [(said, ""), (said, said), ("", "")].map(|(one, other)| diagrams(&text(one, other)).remove(0));
    for format in FORMATS {
        let [one, both, none] = [&one, &both, &none].map(|diagram| written(format, diagram));
        assert_eq!(one, none, "{}", format.name);
        // Plain characters have no room for it.
        assert_eq!(both.contains("HTTPS"), format.name != "ascii", "{}: {both}", format.name);
    }
}

/// The texts in double quotes of a line, as Graphviz reads them.
fn strings(line: &str) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), None::<String>);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (letter, &mut open) {
            ('\\', Some(text)) => text.extend(letters.next().map(|letter| if letter == 'n' { '\n' } else { letter })),
            ('"', Some(_)) => found.extend(open.take()),
            ('"', None) => open = Some(String::new()),
            (letter, Some(text)) => text.push(letter),
            _ => {}
        }
    }
    assert!(open.is_none(), "a text is not closed: {line}");
    found
}

/// A text on one line, as formats write it.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn dot_says_every_title_and_label_and_closes_what_it_opens() {
    let mut seen = 0;
    for (name, diagram) in odd() {
        let text = dot(&diagram);
        let said: Vec<String> =
            text.lines().flat_map(strings).map(|text| one_line(&text.replace("&amp;", "&"))).collect();
        for part in diagram.parts() {
            let title = one_line(&part.title);
            assert!(said.iter().any(|text| text.starts_with(&title)), "{name}: {title} is not in {said:?}");
        }
        let labels: Vec<String> = match &diagram {
            Diagram::Graph(graph) => graph.connections.iter().flat_map(|one| one.labels.clone()).collect(),
            Diagram::Sequence(flow) => flow.items.iter().filter_map(label).collect(),
        };
        seen += labels.len();
        for label in labels {
            assert!(said.iter().any(|text| text.contains(&one_line(&label))), "{name}: {label} is not in {said:?}");
        }
        let code: String = text.lines().map(|line| line.split('"').step_by(2).collect::<String>()).collect();
        assert_eq!(code.matches('{').count(), code.matches('}').count(), "{name}: {text}");
    }
    assert!(seen > 20, "{seen}");
}

fn label(item: &SequenceItem) -> Option<String> {
    match item {
        SequenceItem::Message(message) => Some(message.label.clone()),
        _ => None,
    }
}

/// A text of Mermaid in which numbered signs are written out again.
fn unnumbered(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('#') {
        out.push_str(before);
        let end = after.find(';').filter(|end| after[..*end].bytes().all(|byte| byte.is_ascii_digit()));
        let (code, after) = end.map_or(("", after), |end| (&after[..end], &after[end + 1..]));
        let sign = code.parse().ok().and_then(char::from_u32);
        out.extend(sign.filter(|sign| *sign != '\u{200b}'));
        rest = after;
    }
    out + rest
}

#[test]
fn mermaid_says_every_title_and_leaves_no_sign_that_means_something() {
    for (name, diagram) in odd() {
        let text = mermaid(&diagram);
        let said = unnumbered(&text);
        for part in diagram.parts() {
            assert!(said.contains(&one_line(&part.title)), "{name}: {} is not in {said}", part.title);
        }
        // Quotes only begin and end texts, but for a title in YAML; two percent signs would begin a comment.
        let text = text.replace("\\\"", "");
        assert!(text.lines().all(|line| line.matches('"').count() % 2 == 0), "{name}: {text}");
        assert!(!text.contains("%%"), "{name}: {text}");
    }
}

#[test]
fn plantuml_begins_and_ends_once_whatever_is_said() {
    for (name, diagram) in odd() {
        let text = plantuml(&diagram);
        assert!(text.starts_with("@startuml") && text.ends_with("@enduml\n"), "{name}: {text}");
        assert_eq!(text.lines().filter(|line| line.starts_with('@')).count(), 2, "{name}: {text}");
        assert!(text.lines().all(|line| line.matches('"').count() % 2 == 0), "{name}: {text}");
    }
}

/// A column of a terminal has a place for each letter; those of the east have two.
#[test]
fn characters_stand_below_each_other() {
    for (name, diagram) in odd() {
        let text = ascii(&diagram).unwrap();
        assert!(!text.contains('\t') && !text.contains('\r'), "{name}");
        assert!(text.lines().all(|line| line == line.trim_end()), "{name}: {text}");
        for part in diagram.parts().iter().filter(|part| !part.title.is_empty()) {
            let first = part.title.split_whitespace().next().unwrap();
            assert!(text.contains(first), "{name}: {first} is not in {text}");
        }
    }
}

/// A name may be anything that its writer likes: no format takes it for a command.
#[test]
fn no_title_is_taken_for_more_than_a_text() {
    let hostile = [
        "@enduml",
        "]] --> x",
        "\\\"; rank=same; x -> y",
        "end\\n    participant x",
        "%%{init: {}}%%",
        "!include /etc/passwd",
        "</svg><script>alert(1)</script>",
        "\\u{202e}back\\u{0}",
        "{{{{{{",
        "#quot;",
    ];
    let harmless = shape_of("Harmless");
    for title in hostile {
        for ((ending, plain), (_, other)) in harmless.iter().zip(shape_of(title)) {
            assert_eq!(*plain, other, "{ending}: {title}");
        }
    }
}

/// How many lines each format writes of a small text with this title, and the words that these begin with.
fn shape_of(title: &str) -> Vec<(&'static str, Vec<String>)> {
    let text = format!(
        "system s \"{title}\"\nperson p \"P\"\np -> s \"{title}\"\nflow f \"F\" {{ p -> s \"{title}\"; }}\nview l \"L\" show=landscape\nview q \"Q\" show=sequence of=f\n"
    );
    let drawn = diagrams(&text);
    let begins = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric() && c != '@' && c != '!')
            .find(|word| !word.is_empty())
            .unwrap_or_default()
            .to_owned()
    };
    let formats = FORMATS.iter().filter(|format| !format.is_for_terminals);
    formats
        .map(|format| {
            (
                format.endings[0],
                drawn
                    .iter()
                    .flat_map(|(_, one)| written(format, one).lines().map(begins).collect::<Vec<_>>())
                    .collect(),
            )
        })
        .collect()
}
