//! Generated texts for the benchmarks: the same numbers give the same bytes.

pub mod growth;

use std::fmt::Write;

/// A workspace of about `elements` elements and one and a half times as many relationships, in `files` files.
///
/// Each file holds one system of services with components, stores and a queue, and relationships inside and to
/// the next systems, as a large organisation's files would. Pairs of path and text.
pub fn workspace(elements: usize, files: usize) -> Vec<(String, String)> {
    workspace_built_with(&["axum 0.8".to_owned()], elements, files)
}

/// The same, whose services are built with these by turns.
fn workspace_built_with(frameworks: &[String], elements: usize, files: usize) -> Vec<(String, String)> {
    let mut out = vec![("workspace.groma".to_owned(), "workspace generated \"Generated\" owner=platform {\n    summary \"A large organisation.\"\n}\nperson user \"User\" description=\"Uses everything.\"\n".to_owned())];
    let per_file = elements / files;
    for file in 0..files {
        let text = system(file, per_file, files, frameworks);
        out.push((format!("team{:02}/system{file:03}.groma", file / 10), text));
    }
    out
}

/// The same of a company that has so many standards and technologies of its own, each of which something is built with if there are
/// services enough.
pub fn company(elements: usize, files: usize, standards: usize, technologies: usize) -> Vec<(String, String)> {
    let frameworks: Vec<String> = (0..technologies).map(|number| format!("Framework {number} v2")).collect();
    let built = if frameworks.is_empty() {
        workspace(elements, files)
    } else {
        workspace_built_with(&frameworks, elements, files)
    };
    let own = [self::standards(standards), self::technologies(technologies)];
    built.into_iter().chain(own.into_iter().filter(|(_, text)| !text.is_empty())).collect()
}

/// A file of so many technologies, each with its place in the radar and a version.
fn technologies(count: usize) -> (String, String) {
    let mut text = String::new();
    for number in 0..count {
        let ring = ["adopt", "trial", "assess", "hold"][number % 4];
        let _ = writeln!(
            text,
            "technology framework-{number} \"Framework {number}\" category=backend-framework ring={ring} owner=platform {{\n    also \"fw{number}\"\n    version 2 support-until=2030-01-01\n    rationale \"Chosen {number} times.\"\n}}"
        );
    }
    ("technologies.groma".to_owned(), text)
}

/// A file of so many standards, whose queries are three deep.
fn standards(count: usize) -> (String, String) {
    let mut text = String::new();
    for number in 0..count {
        let (applies, must) = match number % 4 {
            0 => (
                "kind:service and not (external or tag:legacy)",
                format!("has:authentication and (owner:team-* or replicas>={})", number % 7),
            ),
            1 => ("kind:database", format!("technology:postgresql and not (tag:old{number} or lonely)")),
            2 => ("kind:component and not tag:legacy", format!("has:technology and not (tag:x{number} and public)")),
            _ => ("kind:relationship and to(kind:database)", format!("has:protocol and not (async or tag:y{number})")),
        };
        let _ = writeln!(
            text,
            "standard own-{number} \"Standard {number}\" applies=\"{applies}\" must=\"{must}\" severity=warning owner=platform {{\n    reason \"It has gone wrong {number} times.\"\n}}"
        );
    }
    ("standards.groma".to_owned(), text)
}

