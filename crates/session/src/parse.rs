//! Texts to what their files declare, on all cores where there are many.

use crate::reader::is_of_keys;
use groma_base::{Diagnostic, Edit, FileId, Range, Source, Span, apply_edits, list_words};
use groma_model::decode::{FactValue, FileModel, Item, MISPLACED, UNKNOWN_WORD, Value, decode_with};
use groma_model::facets::own_facts::OwnFacts;
use groma_model::kinds;
use groma_model::schema::{Fact, Head, Type};
use groma_syntax::SyntaxErrorKind;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// At most this many errors of the text are kept of one file.
const MOST_ERRORS: usize = 100;

/// A file as it is read.
pub(crate) struct Parsed {
    pub(crate) model: Arc<FileModel>,
    pub(crate) errors: Vec<Diagnostic>,
    /// Whether it is open what stands in what.
    pub(crate) is_broken: bool,
}

/// At most this many threads parse; more than this wait for each other's memory.
const MOST_THREADS: usize = 8;

/// From this many files on more threads save more time than they take to start.
const WORTH_THREADS: usize = 8;

/// What the deepest text needs, with room to spare, whatever the environment would give.
const STACK: usize = 4 * 1024 * 1024;

/// Parses files with these numbers, of a workspace that declares these facts.
pub(crate) fn parse_all(sources: &[Arc<Source>], numbers: &[FileId], own_facts: &OwnFacts) -> Vec<Parsed> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let threads = if sources.len() < WORTH_THREADS { 1 } else { threads };
    let parse_share = |(first, end): (usize, usize)| -> Vec<Parsed> {
        let share = sources[first..end].iter().zip(&numbers[first..end]);
        share.map(|(source, number)| parse(*number, source, own_facts)).collect()
    };
    in_parallel(shares(sources, threads), &parse_share).into_iter().flatten().collect()
}

/// So many shares of files that follow each other, with about as much text in each: the place of its first file, and where it ends.
pub(crate) fn shares(sources: &[Arc<Source>], count: usize) -> Vec<(usize, usize)> {
    let all: usize = sources.iter().map(|source| source.text.len()).sum();
    let mut before = 0;
    let share_of = |source: &Arc<Source>| {
        let share = before * count / all.max(1);
        before += source.text.len();
        // What is empty may stand behind all text.
        share.min(count - 1)
    };
    let of: Vec<usize> = sources.iter().map(share_of).collect();
    (0..count).map(|share| (of.partition_point(|of| *of < share), of.partition_point(|of| *of <= share))).collect()
}

/// Begins to read the catalogue of technologies on a thread of its own, where there are many files: while these are linked on one thread,
/// another core has nothing to do, and the rules would wait for it.
pub(crate) fn read_catalogue_meanwhile(files: usize) {
    if files >= WORTH_THREADS {
        // Where no more threads can be started, who asks for it first reads it.
        let _ = std::thread::Builder::new().stack_size(STACK).spawn(groma_model::stack::entries);
    }
}

/// What a function makes of each of these, in their order: the first on this thread, each other on a thread of its own,
/// or on this one too if no more can be started.
pub(crate) fn in_parallel<T: Copy + Send, R: Send>(inputs: Vec<T>, work: &(impl Fn(T) -> R + Sync)) -> Vec<R> {
    std::thread::scope(|scope| {
        let start = |input: T| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, move || work(input)).map_err(|_| input)
        };
        let (here, elsewhere) = inputs.split_at(inputs.len().min(1));
        let others: Vec<_> = elsewhere.iter().map(|input| start(*input)).collect();
        let own = here.iter().map(|input| work(*input)).collect::<Vec<R>>();
        let joined = others.into_iter().map(|started| match started {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(input) => work(input),
        });
        own.into_iter().chain(joined).collect()
    })
}

