//! The rows of a radar as CSV or JSON, each with the line that it stands in.

use super::json_forms::of_json;
use super::row::{Found, Row};
use super::{COLUMNS, Problem, without_apostrophe};

/// The longest cell, in characters.
const LONGEST_CELL: usize = 20_000;
/// The most rows.
const MOST_ROWS: usize = 2_000;

/// The rows of a text, and what is wrong with single ones.
///
/// # Errors
/// If the text is no radar at all.
pub(super) fn rows(text: &str) -> Result<(Vec<Row>, Vec<Problem>), Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.trim_start();
    if first.is_empty() {
        let help = "write a line `name,ring,quadrant,isNew,description` and a line for each technology";
        return Err(Problem::new(1, "the file is empty", help));
    }
    let (rows, mut problems) = if first.starts_with(['[', '{']) { of_json(text)? } else { of_csv(text)? };
    let (good, long): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| longest(row) <= LONGEST_CELL);
    problems.extend(long.iter().map(|row| {
        let message = format!("a cell has {} characters, and {LONGEST_CELL} can be read", longest(row));
        Problem::new(row.line, message, "shorten it")
    }));
    if good.len() > MOST_ROWS {
        let line = good[MOST_ROWS].line;
        let message = format!("the file has {} technologies, and {MOST_ROWS} can be read", good.len());
        return Err(Problem::new(line, message, "split it"));
    }
    Ok((good, problems))
}

fn longest(row: &Row) -> usize {
    let cells = [&row.name, &row.ring, &row.quadrant, &row.description];
    cells.into_iter().map(|cell| cell.chars().count()).max().unwrap_or_default()
}

fn of_csv(text: &str) -> Result<Found, Problem> {
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|sign| {
        let count = head.bytes().filter(|byte| byte == sign).count();
        // Of equally many the first.
        (count, *sign == b',')
    });
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut columns: Option<Vec<&str>> = None;
    let mut lines = Lines { text, at: 0, line: 1 };
    let (mut rows, mut problems) = (Vec::new(), wrong_quotes(text, delimiter.unwrap_or(b',')));
    for (at, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(Problem::new(at as u64 + 1, format!("the row cannot be read: {error}"), "correct it"));
                continue;
            }
        };
        let line = record.position().map_or(at as u64 + 1, |position| lines.at(position.byte() as usize));
        if record.iter().all(str::is_empty) {
            continue;
        }
        let Some(columns) = &columns else {
            columns = Some(header(&record, line)?);
            continue;
        };
        if record.len() > columns.len() && record.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
            let message = format!("the row has {} cells, and the header {}", record.len(), columns.len());
            problems.push(Problem::new(line, message, "put a text with commas into double quotes"));
            continue;
        }
        let mut row = Row { line, ..Row::default() };
        for (column, cell) in columns.iter().zip(&record) {
            row.set(column, without_apostrophe(cell).trim().to_owned());
        }
        rows.push(row);
    }
    Ok((rows, problems))
}

/// Double quotes that do not enclose a whole cell: what is read of such a cell may be more, or less, than what it was to say.
fn wrong_quotes(text: &str, delimiter: u8) -> Vec<Problem> {
    let bytes = text.as_bytes();
    let (mut problems, mut lines) = (Vec::new(), Lines { text, at: 0, line: 1 });
    let mut at = 0;
    while at < bytes.len() {
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace() && **byte != delimiter).count();
        if bytes.get(at) == Some(&b'"') {
            let start = at;
            let Some(end) = end_of_quoted(bytes, start) else {
                let message =
                    "a double quote opens a text here that nothing closes: all that follows is read as part of it";
                problems.push(Problem::new(lines.at(start), message, "write a double quote behind the text"));
                break;
            };
            at = end;
            let is_behind = |byte: &&u8| !matches!(**byte, b'\n' | b'\r') && **byte != delimiter;
            let behind = bytes[end..].iter().take_while(is_behind).count();
            if !text[end..end + behind].trim().is_empty() {
                let message = "something stands behind the double quote that closes a text";
                let help = "enclose the whole cell in double quotes, and write two for one that is part of it";
                problems.push(Problem::new(lines.at(end), message, help));
            }
        }
        at += bytes[at..].iter().take_while(|byte| **byte != delimiter && **byte != b'\n').count() + 1;
    }
    problems
}

/// Where the text ends that a double quote opens, behind the one that closes it. Two stand for one in it.
fn end_of_quoted(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'"')? + 1;
        if bytes.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// Counts lines from place to place.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of what stands at a place, or after the empty lines that begin there. Places ascend.
    fn at(&mut self, place: usize) -> u64 {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if self.at >= place && !matches!(byte, b'\n' | b'\r') {
                break;
            }
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// What the columns are; those that mean nothing here are empty.
fn header(record: &csv::StringRecord, line: u64) -> Result<Vec<&'static str>, Problem> {
    let known = |cell: &str| COLUMNS.into_iter().find(|column| column.eq_ignore_ascii_case(cell.trim()));
    let columns: Vec<&'static str> = record.iter().map(|cell| known(cell).unwrap_or_default()).collect();
    for needed in ["name", "ring", "quadrant"] {
        let count = columns.iter().filter(|column| **column == needed).count();
        if count != 1 {
            let how = if count == 0 { "lacks" } else { "repeats" };
            let message = format!("the header {how} the column `{needed}`");
            return Err(Problem::new(line, message, "begin the file with `name,ring,quadrant,isNew,description`"));
        }
    }
    Ok(columns)
}