fn system(number: usize, elements: usize, files: usize, frameworks: &[String]) -> String {
    let mut text = String::new();
    // One system with a web application, and for each service: itself, a store and four components.
    let services = ((elements - 2) / 6).max(1);
    let _ = writeln!(
        text,
        "// System {number}: what team {} builds and runs.\nsystem s{number} \"System {number}\" description=\"Does the work of department {number}.\" owner=team-{} {{",
        number / 10,
        number / 10
    );
    for service in 0..services {
        let framework = &frameworks[(number * services + service) % frameworks.len()];
        let _ = writeln!(
            text,
            "    service svc{service} \"Service {service}\" technology=\"Rust 1.95, {framework}\" replicas=2..6 authentication=JWT {{\n        description \"Answers for part {service} of the department.\"\n        rate-limit 100/min per=user"
        );
        for component in 0..4 {
            let _ = writeln!(
                text,
                "        component c{component} \"Component {component}\" technology=Rust {{\n            responsibility \"Does step {component}\"\n        }}"
            );
        }
        for (from, to) in [(0, 1), (1, 2), (2, 3), (0, 2), (1, 3)] {
            let _ = writeln!(text, "        c{from} -> c{to} \"Hands over to\"");
        }
        let _ = writeln!(
            text,
            "    }}\n    database db{service} \"Store {service}\" technology=\"PostgreSQL 17\" {{\n        description \"What service {service} keeps.\"\n    }}"
        );
        let _ =
            writeln!(text, "    svc{service}.c3 -> db{service} \"Reads and writes\" protocol=\"PostgreSQL over TLS\"");
        if service + 1 < services {
            let _ = writeln!(
                text,
                "    svc{service}.c0 -> svc{} \"Asks\" protocol=HTTPS {{\n        timeout 2s\n    }}",
                service + 1
            );
            let _ = writeln!(text, "    svc{service}.c1 -> svc{}.c0 \"Tells\" async=#true", service + 1);
            let _ = writeln!(
                text,
                "    svc{service}.c2 -> db{} \"Reports from\" protocol=\"PostgreSQL over TLS\"",
                service + 1
            );
        }
        if service % 3 == 0 && number + 1 < files {
            let _ = writeln!(text, "    svc{service}.c1 -> s{}.svc0 \"Orders from\" protocol=HTTPS", number + 1);
        }
    }
    let _ = writeln!(
        text,
        "    web portal \"Portal\" technology=\"React 19\" description=\"What people see.\"\n    portal -> svc0.c0 \"Calls\" protocol=HTTPS"
    );
    let _ = writeln!(text, "}}\nuser -> s{number}.portal \"Opens\"\nuser -> s{number}.svc0 \"Uses\" protocol=HTTPS");
    let _ = writeln!(
        text,
        "flow f{number} \"Use system {number}\" {{\n    user -> s{number}.svc0 \"Asks\" {{\n        s{number}.svc0.c3 -> s{number}.db0 \"Reads\" time=3ms\n    }}\n}}"
    );
    text
}

/// A KDL document of about `bytes` bytes that every KDL 2 parser reads: no quantities.
pub fn kdl_document(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 1024);
    let mut number = 0;
    while text.len() < bytes {
        let _ = write!(
            text,
            "// Entry {number}\nsystem \"sys{number}\" \"System number {number}\" owner=\"team{}\" external=#false {{\n    service api \"API\" technology=\"Rust 1.95\" replicas=3 note=\"it \\\"does\\\" things\"\n    database db \"Store\" timeout=10.5 size=0x1F\n}}\n",
            number % 50
        );
        number += 1;
    }
    text
}

/// One system of `count` containers in groups of ten, each of which calls one before it and every other a second one.
pub fn picture(count: usize) -> String {
    let mut out =
        "workspace w \"W\" owner=x\nperson u \"User\" description=\"u\"\nsystem s \"S\" description=\"d\" {\n"
            .to_owned();
    for at in 0..count {
        if at % 10 == 0 {
            let _ = writeln!(out, "    group g{} \"Group {}\" {{", at / 10, at / 10);
        }
        let _ = writeln!(
            out,
            "        service a{at} \"Service {at}\" technology=\"Rust 1.95\" description=\"Does thing {at} for the others.\""
        );
        if at % 10 == 9 || at + 1 == count {
            out.push_str("    }\n");
        }
    }
    for at in 1..count {
        // Spread, and the same every time.
        let _ = writeln!(out, "    a{} -> a{at} \"Calls\"", at * 7919 % at);
        if at % 2 == 0 && at > 2 {
            let _ = writeln!(out, "    a{} -> a{at} \"Also calls\"", at * 104_729 % (at - 1));
        }
    }
    out.push_str("}\nu -> s.a0 \"Uses\"\n");
    out
}
