//! Patterns of names and texts: `*` is any characters of a part, `**` any number of parts.

/// Which letters are the same.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Letters {
    /// Only those of the same case.
    AsWritten,
    /// Those of either case.
    EitherCase,
}

/// Whether a path fits a pattern: `*` inside a part is any characters, `**` is one or more parts.
pub(super) fn matches_path(pattern: &[&str], path: &str, letters: Letters) -> bool {
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
            (Some(expected), Some(found)) if fits(expected, found, letters) => (part, name) = (part + 1, name + 1),
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
    fits(pattern, text, Letters::EitherCase)
}

/// Whether a text fits a pattern in which `*` stands for any characters.
pub(super) fn fits(pattern: &str, text: &str, letters: Letters) -> bool {
    let same: fn(&u8, &u8) -> bool = match letters {
        Letters::AsWritten => |a, b| a == b,
        Letters::EitherCase => u8::eq_ignore_ascii_case,
    };
    match letters == Letters::AsWritten || pattern.is_ascii() && text.is_ascii() {
        true => fits_bytes(pattern.as_bytes(), text.as_bytes(), same),
        false => fits_bytes(pattern.to_lowercase().as_bytes(), text.to_lowercase().as_bytes(), same),
    }
}

fn fits_bytes(pattern: &[u8], text: &[u8], same: impl Fn(&u8, &u8) -> bool) -> bool {
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
            (Some(expected), Some(found)) if same(expected, found) => (at, letter) = (at + 1, letter + 1),
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

/// A pattern that names something. If it fits something as it is written, only the same letters are meant; else case does not matter.
pub(super) struct NamePattern<'q> {
    pattern: &'q str,
    letters: Letters,
}

impl<'q> NamePattern<'q> {
    /// A pattern among all names that there are.
    pub(super) fn among<N: AsRef<str>>(pattern: &'q str, mut known: impl Iterator<Item = N>) -> NamePattern<'q> {
        let is_exact = known.any(|name| fits(pattern, name.as_ref(), Letters::AsWritten));
        NamePattern { pattern, letters: if is_exact { Letters::AsWritten } else { Letters::EitherCase } }
    }

    /// Which letters of a name are the same as its own.
    pub(super) fn letters(&self) -> Letters {
        self.letters
    }

    /// Whether a name is meant.
    pub(super) fn fits(&self, name: &str) -> bool {
        fits(self.pattern, name, self.letters)
    }
}
