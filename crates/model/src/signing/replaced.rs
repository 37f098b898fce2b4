//! The signatures of an architecture, and which of them others took the place of.

use super::standing::{Signature, Standing, Unread, read, standing, unread};
use super::{Forms, may_sign};
use crate::Architecture;
use crate::facets::signatures::class::SIGNATURE;
use crate::items::ItemRef;
use crate::signers::KeyProof;
use rustc_hash::{FxHashMap, FxHashSet};

/// The signatures of an architecture.
pub struct Signatures<'a> {
    /// Those that can be read, in the order of the text, each with how it stands.
    pub all: Vec<(Signature<'a>, Standing)>,
    /// Those that cannot.
    pub unreadable: Vec<Unread<'a>>,
    /// Of those that can be read and then of those that cannot, which others took the place of.
    replaced: Vec<bool>,
}

impl<'a> Signatures<'a> {
    /// Reads them, and compares each with what there is. Whatever their days are, they count.
    pub fn of(arch: &'a Architecture) -> Signatures<'a> {
        Signatures::read(arch, None)
    }

    /// The same as of a day: what was given later than that takes nothing's place.
    pub fn on(arch: &'a Architecture, today: &str) -> Signatures<'a> {
        Signatures::read(arch, Some(today))
    }

    fn read(arch: &'a Architecture, today: Option<&str>) -> Signatures<'a> {
        let (mut all, mut unreadable) = (Vec::new(), Vec::new());
        for at in arch.item_refs().filter(|at| arch.item(*at).kind.is(&SIGNATURE)) {
            match read(arch, at) {
                Ok(signature) => all.push(signature),
                Err(why) => unreadable.push(unread(arch, at, why)),
            }
        }
        if all.is_empty() {
            let replaced = vec![false; unreadable.len()];
            return Signatures { all: Vec::new(), unreadable, replaced };
        }
        let forms = Forms::new(arch);
        let stand = |signature: Signature<'a>| (signature, standing(&forms, arch, &signature));
        let all: Vec<(Signature<'a>, Standing)> = all.into_iter().map(stand).collect();
        Signatures { replaced: replaced(arch, &all, &unreadable, today), all, unreadable }
    }

    /// Whether another signature about the same in the same role took the place of one: a later one of the same person that holds no less
    /// far, or, where it no longer holds, one that does, of the same person or of another and no earlier.
    pub fn is_replaced(&self, nth: usize) -> bool {
        self.replaced[nth]
    }

    /// Whether a later signature of the same person took the place of one that cannot be read.
    pub fn is_unreadable_replaced(&self, nth: usize) -> bool {
        self.replaced[self.all.len() + nth]
    }
}

/// How far a signature holds, the farther the later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    /// It says nothing, or nothing that counts.
    Bad,
    /// What was signed has changed.
    Lapsed,
    /// What was signed is as it was.
    AsItWas,
    /// A known key says so.
    Proven,
}

/// A signature among those about the same in the same role.
struct One {
    /// Where it stands in the result.
    nth: usize,
    /// Whose it is.
    mail: String,
    /// When it was given, then where it stands.
    when: (String, ItemRef),
    holds: Holds,
}

/// Of the signatures that can be read and then of those that cannot, which others took the place of. With a day, what was signed later than
/// that takes none.
fn replaced(
    arch: &Architecture,
    all: &[(Signature<'_>, Standing)],
    unread: &[Unread<'_>],
    today: Option<&str>,
) -> Vec<bool> {
    let mut alike: FxHashMap<(Option<ItemRef>, &str, &str), Vec<usize>> = FxHashMap::default();
    for (nth, (one, _)) in all.iter().enumerate() {
        let words = if one.record.is_some() { "" } else { one.target };
        alike.entry((one.record, words, one.role)).or_default().push(nth);
    }
    for (nth, one) in unread.iter().enumerate() {
        if let Some((target, role, _)) = one.about {
            let words = if one.record.is_some() { "" } else { target };
            alike.entry((one.record, words, role)).or_default().push(all.len() + nth);
        }
    }
    let mut found = vec![false; all.len() + unread.len()];
    for group in alike.into_values().filter(|group| group.len() > 1) {
        let one = |nth: usize| match all.get(nth) {
            Some((signature, standing)) => One {
                nth,
                mail: signature.person.mail.to_ascii_lowercase(),
                when: (signature.on.to_owned(), signature.at),
                holds: holds(arch, signature, standing, today),
            },
            None => {
                let unread = &unread[nth - all.len()];
                let mail = unread.about.map_or_else(String::new, |(_, _, person)| person.mail.to_ascii_lowercase());
                let on = unread.on.unwrap_or_default().to_owned();
                One { nth, mail, when: (on, unread.at), holds: Holds::Bad }
            }
        };
        within(group.into_iter().map(one).collect(), &mut found);
    }
    found
}

/// Tells it of those about the same in the same role.
fn within(mut all: Vec<One>, found: &mut [bool]) {
    all.sort_by(|a, b| a.when.cmp(&b.when));
    let holding = || all.iter().filter(|one| one.holds >= Holds::AsItWas);
    let who_holds: FxHashSet<&str> = holding().map(|one| &*one.mail).collect();
    let last_day = holding().map(|one| &*one.when.0).max();
    // From the last on: how far that holds best which the same person signed later.
    let mut later: FxHashMap<&str, Holds> = FxHashMap::default();
    for one in all.iter().rev() {
        let best = later.get(&*one.mail).copied().unwrap_or(Holds::Bad);
        found[one.nth] = match one.holds {
            Holds::Bad => best >= Holds::AsItWas,
            // Where it stands says nothing of one that has lapsed: two branches were merged, or what was changed was changed back.
            Holds::Lapsed => {
                best >= Holds::Lapsed
                    || who_holds.contains(&*one.mail)
                    || last_day.is_some_and(|day| *day >= *one.when.0)
            }
            Holds::AsItWas | Holds::Proven => best >= one.holds,
        };
        later.insert(&one.mail, best.max(one.holds));
    }
}

fn holds(arch: &Architecture, signature: &Signature<'_>, standing: &Standing, today: Option<&str>) -> Holds {
    match standing {
        Standing::Lapsed(_) | Standing::Gone => Holds::Lapsed,
        Standing::Wrong(_) => Holds::Bad,
        Standing::Valid if today.is_some_and(|today| signature.is_after(today)) => Holds::Bad,
        Standing::Valid if !may_sign(arch, &signature.person, signature.role) => Holds::Bad,
        Standing::Valid => match signature.proof(arch) {
            KeyProof::Bad(_) => Holds::Bad,
            KeyProof::NoKey | KeyProof::Unknown(_) => Holds::AsItWas,
            KeyProof::Proven => Holds::Proven,
        },
    }
}
