//! The forms in which radar builders have a radar in JSON: a list of technologies
//! ([build-your-own-radar](https://github.com/thoughtworks/build-your-own-radar)), or an object with such a list and the names of rings and
//! quadrants: [Zalando's](https://github.com/zalando/tech-radar), where these are numbers,
//! [Backstage's](https://github.com/backstage/community-plugins/tree/main/workspaces/tech-radar), where each technology has a history, and
//! [AOE's](https://github.com/AOEpeople/aoe_technology_radar).

use super::Problem;
use super::row::{Found, Row};
use serde_json::value::RawValue;
use serde_json::{Map, Value, from_str};
use std::collections::BTreeMap;

const HELP: &str =
    "write a list of objects: `[{\"name\": \"Go\", \"ring\": \"trial\", \"quadrant\": \"languages-and-frameworks\"}]`";

/// What the list of technologies is called where it is a part of an object.
const LISTS: [&str; 2] = ["entries", "items"];

/// The rows of a text in JSON.
///
/// # Errors
/// If the text is no radar at all.
pub(super) fn of_json(text: &str) -> Result<Found, Problem> {
    let unreadable = |error: serde_json::Error| {
        Problem::new(error.line().max(1) as u64, format!("the file cannot be read as JSON: {error}"), HELP)
    };
    let whole: &RawValue = from_str(text).map_err(unreadable)?;
    let no_list = || Problem::new(1, "the file is no list in JSON", HELP);
    let (list, names) = if whole.get().starts_with('[') {
        (whole, Names::default())
    } else {
        let parts: BTreeMap<String, &RawValue> = from_str(whole.get()).map_err(|_| no_list())?;
        let list = LISTS.iter().find_map(|name| parts.get(*name)).ok_or_else(no_list)?;
        (*list, Names { rings: named(parts.get("rings")), quadrants: named(parts.get("quadrants")) })
    };
    let entries: Vec<&RawValue> = from_str(list.get()).map_err(|_| no_list())?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let mut lines = Lines { text, at: 0, line: 1 };
    for entry in entries {
        let line = lines.of(entry);
        match from_str(entry.get()) {
            Ok(Value::Object(object)) => match names.row(line, &object) {
                Ok(row) => rows.push(row),
                Err(problem) => problems.push(problem),
            },
            Ok(_) => problems.push(Problem::new(line, "an entry of the list is no object", HELP)),
            Err(error) => problems.push(Problem::new(line, format!("an entry cannot be read: {error}"), HELP)),
        }
    }
    Ok((rows, problems))
}

/// What the rings and quadrants of a file are called, by what the file has for them.
#[derive(Default)]
struct Names {
    rings: Vec<(String, String)>,
    quadrants: Vec<(String, String)>,
}

/// The entries of a list of rings or quadrants, in their order: what stands for each, and its name.
fn named(list: Option<&&RawValue>) -> Vec<(String, String)> {
    let list: Vec<Value> = list.and_then(|list| from_str(list.get()).ok()).unwrap_or_default();
    let said = |one: &Value, keys: &[&str]| keys.iter().find_map(|key| Some(one.get(key)?.as_str()?.to_owned()));
    let of_one = |one: &Value| {
        let plain = one.as_str().map(str::to_owned);
        let name = plain.clone().or_else(|| said(one, &["name", "title", "id"])).unwrap_or_default();
        (plain.or_else(|| said(one, &["id"])).unwrap_or_else(|| name.clone()), name)
    };
    list.iter().map(of_one).collect()
}

impl Names {
    /// The row that an entry is.
    fn row(&self, line: u64, entry: &Map<String, Value>) -> Result<Row, Problem> {
        let latest = latest(entry);
        let text = |keys: &[&str]| -> Result<String, Problem> {
            let found = keys.iter().find_map(|key| Some((key, given(entry, key)?)));
            match found {
                None => Ok(String::new()),
                Some((_, Value::String(text))) => Ok(text.trim().to_owned()),
                Some((key, _)) => Err(Problem::new(line, format!("`{key}` is no text"), "put it into double quotes")),
            }
        };
        let place = |known: &[(String, String)], keys: &[&str]| -> Result<String, Problem> {
            let number = keys.iter().find_map(|key| given(entry, key)?.as_u64());
            if let Some(number) = number {
                let name = usize::try_from(number).ok().and_then(|nth| known.get(nth));
                return Ok(name.map_or_else(|| number.to_string(), |(_, name)| name.clone()));
            }
            let written = text(keys)?;
            let name = known.iter().find(|(id, _)| *id == written).map(|(_, name)| name.clone());
            Ok(name.unwrap_or(written))
        };
        let mut ring = place(&self.rings, &["ring", "ringId"])?;
        let mut description = text(&["description", "body"])?;
        if let Some(latest) = latest {
            let of_latest = |key: &str| latest.get(key).and_then(Value::as_str).map(|text| text.trim().to_owned());
            if let Some(id) = of_latest("ringId").filter(|_| ring.is_empty()) {
                let name = self.rings.iter().find(|(known, _)| *known == id);
                ring = name.map_or(id, |(_, name)| name.clone());
            }
            if description.is_empty() {
                description = of_latest("description").unwrap_or_default();
            }
        }
        let name = text(&["title", "label", "name"])?;
        Ok(Row { line, name, ring, quadrant: place(&self.quadrants, &["quadrant"])?, description })
    }
}

/// What an entry has, however the key is written.
fn given<'v>(entry: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    let found = entry.iter().find(|(known, _)| known.trim().eq_ignore_ascii_case(key));
    found.map(|(_, value)| value).filter(|value| !value.is_null())
}

/// The newest part of the history of an entry.
fn latest(entry: &Map<String, Value>) -> Option<&Value> {
    let date = |one: &&Value| one.get("date").and_then(Value::as_str).unwrap_or_default().to_owned();
    // Of several of one day the first: builders write the newest first.
    entry.get("timeline")?.as_array()?.iter().rev().max_by_key(date)
}

/// Counts lines from entry to entry.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line in which an entry begins, which is a part of the text. Entries ascend.
    fn of(&mut self, entry: &RawValue) -> u64 {
        let begin = entry.get().as_ptr().addr() - self.text.as_ptr().addr();
        let passed = self.text.as_bytes().get(self.at..begin).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = begin;
        self.line
    }
}
