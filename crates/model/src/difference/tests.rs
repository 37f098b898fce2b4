use super::{Changed, Difference, Known, OldNames, difference};
use crate::facets::own_facts::OwnFacts;
use crate::{Architecture, link};
use groma_base::FileId;
use std::sync::Arc;

fn architecture(texts: &[&str]) -> Architecture {
    let model = |(nth, text): (usize, &&str)| {
        let (tree, errors) = groma_syntax::parse((*text).to_owned());
        assert!(errors.is_empty(), "{text}: {errors:?}");
        Arc::new(crate::decode::decode(FileId(nth as u32), &tree))
    };
    let first: Vec<_> = texts.iter().enumerate().map(model).collect();
    let own = OwnFacts::declared(first.iter());
    let anew = |(nth, text): (usize, &&str)| {
        Arc::new(crate::decode::decode_with(FileId(nth as u32), &groma_syntax::parse((*text).to_owned()).0, &own))
    };
    let models: Vec<_> = texts.iter().enumerate().map(anew).collect();
    let wrong: Vec<_> = models.iter().flat_map(|model| &model.problems).collect();
    assert!(wrong.is_empty(), "{texts:?}: {wrong:?}");
    let (arch, problems) = link(models);
    assert!(problems.is_empty(), "{texts:?}: {problems:?}");
    arch
}

fn changed(one: &Changed) -> String {
    let mut line = format!("~ {}", one.address);
    if let Some((old, new)) = &one.renamed {
        line.push_str(&format!(" renamed {old} to {new}"));
    }
    if let Some((old, new)) = &one.moved {
        line.push_str(&format!(" moved {old} to {new}"));
    }
    match &one.known {
        Known::Address => {}
        Known::Was(name) => line.push_str(&format!(" was {name}")),
        Known::Guess(guess) => line.push_str(&format!(" guess {}%: {}", guess.share, guess.evidence())),
    }
    for fact in &one.facts {
        let of = fact.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
        line.push_str(&format!(
            "; {}{of}: {} -> {}",
            fact.fact,
            fact.before_in_words(str::to_owned),
            fact.after_in_words(str::to_owned)
        ));
    }
    line
}

fn lines(difference: &Difference) -> Vec<String> {
    let removed =
        difference.removed.iter().map(|one| format!("- {}{}", if one.is_inside { "  " } else { "" }, one.address));
    let added =
        difference.added.iter().map(|one| format!("+ {}{}", if one.is_inside { "  " } else { "" }, one.address));
    let unknown = difference.unknown_names.iter().map(|(_, name)| format!("? {name}"));
    let taken = difference.taken_names.iter().map(|(_, name, _)| format!("! {name}"));
    removed.chain(added).chain(difference.changed.iter().map(changed)).chain(unknown).chain(taken).collect()
}

fn told(before: &str, after: &str) -> Vec<String> {
    lines(&difference(&architecture(&[before]), &architecture(&[after])))
}

