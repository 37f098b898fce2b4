//! What a file declares: its items and their facts, each with its place in the file. Nothing here depends on how the file is
//! written: a `*.groma` file is read by [`crate::decode`], and [`ItemsBuilder`] makes the same of any other. From here on nobody
//! knows the difference.

use crate::ids::{Idx, Table};
use crate::schema::{Choice, Fact, Head, Kind, Type};
use groma_base::{Diagnostic, FileId, Quantity, Range, Span};
use groma_records::folder::named_number;
use std::sync::{Arc, OnceLock};

/// Where something was declared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ItemRef {
    /// The file.
    pub file: FileId,
    /// The item in it.
    pub item: ItemId,
}

/// The number of an item in its file.
pub type ItemId = Idx<Item>;

/// A text of the file: a slice of it, or decoded if it was written with escapes.
#[derive(Clone, PartialEq, Debug)]
pub enum Text {
    /// As it stands in the file.
    Slice(Range),
    /// Decoded.
    Owned(Box<str>),
}

/// The value of a fact.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A text.
    Text(Text),
    /// Yes or no.
    Bool(bool),
    /// A number, quantity or range.
    Quantity(Quantity),
    /// One of the words that the fact's declaration lists.
    Choice(&'static str),
    /// A name, not yet resolved.
    Reference(Text),
}

/// A fact as given.
#[derive(Clone, Debug)]
pub struct FactValue {
    /// Its declaration.
    pub fact: &'static Fact,
    /// Its value.
    pub value: Value,
    /// Where the value stands.
    pub range: Range,
    /// Where the whole fact stands.
    pub whole: Range,
    /// Its parts, in the file's table of facts.
    pub parts: (u32, u32),
    /// If it is a name or may be one: how many of these stand before it in the facts of the item, each fact before its parts.
    pub(crate) number: u32,
}

/// How something is called that its text does not name, such as a record whose number stands in the name of its file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Called {
    /// Its name.
    pub name: Box<str>,
    /// What else is understood as its name.
    pub also: Vec<Box<str>>,
    /// The files of its folder that have the same number, after which it is called as the first of them.
    pub namesakes: Vec<Box<str>>,
}

impl Called {
    /// Whether a text that means it names it by a number that others of its folder have as well: `2`, `ADR-0002`, `docs/adr/2`.
    pub fn is_by_shared_number(&self, text: &str) -> bool {
        let bare = text.trim().rsplit(['/', ':']).next().unwrap_or_default();
        !self.namesakes.is_empty() && named_number(bare).is_some()
    }
}

/// A node as declared.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its kind; for a word that may be one of the workspace's own kinds, the kind it was read as.
    pub kind: &'static Kind,
    /// Whether its word is none of the built-in kinds and must be looked up among the workspace's own.
    pub own: bool,
    /// The word it begins with.
    pub word: Range,
    /// Its name; for an arrow, the name on the left. If it is `called` otherwise, where one would look for its name.
    pub name: Range,
    /// How it is called if its text does not say that.
    pub called: Option<Box<Called>>,
    /// For an arrow, the name on the right; empty otherwise.
    pub target: Range,
    /// Its title or label.
    pub title: Option<Text>,
    /// Where its title stands.
    pub title_range: Range,
    /// Its first line.
    pub head: Range,
    /// All of it.
    pub range: Range,
    /// The item it stands in.
    pub parent: Option<ItemId>,
    /// The item after the last one in it.
    pub subtree_end: ItemId,
    /// Its facts, in the file's table.
    pub facts: (u32, u32),
}

impl FactValue {
    /// Which of the words that its fact takes it is.
    pub fn choice<C: Choice>(&self) -> Option<C> {
        match self.value {
            Value::Choice(word) if self.fact == C::FACT || self.fact.ty == C::FACT.ty => C::of(word),
            Value::Choice(_) | Value::Text(_) | Value::Reference(_) | Value::Bool(_) | Value::Quantity(_) => None,
        }
    }

