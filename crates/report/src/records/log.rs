//! The log of decisions as a table in Markdown.

use super::{number, others, state};
use groma_session::records::{RecordFile, Records};

/// A row for each record, a table for each folder. `way` tells how a text where the log is written names a file.
pub fn markdown(records: &Records, files: &[&RecordFile], way: &dyn Fn(&RecordFile) -> String) -> String {
    let mut tables = Vec::new();
    for (folder, one) in records.folders.iter().enumerate() {
        let own: Vec<&RecordFile> = files.iter().copied().filter(|file| file.folder == folder).collect();
        if own.is_empty() {
            continue;
        }
        let rows: String = own.iter().map(|file| row(file, &way(file))).collect();
        let table = format!("| number | decision | status | date |\n| ---: | --- | --- | --- |\n{rows}");
        tables.push((escaped(&one.place), table));
    }
    match &tables[..] {
        [(_, table)] => table.clone(),
        several => {
            several.iter().map(|(folder, table)| format!("## {folder}\n\n{table}")).collect::<Vec<_>>().join("\n")
        }
    }
}

fn row(file: &RecordFile, way: &str) -> String {
    let title = file.record.title.as_ref().map_or(file.record.file.as_str(), |title| &title.value);
    let status = match others(&file.record.superseded_by) {
        new if new.is_empty() => state(file).to_owned(),
        new => format!("{} by {}", state(file), escaped(&new)),
    };
    let date = file.record.date.as_ref().map_or("", |date| &date.value);
    format!("| {} | [{}]({}) | {status} | {} |\n", number(file), escaped(title), address(way), escaped(date))
}

/// A text in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        if matches!(letter, '\\' | '|' | '[' | ']' | '*' | '_' | '`' | '<' | '>') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// A path as the target of a link, which ends at a blank or a bracket.
fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            ' ' | '(' | ')' | '<' | '>' | '|' | '%' | '#' | '?' => out.push_str(&format!("%{:02X}", letter as u32)),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{address, escaped};

    #[test]
    fn nothing_of_a_title_ends_a_cell() {
        assert_eq!(escaped("a|b [c] <d>"), "a\\|b \\[c\\] \\<d\\>");
        assert_eq!(address("a b(1)#.md"), "a%20b%281%29%23.md");
    }
}
