//! Where a fact is put that a record does not say yet, in the way of its dialect.

use super::Open;
use super::splice::{Splice, after_line, capital, line_end, line_start, lines_after};
use crate::document::{Kind, heads};
use crate::front_matter::Form;
use crate::labels::Place;
use crate::parts::Part;
use crate::phrase::Phrase;
use crate::read::Spot;
use crate::record::Dialect;
use crate::words::{is_nothing, is_placeholder};
use groma_base::Range;

/// Facts as new lines: `status: accepted`, `**Status:** Accepted`, a section.
pub(super) fn facts(open: &Open, facts: &[(&str, &str)]) -> Vec<Splice> {
    let dialect = open.reading.record.dialect;
    if facts.is_empty() {
        return Vec::new();
    }
    if open.reading.front.as_ref().is_some_and(|front| !front.keys.is_empty()) {
        return facts.iter().filter_map(|(key, value)| in_front(open, key, value)).collect();
    }
    // Nygard's status is a section, and his date a plain line; where the labels are set in bold, the status is one of them.
    let is_set = |spot: &Spot| matches!(spot.place, Place::Line { set: true } | Place::List | Place::Table);
    let is_nygard = dialect == Dialect::Nygard && !last_label(open, "status").is_some_and(is_set);
    let (sections, lines): (Vec<_>, Vec<_>) = facts.iter().copied().partition(|(key, _)| *key == "status" && is_nygard);
    let mut splices: Vec<Splice> = sections.iter().map(|(_, value)| section(open, &capital(value))).collect();
    // MADR 2 and log4brains have their header in a list.
    let is_list = matches!(dialect, Dialect::Madr2 | Dialect::Log4brains);
    let label =
        lines.first().and_then(|(key, _)| last_label(open, key)).filter(|spot| !is_list || spot.place == Place::List);
    match (label, dialect) {
        _ if lines.is_empty() => {}
        (Some(spot), _) => splices.extend(lines.iter().map(|(key, value)| beside(open, spot, key, value))),
        (None, Dialect::Madr3 | Dialect::Madr4) => splices.push(new_front(open, &lines)),
        _ => splices.push(after_title(open, &list_of(dialect, &lines))),
    }
    splices
}

/// Lines of a header as a dialect has them.
fn list_of(dialect: Dialect, lines: &[(&str, &str)]) -> Vec<String> {
    let mark = match dialect {
        Dialect::Madr2 => "* ",
        Dialect::Log4brains => "- ",
        _ => "",
    };
    let value =
        |key: &str, value: &str| if mark.is_empty() && key == "status" { capital(value) } else { value.to_owned() };
    lines.iter().map(|(key, said)| format!("{mark}{}: {}", capital(key), value(key, said))).collect()
}

/// A line before the first key of the front matter.
fn in_front(open: &Open, key: &str, value: &str) -> Option<Splice> {
    let front = open.reading.front.as_ref()?;
    let first = front.keys.first()?;
    // In a mapping in braces a line is none.
    let start = line_start(&open.text, first.key.range.start);
    let lead = &open.text[start as usize..first.key.range.start as usize];
    let indent = &lead[..lead.len() - lead.trim_start_matches(' ').len()];
    if !lead.trim_matches([' ', '"', '\'']).is_empty() {
        return None;
    }
    // The date stands after the status.
    let before = front.keys.iter().find(|other| key == "date" && other.part == Part::Status);
    let at = match before {
        Some(status) => {
            after_line(&open.text, status.values.last().map_or(status.key.range.end, |value| value.range.end))
        }
        None => line_start(&open.text, first.key.range.start),
    };
    let end = line_end(&open.text, at);
    let line = match front.form {
        Form::Yaml => format!("{indent}{key}: {value}{end}"),
        Form::Toml => format!("{indent}{key} = \"{value}\"{end}"),
    };
    Some(Splice::insert(at, line))
}

/// A front matter of its own, at the first byte after the byte order mark.
fn new_front(open: &Open, lines: &[(&str, &str)]) -> Splice {
    let start = if open.text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let end = line_end(&open.text, start);
    let lines: String = lines.iter().map(|(key, value)| format!("{key}: {value}{end}")).collect();
    Splice::insert(start, format!("---{end}{lines}---{end}{end}"))
}

