//! Workspaces in memory, read and changed.

use super::*;
use crate::parse::{in_parallel, shares};

pub(crate) fn open(pairs: &[(&str, &str)], root: &str) -> Result<Session, OpenError> {
    Session::open(&MemoryFileSystem::new(pairs), Path::new(root))
}

#[test]
fn what_may_follow_from_a_missing_brace_is_promised_once() {
    let mut session = open(&[("w/a.groma", "system s {\n a -> \n"), ("w/b.groma", "system t {")], "w").unwrap();
    let notes: Vec<String> =
        session.snapshot().findings("2026-01-01").into_iter().flat_map(|finding| finding.notes).collect();
    assert_eq!(notes, ["other problems are reported once this is fixed"]);
}

#[test]
fn a_folder_is_read_in_the_order_of_paths_and_names_cross_files() {
    let mut session = open(
        &[
            ("w/b.groma", "a -> b \"Uses\""),
            ("w/a/x.groma", "person a \"A\""),
            ("w/c.groma", "system b \"B\""),
            ("w/no.txt", "{"),
        ],
        "w",
    )
    .unwrap();
    let snapshot = session.snapshot();
    let paths: Vec<&str> = snapshot.sources.iter().map(|(_, source)| source.path.as_str()).collect();
    assert_eq!(paths, ["w/a/x.groma", "w/b.groma", "w/c.groma"]);
    assert_eq!(snapshot.problems, []);
    assert_eq!(snapshot.arch.relations.len(), 1);
}

#[test]
fn includes_are_followed_once_even_in_circles() {
    let mut session = open(
        &[("w/a.groma", "include \"../s/b.groma\""), ("s/b.groma", "include \"../w/a.groma\"\nsystem b \"B\"")],
        "w",
    )
    .unwrap();
    assert_eq!(session.snapshot().arch.elements.len(), 1);
    let missing = open(&[("w/a.groma", "include \"nowhere.groma\"")], "w").unwrap().snapshot();
    assert!(missing.problems[0].message.starts_with("cannot include `nowhere.groma`"), "{:?}", missing.problems);
    for around in ["..", "../", "../../w/.."] {
        let include = format!("include \"{around}\"");
        let files = [("r/w/a.groma", &*include), ("r/other/b.groma", "system b \"B\"")];
        let problems = open(&files, "r/w").unwrap().snapshot().problems.clone();
        let expected = format!("cannot include `{around}`: the workspace itself lies in it");
        assert_eq!(problems[0].message, expected);
    }
}

#[test]
fn a_changed_text_gives_what_a_fresh_reading_gives() {
    let mut session = open(&[("w/a.groma", "person a \"A\""), ("w/b.groma", "a -> b \"Uses\"")], "w").unwrap();
    assert_eq!(session.snapshot().problems.len(), 1);
    assert!(session.set_text("w/a.groma", "person a \"A\"\nsystem b \"B\""));
    assert_eq!(session.snapshot().problems, []);
    assert!(!session.set_text("w/nowhere.groma", ""));
}

/// A folder that cannot be listed, beside files that can be read.
struct PartlyHidden(MemoryFileSystem);

impl FileSystem for PartlyHidden {
    fn is_folder(&self, path: &Path) -> Result<bool, FileError> {
        self.0.is_folder(path)
    }
    fn list(&self, folder: &Path) -> Result<Vec<DirectoryEntry>, FileError> {
        let hidden = folder.ends_with("hidden");
        if hidden { Err(FileError::new("permission denied")) } else { self.0.list(folder) }
    }
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        self.0.read(path, limit)
    }
    fn identity(&self, path: &Path) -> PathBuf {
        self.0.identity(path)
    }
}

#[test]
fn what_cannot_be_read_is_a_finding_and_the_rest_is_read() {
    let files = PartlyHidden(MemoryFileSystem::new(&[
        ("w/a.groma", "person a \"A\" colour=red\na -> gone \"Uses\""),
        ("w/hidden/b.groma", "system gone \"Gone\""),
        ("w/z.groma", "person z \"Z\""),
    ]));
    let snapshot = Session::open(&files, Path::new("w")).unwrap().snapshot();
    assert_eq!(snapshot.arch.elements.len(), 2);
    let told: Vec<_> = snapshot
        .findings("2026-01-01")
        .into_iter()
        .map(|one| (one.code.to_string(), snapshot.sources.location(one.primary.span)))
        .collect();
    // What is not found may be in what was not read, and so may what seems to be missing.
    assert_eq!(
        told,
        [("unknown-word".to_owned(), "w/a.groma:1:14".to_owned()), ("syntax".to_owned(), "w/hidden:1:1".to_owned())]
    );
}

