//! The language's text layer through its public functions.

use groma_base::Range;
use groma_syntax::{MAX_DEPTH, SyntaxError, format::format, parse, print};
use groma_testing::Dice;

#[track_caller]
fn check(input: &str, expected: &str) {
    let (tree, errors) = parse(input);
    assert_eq!(errors, [], "{input}");
    assert_eq!(print::kdl(&tree), expected);
}

#[track_caller]
fn check_errors(input: &str, expected: &[(&str, &str)]) {
    let (_, errors) = parse(input);
    let found: Vec<_> = errors.iter().map(|error| (error.range.of(input), error.message.as_str())).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn check_format(input: &str, expected: &str) {
    let formatted = format(input).unwrap();
    assert_eq!(formatted, expected);
    assert_eq!(format(&formatted).unwrap(), formatted, "formatting twice");
    assert_eq!(print::kdl(&parse(input).0), print::kdl(&parse(formatted).0), "the meaning stays");
}

#[test]
fn nodes_entries_and_children() {
    check("a 1 x=2 \"b c\" x=3 { d; e #true; }", "a 1 \"b c\" x=3 {\n    d\n    e #true\n}\n");
    check("(t)a (u)1 k=(v)\"w\"", "(t)a (u)1 k=(v)w\n");
    check("a \\ // go on\n  b", "a b\n");
    check("/- a { b }\nc /-1 2 /-{ x } { y }", "c 2 {\n    y\n}\n");
    check("", "\n");
}

#[test]
fn no_empty_line_stays_before_the_end_of_a_block() {
    check_format("a {\n    b\n\n; }\n", "a {\n    b\n}\n");
    check_format("a {\n    b\n\n\n}\n", "a {\n    b\n}\n");
    check_format("a {\n    b\n\n    ; // why\n}\n", "a {\n    b\n\n    // why\n}\n");
}

/// As the three cases `zero_space_before_slashdash_*` of the KDL suite have it.
#[test]
fn what_is_taken_out_needs_no_space_before_it() {
    check("node \"string\"/-1", "node string\n");
    check("node \"string\"/-foo=1", "node string\n");
    check("node \"string\"/-{}\nnode \"string\" {}/-{}", "node string\nnode string\n");
    check_format("node a/-1 b/-c=2/-{ d }\n", "node a /-1 b /-c=2 /-{ d }\n");
}

#[test]
fn strings_in_every_form() {
    check(r##"a #"x\n"# "\u{e9}\s\"" "##, "a \"x\\\\n\" \"é \\\"\"\n");
    check("a \"\"\"\n    one\n      two\n\n    three\n    \"\"\"", "a \"one\\n  two\\n\\nthree\"\n");
    check("a \"x \\\n     y\"", "a \"x y\"\n");
}

#[test]
fn numbers_print_in_their_simplest_form() {
    check("a 0xff 0o17 0b101 1_000 +5 -0x10 007 1.50e3 2E-7", "a 255 15 5 1000 5 -16 7 1.50E+3 2E-7\n");
    check("a 0xabcdef1234567890abcdef", "a 207698810366691950021299695\n");
}

#[test]
fn quantities_are_bare_values() {
    check("a 10s 99.9% 800/s $3000/month 3..20 8..10d $30", "a 10s 99.9% 800/s $3000/month 3..20 8..10d $30\n");
}

#[test]
fn every_error_is_reported_in_one_pass() {
    check_errors(
        "a 10foo\nb 0n\nc \"x\nd k= \n}\n[\n\"\\q\"\ne true\n",
        &[
            ("foo", "`10foo` is neither a number nor a quantity: unknown unit `foo`"),
            ("n", "`0n` is neither a number nor a quantity: unknown unit `n`"),
            ("\"x", "this string never ends"),
            ("k=", "a value is missing after `k=`"),
            ("}", "this `}` closes nothing"),
            ("[", "square brackets have no meaning here"),
            ("\\q", "unknown escape"),
            ("true", "`true` must be written `#true`"),
        ],
    );
}

#[test]
fn a_missing_brace_is_one_error() {
    check_errors("a {\n b {\n  c {", &[("{", "this block and 2 blocks in it are never closed")]);
}

#[test]
fn indentation_tells_which_brace_is_wrong() {
    check_errors("a {\n    b {\n    c {\n    }\n}\n", &[("b", "the block of `b` is never closed")]);
    let (_, errors) = parse("a {\n    b {\n    }\n    }\n    c\n}\n");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].fix, Some((Range::new(18, 24), String::new())));
}

