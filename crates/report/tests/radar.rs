//! A radar as files for other radar builders, and from them: what goes out comes back, and what cannot be read is told with its line.

use groma_base::FileId;
use groma_model::stack::blips::{Radar, movements};
use groma_model::stack::{RINGS, Technologies};
use groma_model::{Architecture, decode, link};
use groma_report::radar::{csv, import, import_into, json, left_out, text};
use groma_testing::{Dice, goldens};
use std::path::Path;
use std::sync::Arc;

const COMPANY: &str = include_str!("radar.groma");

fn read(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text.to_owned());
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    let model = decode::decode(FileId(0), &tree);
    assert!(model.problems.is_empty(), "{:?}\n{text}", model.problems);
    let (arch, problems) = link(vec![Arc::new(model)]);
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    arch
}

/// A workspace as CSV and JSON.
fn exported(text: &str) -> (String, String) {
    let arch = read(text);
    let radar = Radar::new(&Technologies::new(&arch), None);
    (csv(&radar), format!("{:#}\n", json(&radar)))
}

#[test]
fn radars_as_files() {
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/radar"), |goldens| {
        let before = read("technology rust ring=hold\ntechnology mongodb ring=adopt\ntechnology postgresql ring=adopt");
        let after = read(COMPANY);
        let (before, after) = (Technologies::new(&before), Technologies::new(&after));
        let radar = Radar::new(&after, Some(&movements(&before, &after)));
        goldens.check("company.csv", &csv(&radar));
        goldens.check("company.json", &format!("{:#}\n", json(&radar)));
        goldens.check("company.txt", &text(&radar));
        let (csv, json) = exported(COMPANY);
        let from_csv = import(&csv, &Technologies::new(&read(COMPANY)).rings()).unwrap();
        let from_json = import(&json, &Technologies::new(&read(COMPANY)).rings()).unwrap();
        assert_eq!((&from_csv.text, from_csv.problems.len()), (&from_json.text, 0), "{:?}", from_csv.problems);
        goldens.check("company.groma", &from_csv.text);
    });
}

#[test]
fn what_goes_out_comes_back() {
    let (first, first_json) = exported(COMPANY);
    let rings = read(COMPANY);
    let rings = Technologies::new(&rings).rings();
    for file in [&first, &first_json] {
        let imported = import(file, &rings).unwrap();
        assert_eq!((imported.count, &imported.problems), (9, &vec![]), "{}", imported.text);
        let (again, again_json) = exported(&imported.text);
        assert_eq!((&first, &first_json), (&again, &again_json));
        // And in Groma's own words.
        let (before, after) = (read(COMPANY), read(&imported.text));
        let told = |arch: &Architecture| {
            let technologies = Technologies::new(arch);
            let radar = Radar::new(&technologies, None);
            let ring = |at: usize| radar.rings[at].name.to_owned();
            let of = radar
                .blips
                .iter()
                .map(|one| (one.title.to_owned(), ring(one.ring), one.quadrant, one.told().to_owned()));
            of.collect::<Vec<_>>()
        };
        assert_eq!(told(&before), told(&after));
    }
}

