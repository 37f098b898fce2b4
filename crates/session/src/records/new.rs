//! A new record, in the form that its folder has.

use super::edit::{Edited, FileChange, NoEdit, no, refused};
use super::{Records, is_inside};
use crate::{FileSystem, decode_text};
use groma_base::{Range, Source, did_you_mean, is_date, list_words, nearest};
use groma_records::edit::{Text, add_reference, decide, set_status, with_fact};
use groma_records::folder::{digits, is_dated, is_template, next_number, number_of, prefix, usual_dialect};
use groma_records::template::{self, Form, New, NewRfc};
use groma_records::{Choice, Dialect, Family, LARGEST, Record, State};
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
    /// The text of a choice, which is made here: it is written as the records of the folder are.
    Choice {
        /// How the choice is told.
        shown: String,
        /// The text, with fields.
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
    /// What was considered, with what is known of it.
    pub options: &'a [Choice],
    /// What it is made of; else the template of the folder, or its usual dialect.
    pub template: Option<Template>,
    /// What it decides, by the names of the model.
    pub decides: &'a [&'a str],
    /// What made it necessary, where that is known.
    pub context: Option<&'a str>,
    /// The request for comments that it came of: its name, and where its file is.
    pub came_of: Option<(&'a str, &'a Path)>,
    /// What only a request for comments says.
    pub rfc: NewRfc<'a>,
    /// The folder; else the first.
    pub folder: Option<&'a Path>,
}

/// Where a folder keeps its template, besides a file of its own that is called one.
const TEMPLATES: &str = "templates/template.md";

/// The fields that a template may name between `{{` and `}}`.
const FIELDS: [&str; 6] = ["context", "date", "number", "options", "status", "title"];

/// The fields that only the template of a request for comments may name.
const FIELDS_OF_RFC: [&str; 3] = ["authors", "last-call", "reviewers"];

