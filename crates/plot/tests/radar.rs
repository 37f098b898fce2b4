//! The technology radar as a picture: no two blips overlap, whatever stands in which ring, and each stays where it is.

use groma_base::FileId;
use groma_model::stack::Technologies;
use groma_model::stack::blips::{Radar, movements};
use groma_model::{Architecture, decode, link};
use groma_plot::radar::place::{Layout, Placed, layout};
use groma_plot::radar::radar;
use groma_testing::{Dice, goldens};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

const COMPANY: &str = include_str!("company.groma");

fn read(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{errors:?}");
    let model = decode::decode(FileId(0), &tree);
    assert!(model.problems.is_empty(), "{:?}", model.problems);
    let (arch, problems) = link(vec![Arc::new(model)]);
    assert!(problems.is_empty(), "{problems:?}");
    arch
}

fn picture(text: &str) -> String {
    let arch = read(text);
    radar(&Radar::new(&Technologies::new(&arch), None), None).svg
}

/// Many technologies: every ring of every quadrant has some.
fn many(count: usize) -> String {
    let (quadrants, rings) =
        (["techniques", "tools", "platforms", "languages-and-frameworks"], ["adopt", "trial", "assess", "hold"]);
    let mut text = "radar r \"Radar <of> & \\\"many\\\"\" date=2026-11-30\n".to_owned();
    for nth in 0..count {
        let (quadrant, ring) = (quadrants[nth % 4], rings[nth / 4 % 4]);
        let _ = writeln!(
            text,
            "technology x{nth} \"Technology {nth} of them all, with a long title, for {quadrant}\" quadrant={quadrant} ring={ring}"
        );
    }
    text
}

#[test]
fn pictures_of_radars() {
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/radar"), |goldens| {
        goldens.check("company.svg", &picture(COMPANY));
        let before = COMPANY.replace("\"Rust\" ring=trial", "\"Rust\" ring=hold").replace("technology go", "// ");
        let before = before.replace("\"Terraform\" ring=adopt", "\"Terraform\" ring=trial");
        let before = before.replace("\"MongoDB\" ring=hold", "\"MongoDB\" ring=adopt");
        let (before, after) = (read(&before), read(COMPANY));
        let (before, after) = (Technologies::new(&before), Technologies::new(&after));
        let moved = movements(&before, &after);
        goldens.check("company-since.svg", &radar(&Radar::new(&after, Some(&moved)), None).svg);
        let address = |blip: &groma_model::stack::blips::Blip<'_>| format!("#blip-{}", blip.number);
        let one = "technology x \"<b>&amp; \\\"x\\\"\" ring=\"<i>\" quadrant=tools\nradar r \"A <radar>\" { ring \"<i>\" means=\"<m> & more\" }";
        let arch = read(one);
        goldens.check("odd.svg", &radar(&Radar::new(&Technologies::new(&arch), None), Some(&address)).svg);
    });
}

#[test]
fn the_same_radar_is_the_same_bytes() {
    assert_eq!(picture(&many(120)), picture(&many(120)));
}

/// The outermost point of a blip is so far from its middle.
const REACH: f64 = 14.5;

