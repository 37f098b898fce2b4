//! `groma diff` of git revisions, folders and files.

mod common;

use common::{expect, groma_in, told, write};
use groma_testing::goldens;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const BEFORE: &str = r#"
include "../shared/platform.groma"
workspace w "Shop" {
    summary "Sells | things `well`, @all."
    breaking "kind:service and tag:public"
}
person customer "Customer" description="Buys."
system shop "Shop" owner=platform description="Sells." {
    service web "Web" technology="Rust 1.95" description="Pages" tags=public
    service old "Old" technology="Rust 1.95" description="Old pages" tags=public
    database db "Orders" technology="PostgreSQL 17" description="Data"
}
customer -> shop.web "Buys with"
customer -> shop.old "Buys with"
shop.web -> shop.db "Reads" timeout=1s
shop.old -> shop.db "Reads" timeout=1s
flow buy "Buy" { customer -> shop.web "Buys with" { shop.web -> shop.db "Reads" time=1ms } }
quality fast "Fast" { require p95 flow=buy under=10ms }
load usual "Usual" { rate 10/s; mix buy }
"#;

/// Runs git in a folder, and nothing that its user has set up.
#[track_caller]
fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", folder.join("no-such-file"));
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", told(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A repository with a commit, tagged `v1.0`, of a workspace in `shop` that includes a file beside it.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"]);
    write(&path.join("shop/shop.groma"), BEFORE);
    write(&path.join("shared/platform.groma"), "team platform \"Platform\"\n");
    commit(path, "one");
    git(path, &["tag", "v1.0"]);
    folder
}

fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", message]);
}

/// The workspace after some work: a service has another name and a slower call, another is gone, a system came.
fn after() -> String {
    let without_old: String =
        BEFORE.lines().filter(|line| !line.contains("old")).map(|line| format!("{line}\n")).collect();
    let renamed =
        without_old.replace("service web \"Web\"", "service site \"Web\" was=web").replace("shop.web", "shop.site");
    let changed = renamed.replace("timeout=1s", "timeout=2s").replace("time=1ms", "time=20ms");
    let changed = changed.replace("`well`, @all.", "`better`, <b>@all</b>.");
    changed
        + "system mail \"Mail\" description=\"Sends.\" { service out \"Out\" }\nshop.site -> mail.out \"Sends with\" timeout=1s\n"
}

#[test]
fn a_revision_and_the_work_tree_are_compared_and_neither_is_touched() {
    let folder = repository();
    let path = folder.path();
    write(&path.join("shop/shop.groma"), &after());
    let before = (git(path, &["status", "--porcelain"]), std::fs::read(path.join(".git/index")).unwrap());
    let diff = |format: &str| {
        let arguments =
            ["diff", "v1.0", "--workspace", "shop", "--today", "2026-11-30", "--format", format, "--forecast"];
        let output = groma_in(path, &arguments);
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert!(output.stderr.is_empty(), "{}", told(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff"), |goldens| {
        goldens.check("renamed.txt", &diff("human"));
        goldens.check("renamed.md", &diff("markdown"));
        goldens.check("renamed.json", &diff("json"));
    });
    assert_eq!((git(path, &["status", "--porcelain"]), std::fs::read(path.join(".git/index")).unwrap()), before);
}

#[test]
fn what_is_not_there_is_told_with_what_to_do() {
    let folder = repository();
    let path = folder.path();
    expect(path, &["diff", "--workspace", "shop"], 0, "HEAD -> the work tree: no difference");
    expect(path, &["diff", "v1.1", "--workspace", "shop"], 2, "there is no revision `v1.1`");
    expect(path, &["diff", "v1.1", "--workspace", "shop"], 2, "help: did you mean `v1.0`?");
    expect(path, &["diff", "--workspace", "shop", "--", "HEAD", "-n"], 2, "there is no revision `-n`");
    expect(path, &["diff", "--workspace", "till"], 2, "`till` is not in `HEAD`");
    expect(path, &["diff", "--workspace", "shop/till.groma"], 2, "`shop/till.groma` is not in `HEAD`");
    write(&path.join("empty/readme.md"), "Nothing.");
    commit(path, "two");
    expect(path, &["diff", "--workspace", "empty"], 2, "there is no `.groma` file in `empty` in `HEAD`");
    expect(path, &["diff", "HEAD:shop/shop.groma", "--workspace", "shop"], 2, "there is no revision");

    let bare = tempfile::tempdir().unwrap();
    write(&bare.path().join("w.groma"), "system s \"S\"\n");
    expect(bare.path(), &["diff"], 2, "`.` is in no git repository");
    git(bare.path(), &["init", "-q", "-b", "main"]);
    expect(bare.path(), &["diff"], 2, "nothing is committed yet");
}

#[test]
fn a_git_that_cannot_be_run_is_told() {
    let folder = repository();
    let mut command = Command::new(env!("CARGO_BIN_EXE_groma"));
    let output =
        command.args(["diff", "--workspace", "shop"]).current_dir(folder.path()).env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("git cannot be run: there is no program called `git`"), "{}", told(&output));
}

