//! Keys of OpenPGP (RFC 9580). A signature is a detached one without the lines around it. Keys stand in a file as they are exported, and say
//! themselves whose they are: that file is in the repository, and whoever may change it answers for it.

use crate::ALLOWED_KEYS;
use groma_model::signers::{KeyProof, Person, UnknownKey};
use pgp::composed::{Deserializable, DetachedSignature, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{RevocationCode, Signature, SignatureType};
use pgp::types::{Fingerprint, KeyDetails, SignedUser, Tag};
use std::time::{Duration, SystemTime};

/// What a signature with an OpenPGP key begins with in a line.
pub(crate) const PGP: &str = "pgp:";
/// What stands around a signature, and around keys, in a file of its own.
const SIGNATURE: [&str; 2] = ["-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"];
const KEYS: [&str; 2] = ["-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"];
/// So long are the lines of such a file.
const WIDTH: usize = 64;
/// No signature is longer: one with an RSA key of 16,384 bits has 2,900 letters.
const LONGEST: usize = 10_000;

/// The signature of a file that `gpg --armor --detach-sign` writes, as it stands in a line; none if it is no such file.
pub(crate) fn from_armor(file: &str) -> Option<String> {
    let inside = file.trim().strip_prefix(SIGNATURE[0])?.strip_suffix(SIGNATURE[1])?;
    let lines = inside.trim_start_matches(['\r', '\n']).lines().map(str::trim);
    // Headers such as `Comment: …` end at an empty line; a checksum is no part of the signature.
    let digits = lines.filter(|line| !line.contains(':') && !line.starts_with('='));
    let text = format!("{PGP}{}", digits.collect::<String>());
    read(&text).map(|_| text)
}

/// The signature in a line.
fn read(text: &str) -> Option<Signature> {
    let digits = text.strip_prefix(PGP).filter(|digits| digits.is_ascii() && digits.len() <= LONGEST)?;
    let lines: Vec<&str> = digits.as_bytes().chunks(WIDTH).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    let armor = format!("{}\n\n{}\n{}\n", SIGNATURE[0], lines.join("\n"), SIGNATURE[1]);
    let mut all = DetachedSignature::from_string_many(&armor).ok()?.0;
    let only = all.next()?.ok()?;
    all.next().is_none().then_some(only.signature)
}

/// The keys that are known.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    keys: Vec<SignedPublicKey>,
}

/// The part of a key that signed.
enum Signer<'k> {
    Primary,
    Sub(&'k SignedPublicSubKey),
}

impl Ring {
    /// Reads a file of keys, with the numbers of the lines at which something begins that is none.
    pub(crate) fn read(text: &str) -> (Ring, Vec<usize>) {
        let (mut keys, mut unread) = (Vec::new(), Vec::new());
        let line_at = |at: usize| text[..at].matches('\n').count() + 1;
        let mut at = 0;
        while let Some(start) = text[at..].find(KEYS[0]).map(|start| at + start) {
            let end = text[start..].find(KEYS[1]).map_or(text.len(), |end| start + end + KEYS[1].len());
            let block = SignedPublicKey::from_string_many(&text[start..end]);
            let block = block.ok().and_then(|(all, _)| all.collect::<Result<Vec<_>, _>>().ok());
            match block.filter(|block| !block.is_empty()) {
                Some(block) => keys.extend(block),
                None => unread.push(line_at(start)),
            }
            at = end;
        }
        if at == 0 && !text.trim().is_empty() {
            unread.push(1);
        }
        (Ring { keys }, unread)
    }

    /// What the signature in a line proves of somebody's message on a day.
    pub(crate) fn proof(&self, text: &str, person: &Person<'_>, message: &str) -> KeyProof {
        let Some(signature) = read(text) else { return KeyProof::Bad("`signature` is none that `gpg` writes") };
        if !matches!(signature.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
            return KeyProof::Bad("it was signed for something else");
        }
        let mut signers = self.keys.iter().flat_map(|key| signers(key).map(move |signer| (key, signer)));
        let Some((key, signer)) = signers.find(|(key, signer)| is_issuer(&signature, key, signer)) else {
            return unknown(&signature);
        };
        let verified = match signer {
            Signer::Primary => signature.verify(&key.primary_key, message.as_bytes()),
            Signer::Sub(sub) => signature.verify(&sub.key, message.as_bytes()),
        };
        if !is_strong(&signature) {
            return KeyProof::Bad(
                "it is made over a hash for which another text may be found: MD5, SHA-1 or RIPEMD-160",
            );
        }
        if verified.is_err() {
            return KeyProof::Bad("the key signed something else: the line was changed since");
        }
        let Some(made) = signature.created().map(SystemTime::from) else {
            return KeyProof::Bad("it does not say when the key signed");
        };
        if !was_valid(key, &signer, made) {
            return KeyProof::Bad("its key had expired, was revoked, or is none that signs");
        }
        match key.details.users.iter().any(|user| is_of(user, person.mail) && is_certified(key, user)) {
            true => KeyProof::Proven,
            false => KeyProof::Bad("its key is known as that of another, or was none of theirs on that day"),
        }
    }
}