/// A value for a label that has none yet, or what asks for one; `None` where it says something.
pub(super) fn filled(open: &Open, spot: &Spot, value: &str) -> Option<Splice> {
    let is_asking = |phrase: &Phrase| is_nothing(&phrase.text) || is_placeholder(&phrase.text);
    match &spot.phrases[..] {
        [] if spot.place != Place::Section => Some(into_empty(open, spot, value)),
        [only] if is_asking(only) => Some(Splice::new(super::whole(only, &open.text), value)),
        _ => None,
    }
}

/// A value behind the colon of a label that has none.
pub(super) fn into_empty(open: &Open, spot: &Spot, value: &str) -> Splice {
    let end_of_key = spot.key_range.end;
    if spot.place == Place::FrontMatter {
        return into_empty_key(open, end_of_key, value);
    }
    let line = &open.text[end_of_key as usize..after_line(&open.text, end_of_key) as usize];
    let signs = line.find(|letter: char| !matches!(letter, ':' | '：' | '*' | '_' | '=' | '|')).unwrap_or(line.len());
    Splice::insert(end_of_key + signs as u32, format!(" {value}"))
}

/// A value for a key of front matter that has none, or one that is empty: `""`, `~`, `null`.
fn into_empty_key(open: &Open, end_of_key: u32, value: &str) -> Splice {
    let is_toml = open.reading.front.as_ref().is_some_and(|front| front.form == Form::Toml);
    let line = &open.text[end_of_key as usize..after_line(&open.text, end_of_key) as usize];
    let after = line.find(if is_toml { '=' } else { ':' }).map_or(0, |at| at + 1);
    let said = &line[after..line[after..].find(" #").map_or(line.len(), |at| after + at)];
    let start = end_of_key + (after + said.len() - said.trim_start().len()) as u32;
    let value = if is_toml { format!("\"{value}\"") } else { value.to_owned() };
    match said.trim() {
        "" => Splice::insert(end_of_key + after as u32, format!(" {value}")),
        empty => Splice::new(Range::new(start, start + empty.len() as u32), value),
    }
}

/// The label of the header that a new one is put beside: the status for all others, else the first.
fn last_label<'o>(open: &'o Open, key: &str) -> Option<&'o Spot> {
    let text = &*open.text;
    let is_parted = |spot: &Spot| {
        let rest = text[spot.key_range.end as usize..].trim_start_matches(['*', '_', ' ']);
        spot.place == Place::Table || rest.starts_with([':', '：'])
    };
    // A sentence of the text may begin with what it is about.
    let is_of_text = |part: Part| {
        use Part::{Consequences, Context, Drivers, Negative, Neutral, Options, Outcome, Positive, ProsAndCons};
        matches!(
            part,
            Context | Drivers | Options | ProsAndCons | Outcome | Consequences | Positive | Negative | Neutral
        ) || matches!(part, Part::TradeOffs | Part::Pros | Part::Cons | Part::WhyNot | Part::Confirmation)
    };
    let is_label = |spot: &&Spot| {
        matches!(spot.place, Place::Line { .. } | Place::List | Place::Table)
            && is_parted(spot)
            && !is_of_text(spot.part)
    };
    let mut labels = open.reading.header.spots.iter().filter(is_label);
    let status = labels.clone().find(|spot| spot.part == Part::Status);
    if key == "status" { labels.next() } else { status.or_else(|| labels.next()) }
}

