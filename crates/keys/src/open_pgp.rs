//! Keys of OpenPGP (RFC 9580). A signature is a detached one without the lines around it. Keys stand in a file as they are exported, and say
//! themselves whose they are: that file is in the repository, and whoever may change it answers for it.

use crate::ALLOWED_KEYS;
use crate::ring::{Key, Ring};
use groma_base::days_between;
use groma_model::signers::{CHANGED, KeyProof, Person, UnknownKey};
use pgp::composed::{Deserializable, DetachedSignature};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{PublicSubkey, RevocationCode, Signature, SignatureType, SubpacketData, UserId};
use pgp::types::{KeyDetails, Tag};
use std::time::{Duration, SystemTime};

/// What a signature with an OpenPGP key begins with in a line.
pub(crate) const PGP: &str = "pgp:";
/// What stands around a signature in a file of its own.
const SIGNATURE: [&str; 2] = ["-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"];
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

/// The part of a key that signed.
#[derive(Clone, Copy)]
enum Signer<'k> {
    Primary,
    Sub(&'k PublicSubkey, &'k [Signature]),
}

const WEAK: &str = "its digest is too weak: of MD5, SHA-1 and RIPEMD-160 another text may be found that has the same";
const NOT_UNDERSTOOD: &str =
    "it says something of itself that is not understood and must be, such as a critical notation";
const EXPIRES: &str = "it is made to expire (`default-sig-expire`), and what is signed holds until it changes";
const NOT_VALID: &str = "its key had expired, was revoked, or is none that signs";
const OF_ANOTHER: &str = "its key is known as that of another, or was none of theirs on that day";

impl Ring {
    /// What the signature in a line proves of somebody's message on a day.
    pub(crate) fn proof(&self, text: &str, person: &Person<'_>, on: &str, message: &str) -> KeyProof {
        let Some(signature) = read(text) else { return KeyProof::Bad("`signature` is none that `gpg` writes") };
        if !matches!(signature.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
            return KeyProof::Bad("it was signed for something else");
        }
        if !is_strong(&signature) {
            return KeyProof::Bad(WEAK);
        }
        // Several may say so, and not each truly.
        let signers = self.keys.iter().flat_map(|key| signers(key).map(move |signer| (key, signer)));
        let issuers = signers.filter(|(key, signer)| is_issuer(&signature, key, *signer));
        let proofs: Vec<Result<(), &'static str>> =
            issuers.map(|(key, signer)| self.proof_by((key, signer), &signature, (person, on), message)).collect();
        match proofs.iter().find(|proof| proof.is_ok()).or(proofs.first()) {
            Some(Ok(())) => KeyProof::Proven,
            Some(Err(why)) => KeyProof::Bad(why),
            None => unknown(&signature),
        }
    }

    /// Whether a key proves that somebody signed a message; why not.
    fn proof_by(
        &self,
        (key, signer): (&Key, Signer<'_>),
        signature: &Signature,
        (person, on): (&Person<'_>, &str),
        message: &str,
    ) -> Result<(), &'static str> {
        let verified = match signer {
            Signer::Primary => signature.verify(&key.primary, message.as_bytes()),
            Signer::Sub(sub, _) => signature.verify(sub, message.as_bytes()),
        };
        verified.map_err(|_| CHANGED)?;
        if !is_understood(signature) {
            return Err(NOT_UNDERSTOOD);
        }
        if seconds(signature.signature_expiration_time()) > 0 {
            return Err(EXPIRES);
        }
        // Of the time that the key tells and the day of the line the later one counts: each may be put back by whoever has the key.
        let made = made(signature).ok_or("it does not say when the key signed")?;
        let made = start_of(on).map_or(made, |day| day.max(made));
        if !self.was_valid(key, signer, made) {
            return Err(NOT_VALID);
        }
        let mut users = key.users.iter().filter(|(id, _)| is_of(id, person.mail));
        users.any(|user| self.is_certified(key, user, made)).then_some(()).ok_or(OF_ANOTHER)
    }

    /// Whether a key could sign at a time.
    fn was_valid(&self, key: &Key, signer: Signer<'_>, at: SystemTime) -> bool {
        let primary = &key.primary;
        let own = key.direct.iter().filter(|own| is_understood(own) && own.verify_key(primary).is_ok());
        let of_users = key.users.iter().flat_map(|user| certifications(key, user));
        let latest = own.chain(of_users).max_by_key(|own| own.created());
        let mut revoked = self.revocations(SignatureType::KeyRevocation).filter(|own| self.revokes(own, key));
        let is_whole = !is_past_its_life(primary.created_at().into(), latest, at) && !revoked.any(|own| ends(own, at));
        let Signer::Sub(sub, signatures) = signer else { return is_whole };
        let is_bound = |own: &&Signature| own.verify_subkey_binding(primary, sub).is_ok();
        let latest =
            signatures.iter().filter(|own| is_understood(own)).filter(is_bound).max_by_key(|own| own.created());
        let says_so = latest.is_some_and(|own| {
            let back = own.embedded_signature();
            own.key_flags().sign() && back.is_some_and(|back| back.verify_primary_key_binding(sub, primary).is_ok())
        });
        let mut revoked = self.revocations(SignatureType::SubkeyRevocation).filter(is_bound);
        is_whole
            && says_so
            && !latest.is_some_and(|own| has_expired(own, at))
            && !is_past_its_life(sub.created_at().into(), latest, at)
            && !revoked.any(|own| ends(own, at))
    }

    fn revocations(&self, sort: SignatureType) -> impl Iterator<Item = &Signature> {
        self.revocations.iter().filter(move |own| own.typ() == Some(sort))
    }

    /// Whether a signature takes back a key: it is its own, or that of one by which the key said that it may.
    fn revokes(&self, signature: &Signature, key: &Key) -> bool {
        let primary = &key.primary;
        let named = key.direct.iter().filter_map(|own| Some((own, own.revocation_key()?)));
        let may = named.filter(|(own, _)| own.verify_key(primary).is_ok()).map(|(_, named)| &named.fingerprint);
        signature.verify_key(primary).is_ok()
            || may.into_iter().any(|named| {
                let others = self.keys.iter().filter(|other| other.primary.fingerprint().as_bytes() == &named[..]);
                others.into_iter().any(|other| signature.verify_key_third_party(primary, &other.primary).is_ok())
            })
    }

    /// Whether a key said at a time that a user is its own: it did once, and had not taken that back without saying it anew.
    fn is_certified(&self, key: &Key, user: &(UserId, Vec<Signature>), at: SystemTime) -> bool {
        let said: Vec<&Signature> = certifications(key, user).filter(|own| !has_expired(own, at)).collect();
        let is_own = |own: &&Signature| own.verify_certification(&key.primary, Tag::UserId, &user.0).is_ok();
        let is_taken_back = |revocation: &Signature| {
            let stolen = revocation.revocation_reason_code() == Some(&RevocationCode::KeyCompromised);
            let revoked = made(revocation).filter(|_| !stolen);
            let anew =
                |own: &Signature| made(own).is_some_and(|said| revoked.is_some_and(|day| day < said && said <= at));
            revoked.is_none_or(|revoked| revoked <= at) && !said.iter().any(|own| anew(own))
        };
        !said.is_empty() && !self.revocations(SignatureType::CertRevocation).filter(is_own).any(is_taken_back)
    }
}

/// What may have signed with a key.
fn signers(key: &Key) -> impl Iterator<Item = Signer<'_>> {
    let subs = key.subkeys.iter().map(|(sub, signatures)| Signer::Sub(sub, signatures));
    [Signer::Primary].into_iter().chain(subs)
}

