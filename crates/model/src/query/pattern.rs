//! Patterns of names and texts: `*` is any characters of a part, `**` any number of parts.

/// Whether a path fits a pattern: `*` inside a part is any characters, `**` is one or more parts.
pub(super) fn matches_path(pattern: &[&str], path: &str) -> bool {
    let path: Vec<&str> = path.split('.').collect();
    let (mut part, mut name) = (0, 0);
    // Where the last `**` was, and how many parts it has taken: it takes one more when what follows does not fit.
    let mut wild: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(part), path.get(name)) {
            (None, None) => return true,
            (Some(&"**"), Some(_)) => {
                wild = Some((part, name + 1));
                (part, name) = (part + 1, name + 1);
            }
            (Some(expected), Some(found)) if glob(expected, found) => (part, name) = (part + 1, name + 1),
            _ => match wild {
                Some((at, taken)) if taken < path.len() => {
                    wild = Some((at, taken + 1));
                    (part, name) = (at + 1, taken + 1);
                }
                _ => return false,
            },
        }
    }
}

/// Whether a text fits a pattern in which `*` stands for any characters. Case does not matter.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    match pattern.is_ascii() && text.is_ascii() {
        true => fits(pattern.as_bytes(), text.as_bytes()),
        false => fits(pattern.to_lowercase().as_bytes(), text.to_lowercase().as_bytes()),
    }
}

fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut letter) = (0, 0);
    // Where the last `*` was, and where what it takes ends: it takes one more when what follows does not fit.
    let mut wild: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(at), text.get(letter)) {
            (None, None) => return true,
            (Some(b'*'), _) => {
                wild = Some((at, letter));
                at += 1;
            }
            (Some(expected), Some(found)) if expected.eq_ignore_ascii_case(found) => {
                (at, letter) = (at + 1, letter + 1)
            }
            _ => match wild {
                Some((star, taken)) if taken < text.len() => {
                    wild = Some((star, taken + 1));
                    (at, letter) = (star + 1, taken + 1);
                }
                _ => return false,
            },
        }
    }
}

/// A pattern that names something. What is called exactly so is meant alone, if anything is; else case does not matter.
pub(super) struct NamePattern<'q> {
    pattern: &'q str,
    is_exact: bool,
}

impl<'q> NamePattern<'q> {
    /// A pattern, and whether something is called exactly so.
    pub(super) fn new(pattern: &'q str, is_exact: bool) -> NamePattern<'q> {
        NamePattern { pattern, is_exact }
    }

    /// A pattern among all names that there are.
    pub(super) fn among<'n>(pattern: &'q str, mut known: impl Iterator<Item = &'n str>) -> NamePattern<'q> {
        NamePattern::new(pattern, known.any(|name| name == pattern))
    }

    /// Whether something is called exactly so.
    pub(super) fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Whether a name is meant.
    pub(super) fn fits(&self, name: &str) -> bool {
        if self.is_exact { name == self.pattern } else { glob(self.pattern, name) }
    }
}