#[test]
fn no_cell_begins_a_formula() {
    let (csv, _) = exported(COMPANY);
    for cell in csv.lines().flat_map(|line| line.split(',')) {
        assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert!(csv.contains("'@acme/ui"), "{csv}");
}

/// What is told of a file, a line each.
fn told(file: &str) -> String {
    match import(file, &RINGS) {
        Ok(imported) => {
            read(&imported.text);
            let told = |problem: &groma_report::radar::Problem| {
                assert!(!problem.help.is_empty());
                format!("{}: {}\n", problem.line, problem.message)
            };
            let told: String = imported.problems.iter().map(told).collect();
            format!("{told}{} read", imported.count)
        }
        Err(problem) => format!("{}! {}", problem.line, problem.message),
    }
}

const HEAD: &str = "name,ring,quadrant,isNew,description\n";

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let row = |rows: &str| told(&format!("{HEAD}{rows}"));
    let same = |found: String, expected: &str| assert_eq!(found, expected);
    same(told(""), "1! the file is empty");
    same(told("\u{feff}  \n"), "1! the file is empty");
    same(told("Go,trial,tools,TRUE,x\n"), "1! the header lacks the column `name`");
    same(told("\n\nname,ring\nGo,trial\n"), "3! the header lacks the column `quadrant`");
    same(told("name,name,ring,quadrant\n"), "1! the header repeats the column `name`");
    same(told(HEAD), "0 read");
    same(row(",trial,tools,,"), "2: the technology has no name\n0 read");
    same(row("Go,,tools,,"), "2: `Go` is in no ring, so it is left out\n0 read");
    same(row("Go,maybe,tools,,"), "2: there is no ring `maybe`, so `Go` is left out\n0 read");
    same(row("Ours,trial,things,,"), "2: there is no quadrant `things`, so `Ours` is left out\n0 read");
    same(
        row("Go,trial,things,,"),
        "2: there is no quadrant `things`: `Go` stands in `languages-and-frameworks`\n1 read",
    );
    same(row("Go,4,tools,,"), "2: there is no ring `4`, so `Go` is left out\n0 read");
    same(row("Ours,trial,,,"), "2: `Ours` has no quadrant, so it is left out\n0 read");
    same(row("Go,trial,,,"), "1 read");
    same(row("Go,trial"), "1 read");
    same(row("Go,trial,tools,,\n\ngo,adopt,tools,,\n"), "4: `go` means the same as `Go` in line 2\n1 read");
    same(row("Go,trial,tools,,\nGo,adopt,tools,,\n"), "3: `Go` stands in line 2 already\n1 read");
    same(
        row("Postgres,adopt,platforms,,\nPostgreSQL,adopt,platforms,,"),
        "3: `PostgreSQL` means the same as `Postgres` in line 2\n1 read",
    );
    same(row("\"G\u{7}o\",trial,tools,,"), "2: the name `G\u{fffd}o` has control characters\n0 read");
    same(row("\"A\nB\",trial,tools,,"), "2: the name `A\u{fffd}B` has control characters\n0 read");
    same(
        row("Go,trial,tools,,\"a\u{1b}[31m\""),
        "2: the description of `Go` has control characters; they became blanks\n1 read",
    );
    same(row("Go,trial,tools,,one, two"), "2: the row has 6 cells, and the header 5\n0 read");
    same(
        row("Go,trial,tools,,\"two\nlines\"\nPHP,none,tools,,"),
        "4: there is no ring `none`, so `PHP` is left out\n1 read",
    );
    same(row("=cmd|' /C calc'!A0,trial,tools,,=1+1"), "1 read");
    same(
        row("Go,trial,tools,,\"never closed"),
        "2: a double quote opens a text here that nothing closes: all that follows is read as part of it\n1 read",
    );
    let long = "x".repeat(20_001);
    same(row(&format!("Go,trial,tools,,{long}")), "2: a cell has 20001 characters, and 20000 can be read\n0 read");
    let name = "x".repeat(121);
    let shown = "x".repeat(30);
    same(
        row(&format!("{name},trial,tools,,")),
        &format!("2: the name `{shown}…` has more than 120 characters\n0 read"),
    );
    let many: String = (0..2_001).map(|nth| format!("T{nth},trial,tools,,\n")).collect();
    same(row(&many), "2002! the file has 2001 technologies, and 2000 can be read");
}

