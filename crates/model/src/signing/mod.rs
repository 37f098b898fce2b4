//! What a signature binds, and whether it still does.
//!
//! A signature holds the SHA-256 of the **canonical form** of what was signed: a text that is the same whenever the same is said, however
//! that is written and in whichever files. [`Forms`] writes it; its version stands in the signature ([`FORM`]), and whoever changes
//! what it says in any way gives it another number and goes on to write the old one for old signatures.
//!
//! Form 1 of a **query** has, for each thing that the query selects, in the order of their addresses:
//!
//! - a line with its address, and its title in quotes: `service:shop.core "Core"`. What is declared in another thing and has no name of its
//!   own has its kind, or the ends of its arrow, in place of the address;
//! - below it, two blanks further in, a line for each fact that is written: `.replicas 3`. They are in the order of their names, then of
//!   their values unless their order says something; their parts stand below them. A text is in quotes, a name is the address of what it
//!   means, a quantity stands in seconds, bytes, shares of one and so on with 14 digits at most. Defaults are not in it, nor is `was`;
//! - of what stands in a zone or a group and not in another of these: `in` and its address, below all else;
//! - its parts, in the same way: first those that can be named from anywhere, in the order of their addresses, then the others in the order of the text: options and criteria of a
//!   choice and steps of a pipeline as well, which only these name.
//!   What an `extend` adds to it is a part of it; flows, which are things of their own, are not, nor is what suppresses findings.
//!
//! Then, below the line `relationships`, each relationship that begins or ends in one of these or in a part of one. What they refer to is
//! not in it, nor are comments, places, files and layout. A decision or a request for comments that is a record in Markdown has the lines of [`bound_text`] as its facts.
//!
//! Form 1 of a **record**, where the target is its name, is these lines alone: a record that gets another number in the name of its file
//! is the same.
//!
//! [`bound_text`]: groma_records::bound_text

mod changes;
mod form;
mod lines;
mod needed;
mod person;
mod replaced;
mod reviews;
mod standing;
mod target;
#[cfg(test)]
mod tests;
mod values;

pub use changes::changes;
pub use form::Forms;
pub use needed::{Need, Needed, needed};
pub use person::{is_same_role, may_sign, roles_of, who_may_sign};
pub use replaced::Signatures;
pub use reviews::{Answer, Review, reviews};
pub use standing::{Signature, Standing, Unread, Unreadable};
pub use target::{Target, is_number_of_record, is_shared_number, target};

use crate::signers::Person;
use lines::quoted;
use sha2::{Digest, Sha256};

/// The version of the canonical form.
pub const FORM: u32 = 1;

/// What a hash begins with.
const ALGORITHM: &str = "sha256:";

/// The hash of a text, as a signature has it.
pub fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{ALGORITHM}{digits}")
}

/// What a key signs: a text with the target, the role, the person, the day and the hash, so that no line can be made of another.
pub fn message(target: &str, role: &str, by: &Person<'_>, on: &str, hash: &str) -> String {
    let [target, role, by] = [target, role, &by.to_string()].map(quoted);
    format!("groma signature, form {FORM}\ntarget {target}\nrole {role}\nby {by}\non {on}\nhash {hash}\n")
}

/// Whether a text is written as a hash is: `sha256:` and 64 digits in small letters.
pub fn is_hash(text: &str) -> bool {
    let digits = text.strip_prefix(ALGORITHM);
    digits.is_some_and(|digits| {
        digits.len() == 64 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}