#[test]
fn where_the_indentation_contradicts_itself_nothing_is_guessed() {
    let contradicts = "a {\n    b {\n    c 1\n    }\n}\nd {\n";
    let (tree, errors) = parse(contradicts);
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].range.of(&tree.text), errors[0].range.start, &errors[0].fix), ("{", 30, &None));
    for text in [
        "a {\nb {\nc 1\n}\nd {\n}\n",
        "a {\nb {\nc 1\n}\n}\n}\nd {\n}\n",
        "a {\nb\nc 1\n}\n}\nd {\n}\n",
        "a }\n",
        "a (\nb 1\n",
    ] {
        let (_, errors) = parse(text);
        let moves = |error: &&SyntaxError| error.fix.as_ref().is_some_and(|(_, new)| new != "{");
        assert_eq!(errors.iter().find(moves), None, "{text}");
    }
}

#[test]
fn a_string_that_never_ends_explains_the_braces_after_it() {
    for text in ["a \"A {\n    b 1\n}\n", "a {\n    b \"B {\n    }\n}\n", "a {\n    b c=\"x {\n        d 1\n    }\n}\n"]
    {
        let (_, errors) = parse(text);
        assert_eq!(
            errors.iter().map(|error| &*error.message).collect::<Vec<_>>(),
            ["this string never ends"],
            "{text}"
        );
        assert_eq!(errors[0].fix, None);
    }
}

#[test]
fn a_block_in_round_brackets_is_one_error() {
    let (_, errors) = parse("a (\n    b (\n        c 1\n    )\n)\n");
    assert_eq!(errors.len(), 2);
    assert!(errors.iter().all(|error| error.fix.is_some() && error.second_edit.is_some()), "{errors:?}");
}

#[test]
fn corrections_of_many_errors_are_tried_within_bounds() {
    let (_, errors) = parse("a 1, 2\n".repeat(10_000));
    assert_eq!(errors.len(), 10_000);
    assert!((1..100).contains(&errors.iter().filter(|error| error.fix.is_some()).count()));
}

#[test]
fn what_follows_an_error_is_still_read() {
    let (tree, errors) = parse("a 1 ] 2 {\n b 0n\n c 3\n}\nd");
    assert_eq!(errors.len(), 2);
    assert_eq!(print::kdl(&tree), "a 1 2 {\n    b \"0n\"\n    c 3\n}\nd\n");
}

#[test]
fn depth_is_bounded_and_said_once() {
    let deep = format!("{}{}", "a {".repeat(100_000), "}".repeat(100_000));
    let (tree, errors) = parse(deep);
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message.contains("200 deep"), "{errors:?}");
    assert_eq!(tree.node_count(), MAX_DEPTH + 1);
}

/// Whatever lies too deep costs no depth of its own: neither of blocks nor of the parser.
#[test]
fn many_blocks_that_lie_too_deep_are_passed_over() {
    let text = format!("{} b{}{}", "a {".repeat(MAX_DEPTH), "{}".repeat(100_000), "}".repeat(MAX_DEPTH));
    let (tree, errors) = parse(text);
    assert_eq!(tree.node_count(), MAX_DEPTH + 1);
    assert!(errors[0].message.contains("200 deep"), "{errors:?}");
}

/// Musl and BSD give a thread as little.
const SMALL_STACK: usize = 256 * 1024;

#[test]
fn the_deepest_text_fits_a_small_stack() {
    let text = format!("{}{}", "a b=(t)\"c\" {\n".repeat(MAX_DEPTH), "}\n".repeat(MAX_DEPTH));
    let work = move || {
        let formatted = format(&text).unwrap();
        let (tree, errors) = parse(formatted);
        assert_eq!(errors, []);
        (print::kdl(&tree), print::json(&tree))
    };
    let thread = std::thread::Builder::new().stack_size(SMALL_STACK).spawn(work).unwrap();
    let (kdl, json) = thread.join().unwrap();
    assert_eq!(kdl.lines().count(), 2 * MAX_DEPTH - 1);
    assert_eq!(json.to_string().matches("\"name\"").count(), MAX_DEPTH);
}