/// Whether a signature says that it was made with this key.
fn is_issuer(signature: &Signature, key: &Key, signer: Signer<'_>) -> bool {
    let (id, own) = match signer {
        Signer::Primary => (key.primary.legacy_key_id(), key.primary.fingerprint()),
        Signer::Sub(sub, _) => (sub.legacy_key_id(), sub.fingerprint()),
    };
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

/// Whether all is understood of what a signature says of itself that must be (RFC 9580, 5.2.3.7).
fn is_understood(signature: &Signature) -> bool {
    let is_known = |data: &SubpacketData| {
        !matches!(
            data,
            SubpacketData::Notation(_)
                | SubpacketData::Experimental(..)
                | SubpacketData::Other(..)
                | SubpacketData::SignatureTarget(..)
                | SubpacketData::IntendedRecipientFingerprint(_)
                | SubpacketData::RegularExpression(_)
        )
    };
    let said = signature.config().map(|config| config.hashed_subpackets());
    said.is_some_and(|mut said| said.all(|one| !one.is_critical || is_known(&one.data)))
}

fn made(signature: &Signature) -> Option<SystemTime> {
    signature.created().map(SystemTime::from)
}

/// When a day begins.
fn start_of(day: &str) -> Option<SystemTime> {
    const SECONDS: u64 = 24 * 60 * 60;
    let days = u64::try_from(days_between("1970-01-01", day)?).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(days * SECONDS))
}

fn seconds(time: Option<pgp::types::Duration>) -> u64 {
    time.map_or(0, |time| u64::from(time.as_secs()))
}

/// Whether a signature had expired at a time.
fn has_expired(signature: &Signature, at: SystemTime) -> bool {
    let seconds = seconds(signature.signature_expiration_time());
    seconds > 0 && made(signature).is_none_or(|made| at >= made + Duration::from_secs(seconds))
}

/// Whether a time lies before a key was made, or after it expired by what it says last of itself.
fn is_past_its_life(made: SystemTime, latest: Option<&Signature>, at: SystemTime) -> bool {
    let seconds = seconds(latest.and_then(Signature::key_expiration_time));
    at < made || seconds > 0 && at >= made + Duration::from_secs(seconds)
}

/// Whether a revocation ends what was signed at a time: what is only retired or replaced still says what was signed before.
fn ends(revocation: &Signature, at: SystemTime) -> bool {
    let is_soft = matches!(
        revocation.revocation_reason_code(),
        Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired | RevocationCode::CertUserIdInvalid)
    );
    !is_soft || made(revocation).is_none_or(|revoked| revoked <= at)
}

/// Whether a user of a key has this address.
fn is_of(user: &UserId, mail: &str) -> bool {
    let Ok(id) = std::str::from_utf8(user.id()) else { return false };
    let inside = id.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    inside.unwrap_or(id).eq_ignore_ascii_case(mail)
}

/// The signatures by which a key says that a user is its own.
fn certifications<'k>(key: &'k Key, user: &'k (UserId, Vec<Signature>)) -> impl Iterator<Item = &'k Signature> {
    let is_own = |own: &&Signature| own.verify_certification(&key.primary, Tag::UserId, &user.0).is_ok();
    user.1.iter().filter(|own| own.is_certification() && is_understood(own)).filter(is_own)
}
