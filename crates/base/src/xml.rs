//! Text in XML.

/// A text for an element or a quoted attribute. What XML cannot hold, or advises against, becomes a space: see
/// the production `Char` of [XML 1.0](https://www.w3.org/TR/xml/#charsets) and its note.
pub fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_xml_cannot_hold_becomes_a_space() {
        assert_eq!(super::escape_xml("a<b> & \"c\"\u{ffff}\u{1b}\n"), "a&lt;b&gt; &amp; &quot;c&quot;  \n");
    }
}