#[test]
fn any_text_is_read_without_panic() {
    let pieces = [
        "a", "{", "}", "\"", "#\"", "\"\"\"", "\\", "/-", "/*", "*/", "//", "\n", "\r", "=", "(", ")", "é", "0x", "1.",
        "$", "3..", "/", ";", "\u{2028}", "\u{FEFF}", " ",
    ];
    let mut dice = Dice::new(42);
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            text.push_str(dice.one_of(&pieces));
        }
        let (tree, errors) = parse(text.as_str());
        if errors.is_empty() {
            let formatted = format(&text).unwrap();
            assert_eq!(print::kdl(&tree), print::kdl(&parse(formatted.as_str()).0), "{text:?} -> {formatted:?}");
            assert_eq!(format(&formatted).unwrap(), formatted, "{text:?}");
        }
    }
}

#[test]
fn formatting_changes_only_space() {
    check_format(
        "// c\nsystem   shop \"Shop\"   { replicas 2..3 ; concurrency 512 } // t\n\n\n\n  web   a=1   b = 2  {\nx 1; y 2 // hey\n\n  /* block */ z 10s\n\n      }\na \\ // esc\n   b c\n",
        "// c\nsystem shop \"Shop\" { replicas 2..3; concurrency 512 } // t\n\nweb a=1 b=2 {\n    x 1\n    y 2 // hey\n\n    /* block */ z 10s\n}\na \\ // esc\n    b c\n",
    );
    check_format("a {b}\n", "a { b }\n");
    check_format("/-  a  {  }\n/-\nb\nc", "/-a {}\n/-b\nc\n");
}

/// If each `;` were followed to the end of the row, this would take minutes.
#[test]
fn many_semicolons_are_formatted_as_one() {
    check_format(&format!("a{}b", ";".repeat(100_000)), "a\nb\n");
    check_format(&format!("a {{ b{}c{} }}", ";".repeat(100_000), ";".repeat(100_000)), "a { b; c }\n");
    check_format("a;; /* c */ b", "a; /* c */ b\n");
}

#[test]
fn lines_end_as_the_first_one_does() {
    let text = "a  b {\n  c \"\"\"\n    one\n    two\n    \"\"\" // end\n}\n\n\n/* d\n*/ e \\\n  f\n";
    let right = format(text).unwrap();
    let with_returns = |text: &str| text.replace('\n', "\r\n");
    check_format(&with_returns(text), &with_returns(&right));
    assert_eq!(format(&with_returns(&right)).unwrap(), with_returns(&right), "a formatted text is left as it is");
    // Where they are mixed, the first decides.
    check_format(&format!("x\n{}", with_returns(text)), &format!("x\n{right}"));
    check_format(&format!("x\r\n{text}"), &with_returns(&format!("x\n{right}")));
    // A return alone is a line end, too.
    check_format("a\rb \"\"\"\r x\r\r\n y\r \"\"\"\r", "a\nb \"\"\"\n x\n\n y\n \"\"\"\n");
}

/// `W` is watts and no weeks: a letter in another case is never put right, and only what is likely is offered.
#[test]
fn one_letter_in_another_case_is_no_certain_unit() {
    let told = |text: &str| {
        let (_, errors) = parse(format!("a {text}\n"));
        assert_eq!((errors.len(), &errors[0].fix), (1, &None), "{text}: {errors:?}");
        errors[0].help.clone()
    };
    for text in ["120W", "3kWh", "3_pieces", "5kg"] {
        let help = told(text);
        assert!(help.contains("in any other a number stands alone"), "{text}: {help}");
    }
    assert_eq!(told("24H"), "write `24h` if hours are meant; `groma explain units` lists all units");
    assert_eq!(groma_syntax::unit_called("W"), None);
    assert_eq!(groma_syntax::unit_called("MS"), Some("ms"));
}