/// Parses a file with this number, of a workspace that declares these facts.
pub(crate) fn parse(file: FileId, source: &Source, own_facts: &OwnFacts) -> Parsed {
    // A file of keys says nothing else.
    let text = if is_of_keys(&source.published) { "".into() } else { source.text.clone() };
    let (tree, mut errors) = groma_syntax::parse(text);
    let mut model = decode_with(file, &tree, own_facts).at_path(source.leads_to.as_ref().unwrap_or(&source.published));
    let is_foreign = |at: u32| model.foreign.iter().any(|block| block.start < at && at < block.end);
    errors.retain(|error| error.breaks_nesting() || !is_foreign(error.range.start));
    errors.retain(|error| !is_of_unknown(error, &model, &source.text));
    if errors.iter().any(is_of_path) {
        let names = read_as_names(&model);
        errors.retain(|error| !is_of_path(error) || !names.contains(&error.range));
    }
    let corrected = Corrected::by(&model);
    errors.retain(|error| !error.is_of_words() || !corrected.touches(error.range));
    judge_fixes_of_braces(&mut errors, &model, (source, own_facts));
    if !errors.is_empty() {
        let mut places: Vec<u32> = errors.iter().map(|error| error.range.start).collect();
        places.sort_unstable();
        model.problems.retain(|problem| !follows_from(problem, &places, &source.text));
        model.lost.extend(places.iter().take(MOST_ERRORS).map(|at| line_around(*at, &source.text)));
    }
    let count = errors.len();
    let is_broken = errors.iter().any(groma_syntax::SyntaxError::breaks_nesting);
    let mut found: Vec<Diagnostic> =
        errors.into_iter().take(MOST_ERRORS).map(|error| to_diagnostic(&model, error)).collect();
    if let (true, Some(last)) = (count > MOST_ERRORS, found.last_mut()) {
        last.notes.push(format!("{} more errors in this file are not shown", count - MOST_ERRORS));
    }
    Parsed { model: Arc::new(model), errors: found, is_broken }
}

/// So many corrections of braces are judged by what becomes of the text, at most; further ones are not offered.
const MOST_JUDGED: usize = 8;

/// So many bytes are read for that, at most.
const MOST_BYTES_JUDGED: usize = 4 << 20;

/// Takes back the corrections of braces after which more of the text means nothing: they give a block to what it does not belong to.
fn judge_fixes_of_braces(
    errors: &mut [groma_syntax::SyntaxError],
    model: &FileModel,
    (source, own_facts): (&Source, &OwnFacts),
) {
    let count = errors.len() + model.problems.len();
    let is_judged = |error: &&mut groma_syntax::SyntaxError| error.breaks_nesting() && error.fix.is_some();
    let mut judged: Vec<_> = errors.iter_mut().filter(is_judged).collect();
    let most = MOST_JUDGED.min(MOST_BYTES_JUDGED / source.text.len().max(1));
    judged.iter_mut().skip(most).for_each(|error| (error.fix, error.second_edit) = (None, None));
    judged.truncate(most);
    let before = (count, out_of_place(model, &source.text));
    let is_worse = |edits: Vec<(Range, &str)>| {
        makes_worse(&apply_edits(&source.text, &edits).into(), (model.file, own_facts), &before)
    };
    // What is one mistake at several places is put right at all of them, or at none.
    if judged.is_empty() || !is_worse(judged.iter().flat_map(|error| edits(error)).collect()) {
        return;
    }
    for error in judged {
        if is_worse(edits(error).collect()) {
            (error.fix, error.second_edit) = (None, None);
        }
    }
}

/// What the correction of an error puts in the place of what.
fn edits(error: &groma_syntax::SyntaxError) -> impl Iterator<Item = (Range, &str)> {
    error.fix.iter().chain(&error.second_edit).map(|(range, new)| (*range, new.as_str()))
}

/// Whether a text has more problems than there were before, or another word that has no meaning where it stands.
fn makes_worse(
    text: &Arc<str>,
    (file, own_facts): (FileId, &OwnFacts),
    (count, known): &(usize, FxHashMap<(String, String), usize>),
) -> bool {
    let (tree, errors) = groma_syntax::parse(text.clone());
    let model = decode_with(file, &tree, own_facts);
    let is_new = |(word, times): (&(String, String), &usize)| known.get(word).is_none_or(|known| known < times);
    errors.len() + model.problems.len() > *count || out_of_place(&model, text).iter().any(is_new)
}

/// The words that have no meaning where they stand, with what is said of each, and how often.
fn out_of_place(model: &FileModel, text: &str) -> FxHashMap<(String, String), usize> {
    let problems = model.problems.iter().filter(|problem| matches!(&*problem.code, MISPLACED | UNKNOWN_WORD));
    let mut found = FxHashMap::default();
    for problem in problems {
        let word = problem.primary.span.range.of(text).to_owned();
        *found.entry((problem.code.to_string(), word)).or_default() += 1;
    }
    found
}