#[test]
fn a_revision_that_cannot_be_read_shows_its_errors() {
    let folder = repository();
    let path = folder.path();
    write(&path.join("shop/shop.groma"), "system shop \"Shop {\n");
    commit(path, "broken");
    write(&path.join("shop/shop.groma"), BEFORE);
    expect(path, &["diff", "--workspace", "shop"], 2, "HEAD:shop/shop.groma:1:");
    expect(path, &["diff", "--workspace", "shop"], 2, "error: `HEAD` cannot be compared: its text has");
    expect(path, &["diff", "v1.0", "HEAD", "--workspace", "shop"], 2, "`HEAD` cannot be compared");
    expect(path, &["diff", "v1.0", "--workspace", "shop"], 0, "no difference");
}

#[test]
fn includes_links_and_traces_of_a_revision_are_followed_within_the_repository() {
    let folder = repository();
    let path = folder.path();
    let outside = tempfile::tempdir().unwrap();
    write(&outside.path().join("else.groma"), "team else \"Else\"\n");
    let reach = format!("include \"{}\"\n", outside.path().join("else.groma").display());
    write(&path.join("shop/more.groma"), &format!("{reach}load night \"Night\" {{ trace \"night.csv\"; mix buy }}\n"));
    write(&path.join("shop/night.csv"), "at\n0\n1\n2\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../shared/linked.groma", path.join("shop/linked.groma")).unwrap();
    write(&path.join("shared/linked.groma"), "team linked \"Linked\"\n");
    commit(path, "two");
    let json = groma_in(path, &["diff", "v1.0", "HEAD", "--workspace", "shop", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap_or_else(|_| panic!("{}", told(&json)));
    let added: Vec<&str> =
        json["added"].as_array().unwrap().iter().map(|one| one["address"].as_str().unwrap()).collect();
    #[cfg(unix)]
    assert_eq!(added, ["team:linked", "load:night", "team:else"]);
    let came = json["findings"]["came"].to_string();
    assert!(!came.contains("night.csv") && !came.contains("cannot include"), "{came}");
}

/// What stands outside of the repository no revision holds: it is the same before and after, and findings are compared.
#[test]
fn what_stands_outside_the_repository_is_read_as_it_is_today() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop");
    let kit = folder.path().join("kit");
    write(&kit.join("teams.groma"), "team platform \"Platform\"\n");
    write(&kit.join("night.csv"), "at\n0\n1\n2\n");
    let text = BEFORE.replace("../shared/platform.groma", "../kit")
        + "load night \"Night\" { trace \"../kit/night.csv\"; mix buy }\n";
    write(&path.join("shop.groma"), &text);
    git(&path, &["init", "-q", "-b", "main"]);
    commit(&path, "one");
    let note = "note: `../kit/night.csv` and 1 other file are in no revision of the repository: they are read as they are today\n";
    let diff = |arguments: &[&str], code: i32| {
        let output = groma_in(&path, &[&["diff", "--today", "2026-01-01"], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{}", told(&output));
        assert_eq!(told(&output).matches(note).count(), 1, "{}", told(&output));
        told(&output)
    };
    assert!(diff(&[], 0).contains("HEAD -> the work tree: no difference\n"));
    // It is told once, however many revisions are read.
    assert!(diff(&["HEAD", "HEAD"], 0).contains("HEAD -> HEAD: no difference\n"));
    write(&path.join("shop.groma"), &text.replace("under=10ms", "under=1us"));
    let changed = diff(&[], 1);
    assert!(changed.contains("findings that came: 1 error") && !changed.contains("went"), "{changed}");
    // It has no name that git knows.
    write(&path.join("shop.groma"), &text.replace("include \"../kit\"\n", ""));
    let removed = diff(&["--fail-on", "never"], 0);
    assert!(removed.contains("- team:platform  ../kit/teams.groma:1:6"), "{removed}");

    #[cfg(unix)]
    {
        write(&path.join("shop.groma"), &text);
        std::os::unix::fs::symlink("../kit/teams.groma", path.join("linked.groma")).unwrap();
        std::os::unix::fs::symlink("../kit", path.join("folder")).unwrap();
        commit(&path, "two");
        let linked = diff(&[], 0);
        assert!(linked.contains("`folder` is a link to a folder") && linked.contains(": no difference\n"), "{linked}");
    }
}

/// What is included in vain is told apart by where it would be.
#[test]
fn what_both_states_lack_is_the_same_for_a_revision() {
    let folder = repository();
    let path = folder.path();
    let text = BEFORE.replace("../shared/platform.groma", "../../none.groma");
    write(&path.join("shop/shop.groma"), &format!("{text}include \"none.groma\"\n"));
    commit(path, "two");
    expect(path, &["diff", "--workspace", "shop"], 0, "HEAD -> the work tree: no difference\n");
    // Written otherwise, it lacks the same.
    write(&path.join("shop/shop.groma"), &format!("{text}include \"./none.groma\"\n"));
    let output = groma_in(path, &["diff", "--workspace", "shop", "--fail-on", "never"]);
    assert!(!told(&output).contains("lacks what it is to include"), "{}", told(&output));
}

#[test]
fn folders_and_files_are_compared_without_git() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(&path.join("a/w.groma"), "system s \"S\" owner=x\n");
    write(&path.join("b.groma"), "// a comment\nsystem s \"S\" owner=y\n");
    expect(path, &["diff", "a", "b.groma"], 0, "~ system:s  b.groma:2:8\n      owner: x -> y\n");
    expect(path, &["diff", "a", "a"], 0, "a -> a: no difference");
}

/// What a state would include and does not have is not known: it is neither added nor removed, and no other finding comes or goes.
#[test]
fn what_is_not_included_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(&path.join("more.groma"), "team t \"T\"\nsystem b \"B\" owner=t\n");
    write(&path.join("a/w.groma"), "include \"../more.groma\"\nsystem a \"A\" owner=t\na -> b \"x\"\n");
    write(&path.join("b/w.groma"), "include \"../mor.groma\"\nsystem a \"A\" owner=t\na -> b \"x\"\n");
    let diff = |from: &str, to: &str, format: &str| {
        told(&groma_in(path, &["diff", from, to, "--today", "2026-01-01", "--format", format]))
    };
    for (from, to, way) in [("a", "b", "came"), ("b", "a", "went")] {
        let human = diff(from, to, "human");
        let expected = format!(
            "{from} -> {to}: no difference in what is there\n\n`b` lacks what it is to include\n  error[unresolved-name]: cannot include `../mor.groma`: no such file or directory  b/w.groma:1:9\n  whether it has the 2 things that only `more.groma` has is not known\n  which other findings came and went is not known\n\nfindings that {way}: 1 error\n  error[unresolved-name]: cannot include `../mor.groma`: no such file or directory  b/w.groma:1:9\n"
        );
        assert!(human.contains(&expected), "{human}");
    }
    let markdown = diff("a", "b", "markdown");
    assert!(markdown.contains("`b` lacks what it is to include: ``cannot include `../mor.groma`"), "{markdown}");
    let json = diff("a", "b", "json");
    assert!(json.contains("\"is_same\": false") && json.contains("\"address\": \"system:b\""), "{json}");
    // What both lack is the same.
    write(&path.join("c/w.groma"), "include \"../mor.groma\"\nsystem a \"A\" owner=t\na -> b \"x\"\n");
    assert!(diff("b", "c", "human").contains("b -> c: no difference\n"));
}

#[test]
fn what_breaks_something_or_is_newly_found_is_exit_code_1() {
    let folder = repository();
    let path = folder.path();
    let file = path.join("shop/shop.groma");
    let diff = |text: &str, arguments: &[&str], code: i32, words: &str| {
        write(&file, text);
        expect(path, &[&["diff", "--workspace", "shop"], arguments].concat(), code, words);
    };
    // A rename that is said breaks nothing; one that is not said does.
    let renamed =
        BEFORE.replace("shop.web", "shop.site").replace("service web \"Web\"", "service site \"Web\" was=web");
    diff(&renamed, &[], 0, "`was=web` says so");
    diff(&renamed.replace(" was=web", ""), &[], 1, "service:shop.web renamed without `was`: `breaking` is");
    diff(&renamed.replace(" was=web", ""), &[], 1, "a guess: 100% is the same (title, 3 of 3 facts, 2 of 2 neighbours");
    diff(&BEFORE.replace("description=\"Pages\"", "description=\"Sites\""), &[], 1, "service:shop.web changed");
    diff(&BEFORE.replace("description=\"Data\"", "description=\"Rows\""), &[], 0, "description: Data -> Rows");
    // Nor does it help to take the query away.
    let silent = BEFORE.replace("breaking \"kind:service and tag:public\"", "");
    diff(&silent.replace("\"Pages\"", "\"Sites\""), &[], 1, "service:shop.web changed");
    // A query that is new and asks for what there was not is told and not asked.
    let new =
        BEFORE.replace("breaking \"kind", "breaking \"uses(mail)\"\n    breaking \"kind") + "system mail \"Mail\"\n";
    diff(&new, &["--fail-on", "never"], 0, "cannot be asked of `HEAD`: `uses(mail)`");
    // Findings count by their severity.
    let found = BEFORE.replace("under=10ms", "under=1us");
    diff(&found, &[], 1, "findings that came: 1 error");
    diff(&found, &["--fail-on", "never"], 0, "findings that came: 1 error");
    let warned =
        BEFORE.replace("person customer", "system lost \"Lost\" owner=platform description=\"L.\"\nperson customer");
    diff(&warned, &[], 0, "findings that came: 1 warning");
    diff(&warned, &["--fail-on", "warning"], 1, "+ system:lost");
}

/// A finding that only got an `allow` did not go, and one that lost it did not come; what is suppressed on both sides is not told.
#[test]
fn what_an_allow_excuses_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let question = |name: &str, allow: &str| format!("question {name} \"{name}?\" owner=t {{ {allow} }}\n");
    let allow = "allow open-question reason=\"Decided | in May\" owner=t expires=2099-01-01";
    let text = |states: [&str; 3], more: &str| {
        let questions: String =
            ["one", "two", "three"].iter().zip(states).map(|(name, allow)| question(name, allow)).collect();
        format!("{questions}team t \"T\"\n{more}")
    };
    write(&folder.path().join("open.groma"), &text(["", "", allow], &question("gone", "")));
    write(&folder.path().join("excused.groma"), &text([allow, "", allow], &question("new", "")));
    let diff = |from: &str, to: &str, format: &str| {
        let arguments = ["diff", from, to, "--format", format, "--today", "2026-01-01", "--fail-on", "never"];
        told(&groma_in(folder.path(), &arguments))
    };
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/excused"), |goldens| {
        for (name, from, to) in [("now", "open.groma", "excused.groma"), ("no-longer", "excused.groma", "open.groma")] {
            for (format, ending) in [("human", "txt"), ("json", "json"), ("markdown", "md")] {
                goldens.check(&format!("{name}.{ending}"), &diff(from, to, format));
            }
        }
    });
    // What is no longer excused counts, and what is excused does not.
    write(&folder.path().join("a.groma"), &text(["", "", ""], ""));
    write(&folder.path().join("b.groma"), &text([allow, "", ""], ""));
    for (from, to, code) in [("a.groma", "b.groma", 0), ("b.groma", "a.groma", 1)] {
        expect(
            folder.path(),
            &["diff", from, to, "--fail-on", "note", "--today", "2026-01-01"],
            code,
            "findings that are",
        );
    }
}