#[test]
fn what_lies_outside_of_the_workspace_is_not_quoted() {
    let secret = "root:secret:0 { password }";
    let mut session = open(
        &[
            ("w/a.groma", "include \"../etc/passwd\"\ninclude \"../s/b.groma\"\nflow f \"F\"\nload l \"L\" { trace \"../etc/t.csv\" }"),
            ("etc/passwd", secret),
            ("etc/t.csv", "1,f\nsecret,f\n"),
            ("s/b.groma", "person b \"B\"\n"),
        ],
        "w",
    )
    .unwrap();
    let snapshot = session.snapshot();
    let findings = snapshot.findings("2026-01-01");
    assert!(!format!("{findings:?}").contains("secret") && !format!("{:?}", snapshot.sources).contains("secret"));
    let told: Vec<_> = findings.iter().map(|one| one.message.as_str()).collect();
    assert!(told.contains(&"`../etc/passwd` lies outside of the workspace and has errors"), "{told:?}");
    assert!(told.iter().any(|one| one.contains("must begin with a number of seconds: line 2")), "{told:?}");
    assert_eq!(snapshot.arch.elements.len(), 1, "what is Groma's language is read");
}

/// A workspace that is included may use facts of what it includes itself.
#[test]
fn facts_of_what_is_included_deeper_are_known() {
    let read = |included: &str| {
        let texts = [
            ("a/a.groma", "include \"../b\"\nsystem a \"A\" tier=x"),
            ("b/b.groma", included),
            ("b/more.groma", "system c \"C\" tier=x"),
            ("f/f.groma", "fact tier \"Tier\" on=system one-of=\"x, y\""),
        ];
        let snapshot = open(&texts, "a").unwrap().snapshot();
        (snapshot.problems.iter().map(|one| one.message.clone()).collect::<Vec<_>>(), snapshot.arch.elements.len())
    };
    assert_eq!(read("include \"../f\"\nsystem b \"B\" tier=x"), (vec![], 3));
    // What is left out takes the facts with it that it declares, and nothing of it is told.
    let (told, count) = read("fact tier \"Tier\" on=system\ninclude \"none\"\nsystem b \"B\" tier=x secret=y");
    assert_eq!(count, 1);
    assert!(!format!("{told:?}").contains("secret") && !format!("{told:?}").contains("none"), "{told:?}");
    let left_out = told.iter().filter(|one| one.ends_with("lies outside of the workspace and has errors"));
    assert_eq!(left_out.count(), 2, "{told:?}");
}

#[test]
fn what_is_contained_reads_nothing_elsewhere() {
    let texts = [
        ("r/.git/HEAD", ""),
        ("r/w/a.groma", "include \"../s\"\ninclude \"../../o/c.groma\"\nload l \"L\" { trace \"../../o/t.csv\" }"),
        ("r/s/b.groma", "person b \"B\""),
        ("o/c.groma", "person c \"C\""),
        ("o/t.csv", "1\n2\n"),
    ];
    let files = MemoryFileSystem::new(&texts);
    let opened = |allowed: &[PathBuf]| {
        let files = Contained::new(&files, Path::new("r/w"), allowed);
        let snapshot = Session::open(&files, Path::new("r/w")).unwrap().snapshot();
        let refused = snapshot.problems.iter().filter(|one| one.code == groma_check::SYNTAX).count();
        (snapshot.arch.elements.len(), refused)
    };
    assert_eq!(opened(&[]), (1, 2));
    assert_eq!(opened(&["o".into()]), (2, 0));
    // Without a repository, the workspace is all.
    let files = MemoryFileSystem::new(&texts[1..]);
    let files = Contained::new(&files, Path::new("r/w"), &[]);
    assert_eq!(Session::open(&files, Path::new("r/w")).unwrap().snapshot().arch.elements.len(), 0);
}

