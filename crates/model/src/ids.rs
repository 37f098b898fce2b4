//! Typed numbers: what is in one table is never looked up in another.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU32;

/// The number of a `T` in its [`Table`]. An `Option` of it is not larger.
pub struct Idx<T> {
    /// One more than the number.
    stored: NonZeroU32,
    of: PhantomData<fn() -> T>,
}

impl<T> Idx<T> {
    /// The first of a table.
    pub const FIRST: Idx<T> = Idx::new(0);

    /// The one with this number.
    #[inline(always)]
    pub const fn new(raw: u32) -> Idx<T> {
        match NonZeroU32::new(raw.wrapping_add(1)) {
            Some(stored) => Idx { stored, of: PhantomData },
            None => panic!("more entries than there are numbers"),
        }
    }

    /// As a number.
    #[inline(always)]
    pub const fn raw(self) -> u32 {
        self.stored.get() - 1
    }

    /// As an index into a list that runs parallel to the table.
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.stored.get() as usize - 1
    }

    /// The one after it.
    #[inline(always)]
    pub const fn next(self) -> Idx<T> {
        self.after(1)
    }

    /// The one so many after it.
    #[inline(always)]
    pub const fn after(self, count: u32) -> Idx<T> {
        Idx::new(self.raw() + count)
    }

    /// From this one to before another.
    pub fn until(self, end: Idx<T>) -> impl DoubleEndedIterator<Item = Idx<T>> + ExactSizeIterator + Clone + use<T> {
        (self.raw()..end.raw()).map(Idx::new)
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
        self.stored == other.stored
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
        self.stored.cmp(&other.stored)
    }
}

impl<T> Hash for Idx<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw().hash(state);
    }
}

impl<T> fmt::Debug for Idx<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.raw())
    }
}

/// A list whose entries are known by their [`Idx`].
pub type Table<T> = Per<T, T>;

/// A list with an entry for each `K`, known by the number of that. It only grows, so a number stays what it is.
pub struct Per<K, V> {
    entries: Vec<V>,
    of: PhantomData<fn() -> K>,
}

impl<K, V> Per<K, V> {
    /// Nothing yet.
    pub const fn new() -> Per<K, V> {
        Per { entries: Vec::new(), of: PhantomData }
    }

    /// An empty one with room for some entries.
    pub(crate) fn with_capacity(count: usize) -> Per<K, V> {
        Per { entries: Vec::with_capacity(count), of: PhantomData }
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: V) -> Idx<K> {
        let id = self.end();
        self.entries.push(entry);
        id
    }

    /// The number of the entry that is added next: no entry has it yet.
    pub fn end(&self) -> Idx<K> {
        Idx::new(self.entries.len() as u32)
    }

    /// The numbers of all entries.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Idx<K>> + ExactSizeIterator + Clone + use<K, V> {
        Idx::FIRST.until(self.end())
    }

    /// All entries with their numbers.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (Idx<K>, &V)> + ExactSizeIterator + Clone {
        self.entries.iter().enumerate().map(|(at, entry)| (Idx::new(at as u32), entry))
    }

    /// All entries with their numbers, to be changed.
    pub fn entries_mut(&mut self) -> impl DoubleEndedIterator<Item = (Idx<K>, &mut V)> + ExactSizeIterator {
        self.entries.iter_mut().enumerate().map(|(at, entry)| (Idx::new(at as u32), entry))
    }

    /// All entries, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, V> {
        self.entries.iter_mut()
    }

    /// An entry, if there is one with this number.
    #[inline(always)]
    pub fn get(&self, at: Idx<K>) -> Option<&V> {
        self.entries.get(at.index())
    }

    /// The same, to be changed.
    #[inline(always)]
    pub fn get_mut(&mut self, at: Idx<K>) -> Option<&mut V> {
        self.entries.get_mut(at.index())
    }

    /// The entries from one to before another.
    pub fn between(&self, start: Idx<K>, end: Idx<K>) -> &[V] {
        &self.entries[start.index()..end.index()]
    }

    /// The first entry of which something is true.
    pub fn find(&self, is_meant: impl FnMut(&V) -> bool) -> Option<Idx<K>> {
        self.entries.iter().position(is_meant).map(|at| Idx::new(at as u32))
    }

    /// A list beside this one, with the same in every entry.
    pub fn beside<U: Clone>(&self, entry: U) -> Per<K, U> {
        Per { entries: vec![entry; self.entries.len()], of: PhantomData }
    }

    /// A list beside this one, with what is made of each entry.
    pub fn each<U>(&self, of: impl FnMut(&V) -> U) -> Per<K, U> {
        self.entries.iter().map(of).collect()
    }

    /// Adds the same entry until there are so many.
    pub fn fill_up(&mut self, count: usize, entry: V)
    where
        V: Clone,
    {
        if self.entries.len() < count {
            self.entries.resize(count, entry);
        }
    }
}

impl<K, V> Default for Per<K, V> {
    fn default() -> Per<K, V> {
        Per::new()
    }
}

impl<K, V: Clone> Clone for Per<K, V> {
    fn clone(&self) -> Per<K, V> {
        Per { entries: self.entries.clone(), of: PhantomData }
    }
}

impl<K, V: fmt::Debug> fmt::Debug for Per<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.fmt(f)
    }
}

impl<K, V> std::ops::Deref for Per<K, V> {
    type Target = [V];

    fn deref(&self) -> &[V] {
        &self.entries
    }
}

impl<K, V> std::ops::Index<Idx<K>> for Per<K, V> {
    type Output = V;

    #[inline(always)]
    fn index(&self, at: Idx<K>) -> &V {
        &self.entries[at.index()]
    }
}

impl<K, V> std::ops::IndexMut<Idx<K>> for Per<K, V> {
    #[inline(always)]
    fn index_mut(&mut self, at: Idx<K>) -> &mut V {
        &mut self.entries[at.index()]
    }
}

impl<'a, K, V> IntoIterator for &'a Per<K, V> {
    type Item = &'a V;
    type IntoIter = std::slice::Iter<'a, V>;

    fn into_iter(self) -> std::slice::Iter<'a, V> {
        self.entries.iter()
    }
}

impl<'a, K, V> IntoIterator for &'a mut Per<K, V> {
    type Item = &'a mut V;
    type IntoIter = std::slice::IterMut<'a, V>;

    fn into_iter(self) -> std::slice::IterMut<'a, V> {
        self.entries.iter_mut()
    }
}

impl<K, V> FromIterator<V> for Per<K, V> {
    fn from_iter<I: IntoIterator<Item = V>>(entries: I) -> Per<K, V> {
        Per { entries: entries.into_iter().collect(), of: PhantomData }
    }
}

const _: () = assert!(size_of::<Option<Idx<()>>>() == size_of::<u32>());

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
