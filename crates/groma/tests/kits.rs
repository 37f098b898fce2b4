//! Who is held to a kit cannot get round it unseen.

use std::path::Path;
use std::process::{Command, Output};

fn groma(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groma")).args(arguments).output().expect("groma runs")
}

const KIT: &str = "kit co \"Co\" version=\"1\" groma=\"0.1\"
radar co \"Co\" { ring adopt; ring trial; ring hold; ring own policy=permission }
technology php \"PHP\" ring=hold
technology go \"Go\" ring=trial
technology postgresql \"PostgreSQL\" ring=adopt
technology zorb \"Zorb\" category=cache ring=own
fact cost-centre \"Who pays\" on=system required
team platform \"Platform\"
";

/// The rules that find something in a team's workspace with one planned service, built with this, and with these lines besides.
fn found(technology: &str, lines: &str) -> Vec<String> {
    let given = if lines.contains("cost-centre") { "" } else { "cost-centre=sales" };
    found_beside("", technology, lines, given)
}

/// The same where the kit has these lines as well, and the system these facts.
fn found_beside(kit: &str, technology: &str, lines: &str, given: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("kit/kit.groma", &format!("{KIT}{kit}"));
    let team = format!(
        "include \"../kit\"\n{lines}\nsystem s \"S\" owner=platform description=\"Sells.\" status=planned {given} {{\n\
         worker a \"A\" technology=\"{technology}\" description=\"Sells.\"\nworker b \"B\" technology=\"PostgreSQL 17\" description=\"Counts.\"\n\
         a -> b \"Tells\" protocol=HTTPS {{ timeout 2s }}\n}}\n"
    );
    write("team/team.groma", &team);
    rules(&folder.path().join("team"))
}