/// What a revision holds and nobody can read is told, each by its name; a name that is not UTF-8 is one like any other.
#[cfg(target_os = "linux")]
#[test]
fn what_is_not_read_of_a_revision_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let folder = repository();
    let path = folder.path();
    std::fs::write(path.join("shop").join(std::ffi::OsStr::from_bytes(b"caf\xe9.groma")), "system c \"C\"\n").unwrap();
    std::os::unix::fs::symlink("../shared", path.join("shop/linked")).unwrap();
    commit(path, "two");
    let head = git(path, &["rev-parse", "HEAD"]);
    git(path, &["update-index", "--add", "--cacheinfo", &format!("160000,{},shop/sub", head.trim())]);
    git(path, &["commit", "-q", "-m", "three"]);
    for words in
        ["no difference", "`shop/linked` is a link to a folder", "`shop/sub` is a submodule without the commit"]
    {
        expect(path, &["diff", "HEAD", "--workspace", "shop", "--today", "2026-11-30"], 0, words);
    }
}

/// A folder `kit` with a repository of its own, in which a service must have tags, and beside it a workspace that includes it.
fn beside_kit(path: &Path) {
    write(&path.join("kit/kit.groma"), &kit("1"));
    git(&path.join("kit"), &["init", "-q", "-b", "main"]);
    commit(&path.join("kit"), "one");
    write(&path.join("shop/shop.groma"), &BEFORE.replace("../shared/platform.groma", "../kit"));
}

