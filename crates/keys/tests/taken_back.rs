//! Keys of several exports, as `gpg` 2.2 wrote them: what one of them takes back is taken back, wherever it stands. The key was made on
//! 2026-01-01 for two addresses, and its subkey a day later; each was taken back on 2026-04-01 where a file says so.

use groma_keys::{KnownKeys, from_armor};
use groma_model::signers::{KeyProof, Keys, Person};

const MESSAGE: &str = include_str!("message.txt");
const FIRST: &str = include_str!("taken_back/first.asc");
const FIRST_BINARY: &[u8] = include_bytes!("taken_back/first.gpg");
/// Later exports of the same key.
const WITHOUT_USER: &str = include_str!("taken_back/without-user.asc");
const WITHOUT_SUBKEY: &str = include_str!("taken_back/without-subkey.asc");
const REVOKED: &str = include_str!("taken_back/revoked.asc");
/// Certificates alone: for no reason, and as it was superseded.
const REVOCATION: &str = include_str!("taken_back/revocation.asc");
const SUPERSEDED: &str = include_str!("taken_back/superseded.asc");
/// Signatures of 2026-03-01, and one of 2026-05-01.
const BY_KEY: &str = include_str!("taken_back/by-key.asc");
const BY_SUBKEY: &str = include_str!("taken_back/by-subkey.asc");
const LATER: &str = include_str!("taken_back/later.asc");

const ANA: Person<'_> = Person { name: "Ana Ruiz", mail: "ana@example.org" };

fn proof(keys: &[&str], armor: &str, mail: &str) -> KeyProof {
    let mut known = KnownKeys::default();
    assert_eq!(known.read_keys(keys.concat().as_bytes()), []);
    known.proof(&from_armor(armor).unwrap(), &Person { mail, ..ANA }, "2026-03-01", MESSAGE)
}