#[test]
fn work_is_given_out_and_comes_back_in_order() {
    let doubled = in_parallel((0..20).collect(), &|number: i32| number * 2);
    assert_eq!(doubled, (0..40).step_by(2).collect::<Vec<_>>());
    assert!(in_parallel(Vec::<i32>::new(), &|number: i32| number).is_empty());
}

#[test]
fn shares_of_files_have_about_as_much_text_and_leave_none_out() {
    let parted = |lengths: &[usize], count| {
        let source = |length: &usize| Arc::new(Source::new("a.groma", "x".repeat(*length)));
        shares(&lengths.iter().map(source).collect::<Vec<_>>(), count)
    };
    assert_eq!(parted(&[1, 1, 1, 1, 4], 2), [(0, 4), (4, 5)]);
    assert_eq!(parted(&[9, 1, 1], 2), [(0, 1), (1, 3)]);
    // What is empty is read as well, and where there is one thread it reads all.
    assert_eq!(parted(&[0, 5, 5, 0, 0], 2), [(0, 2), (2, 5)]);
    assert_eq!(parted(&[0, 0], 2), [(0, 2), (2, 2)]);
    assert_eq!(parted(&[3, 4], 1), [(0, 2)]);
    assert_eq!(parted(&[], 2), [(0, 0), (0, 0)]);
}

#[test]
fn what_cannot_be_opened_says_why() {
    let error = open(&[("w/readme.md", "")], "w").err().unwrap();
    assert_eq!(error.message, "there is no `.groma` file in `w`");
    assert!(open(&[("w/a.groma", "")], "elsewhere").is_err());
}

#[test]
fn recorded_arrivals_are_read_and_what_is_wrong_with_them_told() {
    let load = |path: &str| format!("flow f \"F\"\nload l \"L\" {{ trace \"{path}\" }}");
    let text = load("t.csv");
    let csv = "time,flow\r\n# a comment\n12.5,f\n 11.5 , g\n\n13,f\n";
    let snapshot = open(&[("w/a.groma", &text), ("w/t.csv", csv)], "w").unwrap().snapshot();
    assert_eq!(snapshot.problems, []);
    let trace = snapshot.arch.trace(snapshot.arch.records[groma_model::RecordId::FIRST].at).unwrap();
    assert_eq!(trace.arrivals, [(0.0, Some(1)), (1.0, Some(0)), (1.5, Some(0))]);
    assert_eq!(*trace.flows, [Box::from("f"), Box::from("g")]);
    let told = |csv: &str, path: &str| {
        let text = load(path);
        let mut session = open(&[("w/a.groma", &text), ("w/t.csv", csv)], "w").unwrap();
        session.snapshot().problems[0].message.clone()
    };
    assert!(told("", "no.csv").starts_with("cannot read `no.csv`"));
    assert!(told("1\n2\nx,f\nNaN\ninf\n-\n", "t.csv").contains("line 3: `x`, line 4: `NaN`, line 5: `inf` and 1 more"));
    assert!(told("time\n", "t.csv").contains("no arrival"));
    assert!(told("time\n7\n", "t.csv").contains("only one arrival"));
}

#[test]
fn what_may_be_declared_in_what_is_missing_is_not_told_before_that_is_there() {
    let text = "include \"../kit\"\nsystem s \"S\" tier=gold descripton=x { gizmo a \"A\" }\nperson p \"P\"\np -> other.web \"Asks\"\nallow metrics-everywhere owner=p reason=\"Later\" expires=2099-01-01\n";
    let told = |files: &[(&str, &str)]| -> Vec<String> {
        let findings = open(files, "w").unwrap().snapshot().findings("2026-01-01");
        findings.into_iter().filter(|one| one.severity == groma_base::Severity::Error).map(|one| one.message).collect()
    };
    let missing = told(&[("w/a.groma", text)]);
    assert_eq!(missing.len(), 2, "{missing:?}");
    assert!(missing[0].starts_with("cannot include `../kit`"), "{missing:?}");
    assert!(missing[1].contains("`descripton`"), "{missing:?}");
    let there = told(&[("w/a.groma", text), ("kit/k.groma", "team t \"T\"")]);
    assert_eq!(there.len(), 5, "{there:?}");
}