#[test]
fn what_cannot_be_read_in_json_is_told_with_its_line() {
    let same = |found: String, expected: &str| assert_eq!(found, expected);
    same(told("{}"), "1! the file is no list in JSON");
    same(told("[]"), "0 read");
    same(
        told("[1, null,\n[\n{}], \"x,]\"]"),
        "1: an entry of the list is no object\n1: an entry of the list is no object\n2: an entry of the list is no object\n3: an entry of the list is no object\n0 read",
    );
    let good = "{\"name\": \"Go\", \"ring\": \"trial\", \"quadrant\": \"tools\"}";
    same(told(&format!("[{good},\n{{\"name\": 1}}]")), "2: `name` is no text\n1 read");
    same(
        told(&format!("[\n{good},\n{{\"name\": \"X\", \"ring\": null}}]")),
        "3: `X` is in no ring, so it is left out\n1 read",
    );
    let broken = told("[\n{\"name\": ]");
    assert!(broken.starts_with("2! the file cannot be read as JSON: "), "{broken}");
    let deep = told(&"[".repeat(10_000));
    assert!(deep.starts_with("1! the file cannot be read as JSON: "), "{deep}");
}

/// Zalando's has numbers, Backstage's a history, AOE's the last of a history and a name beside the title.
#[test]
fn the_forms_of_other_builders_are_read() {
    let lines = |file: &str| {
        let imported = import(file, &RINGS).unwrap();
        read(&imported.text);
        let lines = imported.text.lines().filter(|line| line.starts_with("technology ") || line.contains("rationale"));
        let told = imported.problems.iter().map(|one| format!("{}: {}", one.line, one.message));
        lines.map(|line| line.trim_end_matches(" {").trim().to_owned()).chain(told).collect::<Vec<_>>()
    };
    let zalando = r#"{ "date": "2023.10", "entries": [
  { "quadrant": 3, "ring": 2, "label": "Spark", "link": "https://x", "active": true, "moved": 0 },
  { "quadrant": 0, "ring": 0, "label": "Ours", "active": true, "moved": 1 }
] }"#;
    assert_eq!(
        lines(zalando),
        [
            "technology spark \"Spark\" ring=assess",
            "2: there is no quadrant `3`: `Spark` stands in `platforms`",
            "3: there is no quadrant `0`, so `Ours` is left out"
        ]
    );
    let with_names = zalando.replace(
        "\"date\"",
        "\"quadrants\": [{ \"name\": \"Languages\" }, {}, {}, { \"name\": \"Tools\" }], \"rings\": [{ \"name\": \"HOLD\" }, {}, { \"name\": \"TRIAL\" }], \"date\"",
    );
    assert_eq!(
        lines(&with_names),
        [
            "technology spark \"Spark\" ring=trial quadrant=tools",
            "technology ours \"Ours\" ring=hold quadrant=languages-and-frameworks"
        ]
    );
    let backstage = r#"{ "entries": [
  { "id": "a", "key": "a", "title": "Reviews", "quadrant": "p",
    "timeline": [
      { "moved": 0, "ringId": "try", "date": "2020-07-05T00:00:00.000Z", "description": "Older" },
      { "moved": 1, "ringId": "use", "date": "2020-08-06T00:00:00.000Z", "description": "Newer" } ] },
  { "id": "b", "key": "b", "title": "Own cloud", "quadrant": "i", "ring": "try", "url": "u", "description": "Said" }
], "quadrants": [{ "id": "p", "name": "Process" }, { "id": "i", "name": "Infrastructure" }],
"rings": [{ "id": "use", "name": "ADOPT", "color": "c" }, { "id": "try", "name": "TRIAL" }] }"#;
    assert_eq!(
        lines(backstage),
        [
            "technology reviews \"Reviews\" ring=adopt quadrant=techniques",
            "rationale \"Newer\"",
            "technology own-cloud \"Own cloud\" ring=trial quadrant=platforms",
            "rationale \"Said\""
        ]
    );
    let aoe = r#"{ "items": [ { "flag": "default", "name": "adr", "title": "Records", "ring": "assess",
  "quadrant": "methods-and-patterns", "body": "<p>Small &amp; dated</p>", "info": "", "revisions": [] } ], "releases": [] }"#;
    assert_eq!(
        lines(aoe),
        ["technology records \"Records\" ring=assess quadrant=techniques", "rationale \"Small & dated\""]
    );
    assert_eq!(told(r#"{"entries": {}}"#), "1! the file is no list in JSON");
}

#[test]
fn names_of_quadrants_and_rings_are_read_however_they_are_written() {
    for quadrant in ["Languages & Frameworks", "languages-and-frameworks", "LANGUAGES AND FRAMEWORKS", "languages"] {
        let imported = import(&format!("{HEAD}Ours, ADOPT ,{quadrant},TRUE,\n"), &RINGS).unwrap();
        assert!(
            imported.text.contains("technology ours \"Ours\" ring=adopt quadrant=languages-and-frameworks"),
            "{}",
            imported.text
        );
    }
    // In another order, with another sign between, and with what nobody asked for.
    let file = "\u{feff}Quadrant;Ring;Extra;Name\r\nTools;Hold;x;Ours\r\n";
    let imported = import(file, &RINGS).unwrap();
    assert!(imported.text.ends_with("technology ours \"Ours\" ring=hold quadrant=tools\n"), "{}", imported.text);
}

#[test]
fn what_groma_knows_gets_its_name_and_no_two_get_the_same() {
    let rows = "Postgres,adopt,platforms,,\nA b,adopt,tools,,\nA+b,adopt,tools,,\n???,adopt,tools,,\nGolang,hold,Languages & Frameworks,,";
    let imported = import(&format!("{HEAD}{rows}"), &RINGS).unwrap();
    let ids: Vec<&str> =
        imported.text.lines().filter_map(|line| line.strip_prefix("technology ")?.split(' ').next()).collect();
    assert_eq!(ids, ["postgresql", "a-b", "a-b-2", "the", "go"], "{:?}", imported.problems);
    read(&imported.text);
}

#[test]
fn descriptions_lose_their_tags() {
    let rows = "Go,trial,tools,,\"<p>Fast &amp; <strong>small</strong>;<br/>see <a href=\"\"https://x\"\">x</a></p> Vec<T> < 3\"";
    let imported = import(&format!("{HEAD}{rows}"), &RINGS).unwrap();
    assert!(imported.text.contains("rationale \"Fast & small;\\nsee x\\n Vec<T> < 3\""), "{}", imported.text);
}

#[test]
fn no_file_makes_it_fail() {
    let mut dice = Dice::new(1);
    let pieces = [
        "name,ring,quadrant\n",
        "\"",
        ",",
        "\n",
        "Go",
        "adopt",
        "tools",
        "[",
        "{",
        "}",
        "]",
        "\"name\":",
        "\"x\"",
        "\\",
        "\0",
        "\r",
        "é",
        "&lt;",
        "<p",
        ">",
        "'=",
        "=",
        ";",
        "\u{202e}",
        " ",
    ];
    for _ in 0..3_000 {
        let file: String = (0..dice.roll(30)).map(|_| dice.one_of(&pieces)).collect();
        for file in [file.clone(), format!("{HEAD}{file}"), format!("[{{\"name\":\"Go\"}},{file}]")] {
            if let Ok(imported) = import(&file, &RINGS) {
                read(&imported.text);
            }
        }
    }
    // Much of the same takes no longer than its length.
    let _ = import(&format!("[{}", "[".repeat(100_000)), &RINGS);
    let _ = import(&format!("{HEAD}Go,trial,tools,,{}", "<a".repeat(9_000)), &RINGS);
}

/// Beside its workspace a radar comes back whole: empty rings, names and the radar's own among them; what the form cannot say is told.
#[test]
fn what_the_form_cannot_say_comes_from_the_workspace_or_is_told() {
    let text = "radar ours \"Our radar\" date=2026-11-30 owner=us {\n    ring adopt means=\"Yes\"\n    ring never means=\"No\" policy=nowhere\n    ring hold\n}\n\
        technology trunk \"Trunk-based development\" ring=adopt quadrant=techniques\ntechnology pg \"PostgreSQL\" ring=hold owner=t\nteam t \"T\"";
    let arch = read(text);
    let technologies = Technologies::new(&arch);
    let radar = Radar::new(&technologies, None);
    let told = [
        "the date of the radar",
        "the owner of the radar",
        "`never` in which nothing stands",
        "what rings mean and ask",
        "names that are not the titles",
        "owners of technologies",
    ];
    assert_eq!(left_out(&radar), told);
    for file in [csv(&radar), json(&radar).to_string()] {
        let imported = import_into(&file, &technologies).unwrap();
        assert!(imported.problems.is_empty());
        let after = read(&imported.text);
        let again = Technologies::new(&after);
        let shown = |radar: &Radar<'_>| {
            let blips =
                radar.blips.iter().map(|one| format!("{} {} {} {:?}", one.name, one.title, one.ring, one.rationale));
            let rings = radar.rings.iter().map(|ring| format!("{} {} {:?}", ring.name, ring.means, ring.policy));
            rings.chain(blips).chain([radar.title.to_owned()]).collect::<Vec<_>>()
        };
        assert_eq!(shown(&radar), shown(&Radar::new(&again, None)));
        assert!(imported.text.starts_with("radar ours "), "{}", imported.text);
    }
    // Nothing of that is said where nothing is lost.
    let plain = read(
        "technology go \"Go\" ring=adopt\ntechnology rust \"Rust\" ring=trial\ntechnology php \"PHP\" ring=assess\ntechnology perl \"Perl\" ring=hold",
    );
    assert_eq!(left_out(&Radar::new(&Technologies::new(&plain), None)), Vec::<String>::new());
}

