//! A new record, in the form that its folder has.

use super::edit::{Edited, FileChange, NoEdit, no, refused};
use super::{Records, is_inside};
use crate::{FileSystem, decode_text};
use groma_base::{Range, Source, did_you_mean, is_date, list_words, nearest};
use groma_records::edit::{Text, decide, set_status};
use groma_records::folder::{digits, is_dated, is_template, next_number, number_of, prefix, usual_dialect};
use groma_records::template::{self, Form, New};
use groma_records::{Dialect, LARGEST, Record, State};
use std::path::{Path, PathBuf};

/// What a new record is made of.
#[derive(Clone, Debug)]
pub enum Template {
    /// One that has a name.
    Form(Form),
    /// A text with fields, and how its file is shown.
    Text {
        /// How its file is shown.
        shown: String,
        /// The text.
        text: String,
    },
}

/// What a new record is to say.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Its title.
    pub title: &'a str,
    /// The day, `YYYY-MM-DD`.
    pub date: &'a str,
    /// Its state.
    pub status: State,
    /// What was considered.
    pub options: &'a [&'a str],
    /// What it is made of; else the template of the folder, or its usual dialect.
    pub template: Option<Template>,
    /// What it decides, by the names of the model.
    pub decides: &'a [&'a str],
    /// The folder; else the first.
    pub folder: Option<&'a Path>,
}

/// Where a folder keeps its template, besides a file of its own that is called one.
const TEMPLATES: &str = "templates/template.md";

/// The fields that a template may name between `{{` and `}}`.
const FIELDS: [&str; 4] = ["date", "number", "status", "title"];

/// The text of a new record with what it decides.
fn decided(shown: &str, text: &str, names: &[&str]) -> Result<String, NoEdit> {
    let bytes = decide(Text { path: shown, bytes: text.as_bytes() }, names).map_err(|why| refused(&why))?;
    String::from_utf8(bytes).map_err(|_| no(format!("`{shown}` would be no text"), "write the names by hand"))
}