/// A line like that of a label, after it; the status stands before it.
pub(super) fn beside(open: &Open, spot: &Spot, key: &str, value: &str) -> Splice {
    let text = &*open.text;
    let start = line_start(text, spot.key_range.start);
    let before = &text[start as usize..spot.key_range.start as usize];
    let first = text[spot.key_range.start as usize..].chars().next();
    let is_lower = first.is_some_and(char::is_lowercase);
    let is_first_label = before.chars().all(|letter| !letter.is_alphanumeric());
    let key = if is_lower { key.to_owned() } else { capital(key) };
    let value = if key == "Status" { capital(value) } else { value.to_owned() };
    let between = between(open, spot);
    // Where that one says nothing, no blank follows its colon.
    let between = if between.ends_with([':', '：']) { format!("{between} ") } else { between.to_owned() };
    let (lead, tail) = if is_first_label { (before, tail(open, spot)) } else { ("", "") };
    let end = line_end(text, start);
    // Above the line of dashes a table has one row.
    let below_head = below_head(text, spot);
    if let Some(at) = below_head {
        return Splice::insert(at, format!("{lead}{key}{between}{value}{tail}{end}"));
    }
    let is_before = key.eq_ignore_ascii_case("status");
    // Labels in one paragraph, parted by blank lines, stay so.
    let blank = if stands_alone(open, spot) { end } else { "" };
    if is_before {
        let blank = if spot.place == (Place::Line { set: true }) { blank } else { "" };
        return Splice::insert(start, format!("{lead}{key}{between}{value}{tail}{end}{blank}"));
    }
    let last = spot.range.end.max(spot.key_range.end);
    let at = after_line(text, last);
    if at as usize == text.len() && !text.ends_with(['\n', '\r']) {
        return Splice::insert(at, format!("{end}{blank}{lead}{key}{between}{value}{tail}"));
    }
    match blank.is_empty() {
        true => Splice::insert(at, format!("{lead}{key}{between}{value}{tail}{end}")),
        false => Splice::insert(at, format!("{end}{lead}{key}{between}{value}{tail}{end}")),
    }
}

/// Where the first row below the head of a table begins, if a label stands in the head.
fn below_head(text: &str, spot: &Spot) -> Option<u32> {
    let next = after_line(text, spot.key_range.start);
    let after = after_line(text, next);
    let line = text[next as usize..after as usize].trim();
    let is_rule = line.contains("--") && line.chars().all(|sign| "-:|+ ".contains(sign));
    (spot.place == Place::Table && is_rule).then_some(after)
}

/// What stands between a key and its value: `:** `, ` | `.
fn between<'o>(open: &'o Open, spot: &Spot) -> &'o str {
    let text = &*open.text;
    let after = &text[spot.key_range.end as usize..after_line(text, spot.key_range.end) as usize];
    let is_layout = |letter: char| matches!(letter, ':' | '：' | '*' | '_' | '|' | ' ' | '\t');
    let signs = &after[..after.find(|letter| !is_layout(letter)).unwrap_or(after.len())];
    let Some((at, sign)) = signs.match_indices([':', '：', '|']).next_back() else { return ": " };
    // The key may be closed after its colon; what the value is set in is no part of it.
    let rest = signs[at + sign.len()..].trim_start_matches(['*', '_']);
    let rest = rest.trim_start_matches([' ', '\t']);
    &signs[..signs.len() - rest.len()]
}

/// What ends the line of a label beyond its value: two blanks, `<br>`, ` |`.
fn tail<'o>(open: &'o Open, spot: &Spot) -> &'o str {
    let text = &*open.text;
    let end = spot.phrases.first().map_or(spot.key_range.end, |phrase| super::ranges::whole(phrase, text).end);
    let rest = &text[end as usize..after_line(text, end) as usize];
    let rest = rest.trim_end_matches(['\n', '\r']);
    let is_layout = rest.trim().is_empty()
        || rest.trim_start().starts_with(['|', '<']) && !rest.contains("<!--") && rest.len() < 20;
    if is_layout && !rest.trim_start().starts_with("| ") { rest } else { "" }
}

/// Whether a label is a paragraph of its own.
fn stands_alone(open: &Open, spot: &Spot) -> bool {
    let block = spot.block.and_then(|at| open.reading.document.blocks.get(at));
    let Some(block) = block.filter(|block| block.kind == Kind::Paragraph) else { return false };
    let same = |other: &&Spot| other.block == spot.block;
    open.reading.header.spots.iter().filter(same).count() == 1 && block.range.of(&open.text).trim().lines().count() == 1
}

