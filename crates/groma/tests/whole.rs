//! Bounded and whole: one thing that cannot be read, deep texts, small stacks, and files that stay who they are.

mod common;

use common::{expect, groma_in, told, write};

#[test]
fn one_file_that_cannot_be_read_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(&root.join("w/a.groma"), "person a \"A\" colour=red\n");
    std::fs::write(root.join("w/b.groma"), b"person b \"B\"\n\xff").unwrap();
    for target in ["w", "w/b.groma"] {
        for format in ["human", "json", "sarif", "github", "junit"] {
            let output = groma_in(root, &["check", target, "--format", format]);
            let report = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(output.status.code(), Some(2), "{report}");
            assert!(report.contains("is not UTF-8 text"), "{format}: {}", told(&output));
            assert_eq!(report.contains("colour"), target == "w", "{format}: {report}");
        }
    }
    expect(root, &["query", "**", "w"], 0, "1 thing");
    write(&root.join("w/c.groma"), "person  c\n");
    expect(root, &["fmt", "w", "nowhere", "w/c.groma"], 2, "is not UTF-8 text");
    assert_eq!(std::fs::read_to_string(root.join("w/c.groma")).unwrap(), "person c\n", "the rest is formatted");
}

/// Texts as deep as they may be, of each sort that nests.
fn deep() -> String {
    let depth = groma_syntax::MAX_DEPTH - 2;
    let nested = |open: &str| format!("{}{}", format!("{open} {{ ").repeat(depth), "} ".repeat(depth));
    format!(
        "person p \"P\"\nsystem s \"S\" {{ service a \"A\" }}\np -> s.a \"Asks\"\ns.a -> s.a \"Asks\"\nflow f \"F\" {{ p -> s.a \"x\" {{ {} }} }}\ndeployment d \"D\" {{ {} }}\nsystem t \"T\" {{ {} }}\n",
        nested("s.a -> s.a \"y\""),
        nested("region r \"R\""),
        nested("service x \"X\""),
    )
}

#[cfg(target_os = "linux")]
#[test]
fn a_small_stack_or_little_memory_is_enough() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("w/deep.groma"), &deep());
    for command in [
        "check w",
        "fmt --check w",
        "tree w/deep.groma",
        "tree w/deep.groma --format json",
        "build w --no-forecast --out site",
    ] {
        let script = format!("ulimit -s 256; exec {} {command}", env!("CARGO_BIN_EXE_groma"));
        let output =
            std::process::Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
        assert!(
            output.status.code().is_some_and(|code| code < 3),
            "{command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    // Too little for the stack that is asked for: then the one that there is must do.
    write(&folder.path().join("flat/a.groma"), "person a \"A\"\n");
    let script = format!("ulimit -v 200000; exec {} query '**' flat", env!("CARGO_BIN_EXE_groma"));
    let output = std::process::Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn formatting_keeps_the_line_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.groma");
    std::fs::write(&path, "person  a \"A\"\r\nsystem b \"B\"\r\n").unwrap();
    expect(folder.path(), &["fmt", "--check", "a.groma"], 1, "a.groma");
    expect(folder.path(), &["fmt", "a.groma"], 0, "formatted");
    assert_eq!(std::fs::read(&path).unwrap(), b"person a \"A\"\r\nsystem b \"B\"\r\n");
    expect(folder.path(), &["fmt", "--check", "a.groma"], 0, "");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    #[test]
    fn formatting_keeps_mode_links_and_owner() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let path = root.join("w/a.groma");
        write(&path, "person  a \"A\"\n");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::fs::hard_link(&path, root.join("other")).unwrap();
        symlink("../w/a.groma", root.join("w/link")).unwrap();
        expect(root, &["fmt", "w/link"], 0, "formatted");
        assert!(std::fs::symlink_metadata(root.join("w/link")).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(root.join("other")).unwrap(), "person a \"A\"\n");
        let meta = std::fs::metadata(&path).unwrap();
        assert_eq!((meta.nlink(), meta.mode() & 0o7777), (2, 0o640));
        assert_eq!(meta.ino(), std::fs::metadata(root.join("other")).unwrap().ino());
        std::fs::remove_file(root.join("other")).unwrap();
        std::fs::write(&path, "person  a \"A\"\n").unwrap();
        // Only who may give files away can see whether they are given back.
        let strange = std::os::unix::fs::chown(&path, Some(12_345), Some(54_321)).is_ok();
        expect(root, &["fmt", "w/a.groma"], 0, "formatted");
        let meta = std::fs::metadata(&path).unwrap();
        assert_eq!(meta.mode() & 0o7777, 0o640);
        if strange {
            assert_eq!((meta.uid(), meta.gid()), (12_345, 54_321));
        }
        let names: Vec<_> = std::fs::read_dir(root.join("w")).unwrap().collect();
        assert_eq!(names.len(), 2, "no temporary file is left");
    }

    #[test]
    fn formatting_removes_what_a_dead_run_left() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("a.groma"), "person  a \"A\"\n");
        write(&folder.path().join(".groma-dead.tmp"), "half");
        // One that is still at work holds a lock.
        write(&folder.path().join(".groma-alive.tmp"), "half");
        let alive = std::fs::File::open(folder.path().join(".groma-alive.tmp")).unwrap();
        alive.try_lock().unwrap();
        expect(folder.path(), &["fmt", "."], 0, "formatted");
        assert!(!folder.path().join(".groma-dead.tmp").exists());
        assert!(folder.path().join(".groma-alive.tmp").exists());
    }
}

#[cfg(unix)]
#[test]
fn what_is_contained_leaves_the_repository_by_no_way() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(&root.join("r/.git/HEAD"), "");
    write(&root.join("r/w/a.groma"), "include \"../shared.groma\"\nsystem s \"S\" owner=o description=d\n");
    write(&root.join("r/shared.groma"), "person p \"P\" description=d\np -> s \"Uses\"\n");
    write(&root.join("out/secret.groma"), "person secret \"Secret\" description=d\nsecret -> s \"Uses\"\n");
    expect(root, &["check", "r/w", "--contained"], 0, "checked 2 elements");
    std::os::unix::fs::symlink("../../out/secret.groma", root.join("r/w/link.groma")).unwrap();
    expect(root, &["check", "r/w"], 0, "checked 3 elements");
    for command in ["check", "fmt"] {
        expect(root, &[command, "r/w", "--contained"], 2, "it lies outside of the repository");
        expect(root, &[command, "r/w", "--contained", "--allow-root", "out"], 0, "");
    }
    expect(root, &["query", "**", "r/w", "--contained"], 0, "2 things");
    expect(root, &["check", "r/w", "--allow-root", "out"], 2, "--contained");
    // Nothing but the command line decides.
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_groma"))
        .args(["query", "**", "r/w"])
        .envs([("GROMA_CONTAINED", "1"), ("CONTAINED", "true")])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(told(&output).contains("3 things"), "{}", told(&output));
}
