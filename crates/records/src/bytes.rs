//! From the bytes of a file to a text of the same length, so that every range holds in both.

use crate::finding::{Finding, FindingKind};
use groma_base::Range;
use std::borrow::Cow;

/// No record has so many bytes: whoever meets such a file has met something else.
pub const LARGEST: usize = 1 << 20;
/// Stands for each byte that is no UTF-8, and is shown as `U+FFFD`.
pub(crate) const FOREIGN: char = '\u{1A}';
/// From this share of such bytes on nothing is a text: one in so many.
const ONE_IN: usize = 5;

/// A text of the length of the bytes, or the finding that says why there is none.
pub(crate) fn text_of<'a>(bytes: &'a [u8], findings: &mut Vec<Finding>) -> Option<Cow<'a, str>> {
    let whole = Range::new(0, bytes.len().min(u32::MAX as usize) as u32);
    if bytes.len() > LARGEST {
        let message = format!("the file has {} bytes: a record has {LARGEST} at most", bytes.len());
        findings.push(Finding::new(FindingKind::TooLarge, whole, message));
        return None;
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = "the file is UTF-16: save it as UTF-8";
        findings.push(Finding::new(FindingKind::NotUtf8, whole, message));
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let (text, count) = replaced(bytes);
            if count > bytes.len() / ONE_IN {
                findings.push(Finding::new(FindingKind::Binary, whole, "the file is no text: a record is UTF-8"));
                return None;
            }
            let at = error.valid_up_to() as u32;
            let message = format!("{count} bytes are no UTF-8: save the file as UTF-8");
            findings.push(Finding::new(FindingKind::NotUtf8, Range::new(at, at + 1), message));
            Cow::Owned(text)
        }
    };
    told_of_nul(text, findings, whole)
}

fn told_of_nul<'a>(text: Cow<'a, str>, findings: &mut Vec<Finding>, whole: Range) -> Option<Cow<'a, str>> {
    let Some(first) = text.find('\0') else { return Some(text) };
    let count = text.bytes().filter(|byte| *byte == 0).count();
    if count > text.len() / ONE_IN {
        findings.push(Finding::new(FindingKind::Binary, whole, "the file is no text: a record is UTF-8"));
        return None;
    }
    let message = format!("{} in a text: remove what no editor shows", groma_base::counted(count, "NUL byte"));
    findings.push(Finding::new(FindingKind::NulByte, Range::new(first as u32, first as u32 + 1), message));
    Some(text)
}

/// The bytes as a text in which each one that is no UTF-8 is replaced, and how many these are.
fn replaced(bytes: &[u8]) -> (String, usize) {
    let mut text = String::with_capacity(bytes.len());
    let mut count = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        count += chunk.invalid().len();
        text.extend(std::iter::repeat_n(FOREIGN, chunk.invalid().len()));
    }
    (text, count)
}
