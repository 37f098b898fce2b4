//! `groma sign --verify` and `groma check` tell what does not hold, and say nothing of what they could not read but that.

mod common;

use common::{expect, groma_in, told, write};
use std::path::Path;

const SHOP: &str = "team core \"Core team\" {\n    member ana \"Ana Ruiz\" email=\"ana@example.org\" roles=\"architect, lead-backend\"\n    member bo \"Bo Berg\" roles=dba\n}\nsystem shop \"Shop\" owner=core\n";
const ANA: &str = "Ana Ruiz <ana@example.org>";
const RECORD: &str = "# Use a queue\n\n## Status\n\nAccepted\n\n## Context\n\nOrders wait.\n";
const ACTS: &str = "acts/2026.groma";

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("shop.groma"), SHOP);
    folder
}

/// Signs as Ana, on a day of the past.
#[track_caller]
fn sign(folder: &Path, target: &str, role: &str) {
    expect(folder, &["sign", target, "--as", role, "--by", ANA, "--on", "2026-01-05"], 0, "is signed by");
}

fn acts(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(ACTS)).unwrap_or_default()
}

fn json(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&groma_in(folder, &["sign", "--verify", "--format", "json"]).stdout).unwrap()
}

#[test]
fn what_cannot_be_read_may_hide_a_signature() {
    let folder = shop();
    let path = folder.path();
    sign(path, "shop", "architect");
    let line = acts(path);
    let inside = format!("team q \"Q\" {{\n{line}}}\n");
    for text in [&*line.replace("sign ", "sing "), &inside, &format!("{line}system {{\n")] {
        write(&path.join(ACTS), text);
        expect(path, &["sign", "--verify"], 1, "cannot be read, and may hide others or what was signed");
        let told = json(path);
        let unread = told["unread"].as_array().unwrap();
        assert!(unread.iter().all(|one| one["at"].as_str().unwrap().starts_with("acts/2026.groma:")), "{told}");
        assert!(!unread.is_empty(), "{text}: {told}");
    }
    std::fs::write(path.join(ACTS), [line.as_bytes(), b"// \xff\n"].concat()).unwrap();
    expect(path, &["sign", "--verify"], 1, "0 signatures could be read; 0 are lapsed or bad; 1 thing cannot be read");
    assert_eq!(json(path)["unread"].as_array().unwrap().len(), 1);
    // What is to be included, and is not there, may hold some.
    write(&path.join(ACTS), &line);
    write(&path.join("more.groma"), "include \"../elsewhere\"\n");
    expect(path, &["sign", "--verify"], 1, "cannot include `../elsewhere`");
    write(&path.join("more.groma"), "");
    expect(path, &["sign", "--verify"], 0, "1 signature; none has lapsed or is bad");
}

#[test]
fn a_day_that_is_still_to_come_is_told_until_it_is_there() {
    let folder = shop();
    let path = folder.path();
    sign(path, "shop", "architect");
    let line = acts(path);
    write(&path.join(ACTS), &format!("{line}{}", line.replace("2026-01-05", "2099-01-05")));
    let words = "it is said to be of 2099-01-05, which is still to come";
    expect(path, &["sign", "--verify"], 1, words);
    expect(path, &["sign", "--verify", "--today", "2099-01-04"], 1, words);
    expect(path, &["sign", "--verify", "--today", "2099-01-05"], 0, "none has lapsed");
    let words = "the signature is said to be of 2099-01-05, which is still to come";
    expect(path, &["check"], 1, words);
    let later = told(&groma_in(path, &["check", "--today", "2099-01-05"]));
    assert!(!later.contains("invalid-signature"), "{later}");
    // A step is not signed before.
    let step = "step review \"Review\" is=end { needs-signature architect of=shop }";
    write(&path.join("release.groma"), &format!("pipeline release \"Release\" {{\n    {step}\n}}\n"));
    write(&path.join(ACTS), &line.replace("2026-01-05", "2099-01-05"));
    expect(path, &["check"], 1, "nobody has signed `shop` as it is");
    // Nor does it stand in the way of one of today.
    sign(path, "shop", "architect");
}

