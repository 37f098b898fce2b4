//! Signatures in words, and for programs.

use groma_base::counted;
use groma_session::signing::{Changed, Proof, Verified};
use serde_json::{Value, json};

/// What a signature is told as.
fn word(one: &Verified) -> &'static str {
    match &one.proof {
        Proof::Proven => "valid",
        Proof::NotProven(_) => "unverifiable",
        Proof::Lapsed(_) => "lapsed",
        Proof::Bad(_) => "bad",
    }
}

/// What is said of it besides.
fn because(one: &Verified) -> Option<String> {
    match &one.proof {
        _ if one.is_replaced => Some("a later signature took its place".to_owned()),
        Proof::Proven => None,
        Proof::NotProven(why) => Some(format!("what was signed is as it was; {why}")),
        Proof::Bad(why) => Some(why.clone()),
        Proof::Lapsed(Changed::Since(revision, _)) => Some(format!("changed since {revision}")),
        Proof::Lapsed(Changed::Unknown(why)) => Some(format!("what has changed is not known: {why}")),
    }
}

fn changes(one: &Verified) -> &[String] {
    match &one.proof {
        Proof::Lapsed(Changed::Since(_, changes)) => changes,
        Proof::Proven | Proof::NotProven(_) | Proof::Bad(_) | Proof::Lapsed(Changed::Unknown(_)) => &[],
    }
}

/// Signatures as people read them: each with what it is about, how it stands and what has changed since.
pub fn human(all: &[Verified]) -> String {
    let mut text = String::new();
    for one in all {
        let what = if one.target.is_empty() { "?" } else { &one.target };
        let word = if one.is_replaced { "replaced" } else { word(one) };
        text.push_str(&format!("{word:<12} {what} as {} by {} on {} ({})\n", one.role, one.by, one.on, one.at));
        if let Some(because) = because(one) {
            text.push_str(&format!("    {because}\n"));
        }
        changes(one).iter().for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    let wrong = all.iter().filter(|one| one.is_wrong()).count();
    let told = counted(all.len(), "signature");
    let ends = match wrong {
        0 => format!("{told}; none has lapsed or is bad\n"),
        wrong => format!("{told}; {wrong} {} lapsed or bad\n", if wrong == 1 { "is" } else { "are" }),
    };
    text.push_str(&ends);
    text
}

/// The same for programs.
pub fn json(all: &[Verified]) -> Value {
    let one = |one: &Verified| {
        json!({
            "target": one.target,
            "role": one.role,
            "by": one.by,
            "on": one.on,
            "hash": one.hash,
            "at": one.at,
            "state": word(one),
            "replaced": one.is_replaced,
            "because": because(one),
            "since": match &one.proof {
                Proof::Lapsed(Changed::Since(revision, _)) => Some(revision),
                _ => None,
            },
            "changes": changes(one),
        })
    };
    json!({ "version": 1, "signatures": all.iter().map(one).collect::<Vec<_>>() })
}
