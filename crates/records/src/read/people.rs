//! Who decided, who was asked, who was told, and what is decided.

use super::{Reading, Spot};
use crate::parts::Part;
use crate::phrase::Phrase;
use crate::record::Said;
use crate::words::is_nothing;
use rustc_hash::FxHashSet;

pub(super) fn read(reading: &mut Reading, text: &str) {
    let names = |part| {
        let spots = reading.header.of(part).flat_map(|spot| spot.phrases.iter().map(move |phrase| (spot, phrase)));
        let mut seen = FxHashSet::default();
        let mut found: Vec<Said<String>> = spots.flat_map(|(spot, phrase)| names_of(spot, phrase, text)).collect();
        found.retain(|name| seen.insert(name.value.clone()));
        found
    };
    let (deciders, consulted, informed) = (names(Part::Deciders), names(Part::Consulted), names(Part::Informed));
    let decides = reading.header.of(Part::Decides).flat_map(|spot| &spot.phrases);
    let decides = decides.flat_map(|phrase| parted(phrase, &[",", ";"])).collect();
    let record = &mut reading.record;
    (record.deciders, record.consulted, record.informed, record.decides) = (deciders, consulted, informed, decides);
}

/// The names of one value; a quoted one of a list is one name.
fn names_of(spot: &Spot, phrase: &Phrase, text: &str) -> Vec<Said<String>> {
    let is_quoted = spot.is_list && phrase.range.of(text).starts_with(['"', '\'']);
    if is_quoted {
        return vec![Said::new(phrase.reads(), phrase.range)];
    }
    let mut names = parted(phrase, &[",", ";", " & ", " and ", "\n"]);
    // A list in brackets, as front matter has it.
    let is_list = phrase.links.is_empty() && phrase.text.trim().starts_with('[') && phrase.text.trim().ends_with(']');
    if is_list {
        names.iter_mut().for_each(|name| name.value = name.value.trim_matches(['[', ']']).trim().to_owned());
        names.retain(|name| !is_nothing(&name.value));
    }
    names
}

/// A value parted at signs, except between quotes.
pub(super) fn parted(phrase: &Phrase, signs: &[&str]) -> Vec<Said<String>> {
    let mut found = Vec::new();
    let (mut start, mut at, mut quoted) = (0, 0, false);
    let whole = phrase.text.as_str();
    while at < whole.len() {
        let rest = &whole[at..];
        quoted ^= rest.starts_with('"');
        let sign = signs.iter().find(|sign| !quoted && rest.starts_with(**sign));
        match sign {
            Some(sign) => {
                found.extend(name(phrase, start..at));
                at += sign.len();
                start = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found.extend(name(phrase, start..whole.len()));
    found
}

fn name(phrase: &Phrase, part: std::ops::Range<usize>) -> Option<Said<String>> {
    let written = phrase.text[part.clone()].trim();
    let start = part.start + phrase.text[part].find(written)?;
    // One quote alone belongs to a part of the name.
    let bare = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written);
    let read = crate::document::reads(bare);
    (!is_nothing(&read)).then(|| Said::new(read, phrase.range_of(start..start + written.len())))
}