impl Records {
    /// A new record with the next number.
    ///
    /// # Errors
    /// If its title is empty, its date is none, the template names an unknown field, or the file is there already.
    pub fn with_new(&mut self, files: &dyn FileSystem, asked: &Asked) -> Result<Edited, NoEdit> {
        let title = self.title_of_new(asked.title)?;
        let days = [Some(asked.date), asked.rfc.last_call];
        if let Some(day) = days.into_iter().flatten().find(|day| !is_date(day)) {
            return Err(no(format!("`{day}` is not a valid date"), "write it as 2026-11-30"));
        }
        names_are_one_each(&asked.rfc)?;
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
            return Err(no(
                format!("`{shown}` is there already"),
                format!("give the new {} another title", self.family.noun()),
            ));
        }
        let new = New {
            number,
            title: &title,
            date: asked.date,
            status: asked.status,
            options: asked.options,
            context: asked.context,
        };
        let (text, mut notes) = self.text_of_new(files, &folder, &names, asked, new, &shown)?;
        let text = self.with_more(files, (&folder, &shown), text, asked)?;
        let record = self.read(&shown, text.as_bytes());
        let Some(reads) = record.title.as_ref().map(|said| &said.value) else {
            let message = format!("`{shown}` would have no title");
            return Err(no(message, "give the template a heading `# {{title}}`, or name another with `--template`"));
        };
        notes.extend(without_place(asked, &record));
        if *reads != title && title.starts_with(|letter: char| letter.is_ascii_digit()) {
            let message = format!("`{title}` would be read as `{reads}`, and what is before that as a number");
            return Err(no(message, "begin the title with a word"));
        }
        if *reads != title {
            notes.push(format!("the title reads as `{reads}`"));
        }
        notes.extend(record.findings.iter().map(|finding| finding.message.clone()));
        Ok(Edited { changes: vec![FileChange { path, shown, before: None, after: Some(text.into_bytes()) }], notes })
    }

    /// The title of a new record, its words parted by one blank each.
    fn title_of_new(&self, title: &str) -> Result<String, NoEdit> {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() || title.chars().any(char::is_control) {
            let (does, command) = match self.family {
                Family::Decision => ("decided", "adr"),
                Family::Rfc => ("proposed", "rfc"),
            };
            let help = format!("write what is {does}: `groma {command} new \"Use a queue\"`");
            return Err(no("the title is empty, or no text", help));
        }
        Ok(title)
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
        usual_dialect(&own.map(|file| &file.record).collect::<Vec<_>>())
    }

    /// The text of a new record with what it decides, what it came of, and what its template has no field for.
    fn with_more(
        &self,
        files: &dyn FileSystem,
        (folder, shown): (&Path, &str),
        text: String,
        asked: &Asked,
    ) -> Result<String, NoEdit> {
        let mut bytes = text.into_bytes();
        if !asked.decides.is_empty() {
            let text = Text { family: self.family, path: shown, bytes: &bytes };
            bytes = decide(text, asked.decides).map_err(|why| refused(&why))?;
        }
        if let Some((name, path)) = asked.came_of {
            let way = crate::places::way(&files.identity(folder), path).replace(' ', "%20");
            let text = Text { family: self.family, path: shown, bytes: &bytes };
            bytes = add_reference(text, "Came of", (name, &way)).map_err(|why| refused(&why))?;
        }
        if self.family == Family::Rfc {
            bytes = with_people(shown, bytes, &asked.rfc)?;
        }
        String::from_utf8(bytes).map_err(|_| no(format!("`{shown}` would be no text"), "write it by hand"))
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
        let fields = fields_of(self.family, new, asked.rfc);
        let filled = |from: &str, text: &str| filled(from, text, (new, &fields), (self.family, shown));
        let read = |text: &str| self.read(shown, text.as_bytes());
        let like_others = |text: String| self.habits_of(folder).applied(&text, new.number, &read);
        match &template {
            Some(Template::Text { shown: from, text }) => {
                let text = self.habits_of(folder).with_case(&filled(from, text)?, &read);
                return Ok((text, vec![format!("made of the template `{from}`")]));
            }
            Some(Template::Choice { shown: from, text }) => return Ok((like_others(filled(from, text)?)?, Vec::new())),
            Some(Template::Form(form)) => return Ok((like_others(form.filled(new))?, Vec::new())),
            None => {}
        }
        let dialect = self.dialect_of(folder);
        if self.family == Family::Rfc {
            return Ok((like_others(template::rfc(dialect, new, asked.rfc))?, Vec::new()));
        }
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
        Ok((like_others(text.unwrap_or_else(|| template::madr(new)))?, notes))
    }
}