#[test]
fn own_facts_are_known_wherever_they_are_declared_and_forgotten_when_they_go() {
    let files = [
        ("w/a.groma", "include \"../kit\"\nsystem s \"S\" { service a \"A\" tier=gold; }"),
        ("kit/facts.groma", "fact tier \"Tier\" on=service one-of=\"gold, silver\""),
        ("kit/more.groma", "system t \"T\" { service b \"B\" tier=silver; }"),
    ];
    let mut session = open(&files, "w").unwrap();
    assert_eq!(session.snapshot().problems, []);
    assert!(session.set_text("w/a.groma", "include \"../kit\"\nsystem s \"S\" { service a \"A\" tier=bronze; }"));
    let problems = session.snapshot().problems;
    assert_eq!(problems[0].message, "`bronze` is not a valid value for `tier`");
    assert!(session.set_text("kit/facts.groma", "fact rank \"Rank\" on=service"));
    let problems: Vec<String> = session.snapshot().problems.into_iter().map(|one| one.message).collect();
    assert_eq!(problems, ["`service` has no fact called `tier`"; 2]);
    assert!(session.set_text("kit/facts.groma", "fact tier \"Tier\" on=element"));
    assert_eq!(session.snapshot().problems, []);
}

#[test]
fn what_is_told_once_for_many_places_is_known_at_each() {
    let text = |owners: &[&str]| {
        let systems = owners.iter().zip('a'..).map(|(owner, name)| format!("system {name} \"S\" owner={owner}\n"));
        format!("team t \"T\"\n{}", systems.collect::<String>())
    };
    let of_owners = |snapshot: &Snapshot| -> Vec<Diagnostic> {
        snapshot.findings("2026-01-01").into_iter().filter(|one| one.code == "unknown-owner").collect()
    };
    let at = |snapshot: &Snapshot, findings: &[Diagnostic]| -> Vec<String> {
        findings.iter().map(|one| format!("{} +{}", crate::baseline::address(snapshot, one), one.also.len())).collect()
    };
    let before = open(&[("w/a.groma", &text(&["x", "t", "x", "t"]))], "w").unwrap().snapshot();
    let after = open(&[("w/a.groma", &text(&["x", "x", "t", "x"]))], "w").unwrap().snapshot();
    assert_eq!(at(&before, &of_owners(&before)), ["system:a +1"]);
    assert_eq!(at(&after, &of_owners(&after)), ["system:a +2"]);
    let baseline = Baseline::of(&before, &of_owners(&before));
    let listed = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    assert_eq!(baseline.len(), 2);
    let applied = baseline.apply(&after, of_owners(&after));
    assert_eq!(
        (at(&after, &applied.left), at(&after, &applied.spared)),
        (listed(&["system:b +1"]), listed(&["system:a +0"]))
    );
    assert_eq!((applied.gone, applied.shrunk.len()), (1, 1));
    let compared = compare(&before, &after, "2026-01-01").unwrap();
    let of = |all: Vec<Diagnostic>| all.into_iter().filter(|one| one.code == "unknown-owner").collect::<Vec<_>>();
    assert_eq!(
        (at(&after, &of(compared.came)), at(&before, &of(compared.went))),
        (listed(&["system:b +1"]), listed(&["system:c +0"]))
    );
}

/// What a suppression may have been meant for is looked for around a finding, whatever extends itself.
#[test]
fn a_block_that_extends_what_stands_in_it_leads_nowhere() {
    for kind in groma_model::kinds::all().filter(|kind| kind.class.is_element()).map(|kind| kind.name) {
        let text = format!("extend a {{ {kind} a \"A\" {{ allow lonely-element }} }}\nallow unresolved-name");
        let snapshot = open(&[("w/a.groma", &text)], "w").unwrap().snapshot();
        assert!(!snapshot.findings("2026-01-01").is_empty(), "{text}");
    }
}

/// What is renamed by `was` brings no finding with it.
#[test]
fn a_standard_with_another_name_finds_what_it_found() {
    let text = |name: &str| {
        format!("system a \"A\"\nstandard {name} \"S\" applies=\"kind:system\" must=\"has:owner\" {{ reason \"R\" }}")
    };
    let snapshot = |text: &str| open(&[("w/a.groma", text)], "w").unwrap().snapshot();
    let (before, after) = (snapshot(&text("tls")), snapshot(&text("wire was=tls")));
    let comparison = compare(&before, &after, "2026-01-01").unwrap();
    assert_eq!((comparison.came, comparison.went), (vec![], vec![]));
}

