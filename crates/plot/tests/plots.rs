//! Every plot of a small forecast: whole, labelled, inside of its picture, and readable in light and in dark.

use groma_base::FileId;
use groma_decide::{Analysis, CONCENTRATION, Choice};
use groma_model::{Architecture, decode, link};
use groma_plot::{Chart, Line, PLOTS, Panel, Picture, Subject, TradeOff, Unit, Varied, bars, choice, draw, plots};
use groma_simulate::{Judgement, Options, Report, judge};
use groma_testing::goldens;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

const SMALL: &str = include_str!("small.groma");

/// A choice with a score that is unsure, one that is missing, and an option that is excluded.
const STORES: &str = r#"
choice store "Which <store> & why?" {
    criterion fit "Fits" weight=5
    criterion price "Takes little" weight=2
    must safe "Loses nothing"
    option a "Store A" { meets safe; score fit 5; score price 2..4; }
    option b "Store B" { meets safe; score fit 3; }
    option c "Store C" { fails safe; score fit 4; score price 4; }
}
"#;

fn read(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{errors:?}");
    let model = decode::decode(FileId(0), &tree);
    assert!(model.problems.is_empty(), "{:?}", model.problems);
    let (arch, problems) = link(vec![Arc::new(model)]);
    assert!(problems.is_empty(), "{problems:?}");
    arch
}

fn forecast(text: &str) -> (Architecture, Report) {
    let arch = read(text);
    let options = Options { most_events: 1_000_000, ..Options::default() };
    let cancel = AtomicBool::new(false);
    let report = judge(&arch, &options, &cancel, &|_, _, _| {}).with_curves(&arch, &options, &cancel);
    (arch, report)
}

fn small() -> &'static (Architecture, Report) {
    static SMALL_FORECAST: OnceLock<(Architecture, Report)> = OnceLock::new();
    SMALL_FORECAST.get_or_init(|| forecast(SMALL))
}

/// Judgements for a grid of numbers, as if each had been simulated.
fn grid(judged: &[Judgement]) -> Vec<(Vec<String>, Vec<Judgement>)> {
    let values = ["2", "4", "8"];
    let pairs = values.iter().flat_map(|first| ["1s", "2s"].map(|second| (*first, second)));
    let changed = |factor: f64| {
        let mut judged = judged.to_vec();
        for one in judged.iter_mut().filter_map(|one| one.estimate.as_mut()) {
            (one.value, one.low, one.high) = (one.value * factor, one.low * factor, one.high * factor);
        }
        judged
    };
    let each = pairs
        .zip(1..)
        .map(|((first, second), nth)| (vec![first.to_owned(), second.to_owned()], changed(1.0 / f64::from(nth))));
    each.collect()
}

/// All pictures of a forecast, with the names of their plots.
fn pictures((arch, report): &(Architecture, Report)) -> Vec<(&'static str, Picture)> {
    let runs = report.runs.iter().flat_map(|run| [Subject::Timeline(run), Subject::Whole(run)]);
    let subjects = runs.chain(report.curves.iter().map(Subject::Load));
    let mut found: Vec<_> =
        subjects.flat_map(|of| plots(arch, of)).map(|(plot, picture)| (plot.name, picture)).collect();
    let grid = grid(&report.judgements);
    let points: Vec<_> = grid.iter().map(|(values, judged)| (values.as_slice(), judged.as_slice())).collect();
    let varied = [
        Varied { fact: "shop.core.replicas", positions: vec![2.0, 4.0, 8.0], unit: Some("") },
        Varied { fact: "a very long name of another fact that is varied", positions: vec![1.0, 2.0], unit: Some("s") },
    ];
    let trade_off = TradeOff { varied: &varied, points: &points };
    found.extend(plots(arch, Subject::TradeOff(&trade_off)).map(|(plot, picture)| (plot.name, picture)));
    found
}

