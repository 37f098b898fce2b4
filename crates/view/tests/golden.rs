//! Scenes and pictures of every sort, compared with what is kept in `tests/golden/`.

use groma_base::FileId;
use groma_model::facets::own_facts::OwnFacts;
use groma_model::{Architecture, decode, link};
use groma_testing::goldens;
use groma_view::{Connection, Diagram, Scene, Spec, declared_and_default, find, json, notice, scene, svg};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn read(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{errors:?}");
    let own = OwnFacts::declared([&Arc::new(decode::decode(FileId(0), &tree))].into_iter());
    let (arch, problems) = link(vec![Arc::new(decode::decode_with(FileId(0), &tree, &own))]);
    assert!(problems.is_empty(), "{problems:?}");
    arch
}

fn shop() -> Architecture {
    read(include_str!("shop.groma"))
}

/// The declared views: one of each sort, and one that says all that a view can say.
fn views(arch: &Architecture) -> Vec<(Spec, Scene)> {
    let specs = declared_and_default(arch).into_iter().take(arch.views.len());
    specs.map(|spec| (spec.clone(), scene(arch, &spec).unwrap())).collect()
}

/// JSON with a line for each box and each arrow.
fn lined(value: &Value) -> String {
    let fields = value.as_object().unwrap().iter().map(|(key, value)| match value.as_array() {
        Some(all) if all.iter().any(Value::is_object) => {
            let lines: Vec<String> = all.iter().map(|one| format!("    {one}")).collect();
            format!("  \"{key}\": [\n{}\n  ]", lines.join(",\n"))
        }
        _ => format!("  \"{key}\": {value}"),
    });
    format!("{{\n{}\n}}\n", fields.collect::<Vec<_>>().join(",\n"))
}

#[test]
fn scenes() {
    let arch = shop();
    goldens(golden("scenes"), |goldens| {
        let mut shown = BTreeSet::new();
        for (spec, scene) in views(&arch) {
            shown.insert(spec.show.word());
            let text = lined(&json(&scene));
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json(&scene), "only lines are broken otherwise");
            goldens.check(&format!("{}.json", spec.id), &text);
        }
        assert_eq!(shown.len(), 9, "every sort is drawn: {shown:?}");
        let nothing = notice(&find(&arch, "land").unwrap(), "This view cannot be drawn: it shows nothing.");
        goldens.check("notice.json", &lined(&json(&nothing)));
    });
}

#[test]
fn pictures() {
    let arch = shop();
    let page = |path: &str| format!("element/{path}.html");
    goldens(golden("pictures"), |goldens| {
        for name in ["context", "sequence", "pipeline"] {
            let scene = scene(&arch, &find(&arch, name).unwrap()).unwrap();
            let with_links = name == "context";
            goldens.check(&format!("{name}.svg"), &svg(&scene, with_links.then_some(&page)));
        }
    });
}

/// The arrows of a view, as `from -> to`, and the boxes that it shows.
fn shown(text: &str, view: &str) -> (Vec<String>, Vec<String>) {
    let arch = read(text);
    let json = json(&scene(&arch, &find(&arch, view).unwrap()).unwrap());
    let all = |key: &str, words: &dyn Fn(&Value) -> String| -> Vec<String> {
        let mut all: Vec<String> = json[key].as_array().unwrap().iter().map(words).collect();
        all.sort_unstable();
        all
    };
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let arrows = all("edges", &|edge| format!("{} -> {}", word(&edge["from"]), word(&edge["to"])));
    (arrows, all("boxes", &|node| word(&node["id"])))
}

