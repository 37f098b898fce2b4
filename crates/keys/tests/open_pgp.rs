//! Signatures that `gpg` 2.2 made, with keys of ed25519 and RSA, are verified without it; no other bytes prove anything.

use groma_keys::{ALLOWED_KEYS, KnownKeys, from_armor};
use groma_model::signers::{KeyProof, Keys, Person};

const KEYS: &str = include_str!("keys.asc");
const MESSAGE: &str = include_str!("message.txt");
const BY_ANA: &str = include_str!("ana.asc");
const BY_BO: &str = include_str!("bo.asc");
/// Over a hash of SHA-1.
const WEAK: &str = include_str!("sha1.asc");
const ANA: Person<'_> = Person { name: "Ana Ruiz", mail: "ana@example.org" };
const BO: Person<'_> = Person { name: "Bo Berg", mail: "bo@example.org" };

fn known(keys: &str) -> KnownKeys {
    let mut known = KnownKeys::default();
    known.read_keys(keys.as_bytes());
    known
}

fn proof(keys: &KnownKeys, signature: &str, person: &Person<'_>) -> KeyProof {
    keys.proof(signature, person, "2026-01-05", MESSAGE)
}

#[test]
fn each_signature_is_that_of_its_key_and_of_no_other_message() {
    let keys = known(KEYS);
    for (armor, own, other) in [(BY_ANA, ANA, BO), (BY_BO, BO, ANA)] {
        let signature = from_armor(armor).unwrap();
        assert!(!signature.contains(char::is_whitespace) && signature.starts_with("pgp:"), "{signature}");
        assert_eq!(proof(&keys, &signature, &own), KeyProof::Proven);
        assert!(matches!(proof(&keys, &signature, &other), KeyProof::Bad(_)));
        assert!(matches!(keys.proof(&signature, &own, "2026-01-05", "another"), KeyProof::Bad(_)));
        let KeyProof::Unknown(unknown) = proof(&known(""), &signature, &own) else { panic!("no key is known") };
        assert_eq!(unknown.file, ALLOWED_KEYS);
    }
    let weak = from_armor(WEAK).unwrap();
    let KeyProof::Bad(why) = proof(&keys, &weak, &BO) else { panic!("SHA-1 proves nothing") };
    assert!(why.contains("digest is too weak") && why.contains("SHA-1"), "{why}");
}

#[test]
fn a_file_of_keys_may_have_words_and_several_blocks_and_tells_what_is_none() {
    let half = &KEYS[..KEYS.len() / 2];
    let twice = format!("Ours:\n{KEYS}\nand again\r\n{}", KEYS.replace('\n', "\r\n"));
    let signature = from_armor(BY_ANA).unwrap();
    assert_eq!(proof(&known(&twice), &signature, &ANA), KeyProof::Proven);
    let told = |text: &str| -> Vec<usize> {
        KnownKeys::default().read_keys(text.as_bytes()).into_iter().map(|one| one.line).collect()
    };
    assert_eq!(told(&twice), [0; 0]);
    assert_eq!(told(&format!("\n\n{half}")), [3]);
    assert_eq!(told("nothing"), [1]);
    assert_eq!(told(" \n"), [0; 0]);
}

/// The eight bytes of the issuer's key id are not signed, as they prove nothing (RFC 9580, 5.2.4): so many letters may be others.
const UNSIGNED: usize = 12;

/// Each byte in turn is another, or all from it on are missing: nothing is proven by it that is not, and nothing panics.
#[test]
fn no_bytes_are_too_strange() {
    let keys = known(KEYS);
    let signature = from_armor(BY_ANA).unwrap();
    let mut unsigned = Vec::new();
    for at in "pgp:".len()..signature.len() {
        for letter in ["A", "/", "=", "é", " "] {
            let changed = format!("{}{letter}{}", &signature[..at], &signature[at + 1..]);
            if changed != signature && proof(&keys, &changed, &ANA) == KeyProof::Proven {
                unsigned.push(at);
            }
            assert_ne!(keys.proof(&changed, &ANA, "2026-01-05", "another"), KeyProof::Proven, "{at} {letter}");
        }
        assert_ne!(proof(&keys, &signature[..at], &ANA), KeyProof::Proven, "{at}");
    }
    let length = unsigned.last().zip(unsigned.first()).map_or(0, |(last, first)| last - first + 1);
    assert!(length <= UNSIGNED, "{unsigned:?}");
    for (at, _) in KEYS.char_indices() {
        let changed = format!("{}{}{}", &KEYS[..at], if &KEYS[at..=at] == "A" { "B" } else { "A" }, &KEYS[at + 1..]);
        let _ = proof(&known(&changed), &signature, &ANA);
        let _ = proof(&known(&KEYS[..at]), &signature, &ANA);
        let _ = from_armor(&BY_ANA[..at.min(BY_ANA.len())]);
    }
}
