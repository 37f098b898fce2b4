//! Workspaces that grow in one direction each. Whatever grows, checking must take no more than proportionally longer.

use std::fmt::Write;

/// A workspace that grows in one direction.
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// Its files for a number of whatever there are many of: pairs of path and text.
    pub files: fn(usize) -> Vec<(String, String)>,
}

/// Every direction that is measured.
pub const SHAPES: &[Shape] = &[
    Shape { name: "services", files: |count| one(&services(count, "")) },
    Shape { name: "systems", files: |count| one(&lines(count, |at| format!("system s{at} \"S {at}\" owner=o"))) },
    Shape {
        name: "groups",
        files: |count| {
            one(&within_system(&lines(count, |at| format!("group g{at} \"G {at}\" {{\n service a{at}\n}}"))))
        },
    },
    Shape { name: "components", files: |count| one(&components(count)) },
    Shape { name: "relationships", files: |count| one(&pair(&lines(count, |at| format!("a -> b \"Calls {at}\"")))) },
    Shape { name: "same-relationships", files: |count| one(&pair(&"a -> b\n".repeat(count))) },
    Shape { name: "star", files: star },
    Shape { name: "partners", files: partners },
    Shape { name: "microservices", files: microservices },
    Shape { name: "chain", files: chain },
    Shape { name: "ring", files: ring },
    Shape { name: "layers", files: layers },
    Shape { name: "retries", files: |count| calls(count, "retry 3\n breaker failures=5 reset=30s\n timeout 2s") },
    Shape { name: "breakers-in-use", files: breakers_in_use },
    Shape { name: "fallbacks", files: |count| calls(count, "fallback s.nobody") },
    Shape { name: "flows", files: |count| flows(count, "") },
    Shape { name: "steps", files: steps },
    Shape { name: "replies", files: replies },
    Shape { name: "unasked-replies", files: unasked_replies },
    Shape {
        name: "mixes",
        files: |count| flows(count, &block("load l \"L\"", "rate 10/s", count, |at| format!("mix f{at}"))),
    },
    Shape {
        name: "loads",
        files: |count| flows(1, &lines(count, |at| format!("load l{at} \"L\" {{\n rate 10/s\n}}"))),
    },
    Shape {
        name: "failures",
        files: |count| flows(1, &lines(count, |at| format!("failure f{at} \"F\" {{\n fail s.b for=5min\n}}"))),
    },
    Shape { name: "idle-failures", files: idle_failures },
    Shape {
        name: "requirements",
        files: |count| flows(1, &lines(count, |at| format!("requirement r{at} \"R {at}\" realized-by=s.a"))),
    },
    Shape { name: "realized-by", files: realized_by },
    Shape {
        name: "qualities",
        files: |count| {
            flows(1, &lines(count, |at| format!("quality q{at} \"Q\" {{\n require p95 of=s.a under=2s\n}}")))
        },
    },
    Shape {
        name: "demands",
        files: |count| {
            flows(1, &block("quality q \"Q\"", "", count, |at| format!("require p95 flow=f0 under={}s", at + 1)))
        },
    },
    Shape {
        name: "availabilities",
        files: |count| {
            flows(1, &lines(count, |at| format!("quality q{at} \"Q\" {{\n require availability of=s over=99%\n}}")))
        },
    },
    Shape { name: "objectives", files: objectives },
    Shape { name: "proofs", files: proofs },
    Shape { name: "goals", files: |count| one(&lines(count, |at| format!("goal g{at} \"G {at}\""))) },
    Shape { name: "questions", files: |count| one(&lines(count, |at| format!("question q{at} \"Q {at}\""))) },
    Shape { name: "tags", files: |count| one(&services(count, " tags=\"one, two\"")) },
    Shape { name: "tags-of-one", files: |count| one(&block("system s \"S\"", "", count, |at| format!("tags t{at}"))) },
    Shape {
        name: "duties",
        files: |count| one(&block("system s \"S\"", "", count, |at| format!("responsibility \"R {at}\""))),
    },
    Shape {
        name: "technologies",
        files: |count| {
            one(&format!(
                "system s \"S\" {{\n service a technology=\"{}\"\n}}\n",
                (0..count).map(|at| format!("t{at}")).collect::<Vec<_>>().join(", ")
            ))
        },
    },
    Shape {
        name: "repeated-facts",
        files: |count| one(&block("system s \"S\"", "", count, |at| format!("owner o{at}"))),
    },
    Shape { name: "allows", files: allows },
    Shape {
        name: "allows-in-extends",
        files: |count| {
            one(&format!(
                "{}{}",
                services(count, ""),
                lines(count, |at| format!(
                    "extend s.a{at} {{\n allow missing-technology owner=o reason=r expires=2099-01-01\n}}"
                ))
            ))
        },
    },
    Shape {
        name: "unknown-allows",
        files: |count| one(&lines(count, |at| format!("allow rule-{at} owner=o reason=r expires=2099-01-01"))),
    },
    Shape {
        name: "rule-settings",
        files: |count| {
            one(&block("workspace w \"W\" owner=o", "", count, |_| "rule missing-description severity=off".into()))
        },
    },
    Shape {
        name: "unknown-names",
        files: |count| one(&pair(&lines(count, |at| format!("a -> unknown{at} \"Calls\"")))),
    },
    Shape {
        name: "unknown-kinds",
        files: |count| one(&within_system(&lines(count, |at| format!("sort{at} a{at} \"A\"")))),
    },
    Shape { name: "own-kinds", files: |count| one(&lines(count, |at| format!("kind k{at} \"K\" is=service"))) },
    Shape {
        name: "own-and-unknown-kinds",
        files: |count| {
            one(&format!(
                "{}{}",
                lines(count, |at| format!("kind k{at} \"K\" is=service")),
                within_system(&lines(count, |at| format!("sort{at} a{at} \"A\"")))
            ))
        },
    },
    Shape { name: "unknown-words", files: |count| one(&lines(count, |at| format!("nothing-{at} \"x\""))) },
    Shape { name: "unknown-facts", files: |count| one(&services(count, " colour=red")) },
    Shape {
        name: "wrong-references",
        files: |count| {
            flows(1, &lines(count, |at| format!("quality q{at} \"Q\" {{\n require p95 flow=s.a under=2s\n}}")))
        },
    },
    Shape {
        name: "unknown-references",
        files: |count| {
            flows(
                1,
                &lines(count, |at| {
                    format!("quality q{at} \"Q\" {{\n require p95 flow=g{at} of=s.h{at} load=l{at} under=2s\n}}")
                }),
            )
        },
    },
    Shape { name: "unknown-places", files: unknown_places },
    Shape { name: "duplicate-names", files: |count| one(&within_system(&"service a \"A\"\n".repeat(count))) },
    Shape { name: "duplicate-kinds", files: |count| one(&"kind k \"K\" is=service\n".repeat(count)) },
    Shape { name: "duplicate-records", files: |count| one(&"goal g \"G\"\n".repeat(count)) },
    Shape { name: "workspaces", files: |count| one(&"workspace w \"W\" owner=o\n".repeat(count)) },
    Shape { name: "instances", files: |count| deployed(count, |at| format!("instance s.a{at}")) },
    Shape { name: "unplaced", files: |count| deployed(count, |_| "instance s.a0".into()) },
    Shape { name: "standbys", files: |count| deployed(count, |at| format!("instance s.a{at} standby=#true")) },
    Shape {
        name: "regions",
        files: |count| {
            deployed(count, |at| {
                format!("region r{at} \"R\" {{\n host h{at} \"H\" {{\n cpu 8\n instance s.a{at}\n}}\n}}")
            })
        },
    },
    Shape {
        name: "same-hosts",
        files: |count| deployed(count, |at| format!("host h \"H\" {{\n cpu 8\n instance s.a{at}\n}}")),
    },
    Shape {
        name: "deployments",
        files: |count| {
            one(&format!(
                "{}{}",
                pair(""),
                lines(count, |at| format!("deployment d{at} \"D\" {{\n host h \"H\" {{\n instance s.a\n}}\n}}"))
            ))
        },
    },
    Shape { name: "failed-places", files: failed_places },
    Shape {
        name: "pipeline-steps",
        files: |count| {
            one(&block("pipeline p \"P\"", "", count, |at| format!("step s{at} \"S\"\ns{at} -> s{} \"on\"", at + 1)))
        },
    },
    Shape {
        name: "unknown-pipeline-steps",
        files: |count| one(&block("pipeline p \"P\"", "step a \"A\"", count, |at| format!("a -> x{at} \"on\""))),
    },
    Shape {
        name: "views",
        files: |count| {
            one(&format!(
                "{}{}",
                pair("a -> b \"Calls\"\n"),
                lines(count, |at| format!("view v{at} \"V\" show=container of=s"))
            ))
        },
    },
    Shape {
        name: "views-of-many",
        files: |count| {
            one(&format!(
                "{}view v \"V\" show=container of=s {{\n include \"s.* and not kind:cache\"\n}}\n",
                services(count, "")
            ))
        },
    },
    Shape {
        name: "queries",
        files: |count| {
            one(&format!(
                "{}{}",
                pair("a -> b \"Calls\"\n"),
                lines(count, |at| format!(
                    "view v{at} \"V\" show=container of=s {{\n include \"s.a and not tag:t{at}\"\n}}"
                ))
            ))
        },
    },
    Shape {
        name: "long-query",
        files: |count| {
            one(&format!(
                "{}view v \"V\" show=container of=s {{\n include \"{}\"\n}}\n",
                pair("a -> b \"Calls\"\n"),
                vec!["s.a"; count].join(" or ")
            ))
        },
    },
    Shape {
        name: "extends",
        files: |count| {
            one(&format!(
                "system s \"S\"\n{}",
                lines(count, |at| format!("extend s {{\n service a{at} \"A {at}\"\n}}"))
            ))
        },
    },
    Shape { name: "backward-extends", files: backward_extends },
    Shape {
        name: "unknown-extends",
        files: |count| one(&lines(count, |at| format!("extend s{at} {{\n service a \"A\"\n}}"))),
    },
    Shape { name: "syntax-errors", files: |count| one(&lines(count, |at| format!("system s{at} \"S {at}\" owner=="))) },
    Shape {
        name: "bad-numbers",
        files: |count| one(&within_system(&lines(count, |at| format!("service a{at} replicas=1.5.2")))),
    },
    Shape {
        name: "one-line",
        files: |count| one(&within_system(&lines(count, |at| format!("service a{at};")).replace('\n', " "))),
    },
    Shape { name: "includes", files: includes },
    Shape {
        name: "files",
        files: |count| {
            (0..count).map(|at| (format!("f{at}.groma"), format!("system s{at} \"S {at}\" owner=o\n"))).collect()
        },
    },
    Shape { name: "nested", files: nested },
    Shape {
        name: "zones",
        files: |count| {
            one(&format!(
                "{}{}",
                lines(count, |at| format!("zone z{at} \"Z\" {{\n system x{at} \"X\" owner=o\n}}")),
                lines(count.saturating_sub(1), |at| format!("x{at} -> x{} \"Sends\" data=personal", at + 1))
            ))
        },
    },
];

