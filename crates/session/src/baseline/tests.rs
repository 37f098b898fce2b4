//! What baselines spare, whatever is called otherwise since.

use super::*;
use crate::compare;
use crate::tests::open;

#[test]
fn a_baseline_spares_what_was_there_and_only_shrinks() {
    let text = |more: &str| format!("workspace w \"W\"\nsystem a \"A\"\nsystem b \"B\"\n{more}");
    let (first, fewer) = (text(""), text("person p \"P\" description=\"Asks.\"\np -> a \"Asks\"\np -> b \"Asks\"\n"));
    let snapshot = open(&[("w/a.groma", &first)], "w").unwrap().snapshot();
    let all = snapshot.findings("2026-01-01");
    let baseline = Baseline::of(&snapshot, &all);
    assert_eq!(baseline.len(), all.len());
    let read = Baseline::read(&snapshot, &baseline.text()).unwrap();
    assert_eq!(read, baseline);
    assert_eq!(Baseline::read(&snapshot, &format!("\u{feff}{}", baseline.text())).unwrap(), baseline);
    let applied = read.apply(&snapshot, all);
    assert!(applied.left.is_empty() && applied.gone == 0 && applied.spared.len() == baseline.len());

    let later = open(&[("w/a.groma", &fewer)], "w").unwrap().snapshot();
    let applied = read.apply(&later, later.findings("2026-01-01"));
    assert!(applied.gone > 0 && applied.shrunk.len() == baseline.len() - applied.gone, "{applied:?}");
    let again = applied.shrunk.apply(&later, later.findings("2026-01-01"));
    assert!(again.gone == 0 && again.shrunk == applied.shrunk);

    // What is new is not spared, and neither is a second one of the same sort at the same thing.
    let more = open(&[("w/a.groma", &text("system c \"C\"\n"))], "w").unwrap().snapshot();
    let applied = read.apply(&more, more.findings("2026-01-01"));
    assert!(
        !applied.left.is_empty() && applied.left.iter().all(|one| one.message.contains("\"C\"")),
        "{:?}",
        applied.left
    );

    let other = open(&[("w/a.groma", "workspace v \"V\"")], "w").unwrap().snapshot();
    for (text, line, message) in [
        (baseline.text(), 3, "this is the baseline of the workspace `w`, not of `v`"),
        (String::new(), 1, "this is no baseline: it is empty"),
        ("system a \"A\"\n".to_owned(), 1, "this is no baseline: it does not begin with `workspace`"),
        ("workspace v\nnonsense\n".to_owned(), 2, "`nonsense` is no finding"),
        ("workspace v\n<<<<<<< HEAD\n".to_owned(), 2, "`<<<<<<< HEAD` is no finding"),
        ("workspace v\nerror[lonely-actor] \n".to_owned(), 2, "`error[lonely-actor] ` is no finding"),
    ] {
        let no = Baseline::read(&other, &text).unwrap_err();
        assert_eq!((no.line, no.message.as_str()), (line, message));
    }
}

/// What standards find in a workspace beside a list of what was found before: what is left, how many are spared, and the list that is left.
fn beside(list: &str, text: &str) -> (Vec<String>, usize, String) {
    let snapshot = open(&[("w/a.groma", &format!("workspace w \"W\"\n{text}"))], "w").unwrap().snapshot();
    let of_standard = |finding: &Diagnostic| groma_check::rule(&finding.code).is_none();
    let findings: Vec<Diagnostic> = snapshot.findings("2026-01-01").into_iter().filter(of_standard).collect();
    let read = Baseline::read(&snapshot, &format!("workspace w\n{list}")).unwrap();
    let applied = read.apply(&snapshot, findings);
    let told =
        |finding: &Diagnostic| [vec![super::address(&snapshot, finding)], finding.notes.clone()].concat().join("; ");
    let shrunk = applied.shrunk.text().lines().skip_while(|line| !line.contains('[')).collect::<Vec<_>>().join("\n");
    (applied.left.iter().map(told).collect(), applied.spared.len(), shrunk)
}

