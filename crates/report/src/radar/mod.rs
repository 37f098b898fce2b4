//! A radar in the form that radar builders read
//! ([build-your-own-radar](https://github.com/thoughtworks/build-your-own-radar)), as lines for people, and read from that form.

mod import;
mod json_forms;
mod row;
mod rows;

pub use import::{Imported, import, import_into};

use groma_base::{column_width, list_words};
use groma_model::stack::blips::{Blip, Movement, QUADRANTS, Radar};
use groma_model::stack::{RINGS, catalogue};
use groma_model::write::unique_identifier;
use serde_json::{Value, json};
use std::fmt::Write;

/// The largest file that is read, in bytes.
pub const IMPORT_LIMIT: u64 = 10_000_000;

/// What was not understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The line of the file.
    pub line: u64,
    /// What is wrong there.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Problem {
    fn new(line: u64, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem { line, message: message.into(), help: help.into() }
    }
}

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 6] = ["name", "ring", "quadrant", "isNew", "status", "description"];

/// What is told of a blip, in the order of [`COLUMNS`].
fn cells(radar: &Radar<'_>, blip: &Blip<'_>) -> [String; 6] {
    let is_new = if blip.movement == Movement::New { "TRUE" } else { "FALSE" };
    let ring = radar.rings.get(blip.ring).map_or("", |ring| ring.name);
    [
        plain(blip.title).replace('\n', " "),
        plain(ring),
        blip.quadrant.title().to_owned(),
        is_new.to_owned(),
        blip.movement.word().to_owned(),
        as_html(&plain(blip.told())),
    ]
}

/// A text without control characters but for line ends.
fn plain(text: &str) -> String {
    let letter = |letter: char| if letter.is_control() && letter != '\n' { ' ' } else { letter };
    text.replace("\r\n", "\n").trim().chars().map(letter).collect()
}

/// A text as radar builders take descriptions, which are HTML: what would be a tag or a character's name is none.
fn as_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        match letter {
            '<' => out.push_str("&lt;"),
            '&' if begins_entity(&text[at..]) => out.push_str("&amp;"),
            letter => out.push(letter),
        }
    }
    out
}

/// Whether a text begins with `&name;`.
fn begins_entity(text: &str) -> bool {
    let Some((name, _)) = text[1..].split_once(';') else { return false };
    !name.is_empty() && name.len() < 12 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// Whether a table program takes a text for a formula: see [CSV Injection](https://owasp.org/www-community/attacks/CSV_Injection).
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell that begins no formula. An apostrophe is put before one, and before what could be taken for one that has it already.
fn harmless(cell: &str) -> String {
    if is_formula(cell.trim_start_matches('\'')) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell as it was before [`harmless`].
fn without_apostrophe(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'').filter(|_| is_formula(cell.trim_start_matches('\'')));
    rest.unwrap_or(cell)
}

/// A radar as CSV.
pub fn csv(radar: &Radar<'_>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // What is written into memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for blip in &radar.blips {
        let _ = writer.write_record(cells(radar, blip).map(|cell| harmless(&cell)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// What CSV and JSON have no place for, of what a radar says, each in a few words: what is written anew of them lacks it.
pub fn left_out(radar: &Radar<'_>) -> Vec<String> {
    let of_blips = |has: &dyn Fn(&Blip<'_>) -> bool| radar.blips.iter().any(has);
    let empty = radar.rings.iter().enumerate().filter(|(at, _)| !of_blips(&|blip| blip.ring == *at));
    let empty: Vec<&str> = empty.map(|(_, ring)| ring.name).collect();
    let is_renamed = |blip: &Blip<'_>| {
        let id =
            catalogue(blip.title).map_or_else(|| unique_identifier(blip.title, |_| false), |one| one.name().to_owned());
        id != blip.name
    };
    let told = [
        (radar.date.is_some(), "the date of the radar".to_owned()),
        (radar.owner.is_some(), "the owner of the radar".to_owned()),
        (!empty.is_empty(), format!("{} in which nothing stands", list_words(empty, "and"))),
        (radar.rings.iter().any(|ring| !RINGS.contains(ring)), "what rings mean and ask".to_owned()),
        (of_blips(&is_renamed), "names that are not the titles".to_owned()),
        (of_blips(&|blip| blip.owner.is_some()), "owners of technologies".to_owned()),
        (of_blips(&|blip| blip.successor.is_some()), "successors".to_owned()),
    ];
    told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, what)| what).collect()
}

/// A radar as JSON.
pub fn json(radar: &Radar<'_>) -> Value {
    let row = |blip: &Blip<'_>| {
        let mut row = serde_json::Map::new();
        for (column, cell) in COLUMNS.into_iter().zip(cells(radar, blip)) {
            row.insert(column.to_owned(), json!(cell));
        }
        Value::Object(row)
    };
    radar.blips.iter().map(row).collect()
}

/// A radar in lines for people: by quadrant and ring.
pub fn text(radar: &Radar<'_>) -> String {
    let one_line = |text: &str| crate::one_line(&plain(text));
    let mut out = one_line(radar.title);
    out.extend(radar.date.map(|date| format!(", {date}")));
    out.push('\n');
    let width = column_width(radar.blips.iter().map(|blip| one_line(blip.title)));
    let widest = column_width(radar.rings.iter().map(|ring| one_line(ring.name)));
    for quadrant in QUADRANTS {
        if !radar.blips.iter().any(|blip| blip.quadrant == quadrant) {
            continue;
        }
        let _ = writeln!(out, "\n{}", quadrant.title());
        for (at, ring) in radar.rings.iter().enumerate() {
            for blip in radar.standing(quadrant, at) {
                let moved = if blip.movement == Movement::None { "" } else { blip.movement.word() };
                let (title, ring) = (one_line(blip.title), one_line(ring.name));
                let why = one_line(blip.told());
                let moved = if radar.is_compared { format!("  {moved:9}") } else { String::new() };
                let line = format!("{:4}  {title:width$}  {ring:widest$}{moved}  {why}", blip.number);
                let _ = writeln!(out, "{}", line.trim_end());
            }
        }
    }
    if !radar.gone.is_empty() {
        out.push_str("\nNo longer on the radar\n");
    }
    for gone in &radar.gone {
        let _ = writeln!(out, "      {}  was in {}", one_line(&gone.title), one_line(&gone.ring));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{as_html, harmless, without_apostrophe};

    #[test]
    fn no_cell_begins_a_formula_and_each_is_read_back() {
        for cell in ["=1+1", "+1", "-O2", "@angular/core", "'=1", "''@x", "'quoted'", "plain", "", "'", "＝1"] {
            let written = harmless(cell);
            assert!(!written.starts_with(['=', '+', '-', '@']), "{written}");
            assert_eq!(without_apostrophe(&written), cell);
        }
    }

    #[test]
    fn descriptions_are_text_for_who_reads_html() {
        assert_eq!(as_html("a < b && c > d"), "a &lt; b && c > d");
        assert_eq!(as_html("<b> &lt; R&D; x & y;"), "&lt;b> &amp;lt; R&amp;D; x & y;");
    }
}