fn rules(workspace: &Path) -> Vec<String> {
    let output = groma(&["check", workspace.to_str().unwrap(), "--format", "json", "--today", "2026-06-01"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let all = report["findings"].as_array().unwrap().iter();
    let told = all.map(|finding| (finding["severity"].as_str().unwrap(), finding["rule"].as_str().unwrap()));
    let mut found: Vec<String> = told.map(|(severity, rule)| format!("{severity} {rule}")).collect();
    found.sort_unstable();
    assert_eq!(output.status.code(), Some(i32::from(found.iter().any(|one| one.starts_with("error")))));
    found
}

#[test]
fn a_technology_is_that_of_the_kit_whatever_a_team_calls_its_own() {
    const HELD: &str = "error technology-on-hold";
    const ASKED: &str = "warning unpermitted-technology";
    const TAKEN: &str = "error unclear-technology";
    for (technology, lines, expected) in [
        ("PHP 8", "", vec![HELD]),
        ("PHP 8", "technology php8 \"PHP 8\" category=language ring=adopt", vec![HELD, TAKEN]),
        ("PHP 8", "technology old \"Old\" also=\"PHP 8\" category=language", vec![HELD, TAKEN]),
        ("Go 1.25", "technology go125 \"Go 1.25\" category=language ring=adopt", vec![TAKEN, ASKED]),
        ("Golang 1.25", "technology gopher \"Gopher\" also=Golang category=language", vec![TAKEN, ASKED]),
        ("Zorb 2", "technology other \"Other\" also=Zorb category=cache ring=adopt", vec![TAKEN, ASKED]),
        ("PHP 8", "technology php \"PHP\" ring=adopt", vec!["error duplicate-name", HELD]),
        // What only begins so is another thing, of which the kit says nothing, and yet of that kind.
        (
            "Go kit 1",
            "technology gokit \"Go kit\" category=backend-framework",
            vec!["note technology-beside-radar", ASKED],
        ),
        (
            "gokit 1",
            "technology gokit \"Go kit\" category=backend-framework ring=adopt",
            vec!["warning technology-beside-radar", ASKED],
        ),
        (
            "PHP CLI",
            "technology phpcli \"PHP CLI\" category=language",
            vec![HELD, "note technology-beside-radar", "note technology-without-version"],
        ),
        ("PHP-FPM 8", "", vec![HELD, "note technology-without-version"]),
        (
            "Zorbium 8",
            "workspace t \"T\" { rule unknown-technology severity=off }",
            vec!["error unknown-rule", "note unknown-technology"],
        ),
    ] {
        assert_eq!(found(technology, lines), expected, "{technology}: {lines}");
    }
}

/// That something is declared takes nothing from what its name says.
#[test]
fn a_name_of_ones_own_hides_no_technology_of_the_kit_in_it() {
    for title in ["Stack/PHP", "TypeScript PHP", "Linux with PHP", "TypeScript (PHP)", "PHP-CLI", "PHP_CLI", "PHP.CLI"]
    {
        for declared in [
            format!("technology st \"{title}\" category=language"),
            format!("technology st \"Stack\" also=\"{title}\" category=language"),
        ] {
            for technology in [title, "st"] {
                let found = found(technology, &declared);
                assert!(found.contains(&"error technology-on-hold".to_owned()), "{technology}: {declared}: {found:?}");
            }
        }
    }
    let found = found("TS & Go", "technology st \"TS & Go\" category=language");
    assert!(found.contains(&"warning unpermitted-technology".to_owned()), "{found:?}");
}

/// Only the board of the kit grants exceptions, and not whoever is called like it in other letters.
#[test]
fn who_is_declared_is_nobody_else_in_other_letters() {
    let kit = "team board \"Board\" { member chief \"Chief\" }\n\
        standard tagged \"Tagged\" applies=\"kind:database\" must=\"has:tags\" severity=error { reason \"So.\" }\n\
        standard granted \"Granted\" applies=\"kind:allow\" must=\"owner:board or owner:chief\" severity=error { reason \"So.\" }\n";
    let found = |owner: &str, declared: &str| {
        let lines = format!(
            "{declared}\nextend s {{ database d \"D\" technology=\"PostgreSQL 17\" description=\"Keeps.\" {{ allow tagged owner={owner} reason=\"So.\" expires=2027-01-01; }}; b -> d \"Reads\" protocol=TLS {{ timeout 2s }} }}"
        );
        let mut found = found_beside(kit, "PostgreSQL 17", &lines, "cost-centre=sales");
        found.retain(|one| one.ends_with("tagged") || one.ends_with("granted"));
        found
    };
    assert_eq!(found("board", ""), Vec::<String>::new());
    assert_eq!(found("chief", ""), Vec::<String>::new());
    for (owner, declared) in [
        ("Board", "team Board"),
        ("BOARD", ""),
        ("Chief", "team mine \"Mine\" { member Chief \"C\" }"),
        ("mine", "team mine \"Mine\""),
    ] {
        assert_eq!(found(owner, declared), ["error granted"], "{owner}: {declared}");
    }
}

#[test]
fn a_team_that_is_a_kit_as_well_is_held_to_the_one_that_it_includes() {
    let own = "kit mine \"Mine\" version=\"1\" groma=\"0.1\"\ntechnology";
    let held = "error technology-on-hold".to_owned();
    let php = found("PHP 8", &format!("{own} php8 \"PHP 8\" category=language ring=adopt"));
    assert_eq!(php, [held, "error unclear-technology".to_owned()]);
    let swift = found("Swift 6", &format!("{own} swift \"Swift\" ring=adopt"));
    assert_eq!(swift, ["warning technology-beside-radar"]);
}

#[test]
fn a_radar_beside_that_of_the_kit_says_nothing_of_its_rings() {
    let radar = "workspace t \"T\" { rule unclear-technology severity=off }\nradar a \"A\" { ring hold policy=free; ring trial policy=free; ring own policy=free }";
    assert_eq!(found("PHP 8", radar), ["error technology-on-hold"]);
    assert_eq!(found("Go 1.25", radar), ["warning unpermitted-technology"]);
    assert_eq!(found("Zorb 1", radar), ["warning unpermitted-technology"]);
}

#[test]
fn a_ring_that_has_no_effect_meets_no_standard() {
    const BESIDE: &str = "warning technology-beside-radar";
    let swift = "technology swift \"Swift\" ring=adopt";
    for must in ["technology.ring:adopt", "built-with(ring:adopt)"] {
        let kit = format!(
            "standard safe \"Safe\" applies=\"kind:worker\" must=\"{must}\" severity=error {{ reason \"So.\" }}\n"
        );
        assert_eq!(found_beside(&kit, "PostgreSQL 17", "", "cost-centre=sales"), Vec::<String>::new(), "{must}");
        assert_eq!(found_beside(&kit, "Swift 6", swift, "cost-centre=sales"), ["error safe", BESIDE], "{must}");
    }
}

#[test]
fn what_a_kit_asks_does_not_depend_on_what_a_team_calls_its_things() {
    let kit = "fact audited \"Looked at\" on=system type=yes-no\n\
        standard looked \"Looked at\" applies=\"kind:system and not external\" must=\"audited\" severity=error { reason \"So.\" }\n\
        standard both \"Both\" applies=\"kind:system and not external\" must=\"audited and has:owner\" severity=error { reason \"So.\" }\n";
    let other = |name: &str, audited: &str| {
        format!(
            "system {name} \"O\" owner=platform description=\"Buys.\" status=planned cost-centre=sales {audited} {{ s.a -> {name} \"Tells\" protocol=HTTPS {{ timeout 2s }} }}"
        )
    };
    for name in ["audited", "external", "other"] {
        let found =
            |audited: &str| found_beside(kit, "PostgreSQL 17", &other(name, audited), "cost-centre=sales audited");
        assert_eq!(found("audited"), Vec::<String>::new(), "{name}");
        assert_eq!(found(""), ["error both", "error looked"], "{name}");
    }
}

#[test]
fn a_fact_that_a_kit_renames_holds_on_by_its_old_name() {
    let kit = "fact tier \"How grave it is\" on=system type=text required was=criticality\n\
        standard graded \"Graded\" applies=\"kind:system\" must=\"tier:gold\" severity=error { reason \"So.\" }\n";
    let found = |tier: &str| found_beside(kit, "PostgreSQL 17", "", &format!("cost-centre=sales {tier}"));
    assert_eq!(found("tier=gold"), Vec::<String>::new());
    assert_eq!(found("criticality=gold"), ["note renamed-fact"]);
    assert_eq!(found("criticality=silver"), ["error graded", "note renamed-fact"]);
    assert_eq!(found(""), ["error graded", "error missing-fact"]);
}

/// A folder with a kit and a team that is held to it, and does not meet it.
fn held() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("kit/kit.groma", "kit co \"Co\" version=\"1\" groma=\"0.1\"\n"),
        (
            "kit/rules.groma",
            "standard tagged \"Tagged\" applies=\"kind:system\" must=\"has:tags\" severity=error { reason \"So.\" }\n",
        ),
        (
            "team/team.groma",
            "include \"../kit\"\nworkspace t \"T\" { rule unmet-standard severity=off }\nsystem s \"S\" owner=o description=\"Sells.\"\nteam o \"O\"\nperson p \"P\" description=\"Buys.\"\np -> s \"Asks\"\n",
        ),
    ] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
#[cfg(unix)]
fn a_link_to_a_file_of_a_kit_takes_it_out_of_none() {
    const HELD: [&str; 2] = ["error tagged", "error unknown-rule"];
    let folder = held();
    let team = folder.path().join("team");
    assert_eq!(rules(&team), HELD);
    for (link, target) in
        [("a.groma", "../kit/kit.groma"), ("z.groma", "../kit/rules.groma"), ("x/z.groma", "../../kit/kit.groma")]
    {
        let link = team.join(link);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, &link).unwrap();
        assert_eq!(rules(&team), HELD, "{}", link.display());
        std::fs::remove_file(link).unwrap();
    }
}

