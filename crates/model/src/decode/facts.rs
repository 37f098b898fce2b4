//! Facts: as properties on the line of their node, as nodes in its block, and their parts.

use super::{Arguments, Decoder, Gathered, MISPLACED, MISSING_PART, Owner, WRONG_VALUE, is_number};
use crate::facets::own_facts::OwnFacts;
use crate::items::{FactValue, ItemId, Value};
use crate::kinds;
use crate::schema::{Fact, Head, Kind, Type};
use groma_base::{Range, only_meant};
use groma_syntax::{Entry, NodeId, WordKind};

/// Where facts stand.
#[derive(Clone, Copy)]
pub(super) enum Facts<'t> {
    /// On a node of a kind: that kind, the workspace's own facts, and the word that begins the node.
    Of(&'static Kind, &'t OwnFacts, &'t str),
    /// Behind a fact, as its parts.
    PartsOf(&'static Fact),
}

impl Facts<'_> {
    pub(super) fn called(self, name: &str) -> Option<&'static Fact> {
        match self {
            Facts::Of(kind, own, word) => {
                let older = own.instead_of(kind, word, name).or_else(|| kind.fact(name));
                let named = older.or_else(|| own.of(kind, word).find(|fact| fact.is_called(name)));
                named.or_else(|| own.formerly(kind, word, name))
            }
            Facts::PartsOf(fact) => fact.part(name),
        }
    }

    pub(super) fn also_called(self, name: &str) -> Option<&'static Fact> {
        match self {
            Facts::Of(kind, ..) => kind.fact_also_called(name),
            Facts::PartsOf(fact) => fact.part_also_called(name),
        }
    }

    pub(super) fn all(self) -> Vec<&'static Fact> {
        match self {
            Facts::Of(kind, own, word) => kind.all_facts().chain(own.of(kind, word)).collect(),
            Facts::PartsOf(fact) => fact.parts.to_vec(),
        }
    }

    /// The yes-or-no fact that a word which is none is certainly meant for.
    pub(super) fn flag_meant(self, word: &str) -> Option<&'static str> {
        let is_flag = |fact: &&'static Fact| matches!(fact.ty, Type::Bool);
        let flags: Vec<&str> = self.all().into_iter().filter(is_flag).map(|fact| fact.name).collect();
        let synonym = self.also_called(&word.to_lowercase()).filter(is_flag).map(|fact| fact.name);
        synonym.or_else(|| only_meant(word, &flags))
    }
}