    /// The number that it is; of a range from one to another both.
    pub fn quantity(&self) -> Option<Quantity> {
        match self.value {
            Value::Quantity(quantity) => Some(quantity),
            Value::Choice(_) | Value::Text(_) | Value::Reference(_) | Value::Bool(_) => None,
        }
    }

    /// The number that it is; of a range the larger end.
    pub fn number(&self) -> Option<f64> {
        self.quantity().map(|quantity| quantity.high)
    }

    /// Whether it says yes or no, if it is either.
    pub fn flag(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            Value::Choice(_) | Value::Text(_) | Value::Reference(_) | Value::Quantity(_) => None,
        }
    }

    /// Whether it names something, or is a text that may.
    pub(crate) fn may_name(&self) -> bool {
        matches!(self.value, Value::Reference(_)) || matches!(self.fact.ty, Type::TextOrName(_))
    }
}

/// What a decision chose, by its words.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    /// Which of its options, by their order.
    pub(crate) option: Option<usize>,
    /// What it says was decided, before it says over what, as plain words.
    pub(crate) said: Vec<String>,
}

/// The declared nodes of one file.
#[derive(Clone, Debug)]
pub struct FileModel {
    /// Which file it is.
    pub file: FileId,
    /// The folder that it stands in, as published, with `/` between folders; empty for the workspace's own.
    pub folder: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// Its items, each before those in it.
    pub items: Table<Item>,
    /// The facts of all items.
    pub facts: Vec<FactValue>,
    /// What could not be understood.
    pub problems: Vec<Diagnostic>,
    /// Where something may be declared that was not understood; [`NAMELESS`] for a declaration without a name.
    pub lost: Vec<Range>,
    /// The blocks of words that other languages have: nothing that is wrong in them is worth a word of its own.
    pub foreign: Vec<Range>,
    /// What its decisions chose, once somebody has asked: that follows from its facts, which do not change.
    pub(crate) chosen: OnceLock<Vec<(ItemId, Chosen)>>,
}

/// A value that does not fit its fact, or that says something else where it stands.
pub const WRONG_VALUE: &str = "wrong-value";

/// Stands for a declaration whose name is not known: any that is missed may be it.
pub const NAMELESS: Range = Range { start: u32::MAX, end: u32::MAX };

impl FileModel {
    /// The same as it stands at a path.
    pub fn at_path(self, published: &str) -> FileModel {
        FileModel { folder: published.rsplit_once('/').map_or("", |(folder, _)| folder).into(), ..self }
    }

    /// The name under which a fact is given, which may be one that it had before, and where that stands.
    pub fn name_given(&self, given: &FactValue) -> (&str, Range) {
        let whole = given.whole.of(&self.text);
        let bare = whole.trim_start_matches('"');
        let name =
            bare.split(|letter: char| letter.is_whitespace() || "=\"".contains(letter)).next().unwrap_or_default();
        let start = given.whole.start + (whole.len() - bare.len()) as u32;
        (name, Range::new(start, start + name.len() as u32))
    }

    /// The characters of a text of this file.
    pub fn text<'f>(&'f self, text: &'f Text) -> &'f str {
        match text {
            Text::Slice(range) => range.of(&self.text),
            Text::Owned(text) => text,
        }
    }

    /// The name of an item.
    pub fn name<'f>(&'f self, item: &'f Item) -> &'f str {
        item.called.as_ref().map_or_else(|| item.name.of(&self.text), |called| &called.name)
    }

    /// The words of a fact's value: a text, a choice or a name.
    pub fn words<'a>(&'a self, value: &'a FactValue) -> &'a str {
        match &value.value {
            Value::Text(text) | Value::Reference(text) => self.text(text),
            Value::Choice(word) => word,
            Value::Bool(_) | Value::Quantity(_) => value.range.of(&self.text),
        }
    }

    /// The facts of an item.
    pub fn facts_of(&self, item: &Item) -> &[FactValue] {
        &self.facts[item.facts.0 as usize..item.facts.1 as usize]
    }

