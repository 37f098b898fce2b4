//! The edits of nodes.

use super::unlink::Comments;
use super::{Document, EditError, Entry, Node, Place, Slot, Value, Written, is_name};
use groma_base::Range;
use groma_syntax::NodeId;

impl Document {
    /// Puts a new node with all that is in it into the document. [`Document::remove`] undoes it to the byte, unless a block on
    /// one line had to be broken for it.
    ///
    /// # Errors
    /// If the place is gone, or lies too deep.
    pub fn insert(&mut self, place: Place, node: &Node) -> Result<NodeId, EditError> {
        let spot = self.spot(place, node.levels())?;
        let id = self.add_slot(node);
        self.link(id, spot, "", !node.children.is_empty());
        for child in &node.children {
            self.insert(Place::EndOf(id), child)?;
        }
        Ok(id)
    }

    /// A node without its children that stands nowhere yet.
    fn add_slot(&mut self, node: &Node) -> NodeId {
        let argument = |value: &Value| entry(None, value.clone());
        let property = |(name, value): &(Value, Value)| entry(Some(name.clone()), value.clone());
        let arguments = node.arguments.iter().map(argument);
        let entries = arguments.chain(node.properties.iter().map(property)).collect();
        let comment = |text: &String| format!("{}{}", format!("// {text}").trim_end(), self.newline);
        self.slots.push(Slot {
            start: u32::MAX,
            parent: None,
            lead: node.comments.iter().map(comment).collect(),
            prefix: String::new(),
            word: node.word.clone().into(),
            entries,
            block: None,
            trail: String::new(),
            is_gone: false,
        })
    }

    /// Removes a node with all that is in it, the comments that belong to it, and its blank line.
    ///
    /// # Errors
    /// If it is gone already.
    pub fn remove(&mut self, node: NodeId) -> Result<(), EditError> {
        self.remove_with(node, Comments::Go)
    }

    fn remove_with(&mut self, node: NodeId, comments: Comments) -> Result<(), EditError> {
        self.slot(node)?;
        self.unlink(node, comments);
        let mut gone = vec![node];
        while let Some(node) = gone.pop() {
            gone.extend(self.children(node));
            self.at(node).is_gone = true;
        }
        Ok(())
    }

    /// Moves a node with all that is in it and the comments that belong to it. What it says stays the same: a name in it or of
    /// it may mean something else in its new place.
    ///
    /// # Errors
    /// If it or the place is gone, if the place is in the node or beside it, or lies too deep.
    pub fn move_to(&mut self, node: NodeId, place: Place) -> Result<(), EditError> {
        self.slot(node)?;
        if let Place::Before(other) | Place::After(other) | Place::EndOf(other) = place {
            let mut around = std::iter::successors(Some(other), |other| self.parent(*other));
            if around.any(|other| other == node) {
                return Err(EditError::IntoItself);
            }
        }
        let levels = self.levels_of(node);
        self.spot(place, levels)?;
        let is_tall = self.is_tall(node);
        let old = self.unlink(node, Comments::Go);
        let spot = self.spot(place, levels)?;
        self.link(node, spot, &old, is_tall);
        Ok(())
    }

    /// Changes the title of a node or the text of a relationship; one that has none gets one.
    ///
    /// # Errors
    /// If the node is gone, or has no name that a title could follow.
    pub fn set_title(&mut self, node: NodeId, title: &str) -> Result<(), EditError> {
        let slot = self.slot_mut(node)?;
        let index = slot.title_index();
        slot.set_argument(index, Value::quoted(title))
    }

    /// Removes the title of a node or the text of a relationship. Whether there was one.
    ///
    /// # Errors
    /// If the node is gone.
    pub fn remove_title(&mut self, node: NodeId) -> Result<bool, EditError> {
        let slot = self.slot_mut(node)?;
        let found = slot.arguments().nth(slot.title_index()).map(|(at, _)| at);
        found.into_iter().for_each(|at| slot.remove_entry(at));
        Ok(found.is_some())
    }

