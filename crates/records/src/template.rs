//! The text of a new record.

use crate::record::{Choice, Dialect, Said, State};

/// What a new record is filled with.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// Its number; none for folders that go by dates.
    pub number: Option<u32>,
    /// Its title.
    pub title: &'a str,
    /// The day, `YYYY-MM-DD`.
    pub date: &'a str,
    /// Its state.
    pub status: State,
    /// What was considered, with what is known of it.
    pub options: &'a [Choice],
    /// What made it necessary, if that is known: in place of what asks for it.
    pub context: Option<&'a str>,
}

/// A record with the headings that Michael Nygard proposed, as adr-tools has them.
pub fn nygard(new: New) -> String {
    let New { number, title, date, status, options, context } = new;
    let number = number.map(|number| format!("{number}. ")).unwrap_or_default();
    let title = one_line(title);
    let status = capital(status.word());
    let mut text = format!(
        "# {number}{title}\n\nDate: {date}\n\n## Status\n\n{status}\n\n## Context\n\n{}\n\n## Decision\n\n{}\n\n",
        context.unwrap_or("<!-- What makes a decision necessary, and what must hold whatever is decided. -->"),
        "<!-- What we will do. -->",
    );
    if !options.is_empty() {
        text.push_str("## Considered Options\n\n");
        for option in options {
            text.push_str(&format!("- {}\n", title_of(option)));
            reasons(option).for_each(|line| text.push_str(&format!("  - {line}\n")));
        }
        text.push('\n');
    }
    text.push_str("## Consequences\n\n<!-- What becomes easier, what becomes harder, what stays open. -->\n");
    text
}

/// A record in the form of MADR 4; its number is that of the file.
pub fn madr(new: New) -> String {
    let New { title, date, status, options, context, .. } = new;
    let mut text = format!(
        "---\nstatus: {}\ndate: {date}\ndecision-makers: []\n---\n\n# {}\n\n## Context and Problem Statement\n\n{}\n\n",
        status.word(),
        one_line(title),
        context.unwrap_or("<!-- The situation in two or three sentences, or the question. -->"),
    );
    text.push_str(
        "## Decision Drivers\n\n<!-- What weighs in the choice, an item each. -->\n\n## Considered Options\n\n",
    );
    match options.is_empty() {
        true => text.push_str("<!-- What could be done, an item each. -->\n"),
        false => options.iter().for_each(|option| text.push_str(&format!("* {}\n", title_of(option)))),
    }
    text.push_str("\n## Decision Outcome\n\n<!-- Chosen option: \"…\", because … -->\n\n### Consequences\n\n");
    text.push_str("<!-- * Good, because … -->\n<!-- * Bad, because … -->\n\n### Confirmation\n\n");
    text.push_str("<!-- How it is seen that the decision is kept. -->\n");
    if !options.is_empty() {
        text.push_str("\n## Pros and Cons of the Options\n");
        for option in options {
            let known: String = reasons(option).map(|line| format!("* {line}\n")).collect();
            let asked = "<!-- * Good, because … -->\n<!-- * Bad, because … -->\n";
            let said = if known.is_empty() { asked } else { &known };
            text.push_str(&format!("\n### {}\n\n{said}", title_of(option)));
        }
    }
    text
}

/// The forms of a new record that can be asked for by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// That of Michael Nygard.
    Nygard,
    /// MADR 4.
    Madr,
    /// Bold labels, and the alternatives in a table.
    Brief,
    /// Bold labels, each alternative below a heading, and how the decision is validated.
    Full,
}

impl Form {
    /// All of them.
    pub const ALL: [Form; 4] = [Form::Nygard, Form::Madr, Form::Brief, Form::Full];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Form::Nygard => "nygard",
            Form::Madr => "madr",
            Form::Brief => "brief",
            Form::Full => "full",
        }
    }

    /// A record in this form.
    pub fn filled(self, new: New) -> String {
        match self {
            Form::Nygard => nygard(new),
            Form::Madr => madr(new),
            Form::Brief => brief(new),
            Form::Full => full(new),
        }
    }
}

fn title_of(option: &Choice) -> String {
    one_line(&option.title.value)
}

/// What is known for and against an option, a sentence each in the words of MADR.
fn reasons(option: &Choice) -> impl Iterator<Item = String> {
    let said = |words: &'static str, said: &Said<String>| format!("{words} {}", one_line(&said.value));
    let good = option.pros.iter().map(move |pro| said("Good, because", pro));
    let bad = option.cons.iter().map(move |con| said("Bad, because", con));
    good.chain(bad).chain(option.rejected_because.iter().map(move |why| said("Rejected because", why)))
}