#[test]
fn no_text_of_a_line_reads_like_another_line() {
    let folder = shop();
    let path = folder.path();
    sign(path, "shop", "architect");
    let line = acts(path);
    let forged = "x\\nvalid        adr-1 as architect by Ana";
    for (one, other) in [
        ("role=architect", format!("role=\"{forged}\"")),
        ("by=\"Ana Ruiz", format!("by=\"{forged}")),
        ("sign \"shop\"", format!("sign \"{forged}\"")),
    ] {
        write(&path.join(ACTS), &line.replace(one, &other));
        for arguments in [&["sign", "--verify"][..], &["check"]] {
            let output = groma_in(path, arguments);
            assert_eq!(output.status.code(), Some(1), "{}", told(&output));
            let shown = told(&output);
            assert!(!shown.lines().any(|line| line.starts_with("valid")), "{shown}");
        }
    }
}

#[test]
fn a_number_of_two_records_is_not_signed_and_told_where_it_was() {
    let folder = shop();
    let path = folder.path();
    for (within, word, prefix) in [("docs/adr", "decisions", "adr-"), ("docs/rfcs", "RFCs", "rfc-")] {
        let (first, second) = (format!("{within}/0005-a.md"), format!("{within}/0005-b.md"));
        write(&path.join(&second), RECORD);
        sign(path, &format!("{prefix}5"), "architect");
        expect(path, &["sign", "--verify"], 0, "none has lapsed or is bad");
        write(&path.join(&first), &RECORD.replace("wait", "are lost"));
        expect(path, &["check"], 1, &format!("`{prefix}5` is the number of `0005-b.md` as well"));
        let both = format!("`{prefix}5` is the number of `{first}` and `{second}`");
        expect(path, &["sign", "--verify"], 1, &both);
        let asked = ["sign", &format!("{prefix}5"), "--as", "architect", "--by", ANA];
        expect(path, &asked, 2, &format!("several {word} are called `{prefix}5`: `{first}` and `{second}`"));
        // By the name of its file it is one.
        for (name, target) in [("0005-a", "0005-a"), ("0005-b", "0005-b")] {
            let kind = if prefix == "rfc-" { "rfc:" } else { "" };
            sign(path, &format!("{kind}{name}"), "lead-backend");
            assert!(acts(path).contains(&format!("sign \"{kind}{target}\" role=lead-backend")), "{}", acts(path));
        }
        std::fs::remove_file(path.join(&first)).unwrap();
        write(&path.join(ACTS), "");
    }
}

#[test]
fn a_role_is_the_same_however_it_is_written_and_nobody_signs_without_an_address() {
    let folder = shop();
    let path = folder.path();
    sign(path, "shop", "Lead Backend");
    assert!(acts(path).contains(" role=lead-backend "), "{}", acts(path));
    let asked = ["sign", "shop", "--as", "dba", "--by", "Bo Berg <bo@example.org>"];
    expect(
        path,
        &asked,
        2,
        "nobody can sign in that role until it is said by which address: give `Bo Berg` an `email`",
    );
    let asked = ["sign", "shop", "--as", "architect", "--by", "Ana Ruiz <ANA@example.org>"];
    expect(path, &asked, 0, "is signed by Ana Ruiz <ANA@example.org>");
}

#[test]
fn a_signature_stands_in_the_workspace_that_counts_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(&path.join("architecture/shop.groma"), &format!("workspace w \"W\"\n{SHOP}"));
    sign(path, "shop", "architect");
    assert!(path.join("architecture/acts/2026.groma").exists() && !path.join("acts").exists());
    for arguments in [&["sign", "--verify", "architecture"][..], &["sign", "--verify"]] {
        expect(path, arguments, 0, "1 signature; none has lapsed");
    }
    // What lies outside of it is signed where it counts, which is said.
    write(&path.join("other.groma"), "system other \"Other\"\n");
    let asked = ["sign", "other", "--as", "architect", "--by", ANA, "--on", "2026-01-05"];
    expect(path, &asked, 0, "note: the workspace in `architecture` does not count it: it holds not all that is signed");
    assert!(path.join(ACTS).exists());
}

