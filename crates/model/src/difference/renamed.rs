//! Old names in texts: what a query or a message called something before, said with the names of after.

use super::pairs::Pairs;
use super::side::Side;
use rustc_hash::FxHashMap;

/// The paths of what is called otherwise, or stands in something else.
#[derive(Clone, Default, Debug)]
pub(super) struct Renamed {
    paths: FxHashMap<String, String>,
}

impl Renamed {
    pub(super) fn new(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> Renamed {
        let mut paths = FxHashMap::default();
        for entity in &after.entities {
            let Some(old) = pairs.before(*entity) else { continue };
            let (own, other) = (after.key(*entity), before.key(old));
            if own.name != other.name || own.scope != other.scope.and_then(|scope| pairs.after(scope)) {
                paths.insert(before.arch.path(old), after.arch.path(*entity));
            }
        }
        Renamed { paths }
    }

    /// A text in which each path that is now another one is that.
    pub(super) fn words(&self, text: &str) -> String {
        if self.paths.is_empty() {
            return text.to_owned();
        }
        let is_of_name = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|letter: char| is_of_name(letter) != is_of_name(first)).unwrap_or(rest.len());
            let (run, behind) = rest.split_at(end);
            match is_of_name(first) {
                true => out.push_str(&self.path(run)),
                false => out.push_str(run),
            }
            rest = behind;
        }
        out
    }

    /// A path of which the longest beginning that has another name now has that.
    fn path(&self, path: &str) -> String {
        let dots = path.match_indices('.').map(|(at, _)| at);
        let mut ends: Vec<usize> = dots.chain([path.len()]).collect();
        ends.reverse();
        let found = ends.into_iter().find_map(|end| Some((end, self.paths.get(&path[..end])?)));
        found.map_or_else(|| path.to_owned(), |(end, new)| format!("{new}{}", &path[end..]))
    }
}
