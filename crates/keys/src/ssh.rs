//! Keys of OpenSSH. A signature is one in the namespace [`NAMESPACE`], without the lines around it. Whose a key is stands in a file in
//! git's own form.

use crate::{ALLOWED_SIGNERS, Unread};
use groma_model::signers::{CHANGED, KeyProof, Person, UnknownKey};
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

/// What a line is to be.
const LINE: &str = "a line has an address, perhaps options, and a key: `ana@example.org ssh-ed25519 AAAA…`";
const CERTIFICATES: &str = "write a line for each key: `ana@example.org ssh-ed25519 AAAA…`";
const TAKE_OUT: &str = "take it out and make another: whoever may read the repository may sign with it; here stand the lines of `.pub` files, each behind an address";

impl AllowedSigners {
    /// Reads a file `allowed_signers` (`man ssh-keygen`), and tells which lines cannot be read. Certificates are not: a line that allows
    /// what an authority has certified allows nothing here.
    pub(crate) fn read(text: &str) -> (AllowedSigners, Vec<Unread>) {
        let (mut lines, mut unread) = (Vec::new(), Vec::new());
        // Of a key with several lines the first is told.
        let mut is_inside = false;
        let told = text.strip_prefix('\u{feff}').unwrap_or(text).lines().map(str::trim).enumerate();
        for (nth, line) in told.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let is_end = is_inside && line.starts_with("-----END");
            let is_begin = line.starts_with("-----BEGIN");
            match allowed(line) {
                Ok(line) => lines.push(line),
                Err(_) if is_inside && !is_begin => {}
                Err(_) if is_begin && line.contains("PRIVATE KEY") => {
                    unread.push(Unread { line: nth + 1, message: "holds a secret key".to_owned(), help: TAKE_OUT });
                }
                Err(NoLine::Certificates) => {
                    let message = "says nothing of a key: certificates are not verified".to_owned();
                    unread.push(Unread { line: nth + 1, message, help: CERTIFICATES });
                }
                Err(NoLine::Other) => unread.push(Unread::nothing(nth + 1, LINE)),
            }
            is_inside = (is_inside || is_begin) && !is_end;
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
        if matches!(signature.signature().algorithm(), Algorithm::Rsa { hash: None }) {
            return KeyProof::Bad("its digest is too weak: of SHA-1 another text may be found that has the same");
        }
        match key.verify(NAMESPACE, message.as_bytes(), &signature) {
            Ok(()) => {}
            Err(_) => return KeyProof::Bad(CHANGED),
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
        let is_in_time =
            self.days.0.as_deref().is_none_or(|first| first <= on) && self.days.1.as_deref().is_none_or(|end| on < end);
        let is_for_this = self.namespaces.as_ref().is_none_or(|all| is_among(all, NAMESPACE));
        // An address is the same in letters of another case, as that of a member is.
        let lower = |text: &str| text.to_ascii_lowercase();
        let principals: Vec<String> = self.principals.iter().map(|one| lower(one)).collect();
        is_in_time && is_for_this && is_among(&principals, &lower(mail))
    }
}

/// Whether a text fits one of some patterns, and none after `!`, which take back what others allow.
fn is_among(patterns: &[String], text: &str) -> bool {
    let is_meant = |pattern: &str| fits(pattern, text);
    let is_refused = patterns.iter().any(|one| one.strip_prefix('!').is_some_and(is_meant));
    !is_refused && patterns.iter().any(|one| is_meant(one))
}

/// Whether a text fits a pattern of `ssh_config`: `*` stands for any letters, `?` for one.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut letter) = (0, 0);
    // Where the last `*` was, and where what it takes ends: it takes one more when what follows does not fit.
    let mut wild: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(at), text.get(letter)) {
            (None, None) => return true,
            (Some('*'), _) => {
                wild = Some((at, letter));
                at += 1;
            }
            (Some(one), Some(found)) if *one == '?' || one == found => (at, letter) = (at + 1, letter + 1),
            _ => match wild {
                Some((star, taken)) if taken < text.len() => {
                    wild = Some((star, taken + 1));
                    (at, letter) = (star + 1, taken + 1);
                }
                _ => return false,
            },
        }
    }
}

/// Why a line says nothing.
enum NoLine {
    /// It allows what an authority has certified.
    Certificates,
    Other,
}

/// A line of the file, as `ssh-keygen` reads it: addresses, perhaps one word of options, and a key.
fn allowed(line: &str) -> Result<Allowed, NoLine> {
    let (principals, rest) = principals(line).ok_or(NoLine::Other)?;
    let (mut namespaces, mut days) = (None, (None, None));
    let key = match key(rest) {
        Some(key) => key,
        None => {
            let (options, after) = options(rest);
            let day = |value: &str| day(value).map(Some).ok_or(NoLine::Other);
            let mut seen: Vec<String> = Vec::new();
            for option in parted(options) {
                let (name, value) = option.split_once('=').unwrap_or((&option, ""));
                // Of two that are the same it is not said which counts.
                if seen.contains(&name.to_ascii_lowercase()) {
                    return Err(NoLine::Other);
                }
                seen.push(name.to_ascii_lowercase());
                match name.to_ascii_lowercase().as_str() {
                    "namespaces" => namespaces = Some(patterns(&value.replace('"', ""))),
                    "valid-after" => days.0 = day(value)?,
                    "valid-before" => days.1 = day(value)?,
                    "cert-authority" => return Err(NoLine::Certificates),
                    // What is not known may take something back.
                    _ => return Err(NoLine::Other),
                }
            }
            key(after).ok_or(NoLine::Other)?
        }
    };
    Ok(Allowed { principals: patterns(&principals), namespaces, days, key })
}

const BLANK: [char; 2] = [' ', '\t'];

/// The addresses at the start of a line, perhaps in quotes, and the rest. What follows at once behind a quote begins the rest.
fn principals(line: &str) -> Option<(String, &str)> {
    let line = line.trim_start_matches(BLANK);
    let end = line.find([' ', '\t', '"'])?;
    let (first, rest) = line.split_at(end);
    let (quoted, rest) = match rest.strip_prefix('"') {
        Some(rest) => rest.split_once('"')?,
        None => ("", rest),
    };
    let (all, rest) = (format!("{first}{quoted}"), rest.trim_start_matches(BLANK));
    (!all.is_empty() && !rest.is_empty()).then_some((all, rest))
}

/// The word of options, in which blanks may stand in quotes, and the rest.
fn options(rest: &str) -> (&str, &str) {
    let mut is_quoted = false;
    let end = rest.find(|letter: char| {
        is_quoted ^= letter == '"';
        BLANK.contains(&letter) && !is_quoted
    });
    rest.split_at(end.unwrap_or(rest.len()))
}

/// The key at the start of a text: the word for its sort, the key, perhaps a comment.
fn key(text: &str) -> Option<KeyData> {
    let mut words = text.split(BLANK).filter(|word| !word.is_empty());
    let (sort, key) = (words.next()?, words.next()?);
    PublicKey::from_openssh(&format!("{sort} {key}")).ok().map(|key| key.key_data().clone())
}

/// Patterns with commas between them.
fn patterns(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
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
    let value = value.trim_matches('"');
    let digits = value.strip_suffix('Z').unwrap_or(value);
    let is_time = matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (month, day) = (digits.get(4..6)?, digits.get(6..8)?);
    let is_day = ("01"..="12").contains(&month) && ("01"..="31").contains(&day);
    (is_time && is_day).then(|| format!("{}-{month}-{day}", &digits[..4]))
}