/// So many calls wait for each other in a flow.
const DEEPEST: usize = 8_000;

/// The shape with this name.
pub fn shape(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.name == name)
}

fn one(text: &str) -> Vec<(String, String)> {
    vec![("a.groma".to_owned(), text.to_owned())]
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "{}", line(at));
        text
    })
}

/// A node with one fact before many lines.
fn block(head: &str, first: &str, count: usize, line: impl Fn(usize) -> String) -> String {
    format!("{head} {{\n{first}\n{}}}\n", lines(count, line))
}

fn within_system(text: &str) -> String {
    format!("system s \"S\" owner=o {{\n{text}}}\n")
}

fn services(count: usize, facts: &str) -> String {
    within_system(&lines(count, |at| format!("service a{at} \"A {at}\"{facts}")))
}

fn pair(text: &str) -> String {
    within_system(&format!("service a \"A\"\nservice b \"B\"\n{text}"))
}

fn components(count: usize) -> String {
    let parts = lines(count, |at| format!("component c{at} \"C {at}\""));
    let calls = lines(count.saturating_sub(1), |at| format!("c{at} -> c{} \"Calls\"", at + 1));
    within_system(&format!("service a \"A\" {{\n{parts}{calls}}}\ndatabase d \"D\"\na -> d \"Reads\"\n"))
}