#[track_caller]
fn check(rings: usize, things: &[Placed<'_>], found: &Layout) {
    assert_eq!((found.edges.len(), found.spots.len()), (rings, things.len()));
    for (at, (spot, thing)) in found.spots.iter().zip(things).enumerate() {
        let far = spot.x.hypot(spot.y);
        let inner = thing.ring.checked_sub(1).map_or(0.0, |ring| found.edges[ring]);
        assert!(far + REACH <= found.edges[thing.ring], "{thing:?} stands in its ring");
        assert!(thing.ring == 0 || far - REACH >= inner, "{thing:?} stands in its ring");
        let quarter = usize::from(spot.x > 0.0) + 2 * usize::from(spot.y > 0.0);
        assert_eq!(quarter, thing.quarter, "{thing:?}");
        assert!(spot.x.abs() >= REACH && spot.y.abs() >= REACH, "{thing:?} stands beside the axes: {spot:?}");
        for other in &found.spots[..at] {
            let apart = (spot.x - other.x).hypot(spot.y - other.y);
            assert!(apart > 2.0 * REACH, "{thing:?} is {apart} from another");
        }
    }
}

#[test]
fn no_two_blips_overlap_in_any_distribution() {
    let names: Vec<String> = (0..120).map(|nth| format!("technology-{nth}")).collect();
    let mut dice = Dice::new(7);
    for count in 1..=120 {
        for rings in [1, 2, 3, 4, 5, 8] {
            // Evenly; all in one place; mostly in one place.
            let (ring, quarter) = (dice.roll(rings), dice.roll(4));
            for spread in [0, 1, 3] {
                let thing = |name| match spread == 0 || dice.roll(spread) > 0 {
                    true => Placed { name, quarter, ring },
                    false => Placed { name, quarter: dice.roll(4), ring: dice.roll(rings) },
                };
                let things: Vec<Placed<'_>> = names[..count].iter().map(String::as_str).map(thing).collect();
                check(rings, &things, &layout(rings, &things));
            }
        }
    }
}

#[test]
fn a_blip_stays_where_it_is_when_others_come() {
    let names: Vec<String> = (0..60).map(|nth| format!("t{nth}")).collect();
    let thing = |(nth, name): (usize, &'static str)| Placed { name, quarter: nth % 4, ring: nth / 4 % 4 };
    let names: Vec<&'static str> = names.into_iter().map(|name| &*name.leak()).collect();
    let things: Vec<Placed<'_>> = names.iter().copied().enumerate().map(thing).collect();
    let before = layout(4, &things);
    // In other quarters and rings: nothing moves at all.
    let mut more = things.clone();
    more.push(Placed { name: "another", quarter: 2, ring: 3 });
    let after = layout(4, &more);
    for (nth, thing) in things.iter().enumerate().filter(|(_, thing)| (thing.quarter, thing.ring) != (2, 3)) {
        assert_eq!(before.spots[nth], after.spots[nth], "{thing:?}");
    }
    // In the same place: hardly anything does.
    let moved = (0..things.len()).filter(|nth| before.spots[*nth] != after.spots[*nth]).count();
    assert!(moved <= 1, "{moved}");
    // The order of the text does not matter.
    let turned: Vec<Placed<'_>> = things.iter().rev().copied().collect();
    let mut spots = layout(4, &turned).spots;
    spots.reverse();
    assert_eq!(spots, before.spots);
}

/// The texts of a picture with their left ends, widths and heights.
fn texts(svg: &str) -> Vec<(String, f64, f64, f64)> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let number = |node: roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts
        .map(|node| {
            let words = node.text().unwrap_or_default().to_owned();
            (words, number(node, "x"), number(node, "textLength"), number(node, "y"))
        })
        .collect()
}

#[test]
fn every_text_has_its_width_and_stands_inside_and_on_no_other() {
    for svg in [picture(COMPANY), picture(&many(1)), picture(&many(2)), picture(&many(120))] {
        let document = roxmltree::Document::parse(&svg).unwrap();
        let size = |side: &str| document.root_element().attribute(side).unwrap().parse::<f64>().unwrap();
        let all = texts(&svg);
        for (at, (words, x, width, y)) in all.iter().enumerate() {
            let is_inside = *x >= 0.0 && x + width <= size("width") && (12.0..=size("height")).contains(y);
            assert!(is_inside, "{words}: {x}, {width}, {y}");
            for (other, other_x, other_width, other_y) in &all[..at] {
                let beside = x + width <= *other_x || other_x + other_width <= *x;
                assert!(beside || (y - other_y).abs() >= 8.0, "{words} and {other}");
            }
        }
    }
}

#[test]
fn each_blip_is_told_in_words() {
    let svg = picture(&many(120));
    let document = roxmltree::Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!((root.attribute("role"), root.attribute("class")), (Some("img"), Some("groma-radar")));
    let said = |tag: &str| root.children().find(|node| node.has_tag_name(tag)).and_then(|node| node.text()).unwrap();
    assert_eq!(said("title"), "Radar <of> & \"many\", 2026-11-30");
    assert!(said("desc").starts_with("120 technologies in four quadrants and 4 rings"), "{}", said("desc"));
    let labels: Vec<&str> = document
        .descendants()
        .filter(|node| node.attribute("role") == Some("group"))
        .filter_map(|node| node.attribute("aria-label"))
        .collect();
    assert_eq!(labels.len(), 120);
    assert!(labels[0].starts_with("1. Technology 0 of") && labels[0].ends_with(": adopt, Techniques"), "{}", labels[0]);
    let items = document.descendants().filter(|node| node.attribute("role") == Some("listitem")).count();
    assert_eq!(items, 120, "each stands in the legend");
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
fn everything_can_be_read_in_light_and_in_dark() {
    let svg = picture(COMPANY);
    let style = svg.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap();
    let (light, dark) = style.split_once("@media (prefers-color-scheme:dark)").unwrap();
    for (sheet, ground) in [(light, ["#ffffff", "#f4f6f9"]), (dark, ["#14181d", "#1b2129"])] {
        let fill = |class: &str| {
            let rules = sheet.split(".groma-radar ").filter(|rule| {
                let selector = rule.split('{').next().unwrap_or_default();
                selector.trim_end_matches(',') == class
            });
            let at = rules.map(|rule| rule.as_ptr() as usize - sheet.as_ptr() as usize).last();
            let at = at.unwrap_or_else(|| panic!("{class} has no rule"));
            sheet[at..].split("fill:").nth(1).map(|rest| rest[..7].to_owned()).unwrap()
        };
        let number = fill(".nr");
        for place in 0..4 {
            let blip = fill(&format!(".b{place}"));
            assert!(contrast(&blip, &number) >= 4.5, "the numbers on {blip}");
            for ground in ground {
                assert!(contrast(&blip, ground) >= 3.0, "{blip} on {ground}");
                assert!(contrast(&fill(&format!(".q{place}")), ground) >= 4.5, "titles on {ground}");
            }
        }
        for class in ["text", ".ringname", ".r", ".m", ".s"] {
            for ground in ground {
                assert!(contrast(&fill(class), ground) >= 4.5, "{class} on {ground}");
            }
        }
    }
}

/// Where a blip is drawn, from the middle of the radar.
fn from_the_middle(svg: &str, number: usize) -> (f64, f64) {
    let axis = svg.split("class=\"axis\" d=\"M").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let numbers: Vec<f64> =
        axis.split(['H', 'M', 'V', ' ']).filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect();
    let texts = texts(svg);
    let (_, x, width, y) = texts.iter().find(|(words, ..)| *words == number.to_string()).unwrap();
    (x + width / 2.0 - numbers[3], y - numbers[1])
}

/// A side of the middle on which nothing stands is left out, which moves no blip; what is left out is said.
#[test]
fn sides_on_which_nothing_stands_are_left_out() {
    let quadrants = ["techniques", "tools", "platforms", "languages-and-frameworks"];
    let drawn = |used: &[usize]| {
        let blip = |at: &usize| format!("technology x{at} \"X{at}\" ring=adopt quadrant={}\n", quadrants[*at]);
        picture(&used.iter().map(blip).collect::<String>())
    };
    let size = |svg: &str| {
        let number = |side: &str| {
            let from = svg.split(&format!(" {side}=\"")).nth(1).unwrap();
            from.split('"').next().unwrap().parse::<f64>().unwrap()
        };
        (number("width"), number("height"))
    };
    let whole = drawn(&[0, 1, 2, 3]);
    assert!(!whole.contains("Nothing is in"));
    for mask in 1..15_usize {
        let used: Vec<usize> = (0..4).filter(|at| mask >> at & 1 == 1).collect();
        let svg = drawn(&used);
        let is_on = |side: &dyn Fn(usize) -> bool| used.iter().any(|at| side(*at));
        let is_narrow = !is_on(&|at| at % 2 == 0) || !is_on(&|at| at % 2 == 1);
        let is_flat = !is_on(&|at| at < 2) || !is_on(&|at| at >= 2);
        let (of_all, own) = (size(&whole), size(&svg));
        assert_eq!((own.0 < of_all.0 - 300.0, own.1 < of_all.1 - 200.0), (is_narrow, is_flat), "{used:?}");
        assert_eq!(svg.contains("Nothing is in"), is_narrow || is_flat, "{used:?}");
        for (nth, at) in used.iter().enumerate() {
            let (here, alone) = (from_the_middle(&svg, nth + 1), from_the_middle(&drawn(&[*at]), 1));
            let moved = (here.0 - alone.0).hypot(here.1 - alone.1);
            // Coordinates are written with one decimal.
            assert!(moved < 0.3, "{at} of {used:?} moved by {moved}");
        }
    }
}
