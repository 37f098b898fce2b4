//! Keys of OpenSSH. A signature is one in the namespace [`NAMESPACE`], without the lines around it. Whose a key is stands in a file in
//! git's own form.

use crate::ALLOWED_SIGNERS;
use groma_model::signers::{KeyProof, Person, UnknownKey};
use groma_model::wildcard::{Letters, fits};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, EcdsaCurve, PublicKey, SshSig};

/// For what a key signs: a signature for something else, such as a commit, is none of these.
pub const NAMESPACE: &str = "signature@groma";

/// What a signature with an SSH key begins with in a line.
pub(crate) const SSH: &str = "ssh:";
/// What stands around a signature in a file of its own.
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
/// So long are the lines of such a file.
const WIDTH: usize = 70;
/// No signature is longer: one with an RSA key of 16,384 bits has 5,500 letters.
const LONGEST: usize = 10_000;

/// The signature of a file that `ssh-keygen -Y sign` writes, as it stands in a line; none if it is no such file.
pub(crate) fn from_armor(file: &str) -> Option<String> {
    let inside = file.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let text = format!("{SSH}{}", inside.split_whitespace().collect::<String>());
    read(&text).map(|_| text)
}

/// The signature in a line.
fn read(text: &str) -> Option<SshSig> {
    let digits = text.strip_prefix(SSH).filter(|digits| digits.is_ascii() && digits.len() <= LONGEST)?;
    let lines: Vec<&str> = digits.as_bytes().chunks(WIDTH).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    SshSig::from_pem(format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"))).ok()
}

/// A line of the file: whose a key is, from when until when.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Allowed {
    /// Patterns of addresses.
    principals: Vec<String>,
    namespaces: Option<Vec<String>>,
    /// The first day and the first day after.
    days: (Option<String>, Option<String>),
    key: KeyData,
}

/// Whose keys are known.
#[derive(Debug, Default)]
pub(crate) struct AllowedSigners {
    lines: Vec<Allowed>,
}

impl AllowedSigners {
    /// Reads a file `allowed_signers` (`man ssh-keygen`), with the numbers of the lines that cannot be read. Certificates are not: a line that
    /// allows what an authority has certified allows nothing here.
    pub(crate) fn read(text: &str) -> (AllowedSigners, Vec<usize>) {
        let (mut lines, mut unread) = (Vec::new(), Vec::new());
        let told = text.lines().map(str::trim).enumerate();
        for (nth, line) in told.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            match allowed(line) {
                Some(line) => lines.push(line),
                None => unread.push(nth + 1),
            }
        }
        (AllowedSigners { lines }, unread)
    }

    /// What the signature in a line proves of somebody's message on a day.
    pub(crate) fn proof(&self, text: &str, person: &Person<'_>, on: &str, message: &str) -> KeyProof {
        let Some(signature) = read(text) else { return KeyProof::Bad("`signature` is none that `ssh-keygen` writes") };
        if signature.namespace() != NAMESPACE {
            return KeyProof::Bad("it was signed for something else");
        }
        let key = PublicKey::new(signature.public_key().clone(), "");
        let is_verified =
            [Algorithm::Ed25519, Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 }, Algorithm::Rsa { hash: None }];
        if !is_verified.contains(&key.algorithm()) {
            return KeyProof::Bad(
                "keys of that sort are not verified: take one of ed25519, ecdsa-sha2-nistp256 or rsa",
            );
        }
        match key.verify(NAMESPACE, message.as_bytes(), &signature) {
            Ok(()) => {}
            Err(_) => return KeyProof::Bad("the key signed something else: the line was changed since"),
        }
        let known: Vec<&Allowed> = self.lines.iter().filter(|line| line.key == *signature.public_key()).collect();
        match known.iter().any(|line| line.allows(person.mail, on)) {
            true => KeyProof::Proven,
            false if known.is_empty() => {
                let key = key.to_openssh().unwrap_or_default();
                let add = format!("this is its line: {} {}", person.mail, key.trim());
                KeyProof::Unknown(UnknownKey { file: ALLOWED_SIGNERS, add })
            }
            false => KeyProof::Bad("its key is known as that of another, or was none of theirs on that day"),
        }
    }
}

impl Allowed {
    fn allows(&self, mail: &str, on: &str) -> bool {
        // A pattern after `!` takes back what others allow.
        let is_among = |all: &[String], text: &str| {
            let is_meant = |pattern: &str| fits(pattern, text, Letters::AsWritten);
            let is_refused = all.iter().any(|one| one.strip_prefix('!').is_some_and(is_meant));
            !is_refused && all.iter().any(|one| is_meant(one))
        };
        let is_in_time =
            self.days.0.as_deref().is_none_or(|first| first <= on) && self.days.1.as_deref().is_none_or(|end| on < end);
        let is_for_this = self.namespaces.as_ref().is_none_or(|all| is_among(all, NAMESPACE));
        is_in_time && is_for_this && is_among(&self.principals, mail)
    }
}

/// A line of the file, if it can be read.
fn allowed(line: &str) -> Option<Allowed> {
    let (principals, rest) = word(line)?;
    // A sign that stands for one letter is not understood, and might take something back.
    if principals.contains('?') {
        return None;
    }
    let (mut namespaces, mut days) = (None, (None, None));
    let mut rest = rest;
    // The key begins with the word for its sort; options stand before it.
    while let Some((option, after)) = word(rest).filter(|(first, _)| !is_sort_of_key(first)) {
        for option in parted(&option) {
            let (name, value) = option.split_once('=').unwrap_or((&option, ""));
            match name.to_ascii_lowercase().as_str() {
                "namespaces" => namespaces = Some(parted(&value.replace('"', ""))),
                "valid-after" => days.0 = Some(day(value)?),
                "valid-before" => days.1 = Some(day(value)?),
                // What an authority has certified is not verified, and what is not known may take something back.
                _ => return None,
            }
        }
        rest = after;
    }
    let key = PublicKey::from_openssh(rest.trim()).ok()?;
    Some(Allowed { principals: parted(&principals.replace('"', "")), namespaces, days, key: key.key_data().clone() })
}

fn is_sort_of_key(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"].iter().any(|start| word.starts_with(start))
}

/// The first word of a line, in which blanks may stand in quotes, and the rest.
fn word(line: &str) -> Option<(String, &str)> {
    let line = line.trim_start();
    let mut is_quoted = false;
    let end = line.find(|letter: char| {
        is_quoted ^= letter == '"';
        letter.is_whitespace() && !is_quoted
    });
    let end = end.unwrap_or(line.len());
    (end > 0).then(|| (line[..end].to_owned(), &line[end..]))
}

/// What stands between commas outside of quotes.
fn parted(text: &str) -> Vec<String> {
    let mut is_quoted = false;
    let parts = text.split(|letter: char| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The day of a time as `ssh-keygen` writes one: `20261130`, perhaps with hours behind.
fn day(value: &str) -> Option<String> {
    let digits = value.trim_matches('"').trim_end_matches('Z');
    let is_time = matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_time.then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]))
}