/// Whether `true` is written for `#true` in a fact or a node that there is not: what is said of that says all.
fn is_of_unknown(error: &groma_syntax::SyntaxError, model: &FileModel, text: &str) -> bool {
    if !matches!(error.kind, SyntaxErrorKind::BareKeyword { .. }) {
        return false;
    }
    let start = error.range.start;
    let is_value = text[..start as usize].ends_with('=');
    let is_key = |problem: &Diagnostic| is_value && problem.primary.span.range.end + 1 == start;
    model.problems.iter().any(|problem| problem.code == UNKNOWN_WORD && is_key(problem))
        || model.lost.iter().any(|lost| lost.contains(error.range))
}

/// What whoever knows what stands there has a correction of: that says more.
struct Corrected {
    /// Where each correction begins, in that order, and how far those reach that begin no later.
    reaching: Vec<(u32, u32)>,
}

impl Corrected {
    fn by(model: &FileModel) -> Corrected {
        let fixes = model.problems.iter().flat_map(|problem| &problem.fixes).flat_map(|fix| &fix.edits);
        let mut reaching: Vec<(u32, u32)> = fixes.map(|edit| (edit.span.range.start, edit.span.range.end)).collect();
        reaching.sort_unstable();
        let mut farthest = 0;
        for (_, end) in &mut reaching {
            farthest = farthest.max(*end);
            *end = farthest;
        }
        Corrected { reaching }
    }

    fn touches(&self, range: Range) -> bool {
        let before = self.reaching.partition_point(|(start, _)| *start < range.end);
        self.reaching[..before].last().is_some_and(|(_, end)| range.start < *end)
    }
}

/// Whether this is that a path is written as `shop/db`.
fn is_of_path(error: &groma_syntax::SyntaxError) -> bool {
    matches!(error.kind, SyntaxErrorKind::NeedsQuotes { character: '/' | '\\', .. })
}

/// Where names are read: what is said of a name such as `shop/db`, with its dots, says all.
fn read_as_names(model: &FileModel) -> FxHashSet<Range> {
    let names_other = |item: &&Item| match item.kind.head {
        Head::Arrow => true,
        Head::Value(fact) | Head::Perhaps(fact) => !fact.ty.names().is_empty(),
        Head::Named | Head::Title => false,
    };
    let ends = model.items.iter().filter(names_other).flat_map(|item| [item.name, item.target]);
    let is_name = |given: &&FactValue| matches!(given.value, Value::Reference(_));
    let names = model.facts.iter().filter(is_name).map(|given| given.range);
    let told = model.problems.iter().map(|problem| problem.primary.span.range);
    ends.chain(names).chain(told).collect()
}

/// What to do about a quantity that is none where no quantity is wanted: something is to be called so, or it is a text.
fn instead_of_quantity(model: &FileModel, range: Range, text: &str) -> Option<String> {
    let before = model.text[..range.start as usize].trim_end_matches([' ', '\t', '=']);
    let word = before.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '-').next().unwrap_or_default();
    let is_head = || kinds::by_name(word).is_some_and(|kind| matches!(kind.head, Head::Named | Head::Title));
    let is_end = || model.items.iter().any(|item| item.name == range || item.target == range);
    if kinds::is_text(word) {
        Some(format!("a text that begins with a digit is written in quotes: `\"{text}\"`"))
    } else if is_head() || is_end() {
        Some("a name begins with a letter".to_owned())
    } else {
        None
    }
}

/// `layers "a", "b"`: the texts with commas between them of a fact that is one text, the first of which ends there, as one.
fn one_text(model: &FileModel, end: u32) -> Option<(&'static Fact, Range, String)> {
    let first = model.facts.iter().find(|given| given.range.end == end)?;
    let start = first.range.start;
    let (texts, length) = groma_syntax::quoted_texts(&model.text[start as usize..])?;
    let is_one = first.fact.is_listed && !first.fact.many;
    is_one.then(|| (first.fact, Range::new(start, start + length as u32), format!("\"{}\"", texts.join(", "))))
}

