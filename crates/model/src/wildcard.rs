//! Texts in which `*` stands for any characters.

/// Which letters are the same.
#[derive(Clone, Copy, PartialEq)]
pub enum Letters {
    /// Only those of the same case.
    AsWritten,
    /// Those of either case.
    EitherCase,
}

/// Whether a text fits a pattern in which `*` stands for any characters. Case does not matter.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    fits(pattern, text, Letters::EitherCase)
}

/// Whether a text fits a pattern in which `*` stands for any characters.
pub fn fits(pattern: &str, text: &str, letters: Letters) -> bool {
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
