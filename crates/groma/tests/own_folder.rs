//! The folders that Groma fills: it writes and removes nothing outside of them, and knows its own again.

mod common;

use common::{expect, files_below, groma_in, told, write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const BUILD: [&str; 5] = ["build", "w", "--no-forecast", "--out", "site"];

/// A folder with a workspace `w` of two elements, and beside it `victim/mine.html`, which is nobody's to touch.
fn place() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("w/a.groma"), "person a \"A\"\nsystem b \"B\"\na -> b \"Uses\"\n");
    write(&folder.path().join("victim/mine.html"), "mine");
    folder
}

#[track_caller]
fn victim_is_untouched(folder: &Path) {
    let found = files_below(&folder.join("victim"));
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [("mine.html".to_owned(), b"mine".to_vec())]);
}

/// The site that is right: built into a new folder.
fn clean_site(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    expect(folder, &["build", "w", "--no-forecast", "--out", "clean"], 0, "is written");
    files_below(&folder.join("clean"))
}

#[test]
fn a_list_of_written_files_removes_nothing_elsewhere() {
    let place = place();
    let (folder, site) = (place.path(), place.path().join("site"));
    let absolute = folder.join("victim/mine.html");
    write(
        &site.join(".groma-site"),
        &format!(
            "../victim/mine.html\nelement/../../victim/mine.html\n{}\n.git/config\nold/page.html\n",
            absolute.display()
        ),
    );
    write(&site.join(".git/config"), "mine");
    write(&site.join("old/page.html"), "Groma's");
    expect(folder, &BUILD, 0, "is written");
    victim_is_untouched(folder);
    assert_eq!(std::fs::read(site.join(".git/config")).unwrap(), b"mine");
    assert!(!site.join("old").exists(), "what the list rightly names is removed, and its empty folder");
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn nothing_is_removed_through_a_linked_folder() {
        let place = place();
        let (folder, site) = (place.path(), place.path().join("site"));
        write(&site.join(".groma-site"), "old/mine.html\n");
        symlink("../victim", site.join("old")).unwrap();
        expect(folder, &BUILD, 0, "is written");
        victim_is_untouched(folder);
    }

    #[test]
    fn nothing_is_written_through_a_linked_folder() {
        for target in ["../victim", "../nowhere"] {
            let place = place();
            let (folder, site) = (place.path(), place.path().join("site"));
            write(&site.join(".groma-site"), "");
            symlink(target, site.join("element")).unwrap();
            expect(folder, &BUILD, 2, "`site/element` is a link");
            victim_is_untouched(folder);
            assert!(!folder.join("nowhere").exists());
            assert!(!site.join("index.html").exists(), "nothing is written before that is found");
        }
    }

    #[test]
    fn a_linked_page_is_replaced() {
        for target in ["../victim/mine.html", "../nowhere.html"] {
            let place = place();
            let (folder, site) = (place.path(), place.path().join("site"));
            let page = site.join("index.html");
            expect(folder, &BUILD, 0, "is written");
            std::fs::remove_file(&page).unwrap();
            symlink(target, &page).unwrap();
            expect(folder, &BUILD, 0, "is written");
            victim_is_untouched(folder);
            assert!(!folder.join("nowhere.html").exists());
            assert!(std::fs::symlink_metadata(&page).unwrap().is_file());
        }
    }

    /// Also where the page that is linked holds what would be written.
    #[test]
    fn a_page_that_is_right_but_elsewhere_is_replaced() {
        let place = place();
        let (folder, page) = (place.path(), place.path().join("site/index.html"));
        expect(folder, &BUILD, 0, "is written");
        std::fs::rename(&page, folder.join("elsewhere.html")).unwrap();
        symlink("../elsewhere.html", &page).unwrap();
        expect(folder, &BUILD, 0, "is written");
        assert!(std::fs::symlink_metadata(&page).unwrap().is_file());
    }

    #[test]
    fn a_page_with_another_name_leaves_that_as_it_is() {
        let place = place();
        let (folder, page) = (place.path(), place.path().join("site/index.html"));
        expect(folder, &BUILD, 0, "is written");
        std::fs::remove_file(&page).unwrap();
        std::fs::hard_link(folder.join("victim/mine.html"), &page).unwrap();
        expect(folder, &BUILD, 0, "is written");
        victim_is_untouched(folder);
    }

    #[test]
    fn a_linked_list_makes_no_folder_groma_s() {
        let place = place();
        let (folder, site) = (place.path(), place.path().join("site"));
        for target in ["../list", "../nowhere"] {
            write(&folder.join("list"), "mine.html\n");
            write(&site.join("mine.html"), "mine");
            symlink(target, site.join(".groma-site")).unwrap();
            expect(folder, &BUILD, 2, "`site` is not empty");
            assert_eq!(std::fs::read(site.join("mine.html")).unwrap(), b"mine");
            std::fs::remove_file(site.join(".groma-site")).unwrap();
        }
        assert!(!folder.join("nowhere").exists());
    }

    #[test]
    fn a_linked_stale_page_is_removed_and_not_what_it_leads_to() {
        let place = place();
        let (folder, site) = (place.path(), place.path().join("site"));
        write(&site.join(".groma-site"), "old.html\n");
        symlink("../victim/mine.html", site.join("old.html")).unwrap();
        expect(folder, &BUILD, 0, "is written");
        victim_is_untouched(folder);
        assert!(std::fs::symlink_metadata(site.join("old.html")).is_err());
    }

    /// Where the site lies is the user's own choice; so is a link there.
    #[test]
    fn the_folder_itself_may_be_a_link_to_one() {
        let place = place();
        let folder = place.path();
        std::fs::create_dir(folder.join("real")).unwrap();
        symlink("real", folder.join("site")).unwrap();
        expect(folder, &BUILD, 0, "is written");
        assert_eq!(files_below(&folder.join("real")), clean_site(folder));
        std::fs::remove_file(folder.join("site")).unwrap();
        symlink("nowhere", folder.join("site")).unwrap();
        expect(folder, &BUILD, 2, "cannot make `site`");
        assert!(!folder.join("nowhere").exists());
    }

    #[test]
    fn pictures_follow_no_link_either() {
        let place = place();
        let folder = place.path();
        let draw = ["draw", "w", "--all", "--format", "dot", "--out", "pictures"];
        expect(folder, &draw, 0, "");
        let names: Vec<String> = files_below(&folder.join("pictures")).into_keys().collect();
        assert!(names.contains(&"b-context.dot".to_owned()), "{names:?}");
        std::fs::remove_file(folder.join("pictures/b-context.dot")).unwrap();
        symlink("../victim/mine.html", folder.join("pictures/b-context.dot")).unwrap();
        expect(folder, &draw, 0, "");
        victim_is_untouched(folder);
    }
}