/// The text of each `<text>` of a picture.
fn texts(document: &roxmltree::Document<'_>) -> Vec<String> {
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn every_plot_is_drawn_whole() {
    let pictures = pictures(small());
    let drawn: BTreeSet<&str> = pictures.iter().map(|(name, _)| *name).collect();
    let known: BTreeSet<&str> = PLOTS.iter().map(|plot| plot.name).collect();
    assert_eq!(drawn, known, "the small forecast has something for each");
    for (name, Picture { title, svg }) in &pictures {
        let document = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        let root = document.root_element();
        assert_eq!((root.attribute("role"), root.attribute("class")), (Some("img"), Some("groma-plot")), "{name}");
        let said =
            |tag: &str| root.children().find(|node| node.has_tag_name(tag)).and_then(|node| node.text()).unwrap();
        assert_eq!(said("title"), title, "{name}");
        assert!(said("desc").ends_with('.') || said("desc").ends_with(". "), "{name}: {}", said("desc"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    }
}

/// Where a text begins and ends, if each letter is as wide as one is on average.
fn extent(node: roxmltree::Node<'_, '_>) -> (f64, f64, f64) {
    let number = |name: &str| node.attribute(name).and_then(|value| value.parse::<f64>().ok());
    let size = number("font-size").unwrap_or(12.0);
    let width = node.text().unwrap_or_default().trim().chars().count() as f64 * size * 0.5;
    let x = number("x").unwrap_or_default();
    let left = match node.attribute("text-anchor") {
        Some("middle") => x - width / 2.0,
        Some("end") => x - width,
        _ => x,
    };
    (left, left + width, number("y").unwrap_or_default())
}

#[track_caller]
fn check_inside(name: &str, svg: &str) {
    let document = roxmltree::Document::parse(svg).unwrap();
    let size = |side: &str| document.root_element().attribute(side).unwrap().parse::<f64>().unwrap();
    let (width, height) = (size("width"), size("height"));
    let mut seen = 0;
    for node in document.descendants().filter(|node| node.has_tag_name("text")) {
        // An axis's name that is turned stands where it is turned.
        if node.attribute("transform").is_none() {
            let (left, right, y) = extent(node);
            let is_inside = left >= 0.0 && right <= width && (0.0..=height).contains(&y);
            assert!(is_inside, "{name}: {left}..{right} of {width}, {y} of {height}: {:?}", node.text());
            seen += 1;
        }
    }
    assert!(seen > 3, "{name}: {seen}");
}

#[test]
fn no_text_is_outside_of_its_picture() {
    for (name, picture) in pictures(small()) {
        check_inside(name, &picture.svg);
    }
}

fn stores(text: &str) -> Picture {
    let arch = read(text);
    choice(&Analysis::of(&Choice::of(&arch, arch.choices().next().unwrap()), CONCENTRATION))
}

#[test]
fn no_long_name_is_outside_of_its_picture() {
    let long = STORES.replace("Store", &"Extraordinarily ".repeat(9)).replace("Fits", &"Suitability ".repeat(20));
    check_inside("choice", &stores(&long).svg);
    let long = SMALL.replace(
        "\"Look\"",
        "\"Look at everything that there is in the whole of the shop, page by page, until the very end\"",
    );
    let long = long.replace(
        "\"Buy <now>",
        "\"Buy everything that there is in the whole of the shop, one after the other, until nothing is left <now>",
    );
    let long = long
        .replace("core \"Core\"", "core \"The core of the shop, in which everything happens that happens anywhere\"");
    let long = long.replace(
        "The database is gone",
        "The database is gone, and nobody knows why it is gone or when it will be there again, if ever it will",
    );
    for (name, picture) in pictures(&forecast(&long)) {
        check_inside(name, &picture.svg);
    }
}

/// A chart with all that a chart can have.
fn chart() -> Chart {
    let line = |name: &str, factor: f64| Line {
        name: name.to_owned(),
        points: (1..=4).map(|x| (f64::from(x), Some(f64::from(x) * factor))).collect(),
        is_marked: factor > 1.0,
    };
    let mut gap = line("with a gap", 0.5);
    gap.points[1].1 = None;
    Chart {
        title: "A <chart> & \"more\"".to_owned(),
        description: "What it shows.".to_owned(),
        axis: "across & along".to_owned(),
        unit: Unit::Number,
        is_logarithmic: false,
        panels: vec![
            Panel {
                limit: Some(3.0),
                ..Panel::new("Times <1>", Unit::Time, vec![line("one", 1.0), line("two", 2.0), gap])
            },
            Panel {
                is_logarithmic: true,
                ..Panel::new("Shares", Unit::Share, vec![line("small", 0.001), line("large", 0.2)])
            },
        ],
        shade: Some((2.0, 3.0)),
    }
}

#[test]
fn axes_panels_and_lines_are_named_and_told_apart() {
    let chart = chart();
    let svg = draw(&chart);
    let document = roxmltree::Document::parse(&svg).unwrap();
    let texts = texts(&document);
    let panels = chart.panels.iter();
    let names =
        panels.flat_map(|panel| panel.lines.iter().map(|line| &line.name).chain([&panel.title])).chain([&chart.axis]);
    for name in names {
        assert_eq!(texts.iter().filter(|text| *text == name).count(), 1, "{name}: {texts:?}");
    }
    assert!(texts.iter().any(|text| text == "limit 3 s"), "{texts:?}");
    // Each line has a colour of its own in its panel, and none is told by colour alone.
    let strokes: BTreeSet<&str> = document.descendants().filter_map(|node| node.attribute("stroke")).collect();
    for colour in ["#0072B2", "#D55E00", "#009E73", "#B91C1C"] {
        assert!(strokes.contains(colour), "{colour}: {strokes:?}");
    }
    let pieces = |colour: &str| document.descendants().filter(|node| node.attribute("stroke") == Some(colour)).count();
    assert!(pieces("#D55E00") > pieces("#0072B2"), "the second line is dashed");
    assert!(document.descendants().any(|node| node.attribute("fill") == Some("#FDE6D9")), "the shade");
}

/// What a plain colour is in the dark, by the style of the picture.
fn in_the_dark(svg: &str, attribute: &str, colour: &str) -> Option<String> {
    let (_, rest) = svg.split_once(&format!(".groma-plot [{attribute}=\"{colour}\"]{{{attribute}:"))?;
    rest.split_once('}').map(|(dark, _)| dark.to_owned())
}

/// How bright a colour is: <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>.
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
    let linear = |part: f64| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
    0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

#[test]
fn texts_and_the_first_lines_can_be_seen_in_light_and_in_dark() {
    let svg = draw(&chart());
    let document = roxmltree::Document::parse(&svg).unwrap();
    let fills: BTreeSet<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.attribute("fill"))
        .collect();
    assert_eq!(fills, BTreeSet::from(["#1F2937"]), "all texts have one colour");
    let (light, dark) = ("#ffffff", "#111827");
    assert!(contrast("#1F2937", light) >= 4.5);
    assert!(
        svg.contains("prefers-color-scheme:dark){.groma-plot text{fill:#e5e7eb}") && contrast("#e5e7eb", dark) >= 4.5
    );
    for (attribute, colour) in
        [("stroke", "#0072B2"), ("fill", "#0072B2"), ("stroke", "#B91C1C"), ("stroke", "#1F2937")]
    {
        assert!(contrast(colour, light) >= 3.0, "{colour}");
        let other = in_the_dark(&svg, attribute, colour).unwrap_or_else(|| panic!("{attribute} {colour} in the dark"));
        assert!(contrast(&other, dark) >= 3.0, "{other}");
    }
}

#[test]
fn pictures_of_charts() {
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"), |goldens| {
        // One line without dashes: each dash is an element.
        let mut one = chart();
        one.panels.truncate(1);
        one.panels[0].lines.truncate(1);
        one.panels[0].limit = None;
        goldens.check("chart.svg", &draw(&one));
        let rows = [
            ("shop.core", 0.5),
            ("a <very> long name of a station that has no room", 0.9),
            ("idle", 0.0),
            ("over", 1.3),
        ];
        let rows = rows.map(|(name, share)| (name.to_owned(), share));
        let stores = stores(STORES);
        check_inside("choice", &stores.svg);
        goldens.check("choice.svg", &stores.svg);
        goldens.check("bars.svg", &bars("In use & \"more\"", "What is in use.", ("Share in use", "all in use"), &rows));
    });
}

#[test]
fn odd_numbers_make_no_odd_picture() {
    let line = |values: &[Option<f64>]| Line {
        name: "odd".to_owned(),
        points: values.iter().enumerate().map(|(at, value)| (at as f64, *value)).collect(),
        is_marked: true,
    };
    let odd: &[&[Option<f64>]] = &[
        &[],
        &[None, None],
        &[Some(1.0)],
        &[Some(0.0), Some(0.0)],
        &[Some(f64::INFINITY), Some(1.0)],
        &[Some(f64::NAN), Some(-1.0)],
        &[Some(1e-12), Some(1e12)],
    ];
    for values in odd {
        for is_logarithmic in [false, true] {
            let panel = Panel { is_logarithmic, ..Panel::new("Odd", Unit::Number, vec![line(values)]) };
            let svg = draw(&Chart { panels: vec![panel], ..chart() });
            roxmltree::Document::parse(&svg).unwrap();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{values:?}: {svg}");
        }
    }
    let svg = draw(&Chart { panels: Vec::new(), ..chart() });
    roxmltree::Document::parse(&svg).unwrap();
}