#[test]
fn a_baseline_spares_nothing_graver_than_it_lists() {
    let text = |severity: &str| {
        format!(
            "system a \"A\"\nstandard s \"S\" applies=\"kind:system\" must=\"has:owner\" severity={severity} {{ reason \"R\" }}"
        )
    };
    let graver =
        (vec!["system:a; R; the baseline spares it as a warning only".to_owned()], 0, "warning[s] system:a".into());
    assert_eq!(beside("warning[s] system:a", &text("error")), graver);
    assert_eq!(beside("warning[s] system:a", &text("warning")), (vec![], 1, "warning[s] system:a".into()));
    // It does not grow either.
    assert_eq!(beside("warning[s] system:a", &text("note")), (vec![], 1, "note[s] system:a".into()));
    // Lists of old do not say it.
    assert_eq!(beside("s system:a", &text("error")), (vec![], 1, "error[s] system:a".into()));
}

#[test]
fn a_baseline_knows_what_has_another_name_now() {
    let standards = "standard wire was=tls \"Wire\" applies=\"kind:relationship\" must=\"has:protocol\" { reason \"R\" }\nstandard owned \"Owned\" applies=\"kind:service\" must=\"has:owner\" { reason \"R\" }\n";
    let text = format!(
        "{standards}system shop was=store \"S\" {{ service a was=b \"A\"; worker service \"C\"; a -> service \"asks\" }}\nsystem x was=service \"X\""
    );
    let now = "error[owned] service:shop.a\nerror[wire] shop.a -> shop.service (only \"asks\")";
    let before = "error[owned] service:store.b\nerror[tls] store.b -> store.service";
    assert_eq!(beside(before, &text), (vec![], 2, now.into()));
}