/// Many services that read one store and are called by one gateway, with a flow through all.
fn star(count: usize) -> Vec<(String, String)> {
    let parts = lines(count, |at| format!("service a{at} \"A {at}\""));
    let uses = lines(count, |at| format!("a{at} -> db \"Reads\"\ngate -> a{at} \"Calls\""));
    let steps =
        block("flow f \"F\"", "", count, |at| format!("s.gate -> s.a{at} \"Asks\" {{\n s.a{at} -> s.db \"Reads\"\n}}"));
    one(&format!("{}{steps}", within_system(&format!("database db \"D\"\ngateway gate \"G\"\n{parts}{uses}"))))
}

/// Many calls to one external system, and answers from it.
fn partners(count: usize) -> Vec<(String, String)> {
    let parts = lines(count, |at| format!("service a{at} \"A {at}\""));
    let calls = lines(count, |at| format!("a{at} -> p \"Calls\"\np -> a{at} \"Tells\""));
    one(&format!("system p \"P\" external=#true\n{}", within_system(&format!("{parts}{calls}"))))
}

/// Microservices that call each other and share a database.
fn microservices(count: usize) -> Vec<(String, String)> {
    let parts = lines(count, |at| format!("service a{at} \"A {at}\""));
    let calls = lines(count.saturating_sub(1), |at| format!("a{at} -> a{} \"Calls\"\na{at} -> db \"Reads\"", at + 1));
    one(&format!("system s \"S\" owner=o style=microservices {{\ndatabase db \"D\"\n{parts}{calls}}}\n"))
}