fn kit(version: &str) -> String {
    let tagged = if version == "1" {
        ""
    } else {
        "standard tagged \"Tagged\" applies=\"kind:service\" must=\"has:link\" { reason \"They are found by them.\" }\n"
    };
    format!("kit company \"Company rules\" version={version:?}\nteam platform \"Platform\"\n{tagged}")
}

/// As in CI, where the kit is checked out beside the workspace; or as one has it who ignores what was copied there.
#[test]
fn what_another_repository_holds_or_git_ignores_is_read_as_it_is_today() {
    for is_own in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        git(path, &["init", "-q", "-b", "main"]);
        beside_kit(path);
        if !is_own {
            std::fs::remove_dir_all(path.join("kit/.git")).unwrap();
        }
        write(&path.join(".gitignore"), "kit\n");
        commit(path, "one");
        write(&path.join("kit/kit.groma"), &kit("2"));
        let diff = |code| {
            let output = groma_in(path, &["diff", "--workspace", "shop", "--today", "2026-01-01"]);
            assert_eq!(output.status.code(), Some(code), "{}", told(&output));
            told(&output)
        };
        let same = diff(0);
        assert!(same.contains("no difference") && same.contains("note: `kit/kit.groma` is in no revision"), "{same}");
        // What comes is told, and no fact of the kit has changed.
        let text = BEFORE.replace("../shared/platform.groma", "../kit");
        let more = "system mail \"Mail\" owner=platform description=\"Sends.\" { service out \"Out\" }\n";
        write(&path.join("shop/shop.groma"), &(text + more));
        let changed = diff(1);
        assert!(changed.contains("tagged") && !changed.contains("team:platform"), "{changed}");
    }
}

