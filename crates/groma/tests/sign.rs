//! `groma sign`: what is signed holds until it changes, and nothing is written that does not say what was meant.

mod common;
mod tools;

use common::{expect, files_below, groma_in, told, write};
use std::path::Path;
use std::process::Command;

const SHOP: &str = "// The shop.\nteam core \"Core team\" {\n    member ana \"Ana Ruiz\" email=\"ana@example.org\" roles=\"architect, dba\"\n    member bo \"Bo Berg\" email=\"bo@example.org\" roles=dba\n}\nsystem shop \"Shop\" owner=core {\n    service api \"API\" replicas=3\n    database orders \"Orders\"\n    api -> orders \"reads\" timeout=300ms\n}\n";
const RECORD: &str = "# 1. Use a queue\n\nDate: 2026-01-02\n\n## Status\n\nProposed\n\n## Context\n\nOrders wait.\n\n## Decision\n\nA queue.\n";
const ANA: &str = "Ana Ruiz <ana@example.org>";

/// A workspace with a record.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("shop.groma"), SHOP);
    write(&folder.path().join("docs/adr/0001-use-a-queue.md"), RECORD);
    folder
}

/// Runs git in a folder, and nothing that its user has set up.
#[track_caller]
fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=Ana Ruiz", "-c", "user.email=ana@example.org"]).args(arguments);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "no-such-file");
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", told(&output));
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "A commit"]);
}

/// Signs as Ana, on a day of the past.
#[track_caller]
fn sign(folder: &Path, target: &str, role: &str) {
    expect(folder, &["sign", target, "--as", role, "--by", ANA, "--on", "2026-01-05"], 0, "is signed by");
}

fn acts(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("acts/2026.groma")).unwrap_or_default()
}

