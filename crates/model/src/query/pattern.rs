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
    if !pattern.contains('*') {
        return pattern.eq_ignore_ascii_case(text)
            || !(pattern.is_ascii() && text.is_ascii()) && pattern.to_lowercase() == text.to_lowercase();
    }
    let pattern = pattern.to_lowercase();
    let text = text.to_lowercase();
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}
