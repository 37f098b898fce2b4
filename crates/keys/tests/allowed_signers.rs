//! Lines of `allowed_signers`, read as `ssh-keygen` reads them (`man ssh-keygen`, ALLOWED SIGNERS).

use groma_keys::KnownKeys;
use groma_model::signers::{KeyProof, Keys, Person, UnknownKey};

/// The key of [`SIGNATURE`], and the message that it signed: those of the page of the rule `invalid-signature`.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP+ajOscuPVSG2hAVz6vFLx8g10yumPShwoJLlJkI3ss";
const SIGNATURE: &str = "ssh:U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg/5qM6xy49VIbaEBXPq8UvHyDXTK6Y9KHCgkuUmQjeywAAAAPc2lnbmF0dXJlQGdyb21hAAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5AAAAQMxptJljV26CjOeLQlDsSPAfNtQAahREZW1POCqaXs+V3Y94Ytgi+XlhlsE7SeYJ4B5ZdHRaFQJHuMbLPJBI9QA=";
const HASH: &str = "sha256:a3e7752524b47eeec602c0f1c6211eda948d743eb04540880fed1062e525638e";

fn read(text: &str, mail: &str) -> (KeyProof, Vec<usize>) {
    let mut known = KnownKeys::default();
    let unread = known.read_signers(text.as_bytes()).into_iter().map(|one| one.line).collect();
    let by = Person { name: "Ana Ruiz", mail: "ana@example.org" };
    let message = groma_model::signing::message("shop", "architect", &by, "2026-11-30", HASH);
    (known.proof(SIGNATURE, &Person { mail, ..by }, "2026-11-30", &message), unread)
}

#[test]
fn a_line_means_what_ssh_keygen_reads_in_it() {
    for (line, holds) in [
        ("ana@example.org KEY", true),
        ("ana@example.org\tKEY", true),
        ("\tana@example.org \t namespaces=\"signature@groma\"\tKEY\tAna's", true),
        ("an?@example.org KEY", true),
        ("?na@*.or? KEY", true),
        ("an?@example.or KEY", false),
        ("???@example.org,!ana@example.org KEY", false),
        ("bo@example.org,ana@example.org KEY", true),
        ("\"bo@example.org,ana@*\" KEY", true),
        ("*,!bo@example.org KEY", true),
        ("*,!an?@example.org KEY", false),
        ("!bo@example.org KEY", false),
        ("ana@example.org namespaces=\"git,sign*\" KEY", true),
        ("ana@example.org namespaces=\"sign?\" KEY", false),
        ("ana@example.org valid-before=\"20261201Z\" KEY", true),
        ("ana@example.org VALID-BEFORE=\"20261130\" KEY", false),
        ("Ana@Example.ORG KEY", true),
    ] {
        for text in [format!("{line}\n"), format!("\u{feff}{line}\r\n# {line}\r\n")] {
            let (proof, unread) = read(&text.replace("KEY", KEY), "ana@example.org");
            assert_eq!((proof == KeyProof::Proven, &unread[..]), (holds, &[][..]), "{text}: {proof:?}");
            assert!(holds || matches!(proof, KeyProof::Bad(_)), "{text}: {proof:?}");
        }
    }
    // The address of a member is the same in letters of another case.
    assert_eq!(read(&format!("ana@example.org {KEY}"), "ANA@example.org").0, KeyProof::Proven);
}

#[test]
fn what_ssh_keygen_refuses_is_told_by_its_line() {
    for line in [
        KEY,
        "ana@example.org",
        "ana@example.org ssh-ed25519 AAAA",
        "ana@example.org cert-authority KEY",
        "ana@example.org namespaces=\"git\" valid-before=\"20270101\" KEY",
        "ana@example.org namespaces=\"git\",namespaces=\"signature@groma\" KEY",
        "ana@example.org valid-before=\"20270101\",Valid-Before=\"20280101\" KEY",
        "ana@example.org colour=\"red\" KEY",
        "ana@example.org valid-before=\"20261301\" KEY",
        "ana@example.org valid-before=\"tomorrow\" KEY",
        "\"ana@example.org KEY",
        "\"bo@example.org\",\"ana@example.org\" KEY",
    ] {
        let text = format!("# Keys.\n\n{}\n", line.replace("KEY", KEY));
        let (proof, unread) = read(&text, "ana@example.org");
        assert!(matches!(proof, KeyProof::Unknown(UnknownKey { .. })), "{line}: {proof:?}");
        assert_eq!(unread, [3], "{line}");
    }
    let secret = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\nBBBB\n-----END OPENSSH PRIVATE KEY-----\nnothing\n";
    let mut known = KnownKeys::default();
    let told: Vec<(usize, String)> =
        known.read_signers(secret.as_bytes()).into_iter().map(|one| (one.line, one.message)).collect();
    assert_eq!(told, [(1, "holds a secret key".to_owned()), (5, "says nothing of a key".to_owned())]);
}