/// Pairs of texts, each with what is told of it.
const CASES: &[(&str, &str, &[&str])] = &[
    // Added and removed, with what is in it.
    (
        "system a \"A\"",
        "system a \"A\"\nsystem b \"B\" { service c \"C\" { allow lonely-element owner=o } }",
        &["+ system:b", "+   service:b.c", "+   service:b.c / allow:lonely-element"],
    ),
    ("person p \"P\"\nsystem a \"A\"\np -> a \"Uses\"", "system a \"A\"", &["- person:p", "-   p -> a"]),
    // A fact, a part of a fact, a title, a kind.
    (
        "system a \"A\" owner=x",
        "system a \"A\" owner=y { description \"D\" }",
        &["~ system:a; owner: x -> y; description: not said -> D"],
    ),
    (
        "system a \"A\"\nsystem b \"B\"\na -> b \"x\" { retry 3 backoff=exponential from=200ms }",
        "system a \"A\"\nsystem b \"B\"\na -> b \"x\" { retry 3 backoff=exponential from=1s jitter }",
        &["~ a -> b; retry.from: 200ms -> 1s; retry.jitter: no (the default) -> yes"],
    ),
    (
        "system a \"A\"\nsystem b \"B\"\na -> b \"x\" { retry 3 from=200ms }",
        "system a \"A\"\nsystem b \"B\"\na -> b \"x\" { retry 4 from=1s }",
        &["~ a -> b; retry: 3 -> 4; retry.from: 200ms -> 1s"],
    ),
    (
        "system a \"A\" { service b \"B\" }",
        "system a \"A\" { web b \"Web\" }",
        &["~ web:a.b; kind: service -> web; title: B -> Web"],
    ),
    (
        "system a \"A\" { link \"http://x\" title=\"X\"; link \"http://y\" }",
        "system a \"A\" { link \"http://y\"; link \"http://x\" title=\"Y\" }",
        &["~ system:a; link.title of http://x: X -> Y"],
    ),
    // Units, digits, defaults, the order of facts, what is written in a line or in a block.
    (
        "system a \"A\"\nsystem b \"B\"\na -> b \"x\" { timeout 1s; retry 3 from=1min }\nload l \"L\" { users 4_000 think=10s; rate 60/min }",
        "load l \"L\" { rate 1/s; users 4000 think=10_000ms }\nsystem b \"B\"\nsystem a \"A\" status=existing { }\n// comment\na -> b \"x\" { retry 3 from=60s; timeout 1000ms }",
        &[],
    ),
    // What is said no more is told with what holds then, and is none where that is the same.
    (
        "standard s \"S\" applies=\"kind:system\" must=\"has:owner\" severity=warning { reason \"R\" }",
        "standard s \"S\" applies=\"kind:system\" must=\"has:owner\" { reason \"R\" }",
        &["~ standard:s; severity: warning -> error (the default)"],
    ),
    (
        "standard s \"S\" applies=\"kind:system\" must=\"has:owner\" severity=error { reason \"R\" }",
        "standard s \"S\" applies=\"kind:system\" must=\"has:owner\" { reason \"R\" }",
        &[],
    ),
    (
        "fact logs on=system one-of=\"json, text\" default=text\nsystem a \"A\"\nsystem b \"B\" logs=json",
        "fact logs on=system one-of=\"json, text\" default=json\nsystem a \"A\"\nsystem b \"B\"",
        &["~ fact:logs; default: text -> json"],
    ),
    (
        "system a \"A\" owner=x { service b \"B\" owner=y }",
        "system a \"A\" owner=x { service b \"B\" }",
        &["~ service:a.b; owner: y -> x (without being said)"],
    ),
    ("system a \"A\" tags=\"x, y\"", "system a \"A\" { tags y x }", &[]),
    ("system a \"A\" status=existing", "system a \"A\" status=planned", &["~ system:a; status: existing -> planned"]),
    ("system a \"A\"", "system a \"A\" status=planned", &["~ system:a; status: existing (the default) -> planned"]),
    (
        "system a \"A\" { service b \"B\" }\nsystem c \"C\"\na.b -> c \"x\"",
        "system c \"C\"\nsystem a \"A\"\nextend a { service b \"B\"\nb -> c \"x\" }",
        &[],
    ),
    // Values whose order says something, and such whose order does not.
    (
        "radar r \"R\" { ring a means=\"A\"; ring b means=\"B\" }",
        "radar r \"R\" { ring b means=\"B\"; ring a means=\"A\" }",
        &["~ radar:r; ring: a means=A, b means=B -> b means=B, a means=A"],
    ),
    (
        "system a \"A\" { service b \"B\" { interface \"x\"; interface \"y\" } }",
        "system a \"A\" { service b \"B\" { interface \"y\"; interface \"x\" } }",
        &[],
    ),
    (
        "system a \"A\" style=layered layers=\"x, y\"",
        "system a \"A\" style=layered layers=\"y, x\"",
        &["~ system:a; layers: x, y -> y, x"],
    ),
    (
        "system a \"A\" technology=\"X 1, Y\"",
        "system a \"A\" technology=\"Y, X 2\"",
        &["~ system:a; technology: X 1, Y -> Y, X 2"],
    ),
    (
        "team t \"T\" { member m \"M\" skills=\"x, y\" }",
        "team t \"T\" { member m \"M\" { skills z; skills x } }",
        &["~ member:m; skills: y -> z"],
    ),
    (
        "system a \"A\" { data personal card }",
        "system a \"A\" { data personal health }",
        &["~ system:a; data: card -> health"],
    ),
    // Moved: into a group, and elsewhere.
    (
        "system a \"A\" { service b \"B\" }",
        "system a \"A\" { group g \"G\" { service b \"B\" } }",
        &["+ group:a.g", "~ service:a.b moved system:a to group:a.g"],
    ),
    (
        "system a \"A\" { service b \"B\" }\nsystem c \"C\"",
        "system a \"A\"\nsystem c \"C\" { service b \"B\" was=a.b }",
        &["~ service:c.b moved system:a to system:c was a.b"],
    ),
    (
        "system a \"A\" { service b \"B\" owner=o }\nsystem c \"C\"",
        "system a \"A\"\nsystem c \"C\" { service b \"B\" owner=o }",
        &["~ service:c.b moved system:a to system:c guess 88%: title, name, fact"],
    ),
    // Renamed, with parts, relationships and all that names it.
    (
        "system a \"A\" { service b \"B\" }\nperson p \"P\"\np -> a.b \"x\"\nrequirement r \"R\" { realized-by a.b }\nview v \"V\" { include \"a.* or uses(a.b)\" }\nflow f \"F\" { p -> a.b \"x\" }\ndeployment d \"D\" { host h \"H\" { instance a.b } }\nload l \"L\" { mix f }",
        "system z \"A\" was=a { service b \"B\" }\nperson p \"P\"\np -> z.b \"x\"\nrequirement r \"R\" { realized-by z.b }\nview v \"V\" { include \"z.* or uses(z.b)\" }\nflow g \"F\" was=f { p -> z.b \"x\" }\ndeployment d \"D\" { host h \"H\" { instance z.b } }\nload l \"L\" { mix g }",
        &["~ system:z renamed a to z was a", "~ flow:g renamed f to g was f"],
    ),
    (
        "system a \"A\" { service b \"B\" }",
        "system a \"A\" { service c \"C\" was=b }",
        &["~ service:a.c renamed b to c was b; title: B -> C"],
    ),
    (
        "deployment d \"D\" { region r \"R\" { host h \"H\" } }",
        "deployment d \"D\" { region q \"R\" was=r { host i \"H\" was=h } }",
        &["~ region:d.q renamed r to q was r", "~ host:d.q.i renamed h to i was h"],
    ),
    (
        "pipeline p \"P\" { step a \"A\"; step b \"B\"; a -> b \"x\" }",
        "pipeline p \"P\" { step a \"A\"; step c \"C\" was=b; a -> c \"x\" }",
        &["~ pipeline:p / step:c renamed b to c was b; title: B -> C"],
    ),
    // Two that are swapped, and a `was` that stays after that.
    (
        "system a \"A\"\nsystem b \"B\"",
        "system a \"B\" was=b\nsystem b \"A\" was=a",
        &["~ system:a renamed b to a was b", "~ system:b renamed a to b was a"],
    ),
    (
        "system a \"B\" was=b\nsystem b \"A\" was=a",
        "system a \"B\" was=b\nsystem b \"A\" was=a owner=o",
        &["~ system:b; owner: not said -> o"],
    ),
    // What has kept its name is not what something else was.
    ("system a \"A\"\nsystem b \"B\"", "system b \"B\" was=a", &["- system:a"]),
    ("system a \"A\"", "system a \"A\"\nsystem b \"B\" was=nothing", &["+ system:b", "? nothing"]),
    // A name that is in use again: as the rename came, and as what was renamed goes.
    (
        "system a \"A\"",
        "system a \"N\"\nsystem b \"B\" was=a",
        &["+ system:a", "~ system:b renamed a to b was a; title: A -> B"],
    ),
    ("system a \"A\"\nsystem b \"B\" was=a", "system a \"A\"", &["- system:b"]),
    (
        "system a \"N\"\nsystem b \"B\" was=a",
        "system a \"N\"\nsystem c \"C\" was=\"a, b\"",
        &["~ system:c renamed b to c was b; title: B -> C"],
    ),
    // A rename that is taken back.
    ("system b \"A\" was=a", "system a \"A\"", &["~ system:a renamed b to a was a"]),
    // Renamed by guess, and not.
    (
        "system a \"Shop\" owner=o { service b \"B\" }",
        "system z \"Shop\" owner=o { service b \"B\" }",
        &["~ system:z renamed a to z guess 100%: title, fact, part, place"],
    ),
    ("system a \"Shop\" owner=o", "system z \"Till\" owner=p", &["- system:a", "+ system:z"]),
    (
        "requirement a \"Sells\" priority=must",
        "requirement b \"Sells\" priority=could",
        &["- requirement:a", "+ requirement:b"],
    ),
    (
        "term a \"Cart\" { means \"M\" }",
        "term b \"Cart\" { means \"M\" }",
        &["~ term:b renamed a to b guess 100%: title, fact, place"],
    ),
    // Relationships with several texts.
    (
        "system a \"A\"\nsystem b \"B\"\na -> b \"reads\"\na -> b \"writes\" timeout=1s",
        "system a \"A\"\nsystem b \"B\"\na -> b \"writes\" timeout=2s\na -> b \"reads\"\na -> b \"audits\"",
        &["+ a -> b \"audits\"", "~ a -> b \"writes\"; timeout: 1s -> 2s"],
    ),
    (
        "system a \"A\"\nsystem b \"B\"\na -> b \"reads\"",
        "system a \"A\"\nsystem b \"B\"\na -> b \"reads all\"",
        &["~ a -> b; title: reads -> reads all"],
    ),
    (
        "system a \"A\"\nsystem b \"B\"\na -> b \"x\"\na -> b \"x\" timeout=1s",
        "system a \"A\"\nsystem b \"B\"\na -> b \"x\" timeout=1s\na -> b \"x\"",
        &[],
    ),
    // Steps: one put in, one changed, one moved, one that leads elsewhere.
    (
        "system a \"A\"\nsystem b \"B\"\nflow f \"F\" { a -> b \"x\" { b -> b \"y\" time=1ms }; a -> b \"z\" }",
        "system a \"A\"\nsystem b \"B\"\nflow f \"F\" { a -> b \"w\"; a -> b \"x\" { b -> b \"y\" time=2ms }; a -> b \"z\" }",
        &["+ flow:f 1", "~ flow:f 2.1; time: 1ms -> 2ms"],
    ),
    (
        "system a \"A\"\nsystem b \"B\"\nflow f \"F\" { a -> b \"x\" ; a -> b \"y\"; a -> b \"z\" { b -> a \"u\" time=1ms } }",
        "system a \"A\"\nsystem b \"B\"\nflow f \"F\" { a -> b \"z\" { b -> a \"u\" time=2ms } ; a -> b \"x\"; a -> b \"y\" }",
        &["~ flow:f 1 moved flow:f 3 to flow:f 1", "~ flow:f 1.1; time: 1ms -> 2ms"],
    ),
    (
        "system a \"A\"\nsystem b \"B\"\nsystem c \"C\"\nflow f \"F\" { chance 5% \"o\" { a -> b \"x\" } }",
        "system a \"A\"\nsystem b \"B\"\nsystem c \"C\"\nflow f \"F\" { chance 6% \"o\" { a -> c \"x\" } }",
        &["~ flow:f 1; share: 5% -> 6%", "~ flow:f 1.1; to: b -> c"],
    ),
    // A flow is of a system, wherever that is said.
    (
        "system a \"A\" { service b \"B\"\nservice c \"C\"\nflow f \"F\" { b -> c \"x\" } }",
        "system a \"A\" { service b \"B\"\nservice c \"C\" }\nflow f \"F\" of=a { b -> c \"x\" }",
        &[],
    ),
    // What a workspace says of itself, whatever it is called.
    ("workspace w \"W\" { team 5 }", "workspace v \"W\" { team 6 }", &["~ workspace:v renamed w to v; team: 5 -> 6"]),
    (
        "workspace w \"W\" { rule lonely-actor severity=note }",
        "workspace w \"W\" { rule lonely-actor severity=off; rule lonely-element severity=note }",
        &["+ workspace:w / rule:lonely-element", "~ workspace:w / rule:lonely-actor; severity: note -> off"],
    ),
    (
        "fact tier \"T\" on=system one-of=\"gold, silver\" default=silver\nsystem a \"A\"",
        "fact tier \"T\" on=system one-of=\"gold, silver\" default=silver\nsystem a \"A\" tier=silver",
        &[],
    ),
    // A name that means something on one side only is the same name.
    ("system a \"A\" owner=t", "team t \"T\"\nsystem a \"A\" owner=t", &["+ team:t"]),
    (
        "system s \"S\" { service a \"A\"; service b \"B\" }\ndeployment d \"D\" { region r { host h \"H\" cpu=2 { instance s.a } }; host k { instance s.b }; r.h -> k \"x\"; s.a -> k }",
        "system s \"S\" { service z \"A\" was=a; service b \"B\" }\ndeployment d \"D\" { region q was=r { host i \"H\" cpu=2 { instance s.z } }; host k { instance s.b }; q.i -> k \"x\"; s.z -> k }",
        &[
            "~ service:s.z renamed a to z was a",
            "~ region:d.q renamed r to q was r",
            "~ host:d.q.i renamed h to i guess 100%: title, fact, part, place",
        ],
    ),
    (
        "deployment d \"D\" { region r { host h \"H\" }; host k; r.h -> k \"x\" }",
        "deployment d \"D\" { region r { host h \"H\" }; host k; h -> k \"y\" }",
        &["~ deployment:d / h -> k; title: x -> y"],
    ),
    (
        "deployment d \"D\" { host h; host k; h -> k \"x\" }",
        "deployment d \"D\" { host h }",
        &["- host:d.k", "-   deployment:d / h -> k"],
    ),
    (
        "pipeline p \"P\" { step a \"A\" is=decision; step b \"B\"; a -> b \"x\" }",
        "pipeline p \"P\" { step c \"A\" is=decision; step b \"B\"; c -> b \"y\" }",
        &[
            "~ pipeline:p / step:c renamed a to c guess 100%: title, fact, neighbour",
            "~ pipeline:p / c -> b; title: x -> y",
        ],
    ),
    (
        "pipeline p \"P\" { step a \"A\"; step b \"B\"; a -> b }",
        "pipeline p \"P\" { step a \"B\" was=b; step b \"A\" was=a; b -> a }",
        &["~ pipeline:p / step:a renamed b to a was b", "~ pipeline:p / step:b renamed a to b was a"],
    ),
    (
        "deployment d \"D\" { host h; host k; h -> k \"x\"; k -> h }",
        "deployment e \"D\" { host h; host k; h -> k \"x\"; k -> h }",
        &["~ deployment:e renamed d to e guess 100%: title, 4 of 4 parts, place"],
    ),
    (
        "pipeline p \"P\" { step a \"A\"; step b \"B\"; a -> b }",
        "pipeline p \"P\" { step a \"A\" }",
        &["- pipeline:p / step:b", "-   pipeline:p / a -> b"],
    ),
    (
        "pipeline p \"P\" { step c \"C\" was=a; step a \"A\" }",
        "pipeline p \"P\" { step c \"D\" was=a; step a \"B\" }",
        &["~ pipeline:p / step:c; title: C -> D", "~ pipeline:p / step:a; title: A -> B"],
    ),
    // What is named by a short name, seen from who makes the call.
    (
        "system a \"A\" { service b \"B\"; queue q \"Q\" }\nsystem c \"C\"\na.b -> c \"x\" fallback=q",
        "system a \"A\" { service b \"B\"; queue r \"Q\" was=q }\nsystem c \"C\"\na.b -> c \"x\" fallback=r",
        &["~ queue:a.r renamed q to r was q"],
    ),
    // A name that is written as before and means something else.
    (
        "flow f \"F\"\nflow h \"H\"\nrequirement r \"R\" realized-by=f\nload l \"L\" { mix f weight=2 }",
        "flow g \"F\" was=f\nflow f \"H\" was=h\nrequirement r \"R\" realized-by=f\nload l \"L\" { mix f weight=2 }",
        &[
            "~ flow:g renamed f to g was f",
            "~ flow:f renamed h to f was h",
            "~ requirement:r; realized-by: flow:f (now flow:g) -> flow:f (was flow:h)",
            "~ load:l; mix: flow:f (now flow:g) weight=2 -> flow:f (was flow:h) weight=2",
        ],
    ),
    (
        "flow f \"F\"\nquality q \"Q\" { require p95 flow=f under=1s }\nrequirement r \"R\" realized-by=f",
        "technology f \"T\"\nflow g \"G\" { note \"x\" }\nquality q \"Q\" { require p95 flow=g under=1s }\nrequirement r \"R\" realized-by=f",
        &[
            "- flow:f",
            "+ technology:f",
            "+ flow:g",
            "+   flow:g 1",
            "~ quality:q; require.flow of p95: f -> g",
            "~ requirement:r; realized-by: flow:f -> technology:f",
        ],
    ),
    // How a text is laid out, a title that says what the name says, a tag that is said twice; the case of an owner that is declared nowhere.
    (
        "system a owner=Team { description \"It  sells\\nthings.\"; tags x y x }\nview v \"V\" { include \"kind:service and tag:x\" }",
        "system a \"a\" owner=team { description \"It sells things.\"; tags x y }\nview v \"V\" { include \"kind:service  and tag:x\" }",
        &[],
    ),
    // A fact of its own, which is the same in what has it.
    (
        "fact cost-centre \"C\" on=system type=whole\nsystem a \"A\" cost-centre=200",
        "fact cc \"C\" on=system type=whole was=cost-centre\nsystem a \"A\" cc=200",
        &["~ fact:cc renamed cost-centre to cc was cost-centre"],
    ),
    // What is said of a standard goes with it; another standard is something else.
    (
        "workspace w \"W\" { rule logs severity=note }\nstandard logs \"L\" applies=system must=\"tag:x\"\nsystem a \"A\" { allow logs reason=y }",
        "workspace w \"W\" { rule json severity=note }\nstandard json \"L\" applies=system must=\"tag:x\" was=logs\nsystem a \"A\" { allow json reason=y }",
        &["~ standard:json renamed logs to json was logs"],
    ),
    (
        "standard json \"L\" applies=system must=\"tag:x\" was=logs\nsystem a \"A\" { allow logs reason=y }",
        "standard json \"L\" applies=system must=\"tag:x\" was=logs\nsystem a \"A\" { allow json reason=y }",
        &[],
    ),
    (
        "standard logs \"L\" applies=system must=\"tag:x\"\nstandard pages \"P\" applies=web must=\"tag:y\"\nsystem a \"A\" { allow logs reason=y }",
        "standard logs \"L\" applies=system must=\"tag:x\"\nstandard pages \"P\" applies=web must=\"tag:y\"\nsystem a \"A\" { allow pages reason=y }",
        &["- system:a / allow:logs", "+ system:a / allow:pages"],
    ),
    // Without the standard it says the same, of nothing.
    (
        "standard logs \"L\" applies=system must=\"tag:x\"\nsystem a \"A\" { allow logs reason=y }",
        "system a \"A\" { allow logs reason=z }",
        &["- standard:logs", "~ system:a / allow:logs; reason: y -> z"],
    ),
    (
        "team Team \"T\"\nteam team \"U\"\nsystem a \"A\" owner=Team",
        "team Team \"T\"\nteam team \"U\"\nsystem a \"A\" owner=team",
        &["~ system:a; owner: Team -> team"],
    ),
];