    /// Changes the name of a node, here and nowhere else: see [`Document::replace`] for the places that refer to it.
    ///
    /// # Errors
    /// If the node is gone, has no name, or the new one cannot be one.
    pub fn set_name(&mut self, node: NodeId, name: &str) -> Result<(), EditError> {
        let slot = self.slot_mut(node)?;
        if slot.arrow().is_some() || slot.argument(0).is_none() {
            return Err(EditError::NoName);
        }
        if !is_name(name) {
            return Err(EditError::NotAName(name.to_owned()));
        }
        slot.set_argument(0, Value::word(name))
    }

    /// Changes what a relationship or a step leads from and to.
    ///
    /// # Errors
    /// If the node is gone or is no arrow, or if an end is no path of names.
    pub fn set_ends(&mut self, node: NodeId, from: &str, to: &str) -> Result<(), EditError> {
        let slot = self.slot_mut(node)?;
        if slot.arrow().is_none() {
            return Err(EditError::NoName);
        }
        for end in [from, to] {
            if !end.split('.').all(is_name) {
                return Err(EditError::NotAName(end.to_owned()));
            }
        }
        slot.set_argument(1, Value::word(to))?;
        slot.word.set(Value::word(from));
        Ok(())
    }

    /// Writes something else in these places of the text that was opened, each a word or a part of one: what a new name needs
    /// wherever the old one stands, as in `shop.core.checkout`. All of them are written, or none.
    ///
    /// # Errors
    /// If a place is no part of a word, overlaps another one or was changed before, or if what comes of a word is no word.
    pub fn replace(&mut self, places: &[(Range, &str)]) -> Result<(), EditError> {
        let mut sorted = places.to_vec();
        sorted.sort_by_key(|(range, _)| *range);
        let mut words: Vec<(Spelling, u32, String)> = Vec::new();
        let mut end = 0;
        for (range, new) in sorted {
            let spelling = self.spelling_at(range).filter(|_| end <= range.start).ok_or(EditError::NoWord(range))?;
            let written = self.written_mut(spelling);
            let start = written.at.unwrap_or_default();
            let old = written.value.as_written();
            // What is left of the word after the last place in it is added when the next word begins.
            match words.last_mut().filter(|(known, ..)| *known == spelling) {
                Some((_, taken, text)) => text.push_str(&old[*taken as usize..(range.start - start) as usize]),
                None => words.push((spelling, 0, old[..(range.start - start) as usize].to_owned())),
            }
            let (_, taken, text) = words.last_mut().expect("there is one");
            text.push_str(new);
            *taken = range.end - start;
            end = range.end;
        }
        let finish = |document: &mut Document, (spelling, taken, text): (Spelling, u32, String)| {
            let old = &document.written_mut(spelling).value;
            let whole = text + &old.as_written()[taken as usize..];
            match Value::written(&whole).filter(|new| new.kind().is_string() || !old.kind().is_string()) {
                Some(new) => Ok((spelling, new)),
                None => Err(EditError::NotAWord(whole)),
            }
        };
        let words: Result<Vec<_>, _> = words.into_iter().map(|word| finish(self, word)).collect();
        for (spelling, new) in words? {
            *self.written_mut(spelling) = new.into();
        }
        Ok(())
    }

    /// Makes the edits that a finding offers, whose places are those of the text that was opened: a node for which nothing is
    /// to be written is removed as [`Document::remove`] does it, but its comments stay; words are written as [`Document::replace`] does it. All of
    /// them are made, or none.
    ///
    /// # Errors
    /// If a place is neither a node nor a part of a word, or as those two say.
    pub fn apply(&mut self, edits: &[(Range, &str)]) -> Result<(), EditError> {
        let (mut gone, mut words) = (Vec::new(), Vec::new());
        for (range, text) in edits {
            match self.node_with(*range).filter(|_| text.is_empty()) {
                Some(node) => gone.push(node),
                None => words.push((*range, *text)),
            }
        }
        self.replace(&words)?;
        for node in gone {
            // One that is gone was offered twice, or went with the node it stood in.
            let _ = self.remove_with(node, Comments::Stay);
        }
        Ok(())
    }

