//! Who signs.

use crate::Architecture;
use crate::facets::people::class::MEMBER;
use crate::facts::member;
use crate::items::ItemRef;
use crate::signers::Person;
use groma_base::list_words;

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
    signers(arch, role).any(|member| is(arch, person, member))
}

/// Whether two texts name one role: `Lead Backend` is `lead-backend`.
pub fn is_same_role(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    words(one) == words(other)
}

/// Who may sign in a role, as the end of a help; what to do where nobody can.
pub fn who_may_sign(arch: &Architecture, role: &str) -> String {
    let (mut may, mut nameless) = (Vec::new(), Vec::new());
    for at in signers(arch, role) {
        match arch.text(at, &member::EMAIL) {
            Some(mail) => may.push(format!("{} <{}>", arch.title(at), mail.trim())),
            None => nameless.push(arch.title(at)),
        }
    }
    if may.is_empty() && nameless.is_empty() {
        return format!("nobody has that role: say who has it in a team, `member id \"Name\" email=… roles={role}`");
    }
    if may.is_empty() {
        let who = list_words(nameless, "and");
        return format!(
            "nobody can sign in that role until it is said by which address: give {who} an `email` in the team"
        );
    }
    format!("who may sign: {}", list_words(may.iter().map(String::as_str), "or"))
}

/// Whether a member of a team is this person: by the address. One without an address is nobody in particular.
fn is(arch: &Architecture, person: &Person<'_>, member: ItemRef) -> bool {
    arch.text(member, &member::EMAIL).is_some_and(|mail| mail.trim().eq_ignore_ascii_case(person.mail))
}

/// The address of the member of a team that a text names: by title, by name, by address, as `@ana` or `Ana Ruiz <ana@example.org>`.
pub(super) fn mail_of<'a>(arch: &'a Architecture, text: &str) -> Option<&'a str> {
    let (name, mail) = text.trim().trim_end_matches('>').split_once('<').unwrap_or((text, text));
    let (name, mail) = (name.trim().trim_start_matches('@'), mail.trim());
    arch.records_of(&MEMBER).map(|record| record.at).find_map(|at| {
        let own = arch.text(at, &member::EMAIL)?.trim();
        let is_named = own.eq_ignore_ascii_case(mail) || arch.title(at) == name || arch.name(at) == name;
        is_named.then_some(own)
    })
}
