//! Who signs.

use crate::Architecture;
use crate::facets::people::class::MEMBER;
use crate::facts::member;
use crate::items::ItemRef;

/// A person as git writes one: `Ana Ruiz <ana@example.org>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Person<'a> {
    /// The name.
    pub name: &'a str,
    /// The address, without the signs around it.
    pub mail: &'a str,
}

impl<'a> Person<'a> {
    /// The person of a text; none where it has no name or no address.
    pub fn read(text: &'a str) -> Option<Person<'a>> {
        let (name, rest) = text.split_once('<')?;
        let (mail, after) = rest.split_once('>')?;
        let (name, mail) = (name.trim(), mail.trim());
        let is_one = !name.is_empty() && mail.contains('@') && after.trim().is_empty();
        let is_plain = !mail.contains(|letter: char| letter.is_whitespace() || letter == '<');
        (is_one && is_plain).then_some(Person { name, mail })
    }

    /// Whether a member of a team is this person: by the address. One without an address is nobody in particular.
    pub fn is(&self, arch: &Architecture, member: ItemRef) -> bool {
        arch.text(member, &member::EMAIL).is_some_and(|mail| mail.trim().eq_ignore_ascii_case(self.mail))
    }
}

impl std::fmt::Display for Person<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} <{}>", self.name, self.mail)
    }
}

/// The roles that members have, each once, in the order of the alphabet.
pub fn roles_of(arch: &Architecture) -> Vec<&str> {
    let members = arch.records_of(&MEMBER);
    let mut roles: Vec<&str> = members.flat_map(|member| arch.list(member.at, &member::ROLES)).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// The members that have a role, in the order of the text.
pub fn signers<'a>(arch: &'a Architecture, role: &'a str) -> impl Iterator<Item = ItemRef> + 'a {
    let members = arch.records_of(&MEMBER).map(|member| member.at);
    members.filter(move |at| arch.list(*at, &member::ROLES).any(|own| own == role))
}

/// Whether a person is a member with a role.
pub fn may_sign(arch: &Architecture, person: &Person<'_>, role: &str) -> bool {
    signers(arch, role).any(|member| person.is(arch, member))
}