/// What is known for and against an option below labels, with what asks for the rest.
fn for_and_against(option: &Choice) -> String {
    let why_not: Vec<Said<String>> = option.rejected_because.iter().cloned().collect();
    let mut text = String::new();
    for (label, said) in [("Pros", &option.pros), ("Cons", &option.cons), ("Why not", &why_not)] {
        match &said[..] {
            [] => text.push_str(&format!("- **{label}:** <!-- … -->\n")),
            [only] => text.push_str(&format!("- **{label}:** {}\n", one_line(&only.value))),
            several => {
                text.push_str(&format!("- **{label}:**\n"));
                several.iter().for_each(|said| text.push_str(&format!("  - {}\n", one_line(&said.value))));
            }
        }
    }
    text
}

/// A title with a number, and what labels say of it.
fn labelled(new: New) -> String {
    let number = new.number.map(|number| format!("ADR-{number:03}: ")).unwrap_or_default();
    format!(
        "# {number}{}\n\n**Status:** {}\n\n**Date:** {}\n\n**Deciders:** <!-- Who decides. -->\n\n",
        one_line(new.title),
        capital(new.status.word()),
        new.date
    )
}

const FORCES: &str =
    "<!-- What forces are at play? What the business demands, what was put off, what the team knows. -->";
const WE_WILL: &str = "<!-- We will … We chose … over … -->";

fn brief(new: New) -> String {
    let mut text = labelled(new);
    text.push_str(&format!(
        "## Context\n\n{}\n\n## Decision\n\n{WE_WILL}\n\n## Consequences\n",
        new.context.unwrap_or(FORCES)
    ));
    for (heading, prompt) in [
        ("Positive", "What becomes easier, faster, cheaper?"),
        ("Negative", "What becomes harder? Which risks are new?"),
        ("Neutral", "What stays as it is?"),
    ] {
        text.push_str(&format!("\n### {heading}\n\n<!-- {prompt} An item each. -->\n"));
    }
    text.push_str(
        "\n## Alternatives Considered\n\n<!-- A row each; the chosen one as well, with N/A at the end. -->\n\n",
    );
    text.push_str("| Option | Pros | Cons | Why Rejected |\n| --- | --- | --- | --- |\n");
    let cell = |text: String| if text.is_empty() { " ".to_owned() } else { format!(" {} ", text.replace('|', "\\|")) };
    let each = |said: &[Said<String>]| said.iter().map(|said| one_line(&said.value)).collect::<Vec<_>>().join("; ");
    for option in new.options {
        let why_not = option.rejected_because.as_ref().map(|why| one_line(&why.value)).unwrap_or_default();
        let cells = [title_of(option), each(&option.pros), each(&option.cons), why_not].map(cell);
        text.push_str(&format!("|{}|\n", cells.join("|")));
    }
    text.push_str("\n## References\n\n<!-- Links to the RFC and the prototype. -->\n");
    text
}

fn full(new: New) -> String {
    let mut text = labelled(new);
    text.push_str(&format!(
        "## Context\n\n{}\n\n## Decision\n\n{WE_WILL}\n\n## Alternatives Considered\n",
        new.context.unwrap_or(FORCES)
    ));
    if new.options.is_empty() {
        text.push_str(
            "\n<!-- A heading each, with what speaks for it, what against it, and why it is not chosen. -->\n",
        );
    }
    for option in new.options {
        text.push_str(&format!("\n### {}\n\n{}", title_of(option), for_and_against(option)));
    }
    text.push_str("\n## Consequences\n");
    for (label, prompt) in [
        ("Positive", "What becomes easier?"),
        ("Negative", "What becomes harder, and in brackets how that is mitigated?"),
        ("Trade-offs", "What was given up for what? When is this looked at again?"),
    ] {
        text.push_str(&format!("\n**{label}:**\n\n<!-- {prompt} An item each. -->\n"));
    }
    text.push_str(
        "\n## Validation\n\n<!-- What shows that it is right: who has experience, which test, which calculation. -->\n",
    );
    text
}