/// A name that is in use again means what had it when the list was made: nothing new is taken for what was there. Long because of its cases.
#[test]
fn a_baseline_knows_whose_name_it_was_that_is_in_use_again() {
    let workspace = |text: &str| {
        let standard = "standard s \"S\" applies=\"kind:system or kind:service or kind:region or kind:step or kind:transition or kind:connection\" must=\"has:owner\" { reason \"R\" }";
        open(&[("w/a.groma", &format!("workspace w \"W\"\n{standard}\n{text}"))], "w").unwrap().snapshot()
    };
    let addresses = |snapshot: &Snapshot, found: &[Diagnostic]| -> String {
        found.iter().map(|one| crate::baseline::address(snapshot, one)).collect::<Vec<_>>().join(", ")
    };
    let of_standard = |snapshot: &Snapshot| -> Vec<Diagnostic> {
        let all = snapshot.findings("2026-01-01").into_iter();
        all.filter(|one| groma_check::rule(&one.code).is_none()).collect()
    };
    // A text, what it became, and what is left of that beside the list of before. `_` is somebody who owns it.
    let cases = [
        ("system x _", "system x was=y\nsystem x2 _ was=x", "system:x"),
        ("system x", "system x\nsystem x2 was=x", "system:x"),
        ("system x", "system x\nsystem x2 _ was=x", "system:x"),
        ("system x", "system x _\nsystem x2 was=x", ""),
        ("system x\nsystem y _", "system x2 was=x\nsystem x was=y", "system:x"),
        ("system x\nsystem y _", "system y was=x\nsystem x _ was=y", ""),
        ("system x\nsystem y _", "system y _ was=x\nsystem x was=y", "system:x"),
        ("system x\nsystem x2 _ was=x", "system x\nsystem x2 was=x", "system:x2"),
        ("system x\nsystem x2 _ was=x", "system x\nsystem x3 was=\"x2, x\"", "system:x3"),
        ("system x\nsystem x2 _ was=x", "system x\nsystem x3 was=\"x, x2\"", "system:x3"),
        ("system x\nsystem x2 _ was=x", "system x _\nsystem x2 _ was=x\nsystem x3 was=x", ""),
        (
            "system a _ { service x }",
            "system b _ was=a { service x; service x2 was=x }\nsystem a _ { service x }",
            "service:b.x, service:a.x",
        ),
        (
            "system a _ { service x; service y _ was=x }",
            "system b _ was=a { service x; service y was=x }",
            "service:b.y",
        ),
        ("system a _ { service x }", "system b _ { service x was=a.x }\nsystem a _ { service x }", "service:a.x"),
        (
            "deployment d \"D\" { region r }",
            "deployment e \"E\" was=d { region q was=r; region r }\ndeployment d \"D\" { region r }",
            "region:e.r, region:d.r",
        ),
        ("system x", "system x\nrequirement y \"Y\" was=x", ""),
        ("pipeline p { step a; step b _; a -> b }", "pipeline q was=p { step c was=a; step b _; c -> b }", ""),
        (
            "pipeline p { step a; step b _; a -> b }",
            "pipeline p { step c was=a; step a; step b _; a -> b }",
            "pipeline:p / step:a, pipeline:p / a -> b",
        ),
        (
            "pipeline p { step a }\npipeline r { step a _ }",
            "pipeline p { step a _ }\npipeline r { step c was=a }",
            "pipeline:r / step:c",
        ),
        ("pipeline p { step a }\nsystem y _", "pipeline p { step a }\nsystem y _ was=a", ""),
        (
            "deployment d { region r _; region s _; r -> s }",
            "deployment d { region q _ was=r; region s _; q -> s }",
            "",
        ),
        (
            "deployment d { region r _; region s _; r -> s }",
            "deployment e was=d { region q _ was=r; region r _; region s _; q -> s; r -> s }",
            "deployment:e / r -> s",
        ),
    ];
    for (before, after, left) in cases {
        let text = |text: &str| text.replace(" _", " owner=o");
        let (before_it, after_it) = (workspace(&text(before)), workspace(&text(after)));
        let list = Baseline::of(&before_it, &of_standard(&before_it)).text();
        let read = Baseline::read(&after_it, &list).unwrap();
        let applied = read.apply(&after_it, of_standard(&after_it));
        assert_eq!(addresses(&after_it, &applied.left), left, "{before}\n->\n{after}\n{list}");
        // What is written after that is about the names of then.
        let again = Baseline::read(&after_it, &applied.shrunk.text()).unwrap();
        assert_eq!(again, applied.shrunk, "{after}");
        assert_eq!(addresses(&after_it, &again.apply(&after_it, of_standard(&after_it)).left), left, "{after}");
        // `diff`, which has both, says the same.
        let came = compare(&before_it, &after_it, "2026-01-01").unwrap().came;
        let came: Vec<Diagnostic> = came.into_iter().filter(|one| groma_check::rule(&one.code).is_none()).collect();
        assert_eq!(addresses(&after_it, &came), left, "diff: {before}\n->\n{after}");
    }
}

/// Of an old list nobody knows when it was made.
#[test]
fn a_baseline_of_old_spares_nothing_by_a_name_that_two_may_have_had() {
    let text = "standard s \"S\" applies=\"kind:system\" must=\"has:owner\" { reason \"R\" }\nsystem x \"X\"\nsystem x2 \"Y\" was=x";
    let note =
        "the baseline lists `error[s] system:x`, and nothing tells whether that is `s system:x` or `s system:x2`";
    let left = [format!("system:x; R; {note}"), format!("system:x2; R; {note}")];
    assert_eq!(beside("error[s] system:x", text), (left.to_vec(), 0, String::new()));
    assert_eq!(beside("error[s] system:x2", text).1, 1);
    assert_eq!(beside("was\nerror[s] system:x", text).0, ["system:x; R"]);
    assert_eq!(beside("was\nwas element:x2 x\nerror[s] system:x", text).0, ["system:x2; R"]);
}