/// The fact that stands there, or the part of one.
fn fact_at(model: &FileModel, start: u32) -> Option<&'static Fact> {
    let around = model.facts.iter().filter(|given| given.whole.start <= start && start < given.whole.end);
    around.min_by_key(|given| given.whole.end - given.whole.start).map(|given| given.fact)
}

/// Whether what was not understood is likely a consequence of a text that cannot be read: it is on the same line. `errors` are
/// the places of what cannot be read, in order.
fn follows_from(problem: &Diagnostic, errors: &[u32], text: &str) -> bool {
    let line = line_around(problem.primary.span.range.start, text);
    let first = errors.partition_point(|error| *error < line.start);
    errors.get(first).is_some_and(|error| *error <= line.end)
}

/// The line on which an offset lies, without its line break.
fn line_around(at: u32, text: &str) -> Range {
    let at = at as usize;
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    Range::new(start as u32, end as u32)
}

/// Whether two findings of one text begin on the same line.
pub(crate) fn same_line(text: &str, a: &Diagnostic, b: &Diagnostic) -> bool {
    let (a, b) = (a.primary.span.range.start as usize, b.primary.span.range.start as usize);
    text.get(a.min(b)..a.max(b)).is_some_and(|between| !between.contains('\n'))
}

fn to_diagnostic(model: &FileModel, error: groma_syntax::SyntaxError) -> Diagnostic {
    let (file, mut error) = (model.file, error);
    // Names of things stand one after the other, each on its own.
    if let (SyntaxErrorKind::SeveralTexts { key, .. }, Some((whole, _))) = (&error.kind, &error.fix)
        && !fact_at(model, whole.start).map_or_else(|| kinds::is_text(key), |fact| matches!(fact.ty, Type::Text))
    {
        error.fix = None;
    }
    if let SyntaxErrorKind::BadQuantity { text, .. } = &error.kind
        && let Some(help) = instead_of_quantity(model, error.range, text)
    {
        (error.help, error.fix) = (help, None);
    }
    // `breaker =5`: what says yes or no takes no other value, but a part of it may.
    if let SyntaxErrorKind::EqualsInBlock { meant } = &error.kind
        && let Some((flag, value)) = meant.split_once(' ').and_then(|(name, value)| Some((kinds::flag(name)?, value)))
        && !["#true", "#false", "yes", "no"].contains(&value)
    {
        let parts = list_words(flag.parts.iter().map(|part| part.name), "or");
        let meant = if flag.parts.is_empty() { String::new() } else { format!(", or with what `{value}` is: {parts}") };
        error.help = format!("write `{}` alone{meant}", flag.name);
        error.fix = None;
    }
    if let SyntaxErrorKind::Comma = error.kind
        && let Some((fact, whole, meant)) = one_text(model, error.range.start)
    {
        error.message = format!("`{}` is one text", fact.name);
        error.help = format!("write `{} {meant}`", fact.name);
        error.fix = Some((whole, meant));
    }
    if let SyntaxErrorKind::NameBeforeKind { name, kind } = &error.kind {
        let known = kinds::other_name(kind).unwrap_or(kind);
        let is_of_many = kind == kinds::class::CONTAINER.word;
        error.help = if is_of_many {
            format!("write `service {name}`, or another kind of container such as `database`")
        } else {
            format!("write `{known} {name}`")
        };
        error.fix = error.fix.filter(|_| !is_of_many).map(|(range, _)| (range, format!("{known} {name}")));
    }
    let finding = Diagnostic::error(groma_check::SYNTAX, Span::new(file, error.range), error.message).help(error.help);
    let finding = match error.related {
        Some((range, message)) => finding.secondary(Span::new(file, range), message),
        None => finding,
    };
    let Some((range, text)) = error.fix else { return finding };
    let message = match text.trim() {
        "" if text.is_empty() => "remove it".to_owned(),
        "" => "leave one space there".to_owned(),
        text => match &error.second_edit {
            Some((_, second)) => format!("write `{text}` and `{}`", second.trim()),
            None => format!("write `{text}`"),
        },
    };
    let mut finding = finding.fix(message, Span::new(file, range), text);
    if let (Some((range, text)), Some(fix)) = (error.second_edit, finding.fixes.first_mut()) {
        fix.edits.push(Edit { span: Span::new(file, range), text });
    }
    finding
}