impl<'t> Decoder<'t> {
    /// The facts that may be given there.
    pub(super) fn facts_at(&self, owner: Owner) -> Facts<'t> {
        match owner.fact {
            Some(fact) => Facts::PartsOf(fact),
            None => self.facts_of(owner.node, self.items[owner.item].kind),
        }
    }

    pub(super) fn property(&mut self, owner: Owner, entry: &Entry, gathered: &mut Gathered) {
        let key = self.tree.string(entry.key);
        let called = self.facts_at(owner).called(&key);
        // What is certainly meant is read, so that nothing else is told to be missing.
        let is_new = |fact: &&'static Fact| fact.many || !gathered.iter().any(|known| known.fact == *fact);
        let meant = |decoder: &mut Self| decoder.unknown_fact(owner, entry.key.range(), &key).filter(is_new);
        let Some(fact) = called.or_else(|| meant(self)) else { return };
        if let Some(value) = self.value(fact, entry.value) {
            let range = self.whole_value(entry.value);
            let whole = entry.range().cover(range);
            gathered.push(FactValue { fact, value, range, whole, parts: (0, 0), number: 0 });
        }
    }

    /// A fact written as a node: `retry 3 backoff=exponential`.
    pub(super) fn fact_node(&mut self, item: ItemId, id: NodeId, fact: &'static Fact, gathered: &mut Gathered) {
        let tree = self.tree;
        let node = tree.node(id);
        self.doubts_if(self.has_doubtful_words(id, Facts::PartsOf(fact)));
        if self.seeks_slips && (self.further_facts(item, id, fact) || self.is_written_otherwise(id, fact, gathered)) {
            return;
        }
        let mut parts = Gathered::new();
        let owner = Owner { item, fact: Some(fact), node: id };
        let named = self.value_with_name(id, fact).or_else(|| self.first_of_fact(id, fact, &mut parts));
        self.parts(owner, fact, named, &mut parts);
        let all = self.fact_arguments(id, fact, named.is_some(), &mut parts);
        let mut all = self.number_after_name(fact, all, &mut parts);
        self.value_then(fact, &mut all, &mut parts);
        all.extend(named);
        // As they are written, whether with a value or as a bare word.
        parts.sort_by_key(|part| part.whole.start);
        self.check_repeats(id, &parts);
        let start = self.facts.len() as u32;
        self.facts.append(&mut parts);
        let parts = (start, self.facts.len() as u32);
        if let Some(compared) = self.comparison(fact, &all) {
            all.truncate(compared);
            if all.is_empty() {
                // The value stands in the same word and is told with it.
                return;
            }
        }
        let whole = node.head_range(tree);
        match all.first() {
            None if matches!(fact.ty, Type::Bool) => {
                let range = node.name.range();
                gathered.push(FactValue { fact, value: Value::Bool(true), range, whole, parts, number: 0 });
            }
            None => self.no_value(node.name.range(), fact),
            Some(first) => {
                self.fact_argument(fact, first, whole, parts, gathered);
                if fact.many && fact.then.is_none() {
                    self.doubts_if(all.len() > 1 && (fact.is_prose || fact.ty == Type::Query));
                    // Behind a sentence in quotes no bare word is another: `recovery "It restarts" mode:automatic`.
                    let is_quoted = |entry: &Entry| entry.value.kind.is_string() && entry.value.kind != WordKind::Bare;
                    let is_stray = |entry: &&Entry| fact.is_prose && is_quoted(first) && !is_quoted(entry);
                    let stray: Vec<Entry> = all[1..].iter().filter(is_stray).copied().collect();
                    for entry in all[1..].iter().filter(|entry| !is_stray(entry)) {
                        self.fact_argument(fact, entry, whole, parts, gathered);
                    }
                    self.no_more_arguments(Owner { item, fact: Some(fact), node: id }, &stray);
                } else {
                    self.no_more_arguments(Owner { item, fact: Some(fact), node: id }, &all[1..]);
                }
            }
        }
    }

    /// Takes the second value of a fact that has one as the part that it is: `score fit 5`. It may be given by its name as well.
    fn value_then(&mut self, fact: &'static Fact, all: &mut Arguments, parts: &mut Gathered) {
        let Some(part) = fact.then else { return };
        let is_named = parts.iter().any(|given| given.fact == part);
        match all.get(1).copied().filter(|_| !is_named) {
            Some(entry) => {
                all.remove(1);
                self.fact_argument(part, &entry, entry.value.range(), (0, 0), parts);
            }
            None if is_named => {}
            None => {
                if let Some(first) = all.first() {
                    let message = format!("`{}` needs {} behind the name", fact.name, part.summary);
                    let (range, help) = (first.value.range(), format!("write it as in `{}`", fact.form));
                    self.report(MISSING_PART, range, message).help.push(help);
                }
            }
        }
    }

    /// Reports a fact in a block that is written as it is elsewhere. Whether nothing is left to read of it.
    fn is_written_otherwise(&mut self, id: NodeId, fact: &'static Fact, gathered: &mut Gathered) -> bool {
        self.fact_twice(id, fact);
        self.unquoted_fact(id, fact);
        self.parted_fact(id, fact);
        self.unquoted_properties(id, Facts::PartsOf(fact));
        self.names_with_numbers(id, fact)
            || self.record_as_fact(id, fact)
            || self.ends_of_value(id, fact, gathered)
            || self.ends_in_block_of_value(id, fact, gathered)
            || self.expected_share(id, fact)
            || self.success_required(id, fact)
    }

    /// The parts of a fact on its line and in its block, but for the number of the fact itself where that has a name.
    fn parts(&mut self, owner: Owner, fact: &'static Fact, named: Option<Entry>, parts: &mut Gathered) {
        let tree = self.tree;
        let is_named = |entry: &Entry| named.is_some_and(|named| named.range() == entry.range());
        for entry in tree.entries(owner.node).iter().filter(|entry| entry.key.is_some() && !is_named(entry)) {
            if !self.is_passed_over(entry) && !self.compared_with_equals(fact, entry) {
                self.property(owner, entry, parts);
            }
        }
        let is_number = |child: NodeId| {
            tree.entries(child).first().is_some_and(|entry| named.is_some_and(|named| named.value == entry.value))
        };
        for child in tree.children(owner.node).filter(|child| !is_number(*child)) {
            let word = tree.name(child);
            match fact.part(&word) {
                Some(part) => self.fact_node(owner.item, child, part, parts),
                None => self.unknown_part(child, &word, owner.item, fact),
            }
        }
    }

    /// `team platform "Platform"` in a workspace: a thing of its own, where the number of its name is said. Whether it was one.
    fn record_as_fact(&mut self, id: NodeId, fact: &'static Fact) -> bool {
        let tree = self.tree;
        let kind = kinds::by_name(fact.name).filter(|kind| matches!(kind.head, Head::Named) && kind.may_stand_in(None));
        let (Some(kind), Some(_), Some(first)) = (kind, fact.ty.dimension(), tree.entries(id).first()) else {
            return false;
        };
        let node = *tree.node(id);
        let is_titled = tree.entries(id).get(1).is_some_and(|next| next.value.kind == WordKind::Quoted);
        if first.key.is_some() || first.value.kind != WordKind::Bare || !is_titled && node.block.is_none() {
            return false;
        }
        let name = first.value.range().of(&tree.text);
        let message = format!("`{name}` is no {}", fact.ty.noun());
        let help = format!(
            "{} with a name stands at the top of a file: move `{} {name} …` there",
            kind.class.phrase, kind.name
        );
        self.report(MISPLACED, node.name.range().cover(first.value.range()), message).help.push(help);
        self.lost.push(node.range());
        true
    }

    /// The number of a fact, given with a name on its line or in its block, which is reported.
    fn value_with_name(&mut self, id: NodeId, fact: &'static Fact) -> Option<Entry> {
        if !self.seeks_slips {
            return None;
        }
        self.named_value(id, fact).or_else(|| self.number_in_block(id, fact))
    }

    /// `retry max=3`: the number of a fact, given as if it were a part of it, which is reported.
    fn named_value(&mut self, id: NodeId, fact: &'static Fact) -> Option<Entry> {
        let tree = self.tree;
        let is_value = |entry: &&Entry| {
            let key = tree.string(entry.key).to_lowercase();
            entry.key.is_some() && is_number(entry) && is_called_number(fact, &key)
        };
        let is_yes = |entry: &Entry| self.flag(entry, |name| fact.part(name)).is_some();
        let are_named = tree.entries(id).iter().all(|entry| entry.key.is_some() || is_yes(entry));
        let entry = *tree.entries(id).iter().find(is_value).filter(|_| are_named && fact.ty.dimension().is_some())?;
        let (span, value) = (self.span(entry.range()), entry.value.range().of(&tree.text));
        let message = format!("`{}` takes its number without a name", fact.name);
        let other = fact.instead(&tree.string(entry.key).to_lowercase());
        let finding = self.report(WRONG_VALUE, entry.range(), message);
        // What counts something else is no number of it.
        if let Some(other) = other {
            finding.help.push(other.to_owned());
            return Some(entry);
        }
        let help = format!("write `{} {value}`", fact.name);
        finding.help.push(help.clone());
        finding.add_fix(help, span, value);
        Some(entry)
    }

    fn no_value(&mut self, range: Range, fact: &'static Fact) {
        let finding = self.report(MISSING_PART, range, format!("`{}` has no value", fact.name));
        finding.help.push(format!("expected {}", fact.expected()));
    }

    /// The values of a fact, without the bare words that say yes to a part, which are gathered. Only the first value of a fact that is
    /// itself no yes may look like one.
    pub(super) fn fact_arguments(
        &mut self,
        id: NodeId,
        fact: &'static Fact,
        has_number: bool,
        parts: &mut Gathered,
    ) -> Arguments {
        let part = |name: &str| fact.part(name);
        let is_yes = matches!(fact.ty, Type::Bool);
        let all = self.arguments(id, 0);
        let (mut values, mut rest) = (Arguments::new(), all.as_slice());
        while let Some(entry) = rest.first() {
            // Where the number has a name, what stands alone is no value.
            let may_be_part = is_yes || has_number || !values.is_empty();
            let mut taken = 1;
            let is_compared = || {
                rest.get(1).is_some_and(|next| next.value.range().of(&self.tree.text).starts_with(['<', '>', '≤', '≥']))
            };
            if let Some((flag, value)) = self.part_before_value(fact, rest).filter(|_| !may_be_part) {
                parts.push(flag);
                values.push(value);
                taken = 2;
            } else if let Some(flag) = self.flag(entry, part).filter(|_| may_be_part) {
                parts.push(flag);
            } else if let Some(part) = self.bare_name(entry, part).filter(|_| may_be_part && !is_compared()) {
                taken = self.without_sign(part, entry, rest.get(1), parts);
            } else if let Some(part) = self.bare_choice_of_part(entry, fact).filter(|_| may_be_part) {
                taken = self.choice_alone(part, entry, parts);
            } else if may_be_part && self.colon_for_sign(Facts::PartsOf(fact), entry) {
                // Told, and no value.
            } else {
                values.push(*entry);
            }
            rest = &rest[taken.min(rest.len())..];
        }
        values
    }

    /// A word that says yes to a part and stands before the number of its fact, which is reported: `retry jitter 3`. The
    /// part, and the number.
    fn part_before_value(&mut self, fact: &'static Fact, rest: &[Entry]) -> Option<(FactValue, Entry)> {
        fact.ty.dimension()?;
        let (first, next) = (rest.first()?, rest.get(1).filter(|next| is_number(next))?);
        let flag = self.flag(first, |name| fact.part(name))?;
        let (word, number) = (first.value.range(), next.value.range());
        let meant = format!("{} {}", number.of(&self.tree.text), word.of(&self.tree.text));
        let whole = self.span(word.cover(number));
        let message = format!("the number of `{}` comes before `{}`", fact.name, word.of(&self.tree.text));
        self.report(WRONG_VALUE, word, message).add_meant(whole, meant);
        Some((flag, *next))
    }

    pub(super) fn fact_argument(
        &mut self,
        fact: &'static Fact,
        entry: &Entry,
        whole: Range,
        parts: (u32, u32),
        gathered: &mut Gathered,
    ) {
        if let Some(value) = self.value(fact, entry.value) {
            let range = self.whole_value(entry.value);
            gathered.push(FactValue { fact, value, range, whole, parts, number: 0 });
        }
    }
}

/// Whether the number of a fact is called so by people who give it a name: `retry max=3`, `burn rate=14.4` for a `burn-rate`.
pub(super) fn is_called_number(fact: &'static Fact, key: &str) -> bool {
    let joined = format!("{}-{key}", fact.name);
    let is_called = fact.other_names.iter().any(|other| *other == key || *other == joined)
        || fact.instead(key).is_some()
        || matches!(key, "max" | "count" | "times" | "value" | "number" | "size" | "limit");
    is_called && fact.part(key).is_none() && fact.part_also_called(key).is_none()
}