/// The states that `--verify` tells, in the order of the text.
fn states(folder: &Path) -> Vec<String> {
    let output = groma_in(folder, &["sign", "--verify", "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    shown["signatures"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_line_is_appended_and_holds_until_what_was_signed_changes() {
    let folder = shop();
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"]);
    let before = files_below(path);
    sign(path, "shop", "architect");
    let first = acts(path);
    assert!(
        first
            .starts_with("sign \"shop\" role=architect by=\"Ana Ruiz <ana@example.org>\" on=2026-01-05 hash=\"sha256:")
    );
    assert!(first.ends_with("\" form=1\n") && first.lines().count() == 1, "{first}");
    // Comments and what stands there stay; a text without an end of its last line gets one.
    write(&path.join("acts/2026.groma"), &format!("// What was agreed.\n\n{}", first.trim_end()));
    sign(path, "0001", "dba");
    let both = acts(path);
    assert!(both.starts_with(&format!("// What was agreed.\n\n{first}sign \"adr-1\" role=dba ")), "{both}");
    // Nothing else is touched.
    let after = files_below(path);
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
    commit(path);
    assert_eq!(states(path), ["unverifiable", "unverifiable"]);
    expect(path, &["sign", "--verify"], 0, "2 signatures; none has lapsed or is bad");
    // Layout, comments and units change nothing.
    write(&path.join("shop.groma"), &SHOP.replace("300ms", "0.3s").replace("// The shop.\n", "").replace('\n', "\n\n"));
    expect(path, &["adr", "accept", "1"], 0, "Accepted");
    expect(path, &["sign", "--verify"], 0, "not signed with a key");
    // A number and a word do.
    write(&path.join("shop.groma"), &SHOP.replace("replicas=3", "replicas=4"));
    write(&path.join("docs/adr/0001-use-a-queue.md"), &RECORD.replace("A queue.", "A table."));
    assert_eq!(states(path), ["lapsed", "lapsed"]);
    let output = groma_in(path, &["sign", "--verify"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = told(&output);
    for line in [
        "    -     .replicas 3\n",
        "    +     .replicas 4\n",
        "    - A queue.\n    + A table.\n",
        "2 are lapsed or bad\n",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    // Signed anew, the old one is history.
    sign(path, "shop", "architect");
    sign(path, "1", "dba");
    assert_eq!(states(path), ["lapsed", "lapsed", "unverifiable", "unverifiable"]);
    expect(path, &["sign", "--verify"], 0, "another signature took its place");
}

#[test]
fn the_same_is_not_signed_twice_and_two_equal_lines_are_one() {
    let folder = shop();
    sign(folder.path(), "1", "architect");
    let before = files_below(folder.path());
    for target in ["1", "adr-1", "0001-use-a-queue"] {
        let words = "has signed that already, as architect, and it is as it was: nothing is changed";
        expect(folder.path(), &["sign", target, "--as", "architect", "--by", ANA], 0, words);
    }
    assert_eq!(files_below(folder.path()), before);
    let twice = acts(folder.path()).repeat(2);
    write(&folder.path().join("acts/2026.groma"), &twice);
    assert_eq!(states(folder.path()), ["unverifiable", "unverifiable"]);
    expect(folder.path(), &["sign", "--verify"], 0, "none has lapsed or is bad");
}

#[test]
fn what_cannot_be_signed_is_refused_and_nothing_is_written() {
    let folder = shop();
    let before = files_below(folder.path());
    for (arguments, words) in [
        (
            &["sign", "kind:queue", "--as", "dba", "--by", ANA][..],
            "`kind:queue` selects nothing, and nothing is signed",
        ),
        (&["sign", "shop.nobody", "--as", "dba", "--by", ANA], "there is no element called `shop.nobody`"),
        (&["sign", "and", "--as", "dba", "--by", ANA], "help: "),
        (&["sign", "shop", "--as", "dbas", "--by", ANA], "nobody has the role `dbas`\nhelp: did you mean `dba`?"),
        (&["sign", "shop", "--as", "boss", "--by", ANA], "the members of teams have these: `architect` and `dba`"),
        (
            &["sign", "shop", "--as", "architect", "--by", "Bo Berg <bo@example.org>"],
            "Bo Berg <bo@example.org> is no member of a team with the role `architect`\nhelp: who may sign: `Ana Ruiz <ana@example.org>`",
        ),
        (&["sign", "shop", "--as", "dba", "--by", "Ana Ruiz"], "`Ana Ruiz` is no name with an address"),
        (&["sign", "shop", "--as", "dba", "--by", ANA, "--on", "2999-01-01"], "2999-01-01 is in the future"),
        (&["sign", "shop", "--as", "dba", "--by", ANA, "--on", "2026-02-30"], "`2026-02-30` is not a valid date"),
        (&["sign", "--as", "dba"], "what is signed is not said"),
        (&["sign", "shop"], "--as <ROLE>"),
        (&["sign", "--verify", "shop", "."], "`--verify` takes the workspace alone"),
        (&["sign", "shop", "--as", "dba", "--by", ANA, "shop.groma"], "`shop.groma` is read alone"),
        (&["sign", "shop", "--as", "dba", "--by", ANA, "nowhere"], "cannot read `nowhere`"),
    ] {
        expect(folder.path(), arguments, 2, words);
    }
    assert_eq!(files_below(folder.path()), before);
}

#[test]
fn git_says_who_signs_unless_it_is_said() {
    let folder = shop();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_groma"));
        command.args(arguments).current_dir(folder.path());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "no-such-file");
        command.output().unwrap()
    };
    let output = run(&["sign", "shop", "--as", "dba"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("git knows no `user.name` and `user.email`"), "{}", told(&output));
    git(folder.path(), &["config", "user.name", "Bo Berg"]);
    git(folder.path(), &["config", "user.email", "BO@example.org"]);
    let output = run(&["sign", "shop", "--as", "dba"]);
    assert!(told(&output).contains("is signed by Bo Berg <BO@example.org> as dba"), "{}", told(&output));
}

#[test]
fn what_stands_in_the_way_of_a_line_is_told_and_nothing_is_lost() {
    let folder = shop();
    let path = folder.path();
    let arguments = ["sign", "shop", "--as", "dba", "--by", ANA, "--on", "2026-01-05"];
    // A line that cannot be read: what is signed might not be what stands there.
    for broken in ["sign \"shop role=dba\n", "sign shop role=dba by={\n", "system \"\n"] {
        write(&path.join("acts/2026.groma"), broken);
        expect(path, &arguments, 2, "could not be understood, and nothing is signed");
        assert_eq!(acts(path), broken);
    }
    // A comment at the end would take the line in.
    write(&path.join("acts/2026.groma"), "/-\n");
    let output = groma_in(path, &arguments);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert_eq!(acts(path), "/-\n");
    // Where the folder would be there is a file.
    std::fs::remove_dir_all(path.join("acts")).unwrap();
    write(&path.join("acts"), "A file.\n");
    let before = files_below(path);
    expect(path, &arguments, 2, "cannot write `acts/2026.groma`");
    assert_eq!(files_below(path), before);
    // Lines end as they do there.
    std::fs::remove_file(path.join("acts")).unwrap();
    write(&path.join("acts/2026.groma"), "// One.\r\n");
    expect(path, &arguments, 0, "is signed by");
    assert!(acts(path).starts_with("// One.\r\nsign ") && acts(path).ends_with("form=1\r\n"), "{:?}", acts(path));
}

#[test]
fn one_file_is_signed_where_it_includes_the_acts() {
    let folder = shop();
    let path = folder.path();
    write(&path.join("shop.groma"), &format!("include \"acts\"\n{SHOP}"));
    write(&path.join("acts/2026.groma"), "");
    let arguments = ["sign", "shop", "--as", "dba", "--by", ANA, "--on", "2026-01-05", "shop.groma"];
    expect(path, &arguments, 0, "is signed by");
    expect(path, &["sign", "--verify", "shop.groma"], 0, "1 signature; none has lapsed");
}

#[test]
fn bad_signatures_are_told_as_such() {
    let folder = shop();
    let path = folder.path();
    sign(path, "shop", "architect");
    let line = acts(path);
    for (one, other, words) in [
        ("form=1", "form=9", "this version of Groma knows no `form` but 1"),
        ("sha256:", "sha256:0", "`hash` is not `sha256:` with 64 digits"),
        (" role=architect", "", "it has no `role`"),
        (" by=\"Ana Ruiz <ana@example.org>\"", " by=Ana", "`by` is no name with an address"),
        ("ana@example.org", "bo@example.org", "is no member of a team with the role `architect`"),
        ("role=architect", "role=boss", "is no member of a team with the role `boss`"),
        ("\"shop\"", "shop.nobody", "there is no element called `shop.nobody`"),
        ("\"shop\"", "kind:queue", "no revision that git holds here has it as it was signed"),
    ] {
        write(&path.join("acts/2026.groma"), &line.replace(one, other));
        expect(path, &["sign", "--verify"], 1, words);
    }
    // What was changed by hand without a repository is told, though not what it was.
    write(&path.join("acts/2026.groma"), &line);
    write(&path.join("shop.groma"), &SHOP.replace("replicas=3", "replicas=4"));
    expect(path, &["sign", "--verify"], 1, "what has changed is not known: no revision that git holds here");
}

/// A workspace in a repository in which git signs with a new key of this sort, and its public half.
fn with_key(sort: &[&str]) -> (tempfile::TempDir, String) {
    let folder = shop();
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"]);
    let made =
        Command::new("ssh-keygen").current_dir(path).args(["-q", "-N", "", "-C", "", "-f", ".key"]).args(sort).status();
    assert!(made.expect("ssh-keygen runs").success());
    git(path, &["config", "gpg.format", "ssh"]);
    git(path, &["config", "user.signingkey", path.join(".key").to_str().unwrap()]);
    let key = std::fs::read_to_string(path.join(".key.pub")).unwrap();
    (folder, key.trim().to_owned())
}

#[test]
fn a_key_proves_who_signed_and_what() {
    for sort in [&["-t", "ed25519"][..], &["-t", "ecdsa", "-b", "256"], &["-t", "rsa", "-b", "2048"]] {
        let (folder, key) = with_key(sort);
        let path = folder.path();
        sign(path, "shop", "dba");
        let line = acts(path);
        assert!(line.contains(" signature=\"ssh:U1NIU0lH") && line.lines().count() == 1, "{line}");
        // Whose the key is must be said.
        expect(
            path,
            &["sign", "--verify"],
            0,
            "`acts/allowed_signers` does not know its key as one of ana@example.org",
        );
        expect(path, &["sign", "--verify"], 0, &format!("if it is, this is its line: ana@example.org {key}\n"));
        expect(
            path,
            &["check"],
            0,
            "warning[invalid-signature]: nothing says that the key of this signature is one of ana@",
        );
        write(&path.join("acts/allowed_signers"), &format!("# Keys.\n\nana@example.org {key} Ana\n"));
        assert_eq!(states(path), ["valid"], "{sort:?}");
        let checked = groma_in(path, &["check"]);
        assert!(!told(&checked).contains("invalid-signature"), "{}", told(&checked));
        // It is proven already.
        expect(path, &["sign", "shop", "--as", "dba", "--by", ANA], 0, "nothing is changed");
        // Each of what it binds.
        for (one, other) in [
            ("role=dba", "role=architect"),
            ("on=2026-01-05", "on=2026-01-06"),
            ("\"shop\"", "\"system:shop\""),
            ("Ana Ruiz <", "Ana Maria Ruiz <"),
        ] {
            write(&path.join("acts/2026.groma"), &line.replace(one, other));
            expect(path, &["sign", "--verify"], 1, "the key signed something else: the line was changed since");
            expect(path, &["check"], 1, "error[invalid-signature]");
        }
    }
}

#[test]
fn whose_a_key_is_is_read_as_git_reads_it() {
    let (folder, key) = with_key(&["-t", "ed25519"]);
    let path = folder.path();
    sign(path, "shop", "dba");
    for (line, state) in [
        (format!("*@example.org {key}"), "valid"),
        (format!("\"bo@example.org,ana@example.org\" namespaces=\"git,signature@groma\" {key}"), "valid"),
        (format!("ana@example.org valid-after=\"20260101\",valid-before=\"20270101\" {key}"), "valid"),
        (format!("bo@example.org {key}"), "bad"),
        (format!("*,!ana@example.org {key}"), "bad"),
        (format!("ana@example.org namespaces=\"git\" {key}"), "bad"),
        (format!("ana@example.org valid-after=\"20260201\" {key}"), "bad"),
        (format!("ana@example.org valid-before=\"20260105\" {key}"), "bad"),
        (format!("ana@example.org cert-authority {key}"), "unverifiable"),
        ("ana@example.org ssh-ed25519 AAAA".to_owned(), "unverifiable"),
        ("\u{0}\u{ff}".to_owned(), "unverifiable"),
    ] {
        write(&path.join("acts/allowed_signers"), &line);
        assert_eq!(states(path), [state], "{line}");
        let says_nothing =
            told(&groma_in(path, &["check"])).contains("line 1 of `acts/allowed_signers` says nothing of a key");
        assert_eq!(says_nothing, state != "valid" && (line.len() < 40 || line.contains("cert-authority")), "{line}");
    }
}

#[test]
fn a_signature_that_is_none_is_told_and_a_copied_one_proves_nothing() {
    let (folder, key) = with_key(&["-t", "ed25519"]);
    let path = folder.path();
    sign(path, "shop", "dba");
    write(&path.join("acts/allowed_signers"), &format!("ana@example.org {key}\n"));
    let line = acts(path);
    let (start, end) = (line.find("ssh:").unwrap(), line.rfind('"').unwrap());
    let own = &line[start..end];
    let hostile =
        ["ssh:", "gpg:AAAA", "ssh:====", "ssh:ä", &own[..own.len() / 2], &own[..own.len() - 4], &format!("{own}AAAA")];
    let long = format!("ssh:{}", "A".repeat(1_000_000));
    for signature in hostile.into_iter().chain([long.as_str()]) {
        write(&path.join("acts/2026.groma"), &line.replace(own, signature));
        expect(path, &["sign", "--verify"], 1, "`signature` is none that `ssh-keygen` writes");
    }
    // That of a commit or of a file is for something else.
    let mut command = Command::new("ssh-keygen");
    write(&path.join(".message"), "hash");
    command.current_dir(path).args(["-q", "-Y", "sign", "-n", "git", "-f", ".key", ".message"]);
    assert!(command.status().unwrap().success());
    let other = std::fs::read_to_string(path.join(".message.sig")).unwrap();
    let other: String = other.lines().filter(|line| !line.starts_with('-')).collect();
    write(&path.join("acts/2026.groma"), &line.replace(own, &format!("ssh:{other}")));
    expect(path, &["sign", "--verify"], 1, "it was signed for something else");
}

#[test]
fn a_key_that_cannot_be_used_is_told_and_nothing_is_written() {
    let (folder, _) = with_key(&["-t", "ed25519"]);
    let path = folder.path();
    let arguments = ["sign", "shop", "--as", "dba", "--by", ANA, "--on", "2026-01-05"];
    for key in ["no-such-key", "key::ssh-ed25519 AAAA", "shop.groma"] {
        git(path, &["config", "user.signingkey", key]);
        expect(path, &arguments, 2, "or sign without a key: `--key none`");
        assert_eq!(acts(path), "");
    }
    git(path, &["config", "gpg.ssh.program", "no-such-program"]);
    expect(
        path,
        &arguments,
        2,
        "`no-such-program` cannot sign with git's `user.signingkey`, `shop.groma`: there is no such program",
    );
    let without: Vec<&str> = arguments.into_iter().chain(["--key", "none"]).collect();
    expect(path, &without, 0, "is signed by");
    assert!(!acts(path).contains("signature="));
    // X.509 is not used, which is said.
    git(path, &["config", "gpg.format", "x509"]);
    let arguments = ["sign", "shop", "--as", "architect", "--by", ANA, "--on", "2026-01-05"];
    expect(path, &arguments, 0, "note: git signs with `x509` here, which Groma does not: no key signs it");
}

#[test]
fn a_step_that_needs_a_signature_is_found_again_once_that_has_lapsed() {
    let folder = shop();
    let path = folder.path();
    let needs = |with: &str| {
        let step = format!("step review \"Review\" {{ needs-signature architect of=\"kind:service\"{with} }}");
        write(&path.join("release.groma"), &format!("pipeline release \"Release\" {{\n    {step}\n}}\n"));
    };
    needs("");
    expect(path, &["check"], 1, "nobody has signed `kind:service` as it is");
    sign(path, "kind:service", "architect");
    let clean = told(&groma_in(path, &["check"]));
    assert!(!clean.contains("unsigned-step"), "{clean}");
    needs(" with-key=#true");
    expect(path, &["check"], 1, "nobody has signed `kind:service` as it is with a known key");
    needs("");
    write(&path.join("shop.groma"), &SHOP.replace("replicas=3", "replicas=4"));
    let lapsed = told(&groma_in(path, &["check"]));
    assert!(lapsed.contains("lapsed-signature") && lapsed.contains("unsigned-step"), "{lapsed}");
}

#[test]
fn what_was_signed_may_be_renamed_and_lapses() {
    let folder = shop();
    let path = folder.path();
    sign(path, "shop.api", "architect");
    sign(path, "kind:database", "architect");
    // A relationship of the database begins in it.
    expect(
        path,
        &["rename", "shop.api", "gateway"],
        0,
        "note: 2 signatures lapse: what has another name must be signed anew",
    );
    assert!(
        acts(path).contains("sign shop.gateway ") || acts(path).contains("sign \"shop.gateway\" "),
        "{}",
        acts(path)
    );
    expect(path, &["check"], 1, "`shop.gateway` has changed since Ana Ruiz signed it");
    expect(path, &["sign", "9", "--as", "architect", "--by", ANA], 2, "there is no decision `9`");
}

#[test]
fn a_key_of_another_is_refused() {
    let (folder, key) = with_key(&["-t", "ed25519"]);
    let path = folder.path();
    write(&path.join("acts/allowed_signers"), &format!("bo@example.org {key}\n"));
    let asked = ["sign", "1", "--as", "architect", "--by", ANA, "--on", "2026-01-05"];
    expect(path, &asked, 2, "its key is known as that of another");
    assert_eq!(acts(path), "");
}

/// A ring of OpenPGP keys in a folder, whose agent ends with it.
struct Ring(tempfile::TempDir);

impl Ring {
    /// A program as git's `gpg.program` has it, which knows this ring alone.
    fn new() -> (Ring, String) {
        let ring = Ring(tempfile::tempdir().unwrap());
        let program = ring.0.path().join("gpg");
        write(
            &program,
            &format!("#!/bin/sh\nexec gpg --homedir \"{}\" --batch --passphrase '' \"$@\"\n", ring.0.path().display()),
        );
        #[cfg(unix)]
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        std::fs::set_permissions(ring.0.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let program = program.to_str().unwrap().to_owned();
        (ring, program)
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.0.path()).args(["--kill", "all"]).status();
    }
}

/// What a program prints.
#[track_caller]
fn answer(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// The fingerprint of the key of somebody.
fn fingerprint(gpg: &str, mail: &str) -> String {
    let listed = answer(gpg, &["--with-colons", "--list-keys", mail]);
    let line = listed.lines().find(|line| line.starts_with("fpr")).unwrap().trim_end_matches(':').to_owned();
    line.rsplit(':').next().unwrap().to_owned()
}

#[test]
fn a_key_of_open_pgp_proves_who_signed_and_what() {
    if tools::command(&["gpg"], "--version", "signatures with OpenPGP").is_none() {
        return;
    }
    let (_ring, gpg) = Ring::new();
    for sort in ["ed25519", "rsa2048", "nistp256"] {
        let mail = format!("ana-{sort}@example.org");
        answer(&gpg, &["--quick-generate-key", &format!("Ana Ruiz <{mail}>"), sort, "sign", "never"]);
        let folder = shop();
        let path = folder.path();
        let text = SHOP.replace("ana@example.org", &mail);
        write(&path.join("shop.groma"), &text);
        git(path, &["init", "-q", "-b", "main"]);
        git(path, &["config", "user.signingkey", &mail]);
        git(path, &["config", "gpg.program", &gpg]);
        let by = format!("Ana Ruiz <{mail}>");
        expect(path, &["sign", "shop", "--as", "dba", "--by", &by, "--on", "2026-01-05"], 0, "is signed by");
        let line = acts(path);
        assert!(line.contains(" signature=\"pgp:") && line.lines().count() == 1, "{line}");
        let words = format!("`acts/allowed_keys.asc` does not know its key as one of {mail}");
        expect(path, &["sign", "--verify"], 0, &words);
        let fingerprint = fingerprint(&gpg, &mail);
        expect(path, &["sign", "--verify"], 0, &format!("gpg --armor --export {fingerprint}"));
        // The keys of several, with words of people between them.
        let others = answer(&gpg, &["--armor", "--export"]);
        write(&path.join("acts/allowed_keys.asc"), &format!("Who may sign here:\n{others}"));
        assert_eq!(states(path), ["valid"], "{sort}");
        let checked = groma_in(path, &["check"]);
        assert!(!told(&checked).contains("invalid-signature"), "{}", told(&checked));
        for (one, other) in
            [("role=dba", "role=architect"), ("on=2026-01-05", "on=2026-01-06"), ("\"shop\"", "\"system:shop\"")]
        {
            write(&path.join("acts/2026.groma"), &line.replace(one, other));
            expect(path, &["sign", "--verify"], 1, "the key signed something else: the line was changed since");
        }
        write(&path.join("acts/2026.groma"), &line);
        write(&path.join("acts/allowed_keys.asc"), "nothing\n");
        expect(path, &["check"], 1, "line 1 of `acts/allowed_keys.asc` says nothing of a key");
    }
}

#[test]
fn an_open_pgp_key_counts_for_whom_it_names_and_while_it_holds() {
    if tools::command(&["gpg"], "--version", "OpenPGP keys that expired or were revoked").is_none() {
        return;
    }
    let (ring, gpg) = Ring::new();
    let in_2020 =
        |arguments: &[&str]| answer(&gpg, &[&["--faked-system-time", "20200101T000000!"], arguments].concat());
    in_2020(&["--quick-generate-key", "Ana Ruiz <ana@example.org>", "ed25519", "sign", "never"]);
    let folder = shop();
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"]);
    git(path, &["config", "user.signingkey", "ana@example.org"]);
    git(path, &["config", "gpg.program", &gpg]);
    sign(path, "shop", "dba");
    let keys = path.join("acts/allowed_keys.asc");
    write(&keys, &answer(&gpg, &["--armor", "--export"]));
    assert_eq!(states(path), ["valid"]);
    let fingerprint = fingerprint(&gpg, "ana@example.org");
    // One that is no longer hers by its own word.
    in_2020(&["--quick-add-uid", &fingerprint, "Bo Berg <bo@example.org>"]);
    let later = ["--faked-system-time", "20200601T000000!", "--quick-revoke-uid"];
    answer(&gpg, &[&later, &[&*fingerprint, "Ana Ruiz <ana@example.org>"][..]].concat());
    write(&keys, &answer(&gpg, &["--armor", "--export"]));
    expect(path, &["sign", "--verify"], 1, "its key is known as that of another, or was none of theirs on that day");
    // One that was revoked, for no reason that is told.
    let revocation = ring.0.path().join(format!("openpgp-revocs.d/{fingerprint}.rev"));
    let revocation = std::fs::read_to_string(revocation).unwrap().replace(":-----BEGIN", "-----BEGIN");
    write(&ring.0.path().join("revocation"), &revocation);
    answer(&gpg, &["--import", ring.0.path().join("revocation").to_str().unwrap()]);
    write(&keys, &answer(&gpg, &["--armor", "--export"]));
    expect(path, &["sign", "--verify"], 1, "its key had expired, was revoked, or is none that signs");
}

#[test]
fn an_open_pgp_key_that_has_expired_proves_nothing() {
    if tools::command(&["gpg"], "--version", "OpenPGP keys that expired").is_none() {
        return;
    }
    let (_ring, gpg) = Ring::new();
    let in_2020 =
        |arguments: &[&str]| answer(&gpg, &[&["--faked-system-time", "20200101T000000!"], arguments].concat());
    in_2020(&["--quick-generate-key", "Ana Ruiz <ana@example.org>", "ed25519", "sign", "never"]);
    let folder = shop();
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"]);
    git(path, &["config", "user.signingkey", "ana@example.org"]);
    git(path, &["config", "gpg.program", &gpg]);
    sign(path, "shop", "dba");
    let keys = path.join("acts/allowed_keys.asc");
    write(&keys, &answer(&gpg, &["--armor", "--export"]));
    assert_eq!(states(path), ["valid"]);
    let later = ["--faked-system-time", "20200201T000000!", "--quick-set-expire"];
    answer(&gpg, &[&later, &[&*fingerprint(&gpg, "ana@example.org"), "20200601T000000"][..]].concat());
    write(&keys, &answer(&gpg, &["--armor", "--export"]));
    expect(path, &["sign", "--verify"], 1, "its key had expired, was revoked, or is none that signs");
}
