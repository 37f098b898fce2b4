//! What each criterion adds to the total of each option of a choice, as stacked bars.

use crate::draw::{Area, COLOURS, Drawn, LETTER, Picture, TEXT, WIDTH, accessible, shortened};
use groma_base::join_words;
use groma_decide::{Analysis, Candidate, HIGHEST, LOWEST, letter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The height of an option, of a line of the key, and what stands above the first option.
const ROW: i32 = 44;
const KEY_ROW: i32 = 20;
const HEAD: i32 = 36;
/// Where bars begin, and how wide the highest total there can be is.
const NAMES: i32 = 210;
const BAR: i32 = 440;
/// A part of a bar that is narrower bears no letter.
const NARROWEST: i32 = 10;

/// Draws the options in their order, each as a bar of what the criteria add, and what is not known of it as an outline.
pub fn choice(analysis: &Analysis<'_>) -> Picture {
    let title = format!("{}: what each criterion adds", analysis.choice.title);
    let has = |at: &usize| format!("{} {}", analysis.candidates[*at].title, analysis.totals[*at].points());
    let totals: Vec<String> = analysis.order.iter().map(has).collect();
    let excluded: Vec<String> =
        excluded(analysis).map(|option| format!(" {} is {}.", option.title, why(analysis, option))).collect();
    let description =
        format!("Of {HIGHEST} points, the options have: {}.{}", join_words(&totals, "and"), excluded.concat());
    let rows = (analysis.order.len() + excluded.len()) as i32 * ROW;
    let height = HEAD + rows + 30 + analysis.choice.criteria.len() as i32 * KEY_ROW + 12;
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height as u32)).into_drawing_area();
        // What is drawn into a text cannot fail.
        let _ = ranking(&root, analysis).and_then(|()| key(&root, analysis, HEAD + rows + 30));
    }
    Picture { svg: accessible(&svg, &title, &description), title }
}

/// The options that a must-have excludes, in the order of the text.
fn excluded<'a, 'c>(analysis: &'c Analysis<'a>) -> impl Iterator<Item = &'c Candidate<'a>> {
    analysis.choice.options.iter().filter(|option| !option.fails.is_empty())
}

/// Why an option is excluded: which must-haves it fails.
fn why(analysis: &Analysis<'_>, option: &Candidate<'_>) -> String {
    let titles: Vec<&str> = option.fails.iter().map(|failed| analysis.choice.musts[failed.must].title).collect();
    format!("excluded, as it fails: {}", join_words(&titles, "and"))
}

/// Where so many points lie.
fn place(points: f64) -> i32 {
    NAMES + (points / HIGHEST * f64::from(BAR)).round() as i32
}

fn ranking<'a>(area: &Area<'a>, analysis: &Analysis<'_>) -> Drawn<'a> {
    let font = || ("sans-serif", 12).into_font().color(&TEXT);
    let (left, right) = (Pos::new(HPos::Left, VPos::Center), Pos::new(HPos::Right, VPos::Center));
    let (above, bold) = (Pos::new(HPos::Center, VPos::Center), ("sans-serif", 14).into_font().style(FontStyle::Bold));
    let question = shortened(analysis.choice.title, (WIDTH as i32 - 16) / (LETTER + 1));
    area.draw(&Text::new(question, (8, 14), bold.color(&TEXT).pos(left)))?;
    for (nth, option) in analysis.order.iter().enumerate() {
        let middle = HEAD + nth as i32 * ROW + 28;
        let name = shortened(analysis.candidates[*option].title, (NAMES - 16) / LETTER);
        area.draw(&Text::new(name, (NAMES - 8, middle), font().pos(right)))?;
        let mut sum = 0.0;
        for (criterion, part) in analysis.matrix.contributions(*option).iter().enumerate() {
            let (from, to) = (place(sum), place(sum + part.low));
            sum += part.low;
            area.draw(&Rectangle::new([(from, middle - 8), (to, middle + 8)], colour(criterion).filled()))?;
            if to - from >= NARROWEST {
                let sign = letter(criterion).to_string();
                area.draw(&Text::new(sign, ((from + to) / 2, middle - 16), font().pos(above)))?;
            }
        }
        let most = place(analysis.totals[*option].high);
        if most > place(sum) {
            let ends = [(place(sum), middle - 8), (most, middle + 8)];
            area.draw(&Rectangle::new(ends, TEXT.stroke_width(1)))?;
        }
        area.draw(&Text::new(analysis.totals[*option].points(), (most + 6, middle), font().pos(left)))?;
    }
    for (nth, option) in excluded(analysis).enumerate() {
        let middle = HEAD + (analysis.order.len() + nth) as i32 * ROW + 28;
        let name = shortened(option.title, (NAMES - 16) / LETTER);
        area.draw(&Text::new(name, (NAMES - 8, middle), font().pos(right)))?;
        let told = why(analysis, option);
        area.draw(&Text::new(
            shortened(&told, (WIDTH as i32 - NAMES - 8) / LETTER),
            (NAMES, middle),
            font().pos(left),
        ))?;
    }
    axis(area, HEAD + (analysis.order.len() + excluded(analysis).count()) as i32 * ROW + 4)
}

/// The points that a total may have.
fn axis<'a>(area: &Area<'a>, top: i32) -> Drawn<'a> {
    let font = ("sans-serif", 12).into_font().color(&TEXT).pos(Pos::new(HPos::Center, VPos::Center));
    area.draw(&PathElement::new([(NAMES, top), (place(HIGHEST), top)], TEXT.stroke_width(1)))?;
    for points in LOWEST as i32..=HIGHEST as i32 {
        let across = place(f64::from(points));
        area.draw(&PathElement::new([(across, top), (across, top + 4)], TEXT.stroke_width(1)))?;
        area.draw(&Text::new(points.to_string(), (across, top + 13), font.clone()))?;
    }
    Ok(())
}

/// Which letter and colour is which criterion, and how much that weighs.
fn key<'a>(area: &Area<'a>, analysis: &Analysis<'_>, top: i32) -> Drawn<'a> {
    let font = ("sans-serif", 12).into_font().color(&TEXT).pos(Pos::new(HPos::Left, VPos::Center));
    let all = analysis.matrix.weight();
    for (nth, criterion) in analysis.choice.criteria.iter().enumerate() {
        let middle = top + nth as i32 * KEY_ROW + 8;
        let share = format!("{:.0}%", 100.0 * criterion.weight / all);
        let words = shortened(criterion.title, (WIDTH as i32 - 100) / LETTER);
        area.draw(&Rectangle::new([(8, middle - 6), (24, middle + 6)], colour(nth).filled()))?;
        area.draw(&Text::new(format!("{}  {words}, {share}", letter(nth)), (32, middle), font.clone()))?;
    }
    Ok(())
}

fn colour(criterion: usize) -> RGBColor {
    COLOURS[criterion % COLOURS.len()]
}
