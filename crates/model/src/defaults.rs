//! What holds where a fact is not given.

use crate::schema::{Fact, YesNo};
use groma_base::Quantity;

impl Fact {
    /// What holds where it is not given: several values of a fact that may have several, between commas.
    pub fn defaults(&self) -> impl Iterator<Item = &'static str> {
        let is_several = self.many;
        let all = self
            .default
            .into_iter()
            .flat_map(move |default| default.split(move |sign| is_several && sign == ',').map(str::trim));
        all.filter(|value| !value.is_empty())
    }

    /// What holds where it is not given, if that is a quantity.
    pub fn default_quantity(&self) -> Option<Quantity> {
        Quantity::parse(self.default?).ok()
    }

    /// What holds where it is not given, if that is yes or no.
    pub fn default_flag(&self) -> Option<bool> {
        match self.default?.trim_start_matches('#') {
            "true" => Some(true),
            "false" => Some(false),
            word => YesNo::of(word).map(|said| said == YesNo::Yes),
        }
    }
}