#[test]
fn the_legend_names_each_kind_of_ones_own() {
    let text =
        "kind shelf \"Shelf\" is=database; kind bot \"Bot\" is=component; kind bus \"Bus\" is=queue; kind tool \"Tool\"
        system s \"S\" { service a \"A\"; function d \"D\"; tool t \"T\"
            database e \"E\"; shelf f \"F\"; bus g \"G\"; service h \"H\" { bot i \"I\"; component j \"J\" } }";
    let legend = |view: &str| {
        let arch = read(text);
        let scene = scene(&arch, &find(&arch, view).unwrap()).unwrap();
        scene.legend.iter().map(|entry| entry.line.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(legend("s-containers"), ["function, service, tool", "database, shelf", "bus", "boundary"]);
    assert_eq!(legend("s.h-components"), ["component, bot", "boundary"]);
}

#[test]
fn relationships_are_left_out_and_picked_by_queries() {
    let text = |view: &str| {
        format!(
            "person u \"U\"; system a \"A\"; system b \"B\"; system c \"C\"
            u -> a \"Asks\" protocol=HTTPS; a -> b \"Tells\" protocol=AMQP tags=audit; a -> c \"Asks\" status=planned
            view v \"V\" show=landscape {{ {view}; }}"
        )
    };
    let all = ["a -> b", "a -> c", "u -> a"];
    assert_eq!(
        shown(&text(""), "v"),
        (all.map(str::to_owned).to_vec(), ["a", "b", "c", "u"].map(str::to_owned).to_vec())
    );
    let (arrows, boxes) = shown(&text("exclude \"kind:relationship and status:planned\""), "v");
    assert_eq!((arrows, boxes.len()), (vec!["a -> b".to_owned(), "u -> a".to_owned()], 4));
    let (arrows, boxes) = shown(&text("include \"kind:relationship and (tag:audit or protocol:AMQP)\""), "v");
    assert_eq!((arrows, boxes), (vec!["a -> b".to_owned()], vec!["a".to_owned(), "b".to_owned()]));
    let (arrows, _) = shown(&text("exclude \"* -> b\""), "v");
    assert_eq!(arrows, ["a -> c", "u -> a"]);
    let (arrows, boxes) = shown(&text("include \"kind:relationship and tag:audit\" \"c\""), "v");
    assert_eq!((arrows, boxes), (vec!["a -> b".to_owned()], ["a", "b", "c"].map(str::to_owned).to_vec()));
}

/// The arrows of the deployment in a text, as `from -> to`: each end by the title of what runs there and the place around it.
fn in_places(text: &str) -> Vec<String> {
    let arch = read(&format!("{text}\nview v \"V\" show=deployment of=p"));
    let Diagram::Graph(graph) = Diagram::new(&arch, &find(&arch, "v").unwrap()).unwrap() else { panic!("a graph") };
    let name = |at: usize| match graph.parts[at].parent {
        Some(parent) => format!("{} in {}", graph.parts[at].title, graph.parts[parent].title),
        None => graph.parts[at].title.clone(),
    };
    let arrows = graph.connections.iter().map(|one| format!("{} -> {}", name(one.from), name(one.to)));
    let mut arrows: Vec<String> = arrows.collect();
    arrows.sort_unstable();
    arrows
}

#[test]
fn read_replicas_answer_what_only_reads() {
    let text = |calls: &str| {
        format!(
            "system s \"S\" {{ service a \"A\"; database d \"D\" read-replicas=1; a -> d \"Asks\" }}
            person u \"U\"; u -> s.a \"x\"; flow f \"F\" {{ u -> s.a \"x\" {{ {calls} }} }}
            deployment p \"P\" {{
                region one \"One\" {{ instance s.a; instance s.d }}
                region two \"Two\" {{ instance s.a; instance s.d read-replicas=1 }}
            }}"
        )
    };
    let near = "A in One -> D in One";
    let (far, copy) = ("A in Two -> D in One", "A in Two -> D (1 read replica) in Two");
    let copy_of_one = "A in One -> D (1 read replica) in Two";
    // What no flow calls may write, and so may a call of which nothing else is said.
    assert_eq!(in_places(&text("")), [near, far]);
    assert_eq!(in_places(&text("s.a -> s.d \"Asks\"")), [near, far]);
    assert_eq!(in_places(&text("s.a -> s.d \"Asks\" read=#true")), [copy_of_one, copy]);
    let both = "s.a -> s.d \"Asks\" read=#true; s.a -> s.d \"Asks\"";
    assert_eq!(in_places(&text(both)), [copy_of_one, near, copy, far]);
    // Where there are none, that which is written to answers.
    let without = |text: String| text.replace(" read-replicas=1", "");
    assert_eq!(in_places(&without(text("s.a -> s.d \"Asks\" read=#true"))), [near, "A in Two -> D in Two"]);
    let waiting = text("s.a -> s.d \"Asks\"").replace("s.d read-replicas=1", "s.d standby=#true");
    assert_eq!(in_places(&waiting), [near, far]);
}