    /// The parts of a fact.
    pub fn parts_of(&self, fact: &FactValue) -> &[FactValue] {
        &self.facts[fact.parts.0 as usize..fact.parts.1 as usize]
    }
}

/// Makes the items of a file that is not written in the Groma language, such as a decision record in Markdown. All ranges are
/// of that file's own text, so that findings point into it and names are read from it.
#[derive(Debug)]
pub struct ItemsBuilder {
    model: FileModel,
    open: Vec<ItemId>,
}

/// What stands at the beginning of an item, as ranges of the text.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// What tells of which kind it is; where there is no such word, where one would look for it.
    pub word: Range,
    /// Its name.
    pub name: Range,
    /// Its title, if it has one.
    pub title: Option<Range>,
    /// All of it, with what stands in it.
    pub range: Range,
}

/// A fact of an item, with where its value stands.
#[derive(Clone, Debug)]
pub struct GivenFact {
    /// Its declaration.
    pub fact: &'static Fact,
    /// Its value.
    pub value: Value,
    /// Where that stands.
    pub range: Range,
    /// Its parts, which have none.
    pub parts: Vec<(&'static Fact, Value, Range)>,
}

impl From<(&'static Fact, Value, Range)> for GivenFact {
    fn from((fact, value, range): (&'static Fact, Value, Range)) -> GivenFact {
        GivenFact { fact, value, range, parts: Vec::new() }
    }
}

impl ItemsBuilder {
    /// Begins a file.
    pub fn new(file: FileId, text: Arc<str>) -> ItemsBuilder {
        let model = FileModel {
            file,
            folder: Arc::default(),
            text,
            items: Table::default(),
            facts: Vec::new(),
            problems: Vec::new(),
            lost: Vec::new(),
            foreign: Vec::new(),
            chosen: OnceLock::new(),
        };
        ItemsBuilder { model, open: Vec::new() }
    }

    /// Begins an item, with its facts. What is begun before it is ended stands in it.
    pub fn begin(&mut self, kind: &'static Kind, given: Given, facts: Vec<GivenFact>) {
        let all = &mut self.model.facts;
        let fact = |(fact, value, range), parts| FactValue { fact, value, range, whole: range, parts, number: 0 };
        let mut own = Vec::with_capacity(facts.len());
        for GivenFact { fact: of, value, range, parts } in facts {
            let first = all.len() as u32;
            all.extend(parts.into_iter().map(|part| fact(part, (0, 0))));
            own.push(fact((of, value, range), (first, all.len() as u32)));
        }
        let start = all.len() as u32;
        all.extend(own);
        number_names(all, start);
        let at = self.model.items.end();
        let Given { word, name, title, range } = given;
        self.model.items.push(Item {
            kind,
            own: false,
            word,
            name,
            called: None,
            target: Range::default(),
            title: title.map(Text::Slice),
            title_range: title.unwrap_or_default(),
            head: word.cover(name).cover(title.unwrap_or(name)),
            range,
            parent: self.open.last().copied(),
            subtree_end: at.next(),
            facts: (start, self.model.facts.len() as u32),
        });
        self.open.push(at);
    }

    /// Says how the item that was begun last is called, whatever its text says.
    pub fn call(&mut self, called: Called) {
        if let Some(at) = self.open.last() {
            self.model.items[*at].called = Some(Box::new(called));
        }
    }

    /// Ends the item that was begun last and is not ended.
    pub fn end(&mut self) {
        if let Some(at) = self.open.pop() {
            self.model.items[at].subtree_end = self.model.items.end();
        }
    }

    /// Adds what could not be understood.
    pub fn report(&mut self, problem: Diagnostic) {
        self.model.problems.push(problem);
    }

    /// The file, with all items ended.
    pub fn finish(mut self) -> FileModel {
        while !self.open.is_empty() {
            self.end();
        }
        self.model
    }
}

/// Something that each item may have become, for each file and item.
#[derive(Clone, Debug)]
pub(crate) struct OfItems<T>(Vec<Vec<Option<T>>>);

impl<T> Default for OfItems<T> {
    fn default() -> OfItems<T> {
        OfItems(Vec::new())
    }
}

impl<T: Copy> OfItems<T> {
    pub(crate) fn new(files: &Files) -> OfItems<T> {
        OfItems(files.iter().map(|file| vec![None; file.items.len()]).collect())
    }

    pub(crate) fn get(&self, at: ItemRef) -> Option<T> {
        self.0[at.file.index()][at.item.index()]
    }

    pub(crate) fn set(&mut self, at: ItemRef, value: T) {
        self.0[at.file.index()][at.item.index()] = Some(value);
    }
}

/// All files of a workspace.
#[derive(Clone, Default, Debug)]
pub struct Files(pub(crate) Arc<Vec<Arc<FileModel>>>);

impl std::ops::Deref for Files {
    type Target = [Arc<FileModel>];

    fn deref(&self) -> &[Arc<FileModel>] {
        &self.0
    }
}

impl Files {
    /// A copy of the list, to be changed and linked anew.
    pub fn to_vec(&self) -> Vec<Arc<FileModel>> {
        self.0.to_vec()
    }

    /// The declaration of something.
    pub fn item(&self, at: ItemRef) -> &Item {
        &self.file(at).items[at.item]
    }

    /// The innermost declaration around a place.
    pub(crate) fn innermost(&self, span: Span) -> Option<ItemRef> {
        let items = &self.get(span.file.index())?.items;
        // Items are in the order of the text, each before those in it: what is around the place is around the last
        // one that begins before it, or is that one.
        let before = items.partition_point(|item| item.range.start <= span.range.start);
        let mut at = ItemId::FIRST.until(ItemId::new(before as u32)).next_back()?;
        while !items[at].range.contains(span.range) {
            at = items[at].parent?;
        }
        Some(ItemRef { file: span.file, item: at })
    }

    /// The file that something was declared in.
    pub fn file(&self, at: ItemRef) -> &FileModel {
        &self.0[at.file.index()]
    }

    /// Its short name; for an arrow, the name on the left as written.
    pub fn name(&self, at: ItemRef) -> &str {
        self.file(at).name(self.item(at))
    }

    /// Its title or label as written.
    pub fn label(&self, at: ItemRef) -> Option<&str> {
        let file = self.file(at);
        file.items[at.item].title.as_ref().map(|title| file.text(title))
    }

    /// Its title, or its name if it has none.
    pub fn title(&self, at: ItemRef) -> &str {
        let is_seen = |title: &&str| title.contains(|letter: char| !letter.is_whitespace() && !letter.is_control());
        self.label(at).filter(is_seen).unwrap_or_else(|| self.name(at))
    }

    /// A fact of it.
    pub fn fact(&self, at: ItemRef, fact: &'static Fact) -> Option<&FactValue> {
        let file = self.file(at);
        find_fact(file.facts_of(&file.items[at.item]), fact)
    }

    /// The words of a fact's value: a text, a choice or a name.
    pub fn words<'a>(&'a self, at: ItemRef, value: &'a FactValue) -> &'a str {
        self.file(at).words(value)
    }

    /// The words of a fact.
    pub fn text(&self, at: ItemRef, fact: &'static Fact) -> Option<&str> {
        self.fact(at, fact).map(|value| self.words(at, value))
    }

    /// All texts of a fact; a text with commas counts as several.
    pub fn list(&self, at: ItemRef, fact: &'static Fact) -> impl Iterator<Item = &str> {
        let file = self.file(at);
        let given = file.facts_of(&file.items[at.item]).iter().filter(move |value| value.fact == fact);
        given.flat_map(|value| file.words(value).split(',')).map(str::trim).filter(|word| !word.is_empty())
    }

    /// Which of the words that a fact takes is given, or holds where none is.
    pub fn choice<C: Choice>(&self, at: ItemRef) -> Option<C> {
        match self.fact(at, C::FACT) {
            Some(given) => given.choice(),
            None => C::of(C::FACT.default?),
        }
    }

    /// A yes-or-no fact, if given.
    pub fn flag(&self, at: ItemRef, fact: &'static Fact) -> Option<bool> {
        self.fact(at, fact)?.flag()
    }

    /// The span of a range in the file of something.
    pub fn span(&self, at: ItemRef, range: Range) -> Span {
        Span::new(at.file, range)
    }

    /// The words that name it: where a finding about all of it points.
    pub fn name_span(&self, at: ItemRef) -> Span {
        let item = self.item(at);
        let range = match item.kind.head {
            Head::Arrow if !item.target.is_none() => item.name.cover(item.target),
            _ if item.name.is_none() => item.word,
            _ => item.name,
        };
        self.span(at, range)
    }
}

/// The fact that some item's fact values hold, if given.
pub fn find_fact<'f>(values: &'f [FactValue], fact: &'static Fact) -> Option<&'f FactValue> {
    values.iter().find(|value| value.fact == fact)
}

/// Counts the names in the facts from `start` on and in their parts.
pub(crate) fn number_names(facts: &mut [FactValue], start: u32) {
    let mut number = 0;
    for fact in start..facts.len() as u32 {
        let (first, end) = facts[fact as usize].parts;
        for at in std::iter::once(fact).chain(first..end) {
            let value = &mut facts[at as usize];
            if value.may_name() {
                value.number = number;
                number += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Given, ItemsBuilder, Text, Value};
    use crate::facets::{common, glossary};
    use crate::{Entity, kinds, link};
    use groma_base::{FileId, Range};
    use std::sync::Arc;

    /// The range of some words of a text.
    fn words(text: &str, words: &str) -> Range {
        let start = text.find(words).expect("they stand there") as u32;
        Range::new(start, start + words.len() as u32)
    }

    /// Terms from a Markdown file and from a Groma file refer to each other, are found by name, and are told apart by
    /// nothing: a test double for sources that come later.
    #[test]
    fn items_of_another_source_are_linked_like_all_others() {
        let markdown = "# Cart\n\nWhat a customer has chosen. See order, and basket.\n";
        let mut builder = ItemsBuilder::new(FileId(0), markdown.into());
        let given = Given {
            word: words(markdown, "#"),
            name: words(markdown, "Cart"),
            title: Some(words(markdown, "Cart")),
            range: Range::new(0, markdown.len() as u32),
        };
        let see = |word| {
            (&glossary::facts::term::SEE, Value::Reference(Text::Slice(words(markdown, word))), words(markdown, word))
                .into()
        };
        let means = words(markdown, "What a customer has chosen.");
        let means = (&glossary::facts::term::MEANS, Value::Text(Text::Slice(means)), means);
        builder.begin(kinds::by_name("term").unwrap(), given, vec![means.into(), see("order"), see("basket")]);
        let (tree, _) = groma_syntax::parse("term order \"Order\" { see Cart }\nterm Cart \"Again\"\n".to_owned());
        let groma = crate::decode::decode(FileId(1), &tree);
        let (arch, problems) = link(vec![Arc::new(builder.finish()), Arc::new(groma)]);

        let find = |name| arch.resolve(None, name, &[&glossary::class::TERM]).unwrap();
        let (cart, order) = (find("Cart"), find("order"));
        let at = arch.declared_at(cart);
        assert_eq!(
            (arch.title(at), arch.text(at, &glossary::facts::term::MEANS)),
            ("Cart", Some("What a customer has chosen."))
        );
        assert_eq!(arch.referring(order, &glossary::facts::term::SEE).collect::<Vec<_>>(), [at]);
        assert_eq!(arch.referring(cart, &glossary::facts::term::SEE).collect::<Vec<_>>(), [arch.declared_at(order)]);
        assert!(arch.fact(at, &common::OWNER).is_none() && matches!(cart, Entity::Record(_)));
        let told: Vec<_> = problems.iter().map(|one| (one.message.as_str(), one.primary.span.file.0)).collect();
        assert_eq!(told, [("`Cart` is declared twice", 1), ("there is no term called `basket`", 0)]);
        assert_eq!(problems[1].primary.span.range, words(markdown, "basket"));
    }
}
