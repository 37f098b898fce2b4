//! The lines of a form.

/// Lines, each further in than what it belongs to.
#[derive(Default)]
pub(super) struct Lines(pub(super) String);

impl Lines {
    pub(super) fn push(&mut self, depth: usize, line: &str) {
        self.0.extend(std::iter::repeat_n("  ", depth));
        self.0.push_str(line);
        self.0.push('\n');
    }

    pub(super) fn into_lines(self) -> Vec<String> {
        self.0.lines().map(str::to_owned).collect()
    }
}

/// A text in quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text on one line, in which no quote stands alone.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r")
}
