//! Measuring and breaking text, with the metrics of the font that pictures are set in.

use std::sync::LazyLock;
use ttf_parser::Face;
use unicode_width::UnicodeWidthChar;

/// Inter Regular, a subset with Latin, Greek and Cyrillic (SIL Open Font License 1.1).
pub static FONT_REGULAR: &[u8] = include_bytes!("../assets/Inter-Regular.otf");
/// Inter SemiBold, the same subset.
pub static FONT_SEMIBOLD: &[u8] = include_bytes!("../assets/Inter-SemiBold.otf");

/// A font at a size.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Font {
    /// Whether it is the semi-bold one.
    pub bold: bool,
    /// Its size in pixels.
    pub size: f64,
}

/// Advances of the characters below this, in thousandths of the size; the rest are looked up.
const TABLE: usize = 0x250;

struct Metrics {
    face: Option<Face<'static>>,
    table: Vec<u16>,
}

impl Metrics {
    fn new(data: &'static [u8]) -> Metrics {
        let face = Face::parse(data, 0).ok();
        let mut metrics = Metrics { face, table: Vec::new() };
        metrics.table = (0..TABLE as u32).map(|code| metrics.lookup(char::from_u32(code).unwrap_or(' '))).collect();
        metrics
    }

    fn lookup(&self, character: char) -> u16 {
        let found = self.face.as_ref().and_then(|face| {
            let glyph = face.glyph_index(character)?;
            Some(u32::from(face.glyph_hor_advance(glyph)?) * 1000 / u32::from(face.units_per_em()))
        });
        // What the font lacks is as wide as a terminal would make it: half an em, or a whole one.
        found.map_or_else(|| character.width().unwrap_or(0) as u16 * 550, |width| width as u16)
    }

    fn advance(&self, character: char) -> u16 {
        self.table.get(character as usize).copied().unwrap_or_else(|| self.lookup(character))
    }
}

static REGULAR: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(FONT_REGULAR));
static SEMIBOLD: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(FONT_SEMIBOLD));

/// Whether the font of pictures has a glyph for a character.
pub(crate) fn has_glyph(character: char) -> bool {
    character.is_whitespace()
        || REGULAR.face.as_ref().is_some_and(|face| face.glyph_index(character).is_some())
        || character.width().unwrap_or(0) == 0
}

impl Font {
    /// The width of a text in pixels, without kerning.
    pub fn width(self, text: &str) -> f64 {
        let metrics = if self.bold { &*SEMIBOLD } else { &*REGULAR };
        let thousandths: u32 = text.chars().map(|character| u32::from(metrics.advance(character))).sum();
        f64::from(thousandths) * self.size / 1000.0
    }

    /// The text in lines that are at most `width` wide. Words that are wider are broken; what does not fit in
    /// `most` lines ends in an ellipsis.
    pub fn wrap(self, text: &str, width: f64, most: usize) -> Vec<String> {
        let space = self.width(" ");
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut used = 0.0;
        for word in text.split_whitespace() {
            for (nth, piece) in self.pieces(word, width).enumerate() {
                let own = self.width(piece);
                if line.is_empty() {
                    line.push_str(piece);
                    used = own;
                } else if nth == 0 && used + space + own <= width {
                    line.push(' ');
                    line.push_str(piece);
                    used += space + own;
                } else if lines.len() + 1 == most {
                    lines.push(self.shorten(&format!("{line} {piece}"), width));
                    return lines;
                } else {
                    lines.push(std::mem::replace(&mut line, piece.to_owned()));
                    used = own;
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// A word in pieces that are each at most `width` wide, or one character.
    fn pieces(self, word: &str, width: f64) -> impl Iterator<Item = &str> {
        let mut rest = word;
        std::iter::from_fn(move || {
            let kept = self.fitting(rest, width).max(1);
            let split = rest.char_indices().nth(kept).map_or(rest.len(), |(at, _)| at);
            let (piece, after) = rest.split_at(split);
            rest = after;
            (!piece.is_empty()).then_some(piece)
        })
    }

    /// The text, cut with an ellipsis if it is wider than `width`.
    pub fn shorten(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let kept = self.fitting(text, width - self.width("…"));
        let cut: String = text.chars().take(kept).collect();
        format!("{}…", cut.trim_end())
    }

    /// How many characters fit.
    fn fitting(self, text: &str, width: f64) -> usize {
        let mut used = 0.0;
        text.chars()
            .take_while(|character| {
                used += self.width(character.encode_utf8(&mut [0; 4]));
                used <= width
            })
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font { bold: false, size: 12.0 };

    #[test]
    fn lines_never_exceed_their_width() {
        for text in [
            "a short one",
            "one two three four five six seven eight nine ten",
            "Donaudampfschifffahrtsgesellschaftskapitän",
            "日本語のテキストも折り返す",
        ] {
            for width in [30.0, 60.0, 120.0] {
                for line in FONT.wrap(text, width, 3) {
                    assert!(FONT.width(&line) <= width, "{line:?} is wider than {width}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let lines = FONT.wrap("one two three four five six", 50.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert_eq!(FONT.shorten("short", 100.0), "short");
    }
}