/// A record in a dialect; `None` for one that has no form of its own, such as a table of whoever made it.
pub fn of(dialect: Dialect, new: New) -> Option<String> {
    let status = capital(new.status.word());
    let (title, date) = (one_line(new.title), new.date);
    let header = |lines: &str, number: bool| {
        let number = new.number.filter(|_| number).map(|number| format!("{number}. ")).unwrap_or_default();
        format!("# {number}{title}\n\n{lines}\n\n")
    };
    match dialect {
        Dialect::Nygard => Some(nygard(new)),
        Dialect::Madr3 => {
            Some(madr(new).replacen("decision-makers:", "deciders:", 1).replace("### Confirmation", "### Validation"))
        }
        Dialect::Madr4 => Some(madr(new)),
        Dialect::Madr2 | Dialect::Log4brains => {
            let list = format!("* Status: {}\n* Date: {date}", new.status.word());
            let body = madr(new);
            let (_, body) = body.split_once("\n## ")?;
            Some(format!("{}## {body}", header(&list, false)))
        }
        Dialect::Bold => {
            let lines = format!("**Status:** {status}\n\n**Date:** {date}");
            let body = nygard(new);
            let (_, body) = body.split_once("## Context")?;
            Some(format!("{}## Context{body}", header(&lines, true)))
        }
        Dialect::Table | Dialect::List | Dialect::YStatement | Dialect::AsciiDoc | Dialect::Other => None,
    }
}

/// What a new request for comments is filled with besides what every record has.
#[derive(Clone, Copy, Default, Debug)]
pub struct NewRfc<'a> {
    /// Who writes it.
    pub authors: &'a [&'a str],
    /// The roles that are to review it.
    pub reviewers: &'a [&'a str],
    /// The last day for comments, `YYYY-MM-DD`.
    pub last_call: Option<&'a str>,
}

/// A request for comments, its header where the others of its folder have theirs: in front matter, in a list, or in bold labels.
pub fn rfc(dialect: Option<Dialect>, new: New, more: NewRfc) -> String {
    let title = one_line(new.title);
    let people = |names: &[&str]| names.iter().map(|name| one_line(name)).collect::<Vec<_>>().join(", ");
    let (authors, reviewers) = (people(more.authors), people(more.reviewers));
    let last_call = more.last_call.unwrap_or_default().to_owned();
    let is_front = matches!(dialect, Some(Dialect::Madr3 | Dialect::Madr4));
    let is_list = matches!(dialect, Some(Dialect::Madr2 | Dialect::List | Dialect::Log4brains));
    let status = if is_front { new.status.word().to_owned() } else { capital(new.status.word()) };
    let facts = [
        ("Status", status),
        ("Date", new.date.to_owned()),
        ("Authors", authors),
        ("Reviewers", reviewers),
        ("Last call", last_call),
    ];
    let heading = match new.number.filter(|_| !is_front) {
        Some(number) => format!("# RFC {number}: {title}\n\n"),
        None => format!("# {title}\n\n"),
    };
    let mut text = match is_front {
        true => {
            let key = |name: &str| name.to_lowercase().replace(' ', "-");
            let is_listed = |name: &str| matches!(name, "Authors" | "Reviewers");
            let line = |(name, value): &(&str, String)| match value.as_str() {
                _ if is_listed(name) => format!("{}: [{}]\n", key(name), quoted_each(value)),
                "" => format!("{}:\n", key(name)),
                value => format!("{}: {value}\n", key(name)),
            };
            format!("---\n{}---\n\n{heading}", facts.iter().map(line).collect::<String>())
        }
        false => {
            let mark = |name: &str| if is_list { format!("- {name}:") } else { format!("**{name}:**") };
            let line = |(name, value): &(&str, String)| format!("{} {value}", mark(name)).trim_end().to_owned();
            let between = if is_list { "\n" } else { "\n\n" };
            format!("{heading}{}\n\n", facts.iter().map(line).collect::<Vec<_>>().join(between))
        }
    };
    text.push_str(RFC_BODY);
    if !new.options.is_empty() {
        let option = |option: &Choice| format!("### {}\n\n{}\n", title_of(option), for_and_against(option));
        let options: String = new.options.iter().map(option).collect();
        text = text.replacen(NO_ALTERNATIVE, options.trim_end(), 1);
    }
    text
}

/// Names of a list of front matter, each in quotes.
fn quoted_each(names: &str) -> String {
    let names = names.split(", ").filter(|name| !name.is_empty());
    names.map(|name| format!("\"{}\"", name.replace(['"', '\\'], ""))).collect::<Vec<_>>().join(", ")
}