/// A line of which nothing tells what it means is gone if nothing is found that it may mean.
#[test]
fn what_is_unclear_in_a_baseline_is_not_gone() {
    let text = |facts: &str| {
        format!(
            "workspace w \"W\"\nstandard s \"S\" applies=\"kind:system\" must=\"has:owner\" {{ reason \"R\" }}\nsystem x \"X\" {facts}\nsystem x2 \"X\" was=x owner=a\n"
        )
    };
    let applied = |text: &str| {
        let snapshot = open(&[("w/a.groma", text)], "w").unwrap().snapshot();
        let read = Baseline::read(&snapshot, "workspace w\nerror[s] system:x\nerror[s] system:y\n").unwrap();
        let applied = read.apply(&snapshot, snapshot.findings("2026-01-01"));
        assert!(applied.spared.is_empty() && applied.shrunk.is_empty());
        (applied.gone, applied.unclear)
    };
    assert_eq!(applied(&text("")), (1, vec!["error[s] system:x".to_owned()]));
    assert_eq!(applied(&text("owner=a")), (2, vec![]));
}

/// An `allow` of a standard that is renamed is the same.
#[test]
fn a_baseline_knows_an_allow_of_what_is_renamed() {
    let snapshot = |name: &str, was: &str| {
        let text = format!(
            "workspace w \"W\"\nstandard {name} \"T\" {was} applies=\"kind:person\" must=\"has:owner\" {{ reason \"R\" }}\nsystem a \"A\" {{ allow {name} }}"
        );
        open(&[("w/a.groma", &text)], "w").unwrap().snapshot()
    };
    let unused = |snapshot: &Snapshot| -> Vec<Diagnostic> {
        snapshot.findings("2026-01-01").into_iter().filter(|one| one.code == "unused-allow").collect()
    };
    let (before, after) = (snapshot("tls", ""), snapshot("tls2", "was=tls"));
    let list = Baseline::of(&before, &unused(&before)).text();
    let applied = Baseline::read(&after, &list).unwrap().apply(&after, unused(&after));
    assert_eq!((applied.left.len(), applied.spared.len()), (0, 1), "{list}");
}

/// A standard whose name is in use again as well.
#[test]
fn a_baseline_knows_which_standard_it_was() {
    let standard = |name: &str, query: &str| {
        format!("standard {name} applies=\"kind:system\" must=\"{query}\" {{ reason \"R\" }}\n")
    };
    let text = format!("{}{}system a \"A\"", standard("s2 \"S\" was=s", "has:owner"), standard("s \"T\"", "has:tags"));
    assert_eq!(beside("was\nerror[s] system:a", &text), (vec!["system:a; R".into()], 1, "error[s2] system:a".into()));
}

/// What stands between quotes in an address names nothing.
#[test]
fn a_baseline_changes_no_text_of_a_relationship() {
    let text = "standard s \"S\" applies=\"kind:relationship\" must=\"has:protocol\" { reason \"R\" }\nsystem a \"A\"\nsystem b \"B\" was=x\na -> b \"asks x \\\" x\"\na -> b \"y\"";
    let now = "error[s] a -> b \"asks x \\\" x\"";
    assert_eq!(beside("error[s] a -> x \"asks x \\\" x\"", text), (vec!["a -> b \"y\"; R".into()], 1, now.into()));
}

