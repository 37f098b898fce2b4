//! Who signs, and what a key proves of that. Keys themselves are read and verified outside of the model.

use std::fmt;
use std::sync::Arc;

/// A person as git writes one: `Ana Ruiz <ana@example.org>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Person<'a> {
    /// The name.
    pub name: &'a str,
    /// The address, without the signs around it.
    pub mail: &'a str,
}

impl<'a> Person<'a> {
    /// The person of a text; none where it has no name or no address, or is more than one line.
    pub fn read(text: &'a str) -> Option<Person<'a>> {
        let (name, rest) = text.split_once('<')?;
        let (mail, after) = rest.split_once('>')?;
        let (name, mail) = (name.trim(), mail.trim());
        let is_one = !name.is_empty() && mail.contains('@') && after.trim().is_empty();
        let is_plain = !mail.contains(|letter: char| letter.is_whitespace() || letter == '<');
        let is_plain = is_plain && !text.contains(char::is_control);
        (is_one && is_plain).then_some(Person { name, mail })
    }
}

impl fmt::Display for Person<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.mail)
    }
}

/// Why a signature with a key is none of its line.
pub const CHANGED: &str = "the key signed something else: the line was changed since";

/// What the key of a signature proves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeyProof {
    /// It is not signed with a key.
    NoKey,
    /// It is signed with a key that is known to be that of the person.
    Proven,
    /// It is signed with a key of which it is not known whose it is.
    Unknown(UnknownKey),
    /// It is no signature of this.
    Bad(&'static str),
}

/// A key of which it is not known whose it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownKey {
    /// The file that would say so.
    pub file: &'static str,
    /// How it would be added there, as the end of a sentence.
    pub add: String,
}

/// The keys that a repository knows.
pub trait Keys: fmt::Debug + Send + Sync {
    /// What the signature in a line proves of somebody's message on a day.
    fn proof(&self, signature: &str, person: &Person<'_>, on: &str, message: &str) -> KeyProof;
}

/// The keys that a workspace knows; none by default.
#[derive(Clone, Debug, Default)]
pub struct Signers(Option<Arc<dyn Keys>>);

impl Signers {
    /// These keys.
    pub fn new(keys: impl Keys + 'static) -> Signers {
        Signers(Some(Arc::new(keys)))
    }

    /// What the signature in a line proves of somebody's message on a day, if it has one.
    pub fn proof(&self, signature: Option<&str>, person: &Person<'_>, on: &str, message: &str) -> KeyProof {
        match (signature, &self.0) {
            (None, _) => KeyProof::NoKey,
            (Some(signature), Some(keys)) => keys.proof(signature, person, on, message),
            (Some(_), None) => KeyProof::Bad("no keys are read here"),
        }
    }
}