/// What a new record does not say of what was asked for, as its template has no field for it.
fn without_place(asked: &Asked, record: &Record) -> Vec<String> {
    let said = |option: &Choice| record.options.iter().find(|own| own.title.value == option.title.value.trim());
    let names = |is_lost: &dyn Fn(&Choice) -> bool| {
        let lost: Vec<&str> =
            asked.options.iter().filter(|one| is_lost(one)).map(|option| option.title.value.as_str()).collect();
        (!lost.is_empty()).then(|| list_words(lost.iter().copied(), "and"))
    };
    let options = names(&|option| said(option).is_none()).map(|names| {
        format!("it has no place for {names}: write `{{{{options}}}}` in the template where they are to stand")
    });
    let count =
        |option: &Choice| option.pros.len() + option.cons.len() + usize::from(option.rejected_because.is_some());
    let reasons = names(&|option| said(option).is_some_and(|own| count(own) < count(option)))
        .map(|names| format!("what speaks for and against {names} is not in it: its template has no place for that"));
    let has_context = asked.context.is_none_or(|context| {
        let first = context.lines().next().unwrap_or_default();
        record.context.as_ref().is_some_and(|own| own.value.contains(first.trim()))
    });
    let context = (!has_context).then(|| {
        "it has no place for the problem: write `{{context}}` in the template where it is to stand".to_owned()
    });
    options.into_iter().chain(reasons).chain(context).collect()
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

/// The values of fields by their names.
type Fields = [(&'static str, String)];

/// The fields that a template of a family may name, with their values.
fn fields_of(family: Family, new: New, rfc: NewRfc) -> Vec<(&'static str, String)> {
    let number = new.number.map(|number| number.to_string()).unwrap_or_default();
    let options: Vec<String> = new.options.iter().map(|option| format!("- {}", option.title.value)).collect();
    let context = new.context.unwrap_or_default().to_owned();
    let values =
        [context, new.date.to_owned(), number, options.join("\n"), new.status.word().to_owned(), new.title.to_owned()];
    let own = [rfc.authors.join(", "), rfc.last_call.unwrap_or_default().to_owned(), rfc.reviewers.join(", ")];
    let own = FIELDS_OF_RFC.into_iter().zip(own).filter(|_| family == Family::Rfc);
    FIELDS.into_iter().zip(values).chain(own).collect()
}

/// Refuses what would be two names, or none, in a list of them.
fn names_are_one_each(rfc: &NewRfc) -> Result<(), NoEdit> {
    let is_bad = |name: &&&str| name.trim().is_empty() || name.contains([',', ';', '"', '\n', '[', ']', '{', '}', '#']);
    match rfc.authors.iter().chain(rfc.reviewers).find(is_bad) {
        Some(name) => {
            Err(no(format!("`{name}` is no name or role"), "write one each time, without commas and brackets"))
        }
        None => Ok(()),
    }
}

/// The text of a request for comments with the people and the day that it does not say yet.
fn with_people(path: &str, bytes: Vec<u8>, rfc: &NewRfc) -> Result<Vec<u8>, NoEdit> {
    let mut bytes = bytes;
    let said = |bytes: &[u8]| Record::read_as(Family::Rfc, path, bytes).rfc.unwrap_or_default();
    let before = said(&bytes);
    let facts = [
        ("last call", rfc.last_call.unwrap_or_default().to_owned(), before.last_call.is_none()),
        ("reviewers", rfc.reviewers.join(", "), before.reviewers.is_empty()),
        ("authors", rfc.authors.join(", "), before.authors.is_empty()),
    ];
    for (key, value, _) in facts.into_iter().filter(|(_, value, is_missing)| *is_missing && !value.is_empty()) {
        let text = Text { family: Family::Rfc, path, bytes: &bytes };
        bytes = with_fact(text, key, &value).map_err(|why| {
            let field = key.replace(' ', "-");
            no(why.to_string(), format!("write `{{{{{field}}}}}` in the template where it is to stand"))
        })?;
    }
    let after = said(&bytes);
    let roles: Vec<&str> = after.reviewers.iter().map(|one| one.role.value.as_str()).collect();
    let is_said = |role: &&&str| roles.iter().any(|own| role.to_lowercase().starts_with(&own.to_lowercase()));
    if let Some(role) = rfc.reviewers.iter().find(|role| !is_said(role)) {
        let help = "write `{{reviewers}}` in the template where they are to stand, each as the role alone";
        return Err(no(format!("`{path}` would not ask `{role}` to review it"), help));
    }
    Ok(bytes)
}

/// A template with its fields filled in: those between braces, or the words of adr-tools; what it says otherwise of title, status and date is
/// set as in any record.
fn filled(
    from: &str,
    text: &str,
    (new, known): (New, &Fields),
    (family, path): (Family, &str),
) -> Result<String, NoEdit> {
    let text = if text.contains("{{") { fields(from, text, known)? } else { words(text, known) };
    let mut bytes = text.clone().into_bytes();
    let record = Record::read_as(family, path, &bytes);
    let title = record.title.as_ref().map_or_else(|| of_placeholder(&text, &record), |said| Some(said.range));
    if let Some(title) = title.filter(|range| !range.is_none() && range.of(&text) != new.title) {
        drop(bytes.splice(title.start as usize..title.end as usize, new.title.bytes()));
    }
    let is_set = record.status.as_ref().is_some_and(|status| status.value == new.status)
        && record.date.as_ref().is_none_or(|date| date.value == new.date);
    if !is_set {
        bytes = set_status(Text { family, path, bytes: &bytes }, new.status, Some(new.date)).map_err(|why| {
            no(
                format!("the template `{from}` makes no {}: {why}", family.noun()),
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
fn value<'f>(field: &str, known: &'f Fields) -> Option<&'f str> {
    known.iter().find(|(name, _)| *name == field).map(|(_, value)| value.as_str())
}

/// The fields between `{{` and `}}` filled in.
fn fields(from: &str, text: &str, known: &Fields) -> Result<String, NoEdit> {
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
        let Some(value) = value(name, known) else {
            let names = || known.iter().map(|(name, _)| *name);
            let help = did_you_mean(&nearest(name, names()));
            let help = help.unwrap_or_else(|| format!("the fields are {}", list_words(names(), "and")));
            return Err(no(format!("{}: there is no field `{name}`", place()), help));
        };
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The words of adr-tools filled in, where they stand alone: `NUMBER. TITLE`.
fn words(text: &str, known: &Fields) -> String {
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
        let said = field.and_then(|field| value(&field.to_lowercase(), known));
        filled.push_str(said.unwrap_or(word));
        let next = after.chars().next().map_or(0, char::len_utf8);
        filled.push_str(&after[..next]);
        rest = &after[next..];
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::{fields, fields_of, filled, words};
    use groma_records::template::{New, NewRfc};
    use groma_records::{Family, Record, State};

    const NEW: New = New {
        number: Some(7),
        title: "Use a queue",
        date: "2026-11-30",
        status: State::Proposed,
        options: &[],
        context: None,
    };

    fn known() -> Vec<(&'static str, String)> {
        fields_of(Family::Decision, NEW, NewRfc::default())
    }

    #[test]
    fn fields_are_filled_in_and_an_unknown_one_is_told_with_its_place() {
        assert_eq!(fields("t.md", "# {{number}}. {{ title }}\n", &known()).unwrap(), "# 7. Use a queue\n");
        let why = fields("t.md", "# {{title}}\n\n{{dat}}\n", &known()).unwrap_err();
        assert_eq!(
            (why.message.as_str(), why.help.as_str()),
            ("t.md:3:1: there is no field `dat`", "did you mean `date`?")
        );
        assert!(fields("t.md", "x {{title", &known()).unwrap_err().message.contains("t.md:1:3: `{{` is never closed"));
        assert_eq!(
            words("# NUMBER. TITLE\n\nDate: DATE\n\nUPDATED", &known()),
            "# 7. Use a queue\n\nDate: 2026-11-30\n\nUPDATED"
        );
        assert_eq!(words("STATUS", &known()), "STATUS");
    }

    #[test]
    fn a_template_without_fields_is_set_like_a_record() {
        let madr = "---\nstatus: \"{proposed | rejected | accepted | deprecated}\"\ndate: {YYYY-MM-DD when the decision was last updated}\n---\n\n# {short title: what was the problem}\n\n## Context and Problem Statement\n\n{Describe it}\n\n## Considered Options\n\n* {title of option 1}\n\n## Decision Outcome\n\nChosen\n";
        let text = filled("t.md", madr, (NEW, &known()), (Family::Decision, "0007-use-a-queue.md")).unwrap();
        let record = Record::read("0007-use-a-queue.md", &text);
        assert_eq!(record.title.unwrap().value, "Use a queue", "{text}");
        assert_eq!(record.status.unwrap().value, State::Proposed, "{text}");
        assert_eq!(record.date.unwrap().value, "2026-11-30", "{text}");
    }
}