fn chain(count: usize) -> Vec<(String, String)> {
    let parts = lines(count, |at| format!("service a{at} \"A {at}\""));
    let calls = lines(count.saturating_sub(1), |at| format!("a{at} -> a{} \"Calls\"", at + 1));
    let deep = count.saturating_sub(1).min(DEEPEST);
    let steps = block("flow f \"F\"", "", deep, |at| format!("s.a{at} -> s.a{} \"Asks\"", at + 1));
    one(&format!("{}{steps}", within_system(&format!("{parts}{calls}"))))
}

/// Services that wait for each other in one large circle.
fn ring(count: usize) -> Vec<(String, String)> {
    let parts = lines(count, |at| format!("service a{at} \"A {at}\""));
    let calls = lines(count, |at| format!("a{at} -> a{} \"Calls\"", (at + 1) % count));
    one(&within_system(&format!("{parts}{calls}")))
}

/// A layered system with as many layers as containers.
fn layers(count: usize) -> Vec<(String, String)> {
    let names: Vec<String> = (0..count).map(|at| format!("l{at}")).collect();
    let parts = lines(count, |at| format!("service a{at} \"A {at}\" layer=l{at}"));
    let calls = lines(count.saturating_sub(1), |at| format!("a{at} -> a{} \"Calls\"", at + 1));
    one(&format!("system s \"S\" owner=o style=layered layers=\"{}\" {{\n{parts}{calls}}}\n", names.join(", ")))
}