#[test]
fn no_baseline_spares_what_is_not_understood() {
    let folder = held();
    let team = folder.path().join("team");
    std::fs::write(team.join("team.groma"), "include \"../kit\"\nworkspace t \"T\"\nsystem s \"S\" external foo=1\n")
        .unwrap();
    let list = folder.path().join("list");
    std::fs::write(&list, "workspace t\nversion 2\nwas\nerror[unknown-word] system:s\n").unwrap();
    let output = groma(&["check", team.to_str().unwrap(), "--baseline", list.to_str().unwrap()]);
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("no baseline spares what is not understood"), "{told}");
}

#[test]
fn a_fact_that_says_nothing_is_not_given() {
    assert_eq!(found("PostgreSQL 17", ""), Vec::<String>::new());
    for empty in ["\"\"", "\"  \""] {
        let lines = format!(
            "system t \"T\" owner=platform description=\"Buys.\" cost-centre={empty} {{ s.a -> t \"Tells\" protocol=HTTPS {{ timeout 2s }} }}"
        );
        let found = found("PostgreSQL 17", &lines);
        assert!(found.contains(&"error wrong-value".to_owned()), "{found:?}");
    }
}

#[test]
fn what_a_kit_declares_is_explained_as_its_own() {
    let output = Command::new(env!("CARGO_BIN_EXE_groma"))
        .args(["explain", "metrics", "examples/company/checkout"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .expect("groma runs");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("a standard of the kit \"Company rules\" 3.1, declared in"), "{told}");
}
