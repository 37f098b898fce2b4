//! What a baseline spares, for each command that is told of one.

use crate::output::{Failure, print_error};
use crate::{input, write};
use groma_base::{Diagnostic, counted};
use groma_check::leaves_open;
use groma_session::{Applied, Baseline, PerhapsRenamed, Snapshot};
use std::path::Path;

/// Whether what is gone is taken out of a baseline.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shrink {
    /// It is, and the file is written anew.
    Now,
    /// The same command does it if it is asked to.
    IfAsked,
    /// Only `groma check` does.
    Elsewhere,
}

impl Shrink {
    pub(crate) fn asked(is_asked: bool) -> Shrink {
        if is_asked { Shrink::Now } else { Shrink::IfAsked }
    }

    /// What asks for it.
    fn option(self) -> &'static str {
        match self {
            Shrink::Now | Shrink::IfAsked => "--shrink",
            Shrink::Elsewhere => "groma check --baseline FILE --shrink",
        }
    }
}

/// Refuses what needs to know all that is found, where the text cannot be read. `what` begins the sentence.
pub(crate) fn must_be_read(snapshot: &Snapshot, findings: &[Diagnostic], what: &str) -> Result<(), Failure> {
    let errors: Vec<&Diagnostic> = findings.iter().filter(|one| leaves_open(one)).collect();
    let Some(first) = errors.first() else { return Ok(()) };
    let (count, place) = (counted(errors.len(), "error"), snapshot.sources.location(first.primary.span));
    Err(Failure::new(format!("{what} that has {count}: {place}: {}", first.message))
        .help("correct that first, as what else is wrong is not known; `groma check` shows it"))
}

/// Takes out of what is spared what is not understood: nobody knows what else is wrong beside it, which no list may hide.
fn tell_what_is_not_understood(applied: &mut Applied) {
    let (told, spared): (Vec<_>, Vec<_>) = std::mem::take(&mut applied.spared).into_iter().partition(leaves_open);
    applied.spared = spared;
    let why = "no baseline spares what is not understood: nobody knows what else is wrong beside it";
    applied.left.extend(told.into_iter().map(|finding| finding.note(why)));
    applied.left.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
}

/// The findings that a baseline does not spare, and those that it does.
pub(crate) fn beside(
    path: &Path,
    snapshot: &Snapshot,
    findings: Vec<Diagnostic>,
    shrink: Shrink,
) -> Result<(Vec<Diagnostic>, Vec<Diagnostic>), Failure> {
    let (is_shrunk, option) = (shrink == Shrink::Now, shrink.option());
    let source = input::read_file_or_stdin(path, MOST_OF_BASELINE)?;
    let baseline = Baseline::read(snapshot, &source.text)
        .map_err(|no| Failure::new(format!("{}:{}: {}", path.display(), no.line, no.message)).help(no.help))?;
    if is_shrunk {
        must_be_read(snapshot, &findings, "no baseline can be shrunk beside a text")?;
    }
    let is_unsure = findings.iter().any(leaves_open);
    let mut applied = baseline.apply(snapshot, findings);
    tell_what_is_not_understood(&mut applied);
    if is_shrunk && !applied.shrunk.is_written_as(&source.text) {
        write::file(path, applied.shrunk.text().as_bytes())?;
    }
    let them = if applied.gone == 1 { "it" } else { "them" };
    let gone = match (applied.gone, is_shrunk) {
        (0, _) => String::new(),
        (gone, true) => format!(", {gone} gone and taken out"),
        (gone, false) if is_unsure => {
            format!(", {gone} not found: what is gone is known once the errors of the text are corrected")
        }
        (gone, false) => format!(", {gone} gone: `{option}` takes {them} out"),
    };
    let unclear = match (applied.unclear.len(), is_shrunk) {
        (0, _) => String::new(),
        (unclear, true) => format!(", {unclear} unclear and taken out"),
        (1, false) => ", 1 unclear: nothing tells whether it is gone".to_owned(),
        (unclear, false) => format!(", {unclear} unclear: nothing tells whether they are gone"),
    };
    print_error(&format!("{}: {} spared{gone}{unclear}\n", path.display(), counted(applied.spared.len(), "finding")));
    for line in applied.unclear.iter().filter(|_| is_shrunk) {
        print_error(&format!("note: `{line}` is taken out, as it spares nothing; nothing tells what it means now\n"));
    }
    if let Some(PerhapsRenamed { findings, old, new, was }) = &applied.perhaps_renamed {
        let found = if *findings == 1 { "a finding is".to_owned() } else { format!("{findings} findings are") };
        let first = if is_shrunk { "bring the baseline back, " } else { "" };
        print_error(&format!(
            "note: {found} gone at `{old}`, which there is no longer, and new at `{new}`: if `{new}` was called `{old}`, {first}write `was={was}` there, and the baseline knows it\n"
        ));
    }
    let of_any = baseline.of_any_severity();
    if of_any > 0 && !is_shrunk {
        let (lines, say) = (counted(of_any, "line"), if of_any == 1 { "says" } else { "say" });
        print_error(&format!(
            "note: {lines} of it {say} no severity and spare a finding however grave it is: `{option}` writes it\n"
        ));
    }
    Ok((applied.left, applied.spared))
}

/// The largest baseline that is read, in bytes.
const MOST_OF_BASELINE: u64 = 64_000_000;