/// Calls with a policy, each between services of its own.
fn calls(count: usize, policy: &str) -> Vec<(String, String)> {
    let parts = lines(count + 1, |at| format!("service a{at} \"A {at}\""));
    let calls = lines(count, |at| format!("a{at} -> a{} \"Calls\" {{\n {policy}\n}}", at + 1));
    one(&within_system(&format!("{parts}{calls}")))
}

/// Calls with a breaker that a flow makes, under a load.
fn breakers_in_use(count: usize) -> Vec<(String, String)> {
    let policy = "breaker failures=5 reset=30s\n timeout 1ms";
    let parts = lines(count, |at| format!("service a{at} \"A {at}\""));
    let calls = lines(count, |at| format!("gate -> a{at} \"Calls\" {{\n {policy}\n}}"));
    let steps = block("flow f \"F\"", "", count, |at| format!("s.gate -> s.a{at} \"Asks\" time=2ms"));
    let load = "load l \"L\" {\n rate 1/s\n}\n";
    one(&format!("{}{steps}{load}", within_system(&format!("gateway gate \"G\"\n{parts}{calls}"))))
}

/// Flows of one call each, and more.
fn flows(count: usize, more: &str) -> Vec<(String, String)> {
    let flows = lines(count, |at| {
        format!("flow f{at} \"F {at}\" {{\n u -> s.a \"Asks\" {{\n s.a -> s.b \"Asks\" time=2ms\n}}\n}}")
    });
    let calls = "a -> b \"Calls\"\n";
    one(&format!("person u \"U\"\n{}u -> s.a \"Uses\"\n{flows}{more}", pair(calls)))
}

fn steps(count: usize) -> Vec<(String, String)> {
    let steps = block("flow f \"F\"", "", count, |at| format!("s.a -> s.b \"Asks {at}\" time=1ms"));
    one(&format!("{}{steps}", pair("a -> b \"Calls\"\n")))
}

/// Calls that are answered in the end only, from the last to the first.
fn replies(count: usize) -> Vec<(String, String)> {
    let parts = lines(count + 1, |at| format!("service a{at} \"A {at}\""));
    let calls = lines(count, |at| format!("a{at} -> a{} \"Calls\"", at + 1));
    let deep = count.min(DEEPEST);
    let asked = lines(deep, |at| format!("s.a{at} -> s.a{} \"Asks\"", at + 1));
    let answered = lines(deep, |at| format!("s.a{} --> s.a{at} \"Answers\"", at + 1));
    one(&format!("{}flow f \"F\" {{\n{asked}{answered}}}\n", within_system(&format!("{parts}{calls}"))))
}

fn unasked_replies(count: usize) -> Vec<(String, String)> {
    let steps = block("flow f \"F\"", "", count, |at| format!("s.a -> s.b \"Asks {at}\"\ns.a --> s.b \"Answers\""));
    one(&format!("{}{steps}", pair("a -> b \"Calls\"\n")))
}

/// Failures of what no flow comes to, beside as many flows.
fn idle_failures(count: usize) -> Vec<(String, String)> {
    let failures = lines(count, |at| format!("failure x{at} \"X\" {{\n fail s.c for=5min\n flush s.b\n}}"));
    let mut files = flows(count, &failures);
    files[0].1.push_str("extend s {\n service c \"C\"\n}\n");
    files
}

/// One requirement that many services meet.
fn realized_by(count: usize) -> Vec<(String, String)> {
    let record = block("requirement r \"R\"", "", count, |at| format!("realized-by s.a{at}"));
    one(&format!("{}{record}", services(count, "")))
}