/// Lists say what the text was of a relationship that was alone; those of old do not.
#[test]
fn a_baseline_knows_a_relationship_that_is_no_longer_alone_or_is_alone_now() {
    let text = |arrows: &str| {
        format!(
            "standard s \"S\" applies=\"kind:relationship\" must=\"has:protocol\" {{ reason \"R\" }}\nsystem a \"A\"\nsystem b \"B\"\n{arrows}"
        )
    };
    let told = |address: &str| vec![format!("{address}; R")];
    let (x, y) = ("error[s] a -> b \"x\"", "error[s] a -> b \"y\"");
    let (only_x, only_y) = ("error[s] a -> b (only \"x\")", "error[s] a -> b (only \"y\")");
    let (one_x, one_y, x_y, y_x) =
        ("a -> b \"x\"", "a -> b \"y\"", "a -> b \"x\"\na -> b \"y\"", "a -> b \"y\"\na -> b \"x\"");
    for (list, arrows, left, spared, shrunk) in [
        (only_x, one_x, vec![], 1, only_x),
        (only_x, one_y, vec![], 1, only_y),
        (only_x, x_y, told("a -> b \"y\""), 1, x),
        (only_x, y_x, told("a -> b \"y\""), 1, x),
        (x, one_x, vec![], 1, only_x),
        (y, one_y, vec![], 1, only_y),
        (x, one_y, told("a -> b"), 0, ""),
        ("error[s] a -> b", one_y, vec![], 1, only_y),
        ("error[s] a -> b", x_y, told("a -> b \"y\""), 1, x),
    ] {
        assert_eq!(beside(list, &text(arrows)), (left, spared, shrunk.into()), "{list}: {arrows}");
    }
    let hard = "a -> b \"(only \\\") x\\\\\"";
    let list = "error[s] a -> b (only \"(only \\\") x\\\\\")";
    assert_eq!(beside(list, &text(hard)), (vec![], 1, list.into()));
    assert_eq!(beside(list, &text(&format!("{one_y}\n{hard}"))).1, 1);
}

/// What becomes a thing of another kind is the same; a thing of another sort with its name is not.
#[test]
fn a_baseline_knows_what_is_of_another_kind_now() {
    let text = |things: &str| {
        format!(
            "standard s \"S\" applies=\"kind:container or kind:place or kind:requirement or kind:quality\" must=\"has:owner\" {{ reason \"R\" }}\n{things}"
        )
    };
    let shop = |kind: &str| text(&format!("system shop \"S\" {{ {kind} web \"W\" }}"));
    let list = "error[s] service:shop.web";
    assert_eq!(beside(list, &shop("gateway")), (vec![], 1, "error[s] gateway:shop.web".into()));
    assert_eq!(beside(list, &text("requirement shop.web \"R\"")).1, 0);
    let place = text("deployment d \"D\" { region web \"W\" }");
    assert_eq!(beside("error[s] host:d.web", &place), (vec![], 1, "error[s] region:d.web".into()));
    assert_eq!(beside("error[s] service:d.web", &place).1, 0);
}

/// A workspace says by what name lists know it.
#[test]
fn a_baseline_knows_a_workspace_that_has_another_name_now() {
    let applied = |text: &str| {
        let snapshot = open(&[("w/a.groma", text)], "w").unwrap().snapshot();
        let read = Baseline::read(&snapshot, "workspace w\nversion 2\nwarning[lonely-element] system:a\n")?;
        let applied = read.apply(&snapshot, snapshot.findings("2026-01-01"));
        Ok::<_, NoBaseline>((applied.spared.len(), applied.shrunk.text().contains("workspace v\n")))
    };
    assert_eq!(applied("workspace v \"V\" was=w\nsystem a \"A\""), Ok((1, true)));
    let no = applied("workspace v \"V\"\nsystem a \"A\"").unwrap_err();
    assert!(no.help.contains("`workspace v was=w`"), "{no:?}");
}

