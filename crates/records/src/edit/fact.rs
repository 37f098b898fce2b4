//! A fact of the header that a record does not say yet.

use super::compare::{May, edited};
use super::{Refused, Text, open, place};
use crate::record::Record;

/// The bytes of a record with another fact in its header, such as `reviewers`, in the way of its dialect.
pub fn with_fact(text: Text, key: &str, value: &str) -> Result<Vec<u8>, Refused> {
    let open = open(text)?;
    if value.trim().is_empty() || value.contains(['\n', '\r', '"']) {
        return Err(Refused::Impossible(format!("`{value}` is no value of a line `{key}`")));
    }
    // Words of a key of front matter are joined.
    let key = if open.reading.front.is_some() { key.replace(' ', "-") } else { key.to_owned() };
    let is_of_key =
        |spot: &crate::read::Spot| spot.key.replace(['-', '_'], " ").eq_ignore_ascii_case(&key.replace('-', " "));
    let splices = match open.reading.header.spots.iter().find(|spot| is_of_key(spot)) {
        None => place::facts(&open, &[(&key, value)]),
        Some(spot) => vec![
            place::filled(&open, spot, value)
                .ok_or_else(|| Refused::Otherwise(format!("{} says its {key} already: add to that", text.path)))?,
        ],
    };
    let told = |record: &Record| record.facts.iter().map(|fact| (fact.key.clone(), fact.value.value.clone())).collect();
    let before: Vec<(String, String)> = told(&open.reading.record);
    edited(&open, &splices, May { facts: true, relations: true, ..May::default() }, |record| {
        let (new, old): (Vec<_>, Vec<_>) = told(record).into_iter().partition(|one| !before.contains(one));
        let is_read = |read: &str| read == value || value.contains("](") && value.contains(read);
        old == before && matches!(&new[..], [(own, read)] if own.eq_ignore_ascii_case(&key) && is_read(read))
    })
}
