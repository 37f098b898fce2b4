//! What an edit changes, line by line.

use groma_session::records::FileChange;
use std::fmt::Write;

/// More lines than this of a file are not compared one by one.
const MOST_COMPARED: usize = 2_000;

/// More lines than this of one file are not shown.
const MOST_SHOWN: usize = 40;

/// A line for each line that goes (`-`) or comes (`+`), below the file it stands in; a new file and a removed one as that alone.
pub fn changes(changes: &[FileChange]) -> String {
    let mut told = String::new();
    for change in changes {
        let path = &change.shown;
        match (&change.before, &change.after) {
            (None, Some(_)) => _ = writeln!(told, "new      {path}"),
            (Some(_), None) => _ = writeln!(told, "removed  {path}"),
            (Some(before), Some(after)) => {
                _ = writeln!(told, "changed  {path}");
                told.push_str(&lines(before, after));
            }
            (None, None) => {}
        }
    }
    told
}

fn lines(before: &[u8], after: &[u8]) -> String {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let ends = |text: &str| text.strip_suffix('\n').map(str::to_owned);
    // What stands behind the last line break is a line only where one of the two has none there.
    let (before, after) = ends(&before).zip(ends(&after)).unwrap_or((before.into_owned(), after.into_owned()));
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split('\n').collect(), after.split('\n').collect());
    let all = differences(&old, &new);
    let mut told = String::new();
    for (sign, line, words) in all.iter().take(MOST_SHOWN) {
        let line = format!("{line:5} {sign} {words}");
        _ = writeln!(told, "{}", line.trim_end());
    }
    if all.len() > MOST_SHOWN {
        _ = writeln!(told, "      … and {} lines more", all.len() - MOST_SHOWN);
    }
    told
}

/// The lines that differ, each with its number in the text it stands in.
fn differences<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(char, usize, &'t str)> {
    let first = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (left, right) = (&old[first..], &new[first..]);
    let last = left.iter().rev().zip(right.iter().rev()).take_while(|(one, other)| one == other).count();
    let (left, right) = (&left[..left.len() - last], &right[..right.len() - last]);
    let mut found = Vec::new();
    let (mut at, mut to) = (0, 0);
    for (one, other) in common(left, right).into_iter().chain([(left.len(), right.len())]) {
        found.extend((at..one).map(|line| ('-', first + line + 1, left[line])));
        found.extend((to..other).map(|line| ('+', first + line + 1, right[line])));
        (at, to) = (one + 1, other + 1);
    }
    found
}

/// The longest run of lines that both have in their order, by their places.
fn common(left: &[&str], right: &[&str]) -> Vec<(usize, usize)> {
    if left.len().max(right.len()) > MOST_COMPARED {
        return Vec::new();
    }
    let width = right.len() + 1;
    let mut lengths = vec![0_u16; (left.len() + 1) * width];
    for at in (0..left.len()).rev() {
        for to in (0..right.len()).rev() {
            let below = |at: usize, to: usize| lengths[at * width + to];
            lengths[at * width + to] = match left[at] == right[to] {
                true => below(at + 1, to + 1) + 1,
                false => below(at + 1, to).max(below(at, to + 1)),
            };
        }
    }
    let (mut at, mut to) = (0, 0);
    let mut pairs = Vec::new();
    while at < left.len() && to < right.len() {
        if left[at] == right[to] {
            pairs.push((at, to));
            (at, to) = (at + 1, to + 1);
        } else if lengths[(at + 1) * width + to] >= lengths[at * width + to + 1] {
            at += 1;
        } else {
            to += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn lines_that_differ_are_told_and_no_others() {
        assert_eq!(
            lines(b"a\nb\nc\nd\ne\n", b"a\nB\nc\nd\nE\nf\n"),
            "    2 - b\n    2 + B\n    5 - e\n    5 + E\n    6 + f\n"
        );
        assert_eq!(lines(b"a\r\n\xff\r\n", b"a\r\n\xff\r\nb\r\n"), "    3 + b\n");
        assert_eq!(lines(b"a", b"a"), "");
        assert_eq!(lines(b"a\n", b"a\n\n## L\n\nb\n"), "    2 +\n    3 + ## L\n    4 +\n    5 + b\n");
        assert_eq!(lines(b"a\n", b"a"), "    2 -\n");
    }
}