/// Which kit a revision was held to is known where the kit is a submodule.
#[test]
fn a_submodule_is_read_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = &folder.path().join("work");
    beside_kit(folder.path());
    std::fs::create_dir(path).unwrap();
    git(path, &["init", "-q", "-b", "main"]);
    git(path, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../kit", "kit"]);
    write(&path.join("shop/shop.groma"), &BEFORE.replace("../shared/platform.groma", "../kit"));
    commit(path, "one");
    let diff = |code: i32, arguments: &[&str]| {
        let output = groma_in(path, &[&["diff", "--workspace", "shop", "--today", "2026-01-01"], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{}", told(&output));
        told(&output)
    };
    let same = diff(0, &[]);
    assert!(same.contains("no difference") && !same.contains("note: `kit"), "{same}");
    write(&path.join("kit/kit.groma"), &kit("2"));
    commit(&path.join("kit"), "two");
    let is_told =
        |changed: &str| changed.contains("version: 1 -> 2") && changed.contains("findings that came: 2 errors");
    let changed = diff(1, &[]);
    assert!(is_told(&changed), "{changed}");
    commit(path, "two");
    let changed = diff(1, &["HEAD^", "HEAD"]);
    assert!(is_told(&changed), "{changed}");
    // A commit that is not here cannot be read.
    let none = "0123456789012345678901234567890123456789";
    git(path, &["update-index", "--cacheinfo", &format!("160000,{none},kit")]);
    git(path, &["commit", "-q", "-m", "three"]);
    let unknown = diff(0, &["HEAD", "--fail-on", "never"]);
    assert!(unknown.contains("`kit` is a submodule without the commit 0123456789"), "{unknown}");
}

/// The radar asks git as well.
#[test]
fn a_radar_is_compared_with_a_revision() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    git(path, &["init", "-q"]);
    write(&path.join("kit/r.groma"), "technology go ring=trial\ntechnology perl ring=hold quadrant=tools\n");
    git(path, &["add", "."]);
    git(path, &["commit", "-q", "-m", "first"]);
    write(&path.join("kit/r.groma"), "technology go ring=adopt\n");
    let output = groma_in(path, &["radar", "kit", "--since", "HEAD"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("moved in") && text.contains("No longer on the radar\n      Perl  was in hold"), "{text}");
    let output = groma_in(path, &["radar", "kit", "--since", "HEAD", "--format", "csv"]);
    assert!(told(&output).contains("no longer on the radar: Perl, which was in hold"), "{}", told(&output));
}

/// Beside a name that means nothing, what is not found any more may be there all the same.
#[test]
fn findings_that_may_be_hidden_are_told_as_that() {
    let folder = tempfile::tempdir().unwrap();
    let text = |end: &str| {
        format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\"; service b \"B\"; a -> b \"Calls\" }}\nu -> s.{end} \"Asks\" protocol=HTTPS\n"
        )
    };
    write(&folder.path().join("before.groma"), &text("a"));
    write(&folder.path().join("after.groma"), &text("nobody"));
    let diff = |from: &str, to: &str, format: &str| {
        told(&groma_in(folder.path(), &["diff", from, to, "--format", format, "--fail-on", "never"]))
    };
    let hidden = "or are hidden in `after.groma`, of which 1 thing could not be understood";
    for format in ["human", "markdown"] {
        let went = diff("before.groma", "after.groma", format);
        assert!(went.contains(&format!("findings that went, {hidden}")), "{format}: {went}");
        let came = diff("after.groma", "before.groma", format);
        assert!(came.contains(&format!("findings that came, {hidden}")), "{format}: {came}");
        let same = diff("before.groma", "before.groma", format);
        assert!(!same.contains("hidden"), "{format}: {same}");
    }
}