const NO_ALTERNATIVE: &str = "<!-- A heading each, with what speaks for it, what against it, and why it is not proposed; doing nothing is one. -->";

/// The sections of a request for comments.
const RFC_BODY: &str = "## Problem\n\n<!-- What hurts, whom, how much? What happens if nothing is done? Numbers. -->\n\n\
## Proposal\n\n<!-- What is proposed, so that somebody else could build it. It proposes and does not decide. -->\n\n\
## Alternatives Considered\n\n\
<!-- A heading each, with what speaks for it, what against it, and why it is not proposed; doing nothing is one. -->\n\n\
## Drawbacks\n\n<!-- What becomes worse by it, and what it costs. -->\n\n\
## Unresolved Questions\n\n<!-- What reviewers are asked, an item each. Take each out, or tick it, once it is answered. -->\n\n\
## Decisions\n\n<!-- Once it is accepted: links to the records of the decisions that it led to. -->\n";

/// The name of the file of a new record: `0012-use-a-queue.md`.
pub fn file_name(number: u32, digits: usize, title: &str) -> String {
    format!("{number:0digits$}-{}.md", slug(title))
}

/// So many bytes of a title go into a name: file systems take some 250 in all.
const LONGEST_SLUG: usize = 100;

/// A title as part of a name: lower case, words parted by dashes.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if letter != '\'' && letter != '’' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let mut slug = slug.trim_end_matches('-');
    if slug.len() > LONGEST_SLUG {
        let cut = &slug[..slug.floor_char_boundary(LONGEST_SLUG)];
        slug = cut.rsplit_once('-').map_or(cut, |(whole, _)| whole);
    }
    if slug.is_empty() { "decision".to_owned() } else { slug.to_owned() }
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{Form, New, NewRfc, file_name, of, rfc, slug};
    use crate::Family;
    use crate::record::{Choice, Dialect, Record, Said, State};
    use groma_base::Range;

    const NEW: New = New {
        number: Some(12),
        title: "Keep sheet music [as notes]",
        date: "2026-11-29",
        status: State::Proposed,
        options: &[],
        context: None,
    };

    fn options() -> [Choice; 2] {
        ["Notes", "Scans, as before"].map(Choice::named)
    }

    /// Options of which something is known.
    fn weighed() -> [Choice; 2] {
        let said = |text: &str| Said::new(text.to_owned(), Range::default());
        let notes = Choice { pros: vec![said("they are small"), said("one can search")], ..Choice::named("Notes") };
        let scans = Choice {
            cons: vec![said("they are large")],
            rejected_because: Some(said("nobody can search")),
            ..Choice::named("Scans, as before")
        };
        [notes, scans]
    }

    type Told = (String, Vec<String>, Vec<String>, Option<String>);

    fn told(options: &[Choice]) -> Vec<Told> {
        let texts = |all: &[Said<String>]| all.iter().map(|said| said.value.clone()).collect::<Vec<_>>();
        let why = |option: &Choice| option.rejected_because.as_ref().map(|why| why.value.clone());
        options.iter().map(|one| (one.title.value.clone(), texts(&one.pros), texts(&one.cons), why(one))).collect()
    }

    #[test]
    fn what_is_known_of_options_is_read_as_it_was_written() {
        let options = weighed();
        let new = New { options: &options, ..NEW };
        let texts = Form::ALL.map(|form| form.filled(new)).into_iter();
        for text in texts.chain(Dialect::ALL.into_iter().filter_map(|dialect| of(dialect, new))) {
            assert_eq!(told(&Record::read("0012-keep.md", &text).options), told(&options), "{text}");
        }
        let text = rfc(None, New { status: State::Draft, ..new }, NewRfc::default());
        assert_eq!(told(&Record::read_as(Family::Rfc, "0012-keep.md", &text).options), told(&options), "{text}");
    }

    #[test]
    fn new_records_are_read_as_what_they_were_made_of() {
        let mut forms = 0;
        let considered = options();
        let new = New { options: &considered, ..NEW };
        for (dialect, text) in Dialect::ALL.into_iter().filter_map(|dialect| Some((dialect, of(dialect, new)?))) {
            forms += 1;
            let is_dated = dialect == Dialect::Log4brains;
            let name = if is_dated { "20261129-keep.md".to_owned() } else { file_name(12, 4, NEW.title) };
            let record = Record::read(&name, &text);
            assert_eq!(record.dialect, dialect, "{text}");
            assert_eq!(record.number.map(|number| number.value), (!is_dated).then_some(12), "{text}");
            assert_eq!(record.title.unwrap().value, "Keep sheet music [as notes]");
            assert_eq!(record.status.unwrap().value, State::Proposed);
            assert_eq!(record.date.unwrap().value, "2026-11-29");
            let options: Vec<String> = record.options.into_iter().map(|option| option.title.value).collect();
            assert_eq!(options, ["Notes", "Scans, as before"]);
            assert!(record.outcome.is_none() && record.findings.is_empty(), "{:?}", record.findings);
        }
        assert_eq!(forms, 6);
    }

    #[test]
    fn forms_that_are_named_are_read_as_what_they_were_made_of() {
        for form in Form::ALL {
            for options in [&options()[..], &[]] {
                let text = form.filled(New { options, ..NEW });
                let record = Record::read("0012-keep.md", &text);
                assert_eq!(record.title.unwrap().value, "Keep sheet music [as notes]", "{text}");
                assert_eq!(record.number.unwrap().value, 12);
                assert_eq!(record.status.unwrap().value, State::Proposed);
                assert_eq!(record.date.unwrap().value, "2026-11-29");
                assert_eq!(told(&record.options), told(options), "{text}");
                assert!(record.deciders.is_empty() && record.outcome.is_none() && record.context.is_none(), "{text}");
                assert!(
                    record.positive.is_empty() && record.negative.is_empty() && record.neutral.is_empty(),
                    "{text}"
                );
                assert!(record.confirmation.is_empty() && record.findings.is_empty(), "{text}: {:?}", record.findings);
            }
        }
    }

    #[test]
    fn a_new_rfc_is_read_as_what_it_was_made_of() {
        let more =
            NewRfc { authors: &["Ana Ruiz"], reviewers: &["lead-backend", "DevOps"], last_call: Some("2026-12-14") };
        let considered = options();
        let new = New { status: State::Draft, options: &considered, ..NEW };
        for dialect in [None, Some(Dialect::Madr4), Some(Dialect::List), Some(Dialect::Nygard)] {
            let text = rfc(dialect, new, more);
            let record = Record::read_as(Family::Rfc, "0012-keep.md", &text);
            let said = record.rfc.unwrap();
            assert_eq!(record.number.unwrap().value, 12, "{text}");
            assert_eq!(record.title.unwrap().value, "Keep sheet music [as notes]", "{text}");
            assert_eq!(record.status.unwrap().value, State::Draft, "{text}");
            assert_eq!(record.date.unwrap().value, "2026-11-29", "{text}");
            assert_eq!(said.authors.iter().map(|said| said.value.as_str()).collect::<Vec<_>>(), ["Ana Ruiz"], "{text}");
            let roles: Vec<&str> = said.reviewers.iter().map(|one| one.role.value.as_str()).collect();
            assert_eq!(roles, ["lead-backend", "DevOps"], "{text}");
            assert_eq!(said.last_call.unwrap().value, "2026-12-14", "{text}");
            let options: Vec<String> = record.options.into_iter().map(|option| option.title.value).collect();
            assert_eq!(options, ["Notes", "Scans, as before"]);
            assert!(said.questions.is_empty() && said.about.is_empty(), "{text}");
            assert!(record.context.is_none() && record.outcome.is_none(), "{text}");
            assert!(record.findings.is_empty(), "{text}: {:?}", record.findings);
        }
        let text = rfc(None, New { options: &[], ..new }, NewRfc::default());
        let record = Record::read_as(Family::Rfc, "0012-keep.md", &text);
        assert!(record.options.is_empty() && record.considered.is_none() && record.findings.is_empty(), "{text}");
        assert!(record.rfc.is_some_and(|said| said.reviewers.is_empty() && said.last_call.is_none()), "{text}");
    }

    #[test]
    fn names_of_files_are_made_of_titles() {
        assert_eq!(file_name(7, 4, "Don't ask — “tell”!"), "0007-dont-ask-tell.md");
        assert_eq!((slug("時刻表を一つにする").as_str(), slug("!?").as_str()), ("時刻表を一つにする", "decision"));
        let long = slug(&"wise words ".repeat(20));
        assert!(long.len() <= 100 && long.ends_with("-words"), "{long}");
    }
}