/// What may have signed with a key.
fn signers(key: &SignedPublicKey) -> impl Iterator<Item = Signer<'_>> {
    [Signer::Primary].into_iter().chain(key.public_subkeys.iter().map(Signer::Sub))
}

fn fingerprint(key: &SignedPublicKey, signer: &Signer<'_>) -> Fingerprint {
    match signer {
        Signer::Primary => key.primary_key.fingerprint(),
        Signer::Sub(sub) => sub.key.fingerprint(),
    }
}

/// Whether a signature says that it was made with this key.
fn is_issuer(signature: &Signature, key: &SignedPublicKey, signer: &Signer<'_>) -> bool {
    let id = match signer {
        Signer::Primary => key.primary_key.legacy_key_id(),
        Signer::Sub(sub) => sub.key.legacy_key_id(),
    };
    let own = fingerprint(key, signer);
    signature.issuer_fingerprint().contains(&&own)
        || signature.issuer_fingerprint().is_empty() && signature.issuer_key_id().contains(&&id)
}

fn unknown(signature: &Signature) -> KeyProof {
    let fingerprint = signature.issuer_fingerprint().first().map(|own| own.to_string().to_uppercase());
    let id = || signature.issuer_key_id().first().map(|own| own.to_string().to_uppercase());
    match fingerprint.or_else(id) {
        Some(key) => {
            let add = format!("this prints it: gpg --armor --export {key}");
            KeyProof::Unknown(UnknownKey { file: ALLOWED_KEYS, add })
        }
        None => KeyProof::Bad("it does not say which key signed"),
    }
}

/// Whether nobody can make another message with the same signature.
fn is_strong(signature: &Signature) -> bool {
    !matches!(signature.hash_alg(), None | Some(HashAlgorithm::Md5 | HashAlgorithm::Sha1 | HashAlgorithm::Ripemd160))
}

/// Whether a key could sign at a time.
fn was_valid(key: &SignedPublicKey, signer: &Signer<'_>, at: SystemTime) -> bool {
    let primary = &key.primary_key;
    let own = key.details.direct_signatures.iter().filter(|own| own.verify_key(primary).is_ok());
    let of_users = key.details.users.iter().flat_map(|user| certifications(key, user));
    let latest = own.chain(of_users).max_by_key(|own| own.created());
    let mut revoked = key.details.revocation_signatures.iter().filter(|own| own.verify_key(primary).is_ok());
    let is_whole = !is_past_its_life(primary.created_at().into(), latest, at) && !revoked.any(|own| ends(own, at));
    let Signer::Sub(sub) = signer else { return is_whole };
    let bound = |own: &&Signature| own.verify_subkey_binding(primary, &sub.key).is_ok();
    let (bindings, revoked): (Vec<&Signature>, Vec<&Signature>) =
        sub.signatures.iter().filter(bound).partition(|own| own.typ() == Some(SignatureType::SubkeyBinding));
    let latest = bindings.into_iter().max_by_key(|own| own.created());
    let says_so = latest.is_some_and(|own| {
        let back = own.embedded_signature();
        own.key_flags().sign() && back.is_some_and(|back| back.verify_primary_key_binding(&sub.key, primary).is_ok())
    });
    is_whole
        && says_so
        && !is_past_its_life(sub.key.created_at().into(), latest, at)
        && !revoked.into_iter().any(|own| ends(own, at))
}

/// Whether a time lies before a key was made, or after it expired by what it says last of itself.
fn is_past_its_life(made: SystemTime, latest: Option<&Signature>, at: SystemTime) -> bool {
    let seconds = latest.and_then(Signature::key_expiration_time).map_or(0, |time| u64::from(time.as_secs()));
    at < made || seconds > 0 && at >= made + Duration::from_secs(seconds)
}

/// Whether a revocation ends what was signed at a time: what is only retired or replaced still says what was signed before.
fn ends(revocation: &Signature, at: SystemTime) -> bool {
    let is_soft = matches!(
        revocation.revocation_reason_code(),
        Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired | RevocationCode::CertUserIdInvalid)
    );
    !is_soft || revocation.created().is_none_or(|revoked| SystemTime::from(revoked) <= at)
}

/// Whether a user of a key has this address.
fn is_of(user: &SignedUser, mail: &str) -> bool {
    let Ok(id) = std::str::from_utf8(user.id.id()) else { return false };
    let inside = id.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    inside.unwrap_or(id) == mail
}

/// The signatures by which a key says that a user is its own.
fn certifications<'k>(key: &'k SignedPublicKey, user: &'k SignedUser) -> impl Iterator<Item = &'k Signature> {
    let is_own = |own: &&Signature| own.verify_certification(&key.primary_key, Tag::UserId, &user.id).is_ok();
    let certified = user.signatures.iter().filter(|own| own.typ() != Some(SignatureType::CertRevocation));
    certified.filter(is_own)
}

/// Whether a key says that a user is its own, and has not taken that back.
fn is_certified(key: &SignedPublicKey, user: &SignedUser) -> bool {
    let mut revoked = user.signatures.iter().filter(|own| own.typ() == Some(SignatureType::CertRevocation));
    let is_own = |own: &&Signature| own.verify_certification(&key.primary_key, Tag::UserId, &user.id).is_ok();
    certifications(key, user).next().is_some() && !revoked.any(|own| is_own(&own))
}