    /// The node that has just this place in the text that was opened.
    fn node_with(&self, range: Range) -> Option<NodeId> {
        let node = self.read_at(range.start)?;
        let slot = self.slot(node).ok()?;
        let is_it = slot.start == range.start && self.body(node).len() as u32 == range.end - range.start;
        is_it.then_some(node)
    }

    /// The word that holds this place of the text that was opened.
    fn spelling_at(&self, range: Range) -> Option<Spelling> {
        let node = self.read_at(range.start)?;
        let slot = self.slot(node).ok()?;
        let holds = |written: &Written| written.holds(range);
        if holds(&slot.word) {
            return Some(Spelling::Word(node));
        }
        let value = slot.entries.iter().position(|entry| holds(&entry.value)).map(|at| Spelling::Value(node, at));
        let key = || slot.entries.iter().position(|entry| entry.key.as_ref().is_some_and(holds));
        value.or_else(|| key().map(|at| Spelling::Key(node, at)))
    }

    fn written_mut(&mut self, spelling: Spelling) -> &mut Written {
        match spelling {
            Spelling::Word(node) => &mut self.at(node).word,
            Spelling::Value(node, at) => &mut self.at(node).entries[at].value,
            Spelling::Key(node, at) => {
                let Entry { key, value, .. } = &mut self.at(node).entries[at];
                key.as_mut().unwrap_or(value)
            }
        }
    }
}

/// Where a word is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Word(NodeId),
    Key(NodeId, usize),
    Value(NodeId, usize),
}

impl Written {
    /// Whether it holds this place of the text that was opened, and no character of it only in part.
    fn holds(&self, range: Range) -> bool {
        let text = self.value.as_written();
        let within = |start: u32| range.start.checked_sub(start).zip(range.end.checked_sub(start));
        let within = self.at.and_then(within);
        within.is_some_and(|(start, end)| text.get(start as usize..end as usize).is_some())
    }
}

pub(super) fn entry(key: Option<Value>, value: Value) -> Entry {
    let between = if key.is_some() { "=" } else { "" };
    Entry { gap: " ".to_owned(), key: key.map(Written::from), between: between.to_owned(), value: value.into() }
}

impl Written {
    /// Writes another value; one that is written the same stays what it was.
    pub(super) fn set(&mut self, value: Value) {
        let value = value.in_place_of(&self.value);
        if value != self.value {
            *self = value.into();
        }
    }
}

impl Slot {
    /// Changes the argument with this number, or adds it after the one before.
    pub(super) fn set_argument(&mut self, nth: usize, value: Value) -> Result<(), EditError> {
        let found = self.arguments().nth(nth).map(|(at, _)| at);
        if let Some(at) = found {
            self.entries[at].value.set(value);
            return Ok(());
        }
        let after = match nth.checked_sub(1) {
            None => 0,
            Some(before) => self.arguments().nth(before).ok_or(EditError::NoName)?.0 + 1,
        };
        self.entries.insert(after, entry(None, value));
        Ok(())
    }

    /// Takes an entry off the line. A comment before it stays, and so does what `/-` takes out there.
    pub(super) fn remove_entry(&mut self, at: usize) {
        let gap = self.entries.remove(at).gap;
        let is_said = super::space::tokens(&gap).any(|token| match token.kind {
            groma_syntax::TokenKind::Space => false,
            groma_syntax::TokenKind::Escline => token.range.of(&gap).contains('/'),
            _ => true,
        });
        if is_said {
            let next = match (self.entries.get_mut(at), &mut self.block) {
                (Some(entry), _) => &mut entry.gap,
                (None, Some(block)) => &mut block.gap,
                (None, None) => &mut self.trail,
            };
            next.insert_str(0, gap.trim_end_matches([' ', '\t']));
        }
    }
}