#[test]
fn what_is_told() {
    let mut wrong = Vec::new();
    for (before, after, expected) in CASES {
        let found = told(before, after);
        if found != *expected {
            wrong.push(format!("{before}\n  ==>\n{after}\n  is told as {found:#?},\n  not {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// An end that means nothing is told as it is written, and the other end as what it means; what is written as before and lost its
/// target with it is told by that.
#[test]
fn as_many_may_be_renamed_as_there_are() {
    let all = |line: &dyn Fn(usize) -> String| (0..300).map(line).collect::<String>();
    let before = all(&|nth| format!("team t{nth} \"T\"\n"));
    let after = all(&|nth| format!("team u{nth} \"T\" was=t{nth}\n"));
    let (there, back) = (told(&before, &after), told(&after, &before));
    assert_eq!((there.len(), back.len()), (300, 300));
    assert!(there.contains(&"~ team:u7 renamed t7 to u7 was t7".to_owned()), "{there:?}");
}

#[test]
fn an_end_that_means_nothing_is_told_as_it_is_written() {
    let read = |text: &str| {
        let (tree, errors) = groma_syntax::parse(text.to_owned());
        assert!(errors.is_empty(), "{text}");
        crate::link(vec![Arc::new(crate::decode::decode(FileId(0), &tree))]).0
    };
    let two = "system a \"A\"\nsystem b \"B\"\n";
    let hosts = "deployment d \"D\" { host h; host k; h -> k \"x\" }";
    for (before, after, expected) in [
        ("flow f \"F\" { a -> b \"x\" }", "+flow f \"F\" { a -> q \"x\" }", "~ flow:f 1; to: b -> q"),
        ("flow f \"F\" { a -> b \"x\" }", "system a \"A\"\nflow f \"F\" { a -> b \"x\" }", "- system:b"),
        ("flow f \"F\" { a -> b }", "system a \"A\"\nflow f \"F\" { a -> b }", "- system:b"),
        ("a -> b \"x\" timeout=1s", "+a -> q \"x\" timeout=1s", "~ a -> q; to: b -> q"),
        ("a -> b \"x\" timeout=1s", "system a \"A\"\na -> b \"x\" timeout=1s", "- system:b"),
        (hosts, "+deployment d \"D\" { host h; h -> k \"x\" }", "- host:d.k"),
        (hosts, "+deployment d \"D\" { host h; host k; h -> l \"x\" }", "~ deployment:d / h -> l; to: d.k -> l"),
    ] {
        let after = after.strip_prefix('+').map_or(after.to_owned(), |rest| format!("{two}{rest}"));
        let found = lines(&difference(&read(&format!("{two}{before}")), &read(&after)));
        assert_eq!(found, [expected], "{before}\n{after}");
    }
}

/// One thing is only one other afterwards: of a whole that is split the first part is it, and of the others that is told.
#[test]
fn what_two_say_that_they_were_is_the_first_of_them() {
    let found = told("system a \"A\"", "system b \"B\" was=a\nsystem c \"C\" was=a");
    assert_eq!(found, ["+ system:c", "~ system:b renamed a to b was a; title: A -> B", "! a"]);
    // What was told of before is about another change.
    let before = "system b \"B\" was=a\nsystem a \"A\"";
    let found = told(before, "system b \"B\" was=a\nsystem c \"A\" was=a");
    assert_eq!(found, ["~ system:c renamed a to c was a"]);
}

/// What is told from the one side is told from the other, and nothing is different from itself.
#[test]
fn both_sides_tell_the_same() {
    let texts: Vec<&str> = CASES.iter().flat_map(|(before, after, _)| [*before, *after]).collect();
    let all: Vec<Architecture> = texts.iter().map(|text| architecture(&[text])).collect();
    for (nth, (before, own)) in texts.iter().zip(&all).enumerate() {
        assert!(difference(own, own).is_empty(), "{before}");
        for (after, other) in texts.iter().zip(&all).skip(nth + 1) {
            if is_in_use_again(own, other) || is_in_use_again(other, own) {
                continue;
            }
            let (there, back) = (difference(own, other), difference(other, own));
            let addresses = |things: &[super::Thing]| things.iter().map(|one| one.address.clone()).collect::<Vec<_>>();
            assert_eq!(addresses(&there.added), addresses(&back.removed), "{before}\n{after}");
            assert_eq!(addresses(&there.removed), addresses(&back.added), "{before}\n{after}");
            let mut one_way: Vec<_> =
                there.changed.iter().map(|one| (&one.old_address, &one.address, facts(one, false))).collect();
            let mut other_way: Vec<_> =
                back.changed.iter().map(|one| (&one.address, &one.old_address, facts(one, true))).collect();
            one_way.sort();
            other_way.sort();
            assert_eq!(one_way, other_way, "{before}\n{after}");
        }
    }
}

/// Whether something that only one has says that it had a name which something there has now. When it comes that is a rename; when it goes, what
/// has the name has had it all the while.
fn is_in_use_again(one: &Architecture, other: &Architecture) -> bool {
    let names = |arch: &Architecture| -> Vec<String> {
        crate::names::family::entities(arch).into_iter().map(|at| arch.path(at)).collect()
    };
    let (names, others) = (names(one), names(other));
    OldNames::told(one).iter().any(|told| names.contains(&told.name) && !others.contains(&told.path))
}

fn facts(one: &Changed, is_back: bool) -> Vec<(String, Option<String>, Option<String>)> {
    // What is `now` so seen from before `was` so seen from after.
    let same = |words: Option<String>| words.map(|words| words.replace("(now ", "(was "));
    let told = one.facts.iter().cloned().map(|mut fact| {
        (fact.before, fact.after) = (same(fact.before), same(fact.after));
        fact
    });
    let told = told.map(|fact| match is_back {
        true => (fact.fact, fact.after, fact.before),
        false => (fact.fact, fact.before, fact.after),
    });
    let mut all: Vec<_> = told.collect();
    all.sort();
    all
}

#[test]
fn what_takes_words_between_commas_says_so() {
    let facts = crate::kinds::all().flat_map(|kind| kind.every_fact());
    let all = facts.flat_map(|fact| std::iter::once(fact).chain(fact.parts.iter().copied()));
    let unsaid: Vec<&str> =
        all.filter(|fact| fact.summary.contains("by commas") && !fact.is_listed).map(|fact| fact.name).collect();
    assert!(unsaid.is_empty(), "{unsaid:?} lack `.listed()`: in a difference the order of their words counts");
}

/// What holds by default is that of the fact, whatever it is called now.
#[test]
fn a_renamed_fact_keeps_what_holds() {
    let before = "fact logs on=system one-of=\"json, text\" default=text\nsystem a \"A\" logs=json\nsystem b \"B\"";
    let after = "fact log-format was=logs on=system one-of=\"json, text\" default=text\nsystem a \"A\"\nsystem b \"B\" log-format=json";
    let (renamed, word) = ("~ fact:log-format renamed logs to log-format was logs", "log-format");
    let told = told(before, after);
    let held = [
        format!("~ system:a; {word}: json -> text (the default)"),
        format!("~ system:b; {word}: text (the default) -> json"),
    ];
    assert_eq!(told, [&[renamed.to_owned()], &held[..]].concat());
}