/// One rule may find several things at one: what is mended gives no room to what is new. Long because of its cases.
#[test]
fn a_baseline_tells_apart_what_a_finding_regards() {
    let snapshot = |text: &str| {
        let shop = "person u \"U\"\nsystem s \"S\" { service a \"A\"; service b \"B\"; a -> b \"asks\" }\nu -> s.a \"Uses\"\nflow f \"F\" { u -> s.a \"x\" time=300ms }\nflow g \"G\" { u -> s.a \"x\" time=300ms }\nload l \"L\" { rate 1/s }\n";
        open(&[("w/a.groma", &format!("workspace w \"W\"\n{shop}{text}"))], "w").unwrap().snapshot()
    };
    let left = |rule: &str, before: &str, after: &str| {
        let (before, after) = (snapshot(before), snapshot(after));
        let of_rule = |snapshot: &Snapshot| -> Vec<Diagnostic> {
            snapshot.findings("2026-01-01").into_iter().filter(|one| one.code == rule).collect()
        };
        let list = Baseline::of(&before, &of_rule(&before));
        assert_eq!(Baseline::read(&before, &list.text()).unwrap(), list);
        let applied = Baseline::read(&after, &list.text()).unwrap().apply(&after, of_rule(&after));
        let again = Baseline::read(&after, &applied.shrunk.text()).unwrap();
        assert_eq!(again.apply(&after, of_rule(&after)).spared.len(), applied.spared.len());
        (applied.spared.len(), applied.left.len())
    };
    let here = |name: &str| {
        format!("deployment {name} {{ region r {{ instance s.a; instance s.b }}; region q {{ instance s.b }} }}\n")
    };
    let away =
        |name: &str| format!("deployment {name} {{ region r {{ instance s.a }}; region q {{ instance s.b }} }}\n");
    let of = |one: String, other: String| one + &other;
    let quality = |demands: &str| format!("quality fast \"Q\" {{ {demands} }}");
    let cases = [
        ("cross-region-call", of(away("one"), here("two")), of(away("one"), here("two")), (1, 0)),
        ("cross-region-call", of(away("one"), here("two")), of(here("one"), away("two")), (0, 1)),
        ("cross-region-call", of(away("one"), here("two")), of(away("one"), away("two")), (1, 1)),
        ("cross-region-call", away("one"), away("two was=one"), (1, 0)),
        (
            "impossible-latency",
            quality("require p95 under=100ms flow=f"),
            quality("require p95 under=100ms flow=g"),
            (0, 1),
        ),
        (
            "impossible-latency",
            quality("require p95 under=100ms flow=f"),
            quality("require p95 under=90ms flow=f"),
            (1, 0),
        ),
    ];
    let of_facts = |said: &str| {
        format!(
            "fact cost \"C\" on=mobile required\nfact site \"S\" on=mobile required\nsystem t \"T\" {{ mobile m \"M\" {said} }}"
        )
    };
    let technology = |declared: &str, used: &str| {
        format!("radar r \"R\"\ntechnology {declared} ring=hold category=library\nsystem t \"T\" technology=\"{used}\"")
    };
    let standby = |failover: &str, at_work: &str| {
        format!(
            "system t \"T\" {{ database d \"D\" failover={failover} }}\ndeployment p {{ region eu {{ {at_work} }}; region us {{ instance t.d standby }} }}"
        )
    };
    let retried = |on: &str| format!("system t \"T\"\ns.b -> t \"x\" {{ retry 3 on=\"{on}\" }}");
    let more = [
        ("missing-fact", of_facts("site=x"), of_facts("cost=x"), (0, 1)),
        ("missing-fact", of_facts("site=x"), of_facts("site=x").replace("fact cost", "fact costs was=cost"), (1, 0)),
        ("technology-on-hold", technology("foo \"Foo\"", "Foo 1"), technology("bar \"Bar\" was=foo", "Bar 1"), (1, 0)),
        ("technology-on-hold", technology("foo \"Foo\"", "Foo 1"), technology("foo \"Foo DB\"", "Foo DB 2"), (1, 0)),
        (
            "unsupported-technology",
            "system t \"T\" technology=\"PostgreSQL 9.6\"".into(),
            "system t \"T\" technology=\"PostgreSQL 10\"".into(),
            (1, 0),
        ),
        (
            "unsupported-technology",
            "system t \"T\" technology=\"PostgreSQL 9.6\"".into(),
            "system t \"T\" technology=\"MySQL 5.7\"".into(),
            (0, 1),
        ),
        (
            "unknown-technology",
            "system t \"T\" technology=\"Foozle 1\"".into(),
            "system t \"T\" technology=\"Foozle 2\"".into(),
            (1, 0),
        ),
        (
            "unknown-technology",
            "system t \"T\" technology=\"Foozle 1\"".into(),
            "system t \"T\" technology=\"Barzle 1\"".into(),
            (0, 1),
        ),
        ("contradicting-placement", standby("none", "instance t.d"), standby("automatic", ""), (0, 1)),
        ("retry-of-final-error", retried("404"), retried("404, 400"), (1, 1)),
    ];
    for (rule, before, after, expected) in cases.into_iter().chain(more) {
        assert_eq!(left(rule, &before, &after), expected, "{rule}: {before} -> {after}");
        // `diff`, which has both, tells as many as new.
        let comparison = compare(&snapshot(&before), &snapshot(&after), "2026-01-01").unwrap();
        let of_rule = comparison.came.iter().filter(|one| one.code == rule).count();
        assert_eq!(of_rule, expected.1, "diff: {rule}: {before} -> {after}");
    }
}