#[test]
fn what_is_no_key_is_told_in_its_own_file() {
    let folder = shop();
    let path = folder.path();
    write(&path.join("acts/allowed_signers"), "# Keys.\n\nana@example.org nothing\n");
    let shown = told(&groma_in(path, &["check"]));
    assert!(shown.contains("line 3 of `acts/allowed_signers` says nothing of a key"), "{shown}");
    assert!(shown.contains("acts/allowed_signers:3:1"), "{shown}");
    expect(path, &["sign", "--verify"], 1, "unread       line 3 of `acts/allowed_signers` says nothing of a key");
    std::fs::remove_file(path.join("acts/allowed_signers")).unwrap();
    std::fs::create_dir(path.join("acts/allowed_keys.asc")).unwrap();
    let shown = told(&groma_in(path, &["check"]));
    assert!(shown.contains("`acts/allowed_keys.asc` is a folder"), "{shown}");
    // None of that is in the way of signing.
    sign(path, "shop", "architect");
}

#[test]
fn the_same_changes_of_one_target_are_told_once() {
    let folder = shop();
    let path = folder.path();
    write(&path.join("docs/adr/0001-use-a-queue.md"), RECORD);
    let git = |arguments: &[&str]| {
        let settings = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        let run = std::process::Command::new("git").current_dir(path).args(settings).args(arguments).output().unwrap();
        assert!(run.status.success(), "{run:?}");
    };
    for role in ["architect", "lead-backend"] {
        sign(path, "kind:decision", role);
    }
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "sign"]);
    std::fs::rename(path.join("docs/adr/0001-use-a-queue.md"), path.join("docs/adr/0002-use-a-queue.md")).unwrap();
    let told = told(&groma_in(path, &["sign", "--verify"]));
    let renamed = "decision:1 \"Use a queue\" is now decision:2 \"Use a queue\"";
    assert_eq!(told.matches(renamed).count(), 1, "{told}");
    assert!(!told.contains("Orders wait"), "{told}");
    assert!(told.contains("as is told of that as architect by Ana Ruiz"), "{told}");
}

/// Whoever signs while others do reads what they wrote, and adds a line to it, whether the file is there already or not.
#[test]
fn of_several_who_sign_at_once_each_line_stands_there() {
    const QUERIES: [&str; 6] = ["shop", "kind:team", "kind:system", "name:shop", "title:Shop", "owner:core"];
    for is_there in [false, true] {
        let folder = shop();
        let path = folder.path();
        if is_there {
            sign(path, "system:shop", "architect");
        }
        let before = acts(path).lines().count();
        std::thread::scope(|scope| {
            for query in QUERIES {
                scope.spawn(move || sign(path, query, "architect"));
            }
        });
        assert_eq!(acts(path).lines().count(), before + QUERIES.len(), "{}", acts(path));
    }
}

#[test]
fn what_was_signed_is_found_by_the_name_that_it_had() {
    let folder = shop();
    let path = folder.path();
    write(&path.join("docs/adr/0001-use-a-queue.md"), &RECORD.replace("# Use", "# 1. Use"));
    sign(path, "adr-1", "architect");
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "A commit"]] {
        let mut git = std::process::Command::new("git");
        git.current_dir(path).args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]).args(arguments);
        assert!(git.status().expect("git runs").success());
    }
    expect(path, &["adr", "renumber", "0001-use-a-queue.md", "7"], 0, "0007-use-a-queue.md");
    let one = &json(path)["signatures"][0];
    assert_eq!((&one["target"], &one["state"]), (&"adr-7".into(), &"lapsed".into()), "{one}");
    assert!(one["since"].is_string() && one["changes"].to_string().contains("1. Use a queue"), "{one}");
}