#[test]
fn what_a_killed_first_build_leaves_is_taken_over() {
    let place = place();
    let (folder, site) = (place.path(), place.path().join("site"));
    let right = clean_site(folder);
    // Killed before the list was in its place, after, and amid the pages.
    for left in [&[".groma-x1.tmp"][..], &[".groma-x1.tmp", ".groma-site"], &[".groma-site", "element/.groma-x1.tmp"]] {
        for name in left {
            let listed = if *name == ".groma-site" { "index.html\nelement/a.html\n" } else { "half" };
            write(&site.join(name), listed);
        }
        expect(folder, &BUILD, 0, "is written");
        assert_eq!(files_below(&site), right, "{left:?}");
        std::fs::remove_dir_all(&site).unwrap();
    }
}

/// Wherever a signal meets a build, it leaves nothing half-done that the next one does not take over.
#[cfg(unix)]
#[test]
fn an_ended_build_leaves_no_temporary_file() {
    let place = place();
    let (folder, site) = (place.path(), place.path().join("site"));
    let right = clean_site(folder);
    for signal in ["-INT", "-TERM", "-HUP", "-KILL"] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_groma"))
            .args(BUILD)
            .current_dir(folder)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        while !site.exists() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        std::process::Command::new("kill").args([signal, &child.id().to_string()]).output().unwrap();
        let code = child.wait().unwrap().code();
        if signal != "-KILL" {
            let is_left = |name: &String| name.ends_with(".tmp");
            assert_eq!(files_below(&site).keys().find(|name| is_left(name)), None, "{signal}");
            assert!(matches!(code, Some(0 | 130)), "{signal}: {code:?}");
        }
        expect(folder, &BUILD, 0, "is written");
        assert_eq!(files_below(&site), right, "{signal}");
        std::fs::remove_dir_all(&site).unwrap();
    }
}

#[test]
fn folders_of_others_are_left_alone() {
    let place = place();
    let folder = place.path();
    expect(folder, &["build", "w", "--out", "victim"], 2, "`victim` is not empty");
    expect(folder, &["draw", "w", "--all", "--out", "victim"], 2, "`victim` is not empty");
    expect(folder, &["init", "victim", "--name", "N", "--team", "1", "--users", "1"], 2, "`victim` is not empty");
    victim_is_untouched(folder);
    // A site is no folder of pictures.
    expect(folder, &BUILD, 0, "is written");
    expect(folder, &["draw", "w", "--all", "--out", "site"], 2, "`site` is not empty");
}

#[test]
fn what_is_meant_can_be_said() {
    let place = place();
    let folder = place.path();
    expect(folder, &["draw", "w", "--all", "--force", "--format", "dot", "--out", "victim"], 0, "");
    expect(folder, &["draw", "w", "--all", "--format", "dot", "--out", "victim"], 0, "");
    expect(folder, &["init", "victim", "--name", "N", "--team", "1", "--users", "1", "--force"], 0, "wrote");
    assert_eq!(std::fs::read(folder.join("victim/mine.html")).unwrap(), b"mine");
    assert!(folder.join("victim/b-context.dot").is_file());
}

#[test]
fn a_view_s_name_leads_nowhere() {
    let place = place();
    let folder = place.path();
    write(
        &folder.join("w/v.groma"),
        "view \"../victim/mine\" \"V\" show=landscape\nview \"/etc/x\" \"X\" show=landscape\n",
    );
    let output = groma_in(folder, &["draw", "w", "--all", "--format", "dot", "--out", "pictures"]);
    assert!(output.status.code().is_some_and(|code| code < 3), "{}", told(&output));
    let outside: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(outside.len(), 3, "{outside:?}");
    victim_is_untouched(folder);
}
