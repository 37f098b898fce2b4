//! Numbers of a fact that are written as people write them elsewhere: shares of several names, two ends of a range, limits.

use super::facts::is_called_number;
use super::slips::limits;
use super::{Decoder, Gathered, WRONG_VALUE, is_number};
use crate::facts;
use crate::items::FactValue;
use crate::schema::{Fact, Type};
use crate::write::is_name;
use groma_base::{Dimension, Edit, Fix, Quantity, Range};
use groma_syntax::{Entry, NodeId, Word, WordKind};

impl Decoder<'_> {
    /// `mix search=90`, `mix { search 90% }`, `mix search:90%`: names with their numbers, each of which is a fact of its own.
    /// Whether these were such.
    pub(super) fn names_with_numbers(&mut self, id: NodeId, fact: &'static Fact) -> bool {
        let tree = self.tree;
        let number = fact.parts.iter().copied().find(|part| part.ty.dimension() == Some(Dimension::Count));
        let (Type::Reference(_), Some(number)) = (fact.ty, number) else { return false };
        let is_part = |name: &str| fact.part(name).is_some() || fact.part_also_called(name).is_some();
        let entries = tree.entries(id);
        let keyed = |entry: &Entry| entry.key.is_some() && !is_part(&tree.string(entry.key));
        let pairs: Option<Vec<(String, String)>> = match entries {
            [] => tree.children(id).map(|child| self.number_in_node(child, number)).collect(),
            [first, ..] if keyed(first) => {
                let pair = |entry: &Entry| {
                    let value = self.value_as(number, entry.value);
                    Some((self.source(entry.key.range()).to_owned(), value))
                };
                entries.iter().filter(|entry| keyed(entry)).map(pair).collect()
            }
            entries => entries.iter().map(|entry| self.number_after_colon(entry, number)).collect(),
        };
        let Some(pairs) = pairs.filter(|pairs| !pairs.is_empty()) else { return false };
        let node = *tree.node(id);
        let (head, first) = (node.head_range(tree), entries.first());
        let (whole, range) = match first {
            Some(first) if first.key.is_some() => (head, first.key.range()),
            Some(first) => (head, first.value.range()),
            None => (node.range(), node.name.range()),
        };
        let all: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{} {name} {}={value}", fact.name, number.name)).collect();
        let sign = match first {
            Some(first) if first.key.is_some() => "=",
            Some(_) => ":",
            None => "number",
        };
        let message = match first {
            Some(_) => format!("a name comes after `{}`, not before a `{sign}`", fact.name),
            None => format!("each name of `{}` is a fact of its own", fact.name),
        };
        let span = self.span(whole);
        self.report(WRONG_VALUE, range, message).add_meant(span, all.join("; "));
        true
    }

    /// A number as a fact takes it, or as it stands there.
    fn value_as(&self, fact: &'static Fact, word: Word) -> String {
        let text = self.source(word.range());
        let number = text.trim_end_matches(['%', ',']);
        let is_count = fact.ty.dimension() == Some(Dimension::Count) && number.parse::<f64>().is_ok();
        if is_count { number.to_owned() } else { text.to_owned() }
    }

    fn number_in_node(&self, child: NodeId, number: &'static Fact) -> Option<(String, String)> {
        let [only] = self.tree.entries(child) else { return None };
        let name = self.tree.name(child);
        let is_pair = !only.key.is_some() && is_number(only) && name.split('.').all(is_name);
        (is_pair && name != number.name)
            .then(|| (name.trim_end_matches(':').to_owned(), self.value_as(number, only.value)))
    }

    fn number_after_colon(&self, entry: &Entry, number: &'static Fact) -> Option<(String, String)> {
        let text = self.source(entry.value.range());
        let (name, value) = text.split_once(':').filter(|_| entry.value.kind == WordKind::Bare)?;
        let value = value.trim_end_matches([',', '%']);
        let is_pair = !entry.key.is_some() && is_name(name) && value.parse::<f64>().is_ok();
        let is_count = number.ty.dimension() == Some(Dimension::Count);
        (is_pair && is_count).then(|| (name.to_owned(), value.to_owned()))
    }

    /// `replicas min=3 max=9`: the ends of a range. Whether these were such.
    pub(super) fn ends_of_value(&mut self, id: NodeId, fact: &'static Fact, gathered: &mut Gathered) -> bool {
        if !fact.is_ranged {
            return false;
        }
        let tree = self.tree;
        let called = |names: &[&str]| {
            let is_it = |entry: &&Entry| entry.key.is_some() && names.contains(&&*tree.string(entry.key));
            tree.entries(id).iter().find(is_it).copied()
        };
        let (least, most) = (called(&["min", "minimum", "from", "least"]), called(&["max", "maximum", "to", "most"]));
        let is_part = |entry: Option<Entry>| entry.is_some_and(|entry| fact.part(&tree.string(entry.key)).is_some());
        let Some(one) = least.or(most) else { return false };
        if is_part(least) || is_part(most) || !tree.entries(id).iter().all(|entry| entry.key.is_some()) {
            return false;
        }
        let (Some(low), Some(high)) = (least, most) else {
            let message = format!("`{}` takes both ends as one range", fact.name);
            let help = match least {
                Some(low) => {
                    format!("`{} {}..`, with the largest number behind it", fact.name, self.source(low.value.range()))
                }
                None => format!("`{} 1..{}`", fact.name, self.source(one.value.range())),
            };
            self.report(WRONG_VALUE, one.range(), message).help.push(format!("write {help}"));
            return true;
        };
        let range = format!("{}..{}", self.source(low.value.range()), self.source(high.value.range()));
        let Ok(quantity) = Quantity::parse(&range) else { return false };
        let whole = low.range().cover(high.range());
        let between = tree
            .entries(id)
            .iter()
            .filter(|entry| whole.start <= entry.range().start && entry.range().end <= whole.end);
        let meant = (between.count() == 2).then(|| range.clone());
        let message = format!("`{}` takes both ends as one range", fact.name);
        let span = self.span(whole);
        let finding = self.report(WRONG_VALUE, whole, message);
        let help = format!("write `{} {range}`", fact.name);
        finding.help.push(help.clone());
        if let Some(meant) = meant {
            finding.add_fix(help, span, meant);
        }
        let value = crate::items::Value::Quantity(quantity);
        let head = tree.node(id).head_range(tree);
        gathered.push(FactValue { fact, value, range: whole, whole: head, parts: (0, 0), number: 0 });
        true
    }

    /// `replicas { min 3; max 9 }`: the same in a block.
    pub(super) fn ends_in_block_of_value(&mut self, id: NodeId, fact: &'static Fact, gathered: &mut Gathered) -> bool {
        if !fact.is_ranged {
            return false;
        }
        let tree = self.tree;
        let end = |names: &[&str]| {
            let is_it =
                |child: &NodeId| names.contains(&&*tree.name(*child)) && fact.part(&tree.name(*child)).is_none();
            let child = tree.children(id).find(is_it)?;
            match tree.entries(child) {
                [only] if !only.key.is_some() && is_number(only) => Some((child, *only)),
                _ => None,
            }
        };
        let (least, most) = (end(&["min", "minimum"]), end(&["max", "maximum"]));
        let (Some((first, low)), Some((_, high))) = (least, most) else { return false };
        let range = format!("{}..{}", self.source(low.value.range()), self.source(high.value.range()));
        let Some(quantity) = Quantity::parse(&range).ok().filter(|_| tree.entries(id).is_empty()) else { return false };
        let node = *tree.node(id);
        let meant = format!("{} {range}", fact.name);
        let (span, message) = (self.span(node.range()), format!("`{}` takes both ends as one range", fact.name));
        let is_all = tree.children(id).count() == 2;
        let finding = self.report(WRONG_VALUE, tree.node(first).head_range(tree), message);
        match is_all {
            true => finding.add_meant(span, meant),
            false => finding.help.push(format!("write `{meant}`, and the rest behind it or in its block")),
        }
        let (value, whole) = (crate::items::Value::Quantity(quantity), node.head_range(tree));
        gathered.push(FactValue { fact, value, range: node.name.range(), whole, parts: (0, 0), number: 0 });
        true
    }

    /// `retry { count 3 }`: the number of a fact in its block, which is reported.
    pub(super) fn number_in_block(&mut self, id: NodeId, fact: &'static Fact) -> Option<Entry> {
        let tree = self.tree;
        let has_value = tree.entries(id).iter().any(|entry| !entry.key.is_some() && is_number(entry));
        fact.ty.dimension().filter(|_| !has_value)?;
        let is_it = |child: &NodeId| {
            let key = tree.name(*child).to_lowercase();
            is_called_number(fact, &key)
                && matches!(tree.entries(*child), [only] if !only.key.is_some() && is_number(only))
        };
        let child = tree.children(id).find(is_it)?;
        let entry = tree.entries(child)[0];
        let key = tree.name(child).to_lowercase();
        let message = format!("the number of `{}` stands right behind it", fact.name);
        let help = match fact.instead(&key) {
            Some(instead) => instead.to_owned(),
            None => format!(
                "write `{} {}`, and the rest behind it or in its block",
                fact.name,
                self.source(entry.value.range())
            ),
        };
        self.report(WRONG_VALUE, tree.node(child).head_range(tree), message).help.push(help);
        Some(entry)
    }

    /// `require p95 flow=buy <= 3s`: a limit with `<=`, which is read as a property called `<`. Whether it was one.
    pub(super) fn compared_with_equals(&mut self, fact: &'static Fact, entry: &Entry) -> bool {
        let key = self.source(entry.key.range());
        let Some((under, over)) = limits(fact) else { return false };
        let side = if key.ends_with(['<', '≤']) { under } else { over };
        let left = key.trim_end_matches(['<', '>', '≤', '≥']);
        if left.len() == key.len() || !(left.is_empty() || fact.part(left).is_some()) {
            return false;
        }
        let value = self.source(entry.value.range()).to_owned();
        let meant = if left.is_empty() { format!("{side}={value}") } else { format!("{left}={value}") };
        let message = format!("a limit is written with `{under}=` or `{over}=`");
        self.slip(WRONG_VALUE, entry.range(), message, Some(meant));
        true
    }

    /// `expect success flow=buy over=80%`: the share as in a requirement. Whether it was that.
    pub(super) fn expected_share(&mut self, id: NodeId, fact: &'static Fact) -> bool {
        let tree = self.tree;
        let [first, rest @ ..] = tree.entries(id) else { return false };
        let part = fact.part(self.source(first.value.range())).filter(|_| !first.key.is_some());
        let (Type::Reference(classes), Some(part)) = (fact.ty, part) else { return false };
        let key = |entry: &Entry| tree.string(entry.key);
        let named = rest.iter().find(|entry| classes.iter().any(|class| class.word == key(entry)));
        let limit = rest.iter().find(|entry| matches!(&*key(entry), "over" | "min" | "above" | "at-least" | ">"));
        let (Some(named), Some(limit)) = (named, limit) else { return false };
        let (name, value) = (self.source(named.value.range()), self.source(limit.value.range()));
        let meant = format!("{} {name} {}={value}", fact.name, part.name);
        let span = self.span(tree.node(id).head_range(tree));
        let is_all = rest.len() == 2;
        let message = format!("`{}` is said of what `{}` names", part.name, fact.name);
        let range = first.value.range();
        let finding = self.report(WRONG_VALUE, range, message);
        match is_all {
            true => finding.add_meant(span, meant),
            false => finding.help.push(format!("write `{meant}`")),
        }
        true
    }

    /// `require success over=99%`: what fails is limited instead. Whether it was that.
    pub(super) fn success_required(&mut self, id: NodeId, fact: &'static Fact) -> bool {
        let tree = self.tree;
        let Some(first) = tree.entries(id).first().filter(|first| !first.key.is_some()) else { return false };
        let is_success = matches!(self.source(first.value.range()), "success" | "success-rate" | "success-ratio");
        if !is_success || ![&facts::quality::REQUIRE, &facts::load::THRESHOLD].contains(&fact) {
            return false;
        }
        let is_floor = |entry: &&Entry| {
            let key = tree.string(entry.key);
            facts::quality::OVER.is_called(&key) || facts::quality::OVER.other_names.contains(&&*key)
        };
        let limit = tree.entries(id).iter().find(is_floor).copied();
        let share = limit.and_then(|limit| Quantity::parse(self.source(limit.value.range())).ok());
        let share = share.filter(|share| share.dimension == Dimension::Ratio && share.low <= 1.0 && !share.is_range());
        let failing = share.map(|share| format!("{}%", ((1.0 - share.low) * 1e8).round() / 1e6));
        let range = first.value.range();
        let spans = (self.span(range), limit.map(|limit| self.span(limit.range())));
        let finding = self.report(WRONG_VALUE, range, "what is limited is the share of requests that fail");
        let help = format!("write `error-rate` with `under={}`", failing.as_deref().unwrap_or("1%"));
        finding.help.push(help.clone());
        if let ((first, Some(limit)), Some(failing)) = (spans, failing) {
            let edit = |span, text: String| Edit { span, text };
            let edits = vec![edit(first, "error-rate".to_owned()), edit(limit, format!("under={failing}"))];
            finding.fixes.push(Fix { message: help, edits });
        }
        true
    }

    /// `on p95 under=2s` of an alert: people say what should be, and an alert says when it is not so. Whether it was that.
    pub(super) fn side_of_alert(&mut self, id: NodeId, fact: &'static Fact, entry: &Entry) -> bool {
        let metric = self.tree.entries(id).first().map(|first| self.source(first.value.range()));
        let is_better_high = matches!(metric, Some("throughput" | "availability" | "users") | None);
        let key = self.tree.string(entry.key);
        let is_under = facts::alert::BELOW.other_names.contains(&&*key);
        if *fact != facts::alert::ON || is_better_high || !is_under {
            return false;
        }
        let (metric, value) = (metric.unwrap_or_default().to_owned(), self.source(entry.value.range()).to_owned());
        let range: Range = entry.key.range();
        let span = self.span(entry.range());
        let finding = self.report(WRONG_VALUE, range, "an alert fires `over=` or `below=` a limit");
        finding.help.push(format!("to be told when `{metric}` is not under {value}, write `over={value}`"));
        finding.add_fix(format!("write `over={value}`"), span, format!("over={value}"));
        true
    }
}
