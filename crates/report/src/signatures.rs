//! Signatures in words, and for programs.

use groma_base::{counted, printable_line};
use groma_session::signing::{Changed, Proof, Told, Verification, Verified};
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
        _ if one.is_replaced => Some("another signature took its place".to_owned()),
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

/// Signatures as people read them: each with what it is about, how it stands and what has changed since; and what is not read.
pub fn human(told: &Verification) -> String {
    let mut text = String::new();
    let all = &told.signatures;
    for (nth, one) in all.iter().enumerate() {
        let what = if one.target.is_empty() { "?" } else { &one.target };
        let word = if one.is_replaced { "replaced" } else { word(one) };
        let [what, role, by, on] = [what, &one.role, &one.by, &one.on].map(printable_line);
        text.push_str(&format!("{word:<12} {what} as {role} by {by} on {on} ({})\n", printable_line(&one.at)));
        lines_below(one, &all[..nth]).iter().for_each(|line| {
            text.push_str(&format!("    {}\n", printable_line(line)));
        });
    }
    let line =
        |word: &str, one: &Told| format!("{word:<12} {} ({})\n", printable_line(&one.message), printable_line(&one.at));
    told.unread.iter().for_each(|one| text.push_str(&line("unread", one)));
    told.keys.iter().for_each(|one| text.push_str(&line("unread", one)));
    text.push_str(&format!("{}\n", summary(told)));
    text
}

/// What is said below one, after those before it: the same changes of one target are told once.
fn lines_below(one: &Verified, before: &[Verified]) -> Vec<String> {
    let (because, own) = (because(one), changes(one));
    let is_told = |earlier: &&Verified| earlier.target == one.target && changes(earlier) == own;
    match before.iter().find(is_told).filter(|_| !own.is_empty()) {
        Some(earlier) => {
            let told = format!("as is told of that as {} by {} on {}", earlier.role, earlier.by, earlier.on);
            because.map(|because| format!("{because}, {told}")).into_iter().collect()
        }
        None => because.into_iter().chain(own.iter().cloned()).collect(),
    }
}

fn summary(told: &Verification) -> String {
    let all = &told.signatures;
    let wrong = all.iter().filter(|one| one.is_wrong()).count();
    let are = |count: usize| if count == 1 { "is" } else { "are" };
    let signatures = counted(all.len(), "signature");
    match (wrong, told.unread.len() + told.keys.len()) {
        (0, 0) => format!("{signatures}; none has lapsed or is bad"),
        (wrong, 0) => format!("{signatures}; {wrong} {} lapsed or bad", are(wrong)),
        (wrong, unread) => {
            let things = counted(unread, "thing");
            let rest = "cannot be read, and may hide others or what was signed: `groma check` says more";
            format!("{signatures} could be read; {wrong} {} lapsed or bad; {things} {rest}", are(wrong))
        }
    }
}

/// The same for programs.
pub fn json(told: &Verification) -> Value {
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
    let unread = |one: &Told| json!({ "at": one.at, "because": one.message });
    let all_unread = |all: &[Told]| all.iter().map(unread).collect::<Vec<_>>();
    json!({
        "version": 1,
        "signatures": told.signatures.iter().map(one).collect::<Vec<_>>(),
        "unread": all_unread(&told.unread),
        "unread_keys": all_unread(&told.keys),
    })
}
