//! Texts to edit: those of the workspace, and such as nobody writes.

use groma_syntax::parse;
use groma_testing::Dice;

/// The texts of the examples and of Groma's own architecture, which are in the one style.
pub fn canonical() -> Vec<&'static str> {
    vec![
        include_str!("../../../../examples/orders/orders.groma"),
        include_str!("../../../../examples/orders-as-found/orders.groma"),
        include_str!("../../../../examples/storefront/forecast.groma"),
        include_str!("../../../../examples/storefront/flows.groma"),
        include_str!("../../../../examples/storefront/structure.groma"),
        include_str!("../../../../examples/storefront/why.groma"),
        include_str!("../../../../architecture/groma.groma"),
        "",
        "// Nothing yet.\n",
        "a {}\nb { c; d }\n/-e { f }\n\n// g\n",
    ]
}

/// A text in which anything may stand anywhere. Lines end with `\n`.
pub fn any(dice: &mut Dice) -> String {
    loop {
        let mut text = String::new();
        nodes(dice, 0, false, &mut text);
        if parse(text.as_str()).1.is_empty() {
            return text;
        }
    }
}

fn nodes(dice: &mut Dice, depth: usize, on_line: bool, out: &mut String) {
    for _ in 0..dice.roll(4) {
        between(dice, depth, on_line, out);
        if dice.roll(8) == 0 {
            out.push_str("/-");
        }
        node(dice, depth, on_line, out);
        let ends: &[&str] = match on_line {
            true => &[";", ";", " ; ", ";;", " /* t */;"],
            false => {
                &["\n", "\n", "\n", ";\n", "; ", ";", " // t\n", "; // t\n", " /* t */\n", "; /* t */\n", " \\\n\n"]
            }
        };
        out.push_str(dice.one_of(ends));
    }
    if on_line {
        if out.ends_with(';') && dice.roll(3) > 0 {
            out.pop();
        }
        out.push_str(dice.one_of(&[" ", "", " ", " /* end */ "]));
    } else {
        if dice.roll(6) == 0 {
            let kept = out.trim_end_matches(['\n', ';']).len();
            out.truncate(kept);
        }
        between(dice, depth, on_line, out);
    }
}

fn between(dice: &mut Dice, depth: usize, on_line: bool, out: &mut String) {
    if on_line {
        return out.push_str(dice.one_of(&[" ", " ", "", " /* b */ ", " ;", " /-x; "]));
    }
    for _ in 0..dice.roll(3) {
        out.push_str(dice.one_of(&[
            "\n",
            "// b\n",
            "  // b\n",
            "/* b\n */\n",
            "/-x {\n\n  // b\n}\n",
            "  ;\n",
            "/-\nx 1\n",
        ]));
    }
    out.push_str(&dice.one_of(&["  ", "\t", "    ", ""]).repeat(depth));
    out.push_str(dice.one_of(&["", "", "", "/* b */ "]));
}

fn node(dice: &mut Dice, depth: usize, on_line: bool, out: &mut String) {
    out.push_str(dice.one_of(&["a", "b", "c", "fact", "\"d e\"", "(t)a", "( t )b"]));
    for _ in 0..dice.roll(4) {
        out.push_str(dice.one_of(&[" ", " ", "  ", " /* g */ ", " /-3 ", " /-k=v "]));
        if !on_line && dice.roll(9) == 0 {
            out.push_str(dice.one_of(&["\\\n  ", "\\ // e\n"]));
        }
        out.push_str(dice.one_of(&[
            "1",
            "x",
            "\"y z\"",
            "\"y\"",
            "10s",
            "fact=1",
            "k=v",
            "k = \"v\"",
            "fact=(t)2",
            "(u)w",
            "->",
            "#true",
            "2026-01-02",
        ]));
    }
    out.push_str(dice.one_of(&["", "", "", "", " /-3", " /-k=v", " /-{ x }"]));
    if depth < 3 && dice.roll(3) > 0 {
        let on_line = on_line || dice.roll(3) == 0;
        out.push_str(dice.one_of(&[" ", " ", ""]));
        out.push('{');
        if !on_line {
            out.push_str(dice.one_of(&["\n", "\n", " // o\n", " /* o */\n", ""]));
        }
        nodes(dice, depth + 1, on_line, out);
        out.push('}');
        out.push_str(dice.one_of(&["", "", "", " /-{ y }"]));
    }
}