fn is_proven(keys: &[&str], armor: &str) -> bool {
    match proof(keys, armor, ANA.mail) {
        KeyProof::Proven => true,
        KeyProof::Bad(_) => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_one_block_of_a_key_takes_back_is_taken_back_in_any_order() {
    for signature in [BY_KEY, BY_SUBKEY, LATER] {
        assert!(is_proven(&[FIRST], signature) && is_proven(&[FIRST, FIRST], signature));
    }
    for (later, signature, holds) in [
        // For no reason: nothing was ever signed.
        (REVOKED, BY_KEY, false),
        (REVOKED, BY_SUBKEY, false),
        (REVOCATION, BY_KEY, false),
        (REVOCATION, BY_SUBKEY, false),
        // Superseded: what was signed before still is.
        (SUPERSEDED, BY_KEY, true),
        (SUPERSEDED, LATER, false),
        // Stolen, and the subkey alone.
        (WITHOUT_SUBKEY, BY_SUBKEY, false),
        (WITHOUT_SUBKEY, BY_KEY, true),
        // A user who is no longer one: what was signed before still is.
        (WITHOUT_USER, BY_KEY, true),
        (WITHOUT_USER, LATER, false),
    ] {
        for keys in [[FIRST, later], [later, FIRST]] {
            assert_eq!(is_proven(&keys, signature), holds, "{later}{signature}");
        }
    }
    // The other address is still one.
    assert_eq!(proof(&[FIRST, WITHOUT_USER], LATER, "ana@work.example"), KeyProof::Proven);
    // In whatever letters it is written.
    assert_eq!(proof(&[FIRST], LATER, "Ana@Example.org"), KeyProof::Proven);
}

/// Of the time that the key tells and the day of the line the later one counts.
#[test]
fn a_line_of_a_later_day_is_of_that_day() {
    let mut known = KnownKeys::default();
    assert_eq!(known.read_keys(format!("{FIRST}{WITHOUT_USER}").as_bytes()), []);
    let signature = from_armor(BY_KEY).unwrap();
    for (on, holds) in [("2026-02-01", true), ("2026-03-01", true), ("2026-03-31", true), ("2026-07-01", false)] {
        let proof = known.proof(&signature, &ANA, on, MESSAGE);
        assert_eq!(proof == KeyProof::Proven, holds, "{on}: {proof:?}");
    }
}

#[test]
fn what_a_signature_says_of_itself_counts() {
    let expiring = include_str!("taken_back/expiring.asc");
    let critical = include_str!("taken_back/critical.asc");
    let KeyProof::Bad(why) = proof(&[FIRST], expiring, ANA.mail) else { panic!("it expires") };
    assert!(why.contains("made to expire"), "{why}");
    let KeyProof::Bad(why) = proof(&[FIRST], critical, ANA.mail) else { panic!("it is not understood") };
    assert!(why.contains("critical notation"), "{why}");
    // What need not be understood is passed over.
    assert!(is_proven(&[FIRST], include_str!("taken_back/notation.asc")));
}

/// The lines that are told of a file, each with the end of what is said.
fn told(bytes: &[u8]) -> Vec<(usize, String)> {
    KnownKeys::default().read_keys(bytes).into_iter().map(|one| (one.line, one.message)).collect()
}

#[test]
fn what_is_no_key_is_told_where_it_stands_and_takes_nothing_with_it() {
    let lines = FIRST.lines().count();
    let half: String = FIRST.lines().take(lines / 2).map(|line| format!("{line}\n")).collect();
    let secret = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----\n";
    let bare = &REVOCATION[REVOCATION.find("-----BEGIN").unwrap()..];
    let is = |line: usize, message: &str| vec![(line, message.to_owned())];
    let without = "ends a block of which the beginning is missing";
    let missing = "begins a block of which the end is missing";
    for (text, expected) in [
        (format!("{half}{FIRST}"), is(1, missing)),
        (format!("{FIRST}{half}"), is(lines + 1, missing)),
        (format!("{secret}{FIRST}"), is(1, "holds a secret key")),
        (format!("Words.\n\n{BY_KEY}{FIRST}"), is(3, "says nothing of a key")),
        (format!(":{bare}{FIRST}"), is(1, "begins a block behind other signs, which is not read")),
        (format!("{FIRST}{FIRST}").replace("-----\n-----BEGIN", "----------BEGIN"), vec![]),
        (format!("{}{FIRST}", bare.replace("-----BEGIN", "----BEGIN")), is(1, "begins no block, as five dashes do")),
        (format!("{FIRST}\n-----END PGP PUBLIC KEY BLOCK-----\n"), is(lines + 2, without)),
        (format!("\u{feff}{FIRST}"), vec![]),
    ] {
        assert_eq!(told(text.as_bytes()), expected, "{text}");
        let mut known = KnownKeys::default();
        known.read_keys(text.as_bytes());
        let found = known.proof(&from_armor(BY_KEY).unwrap(), &ANA, "2026-03-01", MESSAGE);
        assert_eq!(found, KeyProof::Proven, "{text}");
    }
    // What is taken back in a block that ends too early is taken back.
    let cut: String =
        REVOKED.lines().filter(|line| !line.starts_with("-----END")).map(|line| format!("{line}\n")).collect();
    let mut known = KnownKeys::default();
    assert_eq!(known.read_keys(format!("{cut}{FIRST}").as_bytes()).len(), 1);
    assert!(matches!(known.proof(&from_armor(BY_KEY).unwrap(), &ANA, "", MESSAGE), KeyProof::Bad(_)));
}

#[test]
fn keys_are_read_without_armor_as_well() {
    let mut known = KnownKeys::default();
    assert_eq!(known.read_keys(FIRST_BINARY), []);
    assert_eq!(known.proof(&from_armor(BY_KEY).unwrap(), &ANA, "", MESSAGE), KeyProof::Proven);
    let cut = &FIRST_BINARY[..FIRST_BINARY.len() - 10];
    assert_eq!(told(cut), [(1, "says nothing of a key".to_owned())]);
    assert_eq!(told(b"\xff\xfe\x00"), [(1, "says nothing of a key".to_owned())]);
}