#[test]
fn what_goes_through_a_balancer_does_not_pass_it_by() {
    let text = |connections: &str| {
        format!(
            "system s \"S\" {{ web w \"W\"; service a \"A\"; w -> a \"Calls\" }}
            deployment p \"P\" {{
                host edge \"Edge\" {{ instance s.w }}
                host outer \"Outer\"; host inner \"Inner\"
                host machines \"Machines\" {{ instance s.a }}
                {connections}
            }}"
        )
    };
    let direct = "W in Edge -> A in Machines";
    assert_eq!(in_places(&text("")), [direct]);
    assert_eq!(in_places(&text("edge -> machines \"x\"")), ["Edge -> Machines"]);
    let way = "s.w -> outer \"x\"; outer -> inner \"x\"; inner -> machines \"x\"";
    assert_eq!(in_places(&text(way)), ["Inner -> Machines", "Outer -> Inner", "W in Edge -> Outer"]);
    // A way that does not arrive says nothing of the call.
    let broken = "s.w -> outer \"x\"; inner -> machines \"x\"";
    assert_eq!(in_places(&text(broken)), ["Inner -> Machines", direct, "W in Edge -> Outer"]);
    // A balancer that is left out is passed through by no arrow.
    let hidden = text(way) + "\nview hidden \"H\" show=deployment of=p exclude=\"host:inner\"";
    let (arrows, _) = shown(&hidden, "hidden");
    assert_eq!(arrows.len(), 2, "{arrows:?}");
}

#[test]
fn an_arrow_says_what_is_true_of_all_that_it_joins() {
    let text = "person u \"U\"; system a \"A\"; system b \"B\"
        system d \"D\" { service x \"X\"; service y \"Y\" }
        a -> d.x \"Marks\" protocol=HTTPS async=#true; a -> d.y \"Writes to\"
        b -> d.x \"Reads\" protocol=\"HTTPS, JSON\" async=#true; b -> d.y \"Looks up\" protocol=HTTPS async=#true
        u -> d.x \"Opens\" protocol=HTTPS; u -> d.y \"Sends\" protocol=gRPC
        view v \"V\" show=landscape";
    let arch = read(text);
    let view = find(&arch, "v").unwrap();
    let Diagram::Graph(graph) = Diagram::new(&arch, &view).unwrap() else { panic!("a graph") };
    let said = |from: &str| {
        let is_meant = |one: &&Connection| graph.parts[one.from].id == from;
        let arrow = graph.connections.iter().find(is_meant).unwrap();
        (arrow.labels.join("; "), arrow.technology.clone(), arrow.asynchronous)
    };
    assert_eq!(said("a"), ("Marks; Writes to".to_owned(), String::new(), false));
    assert_eq!(said("b"), ("Reads; Looks up".to_owned(), "HTTPS".to_owned(), true));
    assert_eq!(said("u"), ("Opens; Sends".to_owned(), String::new(), false));
    let drawn = json(&scene(&arch, &view).unwrap()).to_string();
    assert_eq!(drawn.matches("[HTTPS]").count(), 1, "{drawn}");
    assert!(!drawn.contains("gRPC") && !drawn.contains("JSON"), "{drawn}");
}

/// The numbers of an attribute of a node.
fn number(node: roxmltree::Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} of {node:?}"))
}