impl Records {
    /// A new record with the next number.
    ///
    /// # Errors
    /// If its title is empty, its date is none, the template names an unknown field, or the file is there already.
    pub fn with_new(&mut self, files: &dyn FileSystem, asked: &Asked) -> Result<Edited, NoEdit> {
        let title = asked.title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() || title.chars().any(char::is_control) {
            return Err(no("the title is empty, or no text", "write what is decided: `groma adr new \"Use a queue\"`"));
        }
        if !is_date(asked.date) {
            return Err(no(format!("`{}` is not a valid date", asked.date), "write it as 2026-11-30"));
        }
        let folder = self.folder_of_new(files, asked.folder)?;
        let entries = files.list(&folder).unwrap_or_default();
        let names: Vec<String> = entries.iter().map(|entry| entry.name.to_string_lossy().into_owned()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let dated = names.iter().filter(|name| is_dated(name)).count();
        let numbered = names.iter().filter(|name| number_of(name).is_some()).count();
        let number = (dated <= numbered).then(|| next_number(names.iter().copied()));
        let numbers = names.iter().copied().filter(|name| number_of(name).is_some());
        let file = match number {
            Some(number) => {
                let name = template::file_name(number, digits(numbers.clone()), &title);
                format!("{}{name}", prefix(numbers))
            }
            None => format!("{}-{}.md", asked.date.replace('-', ""), template::slug(&title)),
        };
        let path = folder.join(&file);
        let shown = self.shown(files, &path);
        if files.is_folder(&path).is_ok() {
            return Err(no(format!("`{shown}` is there already"), "give the new record another title"));
        }
        let new = New { number, title: &title, date: asked.date, status: asked.status, options: asked.options };
        let (text, mut notes) = self.text_of_new(files, &folder, &names, asked, new, &shown)?;
        let text = match asked.decides {
            [] => text,
            names => decided(&shown, &text, names)?,
        };
        let record = Record::read(&shown, &text);
        let Some(reads) = record.title.as_ref().map(|said| &said.value) else {
            let message = format!("`{shown}` would have no title");
            return Err(no(message, "give the template a heading `# {{title}}`, or name another with `--template`"));
        };
        if *reads != title {
            notes.push(format!("the title reads as `{reads}`"));
        }
        notes.extend(record.findings.iter().map(|finding| finding.message.clone()));
        Ok(Edited { changes: vec![FileChange { path, shown, before: None, after: Some(text.into_bytes()) }], notes })
    }

    /// The form that suits a folder, or else the first: that which most records there have as far as there is one, else MADR 4.
    pub fn usual_form(&self, files: &dyn FileSystem, folder: Option<&Path>) -> Form {
        let folder = self.folder_of_new(files, folder).unwrap_or_default();
        match self.dialect_of(&folder) {
            Some(Dialect::Nygard) => Form::Nygard,
            Some(Dialect::Bold) => Form::Brief,
            _ => Form::Madr,
        }
    }

    /// The dialect of most records of a folder.
    fn dialect_of(&self, folder: &Path) -> Option<Dialect> {
        let own = self.files.iter().filter(|file| self.folders[file.folder].path == folder);
        usual_dialect(&own.map(|file| file.record.clone()).collect::<Vec<_>>())
    }

    fn folder_of_new(&self, files: &dyn FileSystem, asked: Option<&Path>) -> Result<PathBuf, NoEdit> {
        let Some(asked) = asked else {
            return Ok(self.folders.first().map_or_else(|| self.wanted.clone(), |folder| folder.path.clone()));
        };
        let path = files.identity(asked);
        let shown = asked.display();
        if !is_inside(files, &self.repository, &path) {
            return Err(no(format!("`{shown}` lies outside of the repository"), "name a folder of the repository"));
        }
        if files.is_folder(&path) == Ok(false) {
            return Err(no(format!("`{shown}` is a file, not a folder"), "name a folder"));
        }
        Ok(path)
    }

    fn text_of_new(
        &self,
        files: &dyn FileSystem,
        folder: &Path,
        names: &[&str],
        asked: &Asked,
        new: New,
        shown: &str,
    ) -> Result<(String, Vec<String>), NoEdit> {
        let template = match &asked.template {
            Some(template) => Some(template.clone()),
            None => own_template(files, folder, names)?,
        };
        if let Some(Template::Text { shown: from, text }) = &template {
            return Ok((filled(from, text, new, shown)?, vec![format!("made of the template `{from}`")]));
        }
        if let Some(Template::Form(form)) = template {
            return Ok((form.filled(new), Vec::new()));
        }
        let dialect = self.dialect_of(folder);
        let text = dialect.and_then(|dialect| template::of(dialect, new));
        let notes = match (dialect, &text) {
            (Some(dialect), None) => {
                let word = dialect.word();
                vec![format!(
                    "there is no template for `{word}`, in which most records here are written: it has the form of MADR 4; `--template FILE` takes another"
                )]
            }
            _ => Vec::new(),
        };
        Ok((text.unwrap_or_else(|| template::madr(new)), notes))
    }
}

/// The template that lies among the records, or where adr-tools has it.
fn own_template(files: &dyn FileSystem, folder: &Path, names: &[&str]) -> Result<Option<Template>, NoEdit> {
    let mut known: Vec<&str> =
        names.iter().copied().filter(|name| is_template(name) && name.ends_with(".md")).collect();
    known.sort_unstable();
    let path = known.into_iter().chain([TEMPLATES]).find(|name| files.is_folder(&folder.join(name)) == Ok(false));
    let Some(path) = path else { return Ok(None) };
    let shown = path.to_owned();
    let help = "mend it, or name another with `--template`";
    let bytes = files
        .read(&folder.join(path), LARGEST as u64)
        .map_err(|error| no(format!("the template `{shown}` cannot be read: {}", error.message), help))?;
    let text = decode_text(&shown, bytes).map_err(|error| no(error.message, help))?;
    Ok(Some(Template::Text { shown, text }))
}

/// A template with its fields filled in: those between braces, or the words of adr-tools; what it says otherwise of title, status and date is
/// set as in any record.
fn filled(from: &str, text: &str, new: New, path: &str) -> Result<String, NoEdit> {
    let text = if text.contains("{{") { fields(from, text, new)? } else { words(text, new) };
    let mut bytes = text.clone().into_bytes();
    let record = Record::read(path, &bytes);
    let title = record.title.as_ref().map_or_else(|| of_placeholder(&text, &record), |said| Some(said.range));
    if let Some(title) = title.filter(|range| !range.is_none() && range.of(&text) != new.title) {
        drop(bytes.splice(title.start as usize..title.end as usize, new.title.bytes()));
    }
    let is_set = record.status.as_ref().is_some_and(|status| status.value == new.status)
        && record.date.as_ref().is_none_or(|date| date.value == new.date);
    if !is_set {
        bytes = set_status(Text { path, bytes: &bytes }, new.status, Some(new.date)).map_err(|why| {
            no(
                format!("the template `{from}` makes no record: {why}"),
                "write `{{title}}`, `{{status}}` and `{{date}}` where they are to stand",
            )
        })?;
    }
    String::from_utf8(bytes).map_err(|_| no(format!("the template `{from}` makes no text"), "save it as UTF-8"))
}

/// The words of a heading that only says what is to stand there, as `# {short title}` does: it is read as no title.
fn of_placeholder(text: &str, record: &Record) -> Option<Range> {
    let heading = record.sections.iter().find(|section| section.level == 1)?;
    let line = heading.range.of(text).lines().next()?;
    let words = line.strip_prefix('#')?.trim();
    let start = heading.range.start + line.find(words)? as u32;
    words.starts_with(['{', '[', '<']).then(|| Range::new(start, start + words.len() as u32))
}

/// The value of a field.
fn value(field: &str, new: New) -> Option<String> {
    match field {
        "title" => Some(new.title.to_owned()),
        "date" => Some(new.date.to_owned()),
        "status" => Some(new.status.word().to_owned()),
        "number" => Some(new.number.map(|number| number.to_string()).unwrap_or_default()),
        _ => None,
    }
}

/// The fields between `{{` and `}}` filled in.
fn fields(from: &str, text: &str, new: New) -> Result<String, NoEdit> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let at = text.len() - after.len();
        let place = || {
            let at = Source::new(from, text).line_column(at as u32 - 2);
            format!("{from}:{}:{}", at.line, at.column)
        };
        let Some((field, after)) = after.split_once("}}") else {
            return Err(no(format!("{}: `{{{{` is never closed", place()), "close the field with `}}`"));
        };
        let name = field.trim();
        let Some(value) = value(name, new) else {
            let help = did_you_mean(&nearest(name, FIELDS));
            let help = help.unwrap_or_else(|| format!("the fields are {}", list_words(FIELDS, "and")));
            return Err(no(format!("{}: there is no field `{name}`", place()), help));
        };
        filled.push_str(before);
        filled.push_str(&value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The words of adr-tools filled in, where they stand alone: `NUMBER. TITLE`.
fn words(text: &str, new: New) -> String {
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    if !text.split(|letter: char| !is_of_word(letter)).any(|word| word == "TITLE") {
        return text.to_owned();
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !is_of_word(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let field = ["TITLE", "NUMBER", "DATE", "STATUS"].into_iter().find(|known| *known == word);
        let said = field.and_then(|field| value(&field.to_lowercase(), new));
        filled.push_str(&said.unwrap_or_else(|| word.to_owned()));
        let next = after.chars().next().map_or(0, char::len_utf8);
        filled.push_str(&after[..next]);
        rest = &after[next..];
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::{fields, filled, words};
    use groma_records::template::New;
    use groma_records::{Record, State};

    const NEW: New =
        New { number: Some(7), title: "Use a queue", date: "2026-11-30", status: State::Proposed, options: &[] };

    #[test]
    fn fields_are_filled_in_and_an_unknown_one_is_told_with_its_place() {
        assert_eq!(fields("t.md", "# {{number}}. {{ title }}\n", NEW).unwrap(), "# 7. Use a queue\n");
        let why = fields("t.md", "# {{title}}\n\n{{dat}}\n", NEW).unwrap_err();
        assert_eq!(
            (why.message.as_str(), why.help.as_str()),
            ("t.md:3:1: there is no field `dat`", "did you mean `date`?")
        );
        assert!(fields("t.md", "x {{title", NEW).unwrap_err().message.contains("t.md:1:3: `{{` is never closed"));
        assert_eq!(
            words("# NUMBER. TITLE\n\nDate: DATE\n\nUPDATED", NEW),
            "# 7. Use a queue\n\nDate: 2026-11-30\n\nUPDATED"
        );
        assert_eq!(words("STATUS", NEW), "STATUS");
    }

    #[test]
    fn a_template_without_fields_is_set_like_a_record() {
        let madr = "---\nstatus: \"{proposed | rejected | accepted | deprecated}\"\ndate: {YYYY-MM-DD when the decision was last updated}\n---\n\n# {short title: what was the problem}\n\n## Context and Problem Statement\n\n{Describe it}\n\n## Considered Options\n\n* {title of option 1}\n\n## Decision Outcome\n\nChosen\n";
        let text = filled("t.md", madr, NEW, "0007-use-a-queue.md").unwrap();
        let record = Record::read("0007-use-a-queue.md", &text);
        assert_eq!(record.title.unwrap().value, "Use a queue", "{text}");
        assert_eq!(record.status.unwrap().value, State::Proposed, "{text}");
        assert_eq!(record.date.unwrap().value, "2026-11-30", "{text}");
    }
}