/// As many alerts as qualities and objectives.
fn objectives(count: usize) -> Vec<(String, String)> {
    let each = |at| {
        format!(
            "quality q{at} \"Q\" {{\n require p95 flow=f0 under=2s\n}}\nslo o{at} \"O\" {{\n objective 99.9% per=30d\n of s\n}}\nalert a{at} \"A\" owner=o {{\n flow f0\n on p95 over=180ms for=5min\n}}"
        )
    };
    flows(1, &lines(count, each))
}

/// Loads that each are to prove a quality of their own.
fn proofs(count: usize) -> Vec<(String, String)> {
    let each = |at| {
        format!(
            "quality q{at} \"Q\" {{\n require throughput over=5/s\n}}\nload l{at} \"L\" {{\n rate 10/s\n proves q{at}\n}}"
        )
    };
    flows(1, &lines(count, each))
}

/// As many excuses as there is to excuse, in the workspace and on the services.
fn allows(count: usize) -> Vec<(String, String)> {
    let excuse = "allow missing-technology owner=o reason=r expires=2099-01-01";
    let parts = lines(count, |at| format!("service a{at} \"A {at}\" {{\n {excuse}\n}}"));
    one(&format!("{}{}", within_system(&parts), format!("{excuse}\n").repeat(count)))
}

fn deployed(count: usize, line: impl Fn(usize) -> String) -> Vec<(String, String)> {
    let calls = lines(count.saturating_sub(1), |at| format!("s.a{at} -> s.a{} \"Calls\"", at + 1));
    one(&format!("{}{calls}{}", services(count, ""), block("deployment d \"D\"", "", count, line)))
}

fn failed_places(count: usize) -> Vec<(String, String)> {
    let mut files = deployed(count, |at| format!("host h{at} \"H\" {{\n instance s.a{at}\n}}"));
    let failures = lines(count, |at| format!("failure f{at} \"F\" {{\n fail d.h{at} for=5min\n}}"));
    let flow = "flow f \"F\" {\n s.a0 -> s.a1 \"Asks\"\n}\n";
    files[0].1.push_str(&format!("{flow}{failures}"));
    files
}

fn unknown_places(count: usize) -> Vec<(String, String)> {
    let mut files = deployed(count, |at| format!("host h{at} \"H\" {{\n instance s.a{at}\n}}"));
    files[0].1.push_str(&lines(count, |at| format!("failure f{at} \"F\" {{\n fail d.x{at} for=5min\n}}")));
    files
}

/// Each block extends what a later one declares.
fn backward_extends(count: usize) -> Vec<(String, String)> {
    let parts = lines(count, |at| {
        let at = count - at;
        format!("extend s.a{} {{\n component c{at} \"C {at}\"\n}}\nextend s {{\n service a{} \"A\"\n}}", at - 1, at - 1)
    });
    one(&format!("{parts}system s \"S\"\n"))
}

fn includes(count: usize) -> Vec<(String, String)> {
    let mut files = one(&lines(count, |at| format!("include \"more/f{at}.groma\"")));
    files.extend((0..count).map(|at| (format!("more/f{at}.groma"), format!("system s{at} \"S {at}\" owner=o\n"))));
    files
}

/// Components in components, as deep as the language goes, and a call between the parts of each pair.
fn nested(count: usize) -> Vec<(String, String)> {
    const DEEP: usize = 150;
    let tower = |at: usize| {
        let open: String = (0..DEEP).fold(String::new(), |mut text, deep| {
            let _ = writeln!(text, "component c{deep} \"C\" {{");
            text
        });
        format!("service a{at} \"A {at}\" {{\n{open}{}}}", "}\n".repeat(DEEP))
    };
    let towers = count.div_ceil(DEEP);
    let path: String = (0..DEEP).map(|deep| format!(".c{deep}")).collect();
    let calls = lines(towers.saturating_sub(1), |at| format!("s.a{at}{path} -> s.a{}{path} \"Calls\"", at + 1));
    one(&format!("{}{calls}", within_system(&lines(towers, tower))))
}