/// Whatever the examples of the rules find, a list has each finding otherwise than the others.
#[test]
fn a_baseline_has_no_two_findings_alike() {
    let (mut findings, mut alike) = (0, Vec::new());
    for rule in groma_check::RULES {
        for block in rule.page.split("```groma").skip(1) {
            let text = block.split_once('\n').and_then(|(_, text)| text.split("```").next()).expect("the block ends");
            // Records in Markdown stand at the end, and are no part of the text.
            let records = text.find(".md\n").and_then(|at| text[..at].rfind("// file:"));
            let text = &text[..records.unwrap_or(text.len())];
            let begin = if text.contains("workspace ") { "" } else { "workspace w \"W\"\n" };
            let snapshot = open(&[("w/a.groma", &format!("{begin}{text}"))], "w").unwrap().snapshot();
            let list = Baseline::of(&snapshot, &snapshot.findings("2026-01-01"));
            findings += list.len();
            let pairs = list.spared.windows(2).filter(|pair| pair[0] == pair[1]);
            alike.extend(pairs.map(|pair| format!("{}: {}", rule.name, pair[0].line())));
        }
    }
    assert!(findings > 300, "{findings}");
    assert_eq!(alike, Vec::<String>::new());
}

/// A step is known by who calls whom, not by its place: nothing new is taken for what stood there.
#[test]
fn a_baseline_knows_a_step_by_what_it_says() {
    let text = |steps: &str| {
        format!(
            "standard s \"S\" applies=\"kind:call\" must=\"has:time\" {{ reason \"R\" }}\nperson u \"U\"\nsystem s \"S\" {{ service a \"A\"; service b \"B\"; service c \"C\" }}\nflow f \"F\" {{ u -> s.a \"Asks\" time=1ms {{ {steps} }} }}"
        )
    };
    let list = "error[s] flow:f / s.a -> s.b";
    let left = |some: &[&str]| some.iter().map(|one| format!("{one}; R")).collect::<Vec<_>>();
    for (steps, told, spared, shrunk) in [
        ("s.a -> s.c \"new\"; s.a -> s.b \"old\"", left(&["flow:f 1.1"]), 1, list),
        ("s.a -> s.c \"new\"", left(&["flow:f 1.1"]), 0, ""),
        ("s.a -> s.c \"new\" time=1ms; s.a -> s.b \"said otherwise\"", left(&[]), 1, list),
        ("s.a -> s.b \"old\"; s.a -> s.b \"again\"", left(&["flow:f 1.2"]), 1, list),
    ] {
        assert_eq!(beside(list, &text(steps)), (told, spared, shrunk.into()), "{steps}");
    }
    // Lists of old say where it stood.
    assert_eq!(beside("error[s] flow:f 1.1", &text("s.a -> s.b \"old\"")), (vec![], 1, list.into()));
    let snapshot = |steps: &str| open(&[("w/a.groma", &text(steps))], "w").unwrap().snapshot();
    let (before, after) = (snapshot("s.a -> s.b \"old\""), snapshot("s.a -> s.c \"new\"; s.a -> s.b \"old\""));
    let comparison = compare(&before, &after, "2026-01-01").unwrap();
    let of_standard = |all: &[groma_base::Diagnostic]| all.iter().filter(|one| one.code == "s").count();
    assert_eq!([&comparison.came, &comparison.went].map(|all| of_standard(all)), [1, 0]);
}
