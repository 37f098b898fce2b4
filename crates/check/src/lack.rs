//! What an `allow` lacks to take out what a kit demands.

use groma_base::list_words;
use groma_model::{Architecture, ItemRef, facts};

/// Why a suppression takes nothing out that a kit demands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Lack {
    /// It does not say who decided it, why, or until when.
    Says(Vec<&'static str>),
    /// It stands for all of a file.
    Place,
    /// It is to excuse an exception, which could then excuse itself.
    IsOfAllow,
}

impl Lack {
    /// That of a suppression, which may be one of all of its file.
    pub(crate) fn of(arch: &Architecture, at: ItemRef, is_of_file: bool) -> Option<Lack> {
        let missing = unsaid(arch, at);
        match is_of_file {
            _ if !missing.is_empty() => Some(Lack::Says(missing)),
            true => Some(Lack::Place),
            false => None,
        }
    }

    /// What it is, as a sentence ends with it.
    pub(crate) fn words(&self) -> String {
        match self {
            Lack::Says(missing) => format!("it does not say its {}", list_words(missing.iter().copied(), "and")),
            Lack::Place => "it stands for all of a file".to_owned(),
            Lack::IsOfAllow => "it is of an exception".to_owned(),
        }
    }

    /// What a kit asks of it.
    pub(crate) fn asked(&self, kit: &str) -> String {
        match self {
            Lack::Says(_) => format!("what the kit {kit} demands needs all three to be suppressed"),
            Lack::Place => format!("what the kit {kit} demands is excused where it need not be so, not as a whole"),
            Lack::IsOfAllow => format!("what the kit {kit} demands of exceptions excuses none"),
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self, rule: &str) -> String {
        match self {
            Lack::Says(_) => format!("write `allow {rule} owner=… reason=\"…\" expires=YYYY-MM-DD`"),
            Lack::Place => "write it in the block of each thing that need not meet it".to_owned(),
            Lack::IsOfAllow => "remove it, and correct the exception".to_owned(),
        }
    }
}

/// What a suppression does not say of who decided it, why and until when.
pub(crate) fn unsaid(arch: &Architecture, at: ItemRef) -> Vec<&'static str> {
    let said = [&facts::OWNER, &facts::allow::REASON, &facts::allow::EXPIRES];
    said.into_iter().filter(|fact| arch.fact(at, fact).is_none()).map(|fact| fact.name).collect()
}