#[test]
fn what_lies_outside_of_the_repository_is_told_where_it_is_included() {
    let files = [
        ("r/.git/HEAD", ""),
        ("r/w/a.groma", "system a \"A\"\ninclude \"../../kit\""),
        ("kit/k.groma", "include \"../more/m.groma\"\nsystem k \"K\""),
        ("more/m.groma", "system m \"M\""),
    ];
    let snapshot = open(&files, "r/w").unwrap().snapshot();
    let told: Vec<Option<String>> = (snapshot.sources.iter())
        .map(|(file, _)| snapshot.included_at(file).map(|span| snapshot.sources.place_location(span)))
        .collect();
    let here = Some("w/a.groma:2:9".to_owned());
    assert_eq!(told, [None, here.clone(), here]);
}

/// Findings of the same rule at the same address that say the same stay, whatever stands around them.
#[test]
fn what_is_found_before_and_after_neither_comes_nor_goes() {
    let elements = "system a \"A\"\nsystem b \"B\"\n";
    let arrows = ["a -> b \"x\"\n", "a -> b \"y\"\n", "a -> b \"x\"\n"];
    for (before, after) in [
        (format!("include \"../no\"\n{elements}"), format!("// more\ninclude \"../no\"\n{elements}person p \"P\"\n")),
        (
            format!("{elements}{}{}{}", arrows[0], arrows[2], arrows[1]),
            format!("{elements}{}{}{}", arrows[1], arrows[0], arrows[2]),
        ),
    ] {
        let snapshot = |text: &str| open(&[("w/a.groma", text)], "w").unwrap().snapshot();
        let (before, after) = (snapshot(&before), snapshot(&after));
        let comparison = compare(&before, &after, "2026-01-01").unwrap();
        let errors = before.findings("2026-01-01");
        let told: Vec<&str> = errors.iter().map(|one| &*one.code).collect();
        let moved: Vec<&Diagnostic> = comparison.came.iter().chain(&comparison.went).collect();
        let moved: Vec<&&Diagnostic> =
            moved.iter().filter(|one| told.contains(&&*one.code) && !one.message.contains("\"P\"")).collect();
        assert!(moved.is_empty(), "{moved:#?}");
    }
}

/// What the same rule finds about the same thing is the same finding, whatever figures it names, how grave it is and where it stands.
#[test]
fn a_finding_that_says_something_else_has_changed() {
    let text = |pool: u32, more: &str| {
        format!(
            "{more}system s \"S\" {{\n service a \"A\" replicas=3\n database d \"D\" connections=100\n a -> d \"Reads\" {{ pool {pool} }}\n}}\n"
        )
    };
    let compared = |before: &str, after: &str| {
        let snapshot = |text: &str| open(&[("w/a.groma", text)], "w").unwrap().snapshot();
        let found = compare(&snapshot(before), &snapshot(after), "2026-01-01").unwrap();
        let of_rule = |one: &&Diagnostic| one.code == "exhausted-connections";
        let changed = found.changed_findings.iter().filter(|one| one.after.code == "exhausted-connections");
        let told = changed.map(|one| {
            let figure = |finding: &Diagnostic| finding.message.split(' ').nth(2).unwrap_or_default().to_owned();
            format!(
                "{} {} -> {} {}",
                one.before.severity.word(),
                figure(&one.before),
                one.after.severity.word(),
                figure(&one.after)
            )
        });
        let moved = found.came.iter().chain(&found.went).filter(of_rule).count();
        (moved, told.collect::<Vec<String>>())
    };
    assert_eq!(compared(&text(50, ""), &text(60, "// more\n")), (0, vec!["error 150 -> error 180".to_owned()]));
    let milder = "workspace w \"W\" { rule exhausted-connections severity=note; }\n";
    assert_eq!(compared(&text(50, milder), &text(50, "")), (0, vec!["note 150 -> error 150".to_owned()]));
    assert_eq!(compared(&text(50, ""), &text(50, "")), (0, vec![]));
    assert_eq!(compared(&text(50, ""), &text(10, "")), (1, vec![]));
}