#[test]
fn pictures_can_be_read_without_being_seen_and_nothing_is_outside() {
    let arch = shop();
    for (spec, scene) in views(&arch) {
        let text = svg(&scene, None);
        let picture = roxmltree::Document::parse(&text).unwrap();
        let root = picture.root_element();
        assert_eq!(root.attribute("role"), Some("img"), "{}", spec.id);
        let ids: Vec<&str> = picture.descendants().filter_map(|node| node.attribute("id")).collect();
        let different: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(different.len(), ids.len(), "{}: {ids:?}", spec.id);
        let labels = root.attribute("aria-labelledby").unwrap();
        assert!(labels.split(' ').all(|id| ids.contains(&id)), "{}: {labels}", spec.id);
        let texts = picture.descendants().filter(|node| node.has_tag_name("text"));
        let mut seen = 0;
        for node in texts {
            let (x, y, width) = (number(node, "x"), number(node, "y"), node.attribute("textLength"));
            let width: f64 = width.and_then(|width| width.parse().ok()).unwrap_or_default();
            let left = if node.attribute("text-anchor") == Some("middle") { x - width / 2.0 } else { x };
            assert!(left >= 0.0 && left + width <= scene.width && y <= scene.height, "{}: {node:?}", spec.id);
            seen += 1;
        }
        assert!(seen > 3, "{}: {seen}", spec.id);
        let boxes = scene.boxes.iter().map(|one| one.rect);
        let inside = boxes.filter(|one| {
            one.x >= 0.0 && one.y >= 0.0 && one.x + one.width <= scene.width && one.y + one.height <= scene.height
        });
        assert_eq!(inside.count(), scene.boxes.len(), "{}", spec.id);
    }
}

#[test]
fn a_relationship_that_a_decision_is_about_is_a_box_with_both_ends() {
    let text = "system shop \"Shop\" {\n    service api \"Parcel API\"\n    service billing \"Billing\"\n    service other \"Other\"\n    api -> billing \"Asks for prices\"\n}\ndecision grpc \"gRPC\" status=accepted decides=\"shop.api -> shop.billing\"\nview log show=decisions\nview near show=decisions include=shop.billing\nview far show=decisions include=shop.other\nview without show=decisions exclude=shop.billing\n";
    let (arrows, boxes) = shown(text, "log");
    assert_eq!((arrows.len(), boxes.len()), (1, 2), "{arrows:?} {boxes:?}");
    assert_eq!(shown(text, "near"), (arrows, boxes), "either end picks it");
    let arch = read(text);
    let drawn = scene(&arch, &find(&arch, "log").unwrap()).unwrap();
    let words: Vec<String> = drawn
        .boxes
        .iter()
        .map(|one| one.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" "))
        .collect();
    assert!(words.iter().any(|words| words == "Parcel API → Billing [relationship] Asks for prices"), "{words:?}");
    assert!(scene(&arch, &find(&arch, "far").unwrap()).is_err());
    assert_eq!(shown(text, "without").1.len(), 1);
}

#[test]
fn no_line_of_a_person_runs_into_the_sign() {
    for title in ["Customer", "Support agent", "Head of customer support", "WWWWWWWWWW"] {
        let text = format!(
            "person p \"{title}\" description=\"Helps those who wait for a parcel that never came, and for another one.\"\nsystem s \"S\"\np -> s \"Asks\"\nflow f \"F\" {{ p -> s \"Asks\" }}\nview land show=landscape\nview steps show=sequence of=f\n"
        );
        let arch = read(&text);
        for view in ["land", "steps"] {
            let scene = scene(&arch, &find(&arch, view).unwrap()).unwrap();
            let person = scene.boxes.iter().find(|one| one.id == "p").unwrap();
            // Where the head and the shoulders are drawn.
            let sign =
                groma_layout::Rect { x: person.rect.x + 16.5, y: person.rect.y + 15.5, width: 15.0, height: 18.5 };
            for line in &person.lines {
                assert!(!line.rect().overlaps(sign), "{view}: {line:?} {sign:?}");
                assert!(line.rect().right() <= person.rect.right(), "{view}: {line:?}");
            }
        }
    }
}