/// A paragraph or list after the title; at the start if there is none.
fn after_title(open: &Open, lines: &[String]) -> Splice {
    let text = &*open.text;
    let line = lines.join(line_end(text, 0));
    let block = open.reading.title.map(|at| &open.reading.document.blocks[open.reading.heads[at].block]);
    let Some(block) = block else {
        let start = open
            .reading
            .front
            .as_ref()
            .map_or(if text.starts_with('\u{FEFF}') { 3 } else { 0 }, |front| front.end as u32);
        let end = line_end(text, start);
        let rest = &text[start as usize..];
        let gap = if rest.trim().is_empty() { "" } else { end };
        return Splice::insert(start, format!("{line}{end}{gap}"));
    };
    let last = text[..block.range.end as usize].trim_end().len() as u32;
    let at = after_line(text, last);
    let end = line_end(text, at.saturating_sub(1));
    if !text[..at as usize].ends_with(['\n', '\r']) {
        return Splice::insert(at, format!("{end}{end}{line}"));
    }
    let is_parted = text[at as usize..].starts_with(['\n', '\r']) || at as usize == text.len();
    Splice::insert(at, format!("{end}{line}{end}{}", if is_parted { "" } else { end }))
}

/// A section `Status` before the first section, with a heading like the others.
fn section(open: &Open, value: &str) -> Splice {
    let text = &*open.text;
    let first = heads(&open.reading.document)
        .into_iter()
        .find(|head| head.part != Part::Other && head.level < crate::document::BOLD);
    let Some(head) = first else { return after_title(open, &[format!("Status: {value}")]) };
    let at = open.reading.document.blocks[head.block].range.start;
    let end = line_end(text, at);
    let is_underlined = !text[at as usize..].starts_with('#');
    let heading = match is_underlined {
        true => format!("Status{end}{}", if head.level == 1 { "======" } else { "------" }),
        false => format!("{} Status", "#".repeat(head.level as usize)),
    };
    Splice::insert(at, format!("{heading}{end}{end}{value}{end}{end}"))
}

/// A line in a section of links, which is made at the end of the file where there is none.
pub(super) fn in_links(open: &Open, line: &str) -> Splice {
    let text = &*open.text;
    let reading = &open.reading;
    let is_madr = matches!(reading.record.dialect, Dialect::Madr3 | Dialect::Madr4);
    let head = reading.heads.iter().rev().find(|head| head.part == Part::Links);
    let Some(head) = head else {
        let title = if is_madr { "More Information" } else { "Links" };
        let level = reading
            .heads
            .iter()
            .filter(|head| head.level > 1 && head.level < crate::document::BOLD)
            .map(|head| head.level)
            .min();
        let heading = format!("{} {title}", "#".repeat(level.unwrap_or(2) as usize));
        let mark = if is_madr { "" } else { list_mark(open) };
        let end = text.len() as u32;
        let gap = if text.ends_with("\n\n") || text.ends_with("\r\n\r\n") { "" } else { "\n" };
        return lines_after(text, end, &format!("{gap}{heading}\n\n{mark}{line}"));
    };
    let inside = &reading.document.blocks[head.block + 1..head.own_end];
    let last = inside.last().map_or(reading.document.blocks[head.block].range.end, |block| block.range.end);
    let at = text[..last as usize].trim_end().len() as u32;
    let end = line_end(text, at);
    let item = inside.iter().rev().find(|block| matches!(block.kind, Kind::Item { .. }) && block.depth == 1);
    match item {
        Some(item) => {
            let own = item.range.of(text);
            let rest = own.trim_start_matches(['*', '-', '+']).trim_start_matches([' ', '\t']);
            let mark = if own.starts_with(['*', '-', '+']) { &own[..own.len() - rest.len()] } else { "- " };
            Splice::insert(at, format!("{end}{mark}{line}"))
        }
        None => Splice::insert(at, format!("{end}{end}{line}")),
    }
}

/// How the items of a record's lists begin.
fn list_mark(open: &Open) -> &'static str {
    let item = open.reading.document.blocks.iter().find(|block| matches!(block.kind, Kind::Item { .. }));
    if item.is_some_and(|item| item.range.of(&open.text).starts_with('*')) { "* " } else { "- " }
}
