//! Naming what a record decides.

use super::compare::{May, edited};
use super::{Refused, Text, open, place};
use crate::parts::Part;

/// The bytes of a record that names none yet, with what it decides.
pub fn decide(text: Text, names: &[&str]) -> Result<Vec<u8>, Refused> {
    let open = open(text)?;
    if let Some(bad) = names.iter().find(|name| name.trim().is_empty() || name.contains([',', ';', '\n', '"', ':'])) {
        return Err(Refused::Impossible(format!("`{bad}` is no name of the model")));
    }
    let names_of_it = names.join(", ");
    let splices =
        match open.reading.header.of(Part::Decides).next() {
            None => place::facts(&open, &[("decides", &names_of_it)]),
            Some(spot) => vec![place::filled(&open, spot, &names_of_it).ok_or_else(|| {
                Refused::Otherwise(format!("{} says already what it decides: add to that", text.path))
            })?],
        };
    edited(&open, &splices, May { decides: true, ..May::default() }, |record| {
        record.decides.iter().map(|name| name.value.as_str()).eq(names.iter().copied())
    })
}