/// Two rows that mean one technology of the workspace are one too many, however it is called.
#[test]
fn two_names_of_ones_own_technology_are_one() {
    let arch = read("technology trunk \"Trunk-based development\" ring=adopt quadrant=techniques");
    let rows = format!(
        "{HEAD}trunk,adopt,techniques,,\nTrunk-based development,adopt,techniques,,\nTrunk 2,adopt,techniques,,\n"
    );
    let imported = import_into(&rows, &Technologies::new(&arch)).unwrap();
    assert_eq!((imported.count, imported.problems.len()), (2, 1), "{imported:?}");
    read(&imported.text);
}

/// A row is lost to none that a double quote swallows.
#[test]
fn a_double_quote_out_of_place_is_told_with_its_line() {
    let problems = |rows: &str| {
        let imported = import(&format!("{HEAD}{rows}"), &RINGS).unwrap();
        imported.problems.iter().map(|one| format!("{}: {}", one.line, one.message)).collect::<Vec<_>>()
    };
    let open = "a double quote opens a text here that nothing closes: all that follows is read as part of it";
    assert_eq!(problems("PHP,hold,tools,TRUE,\"abc\nGo,adopt,tools,TRUE,x\n"), [format!("2: {open}")]);
    assert_eq!(problems("PHP,hold,tools,TRUE,\"a\"\"\nGo,adopt,tools,TRUE,x\n"), [format!("2: {open}")]);
    let behind = "something stands behind the double quote that closes a text";
    assert_eq!(problems("PHP,hold,tools,TRUE,x\nGo,adopt,tools,TRUE,\"abc\"def\n"), [format!("3: {behind}")]);
    for right in ["\"abc\"", " \"abc\" ", "\"a\nb, \"\"c\"\"\"", "a \"b\" c", "5\" disk", "\"\"", "\"abc\"\r"] {
        assert_eq!(problems(&format!("PHP,hold,tools,TRUE,{right}\n")), Vec::<String>::new(), "{right}");
    }
}
