//! Typed numbers: what is in one table is never looked up in another.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The number of a `T` in its [`Table`].
pub struct Idx<T>(u32, PhantomData<fn() -> T>);

impl<T> Idx<T> {
    /// The first of a table.
    pub const FIRST: Idx<T> = Idx::new(0);

    /// The one with this number.
    pub const fn new(raw: u32) -> Idx<T> {
        Idx(raw, PhantomData)
    }

    /// As a number.
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// As an index into a list that runs parallel to the table.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The number behind it.
    pub const fn next(self) -> Idx<T> {
        Idx::new(self.0 + 1)
    }

    /// The numbers from this one to before another.
    pub fn until(self, end: Idx<T>) -> impl DoubleEndedIterator<Item = Idx<T>> + Clone + use<T> {
        (self.0..end.0).map(Idx::new)
    }
}

// Derived, these would ask the same of `T`.
impl<T> Clone for Idx<T> {
    fn clone(&self) -> Idx<T> {
        *self
    }
}

impl<T> Copy for Idx<T> {}

impl<T> PartialEq for Idx<T> {
    fn eq(&self, other: &Idx<T>) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Idx<T> {}

impl<T> PartialOrd for Idx<T> {
    fn partial_cmp(&self, other: &Idx<T>) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Idx<T> {
    fn cmp(&self, other: &Idx<T>) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Idx<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Idx<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A list whose entries are known by their [`Idx`]. It only grows, so a number stays what it is.
#[derive(Clone, Debug)]
pub struct Table<T> {
    entries: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { entries: Vec::new() }
    }
}

impl<T> Table<T> {
    /// An empty one with room for some entries.
    pub(crate) fn with_capacity(count: usize) -> Table<T> {
        Table { entries: Vec::with_capacity(count) }
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: T) -> Idx<T> {
        self.entries.push(entry);
        Idx::new(self.entries.len() as u32 - 1)
    }

    /// The number that the next entry gets.
    pub fn end(&self) -> Idx<T> {
        Idx::new(self.entries.len() as u32)
    }

    /// The entries from one to before another.
    pub fn between(&self, start: Idx<T>, end: Idx<T>) -> &[T] {
        &self.entries[start.index()..end.index()]
    }

    /// The numbers of all entries.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Idx<T>> + ExactSizeIterator + use<T> {
        (0..self.entries.len() as u32).map(Idx::new)
    }

    /// All entries with their numbers.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (Idx<T>, &T)> + ExactSizeIterator + Clone {
        self.entries.iter().enumerate().map(|(at, entry)| (Idx::new(at as u32), entry))
    }

    /// All entries, to be changed.
    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.entries.iter_mut()
    }
}

impl<T> std::ops::Deref for Table<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.entries
    }
}

impl<T> std::ops::Index<Idx<T>> for Table<T> {
    type Output = T;

    fn index(&self, at: Idx<T>) -> &T {
        &self.entries[at.index()]
    }
}

impl<T> std::ops::IndexMut<Idx<T>> for Table<T> {
    fn index_mut(&mut self, at: Idx<T>) -> &mut T {
        &mut self.entries[at.index()]
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.entries.iter()
    }
}

impl<T> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Table<T> {
        Table { entries: entries.into_iter().collect() }
    }
}

/// Lists of numbers, one list an owner, in one table.
#[derive(Clone, Debug)]
pub(crate) struct Lists<Owner, T> {
    starts: Vec<u32>,
    values: Vec<Idx<T>>,
    owner: PhantomData<fn() -> Owner>,
}

impl<Owner, T> Default for Lists<Owner, T> {
    fn default() -> Lists<Owner, T> {
        Lists { starts: vec![0], values: Vec::new(), owner: PhantomData }
    }
}

impl<Owner, T> Lists<Owner, T> {
    /// Sorts pairs of owner and value into lists; the values of an owner keep their order.
    pub(crate) fn build(owners: usize, pairs: impl Iterator<Item = (Idx<Owner>, Idx<T>)> + Clone) -> Lists<Owner, T> {
        let mut starts = vec![0u32; owners + 1];
        for (owner, _) in pairs.clone() {
            starts[owner.index() + 1] += 1;
        }
        for at in 0..owners {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut values = vec![Idx::new(0); *starts.last().unwrap_or(&0) as usize];
        for (owner, value) in pairs {
            let slot = &mut next[owner.index()];
            values[*slot as usize] = value;
            *slot += 1;
        }
        Lists { starts, values, owner: PhantomData }
    }

    pub(crate) fn of(&self, owner: Idx<Owner>) -> &[Idx<T>] {
        let (start, end) = (self.starts[owner.index()], self.starts[owner.index() + 1]);
        &self.values[start as usize..end as usize]
    }
}
