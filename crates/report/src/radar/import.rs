//! From the form of radar builders to Groma text.

use super::Problem;
use super::row::Row;
use super::rows::rows;
use groma_model::facts::DESCRIPTION;
use groma_model::facts::technology::Quadrant;
use groma_model::kinds::class::RADAR;
use groma_model::stack::{RINGS, Ring, Technologies};
use groma_model::stack::{catalogue, plain};
use groma_model::write::{Document, Node, Place, Value, unique_identifier};
use std::collections::{BTreeMap, BTreeSet};

/// What a file became.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// A radar and its technologies in Groma's language.
    pub text: String,
    /// How many technologies are in it.
    pub count: usize,
    /// What was left out, or put right, in the order of the lines.
    pub problems: Vec<Problem>,
}

/// The longest name of a technology, in characters.
const LONGEST_NAME: usize = 120;

/// Reads a radar as CSV, or as JSON in one of the forms of radar builders. `rings` are those that it may name, from the inside out.
///
/// # Errors
/// If the text is no radar at all.
pub fn import(text: &str, rings: &[Ring<'_>]) -> Result<Imported, Problem> {
    import_beside(text, rings, None)
}

/// The same beside a workspace: of its radar come the rings, those in which nothing stands as well, the name and the title, and of its
/// technologies the names.
///
/// # Errors
/// If the text is no radar at all.
pub fn import_into(text: &str, workspace: &Technologies<'_>) -> Result<Imported, Problem> {
    import_beside(text, &workspace.rings(), Some(workspace))
}

fn import_beside(text: &str, rings: &[Ring<'_>], own: Option<&Technologies<'_>>) -> Result<Imported, Problem> {
    let (rows, mut problems) = rows(text)?;
    let mut reader = Reader { rings, own, seen: BTreeMap::new(), ids: BTreeSet::new() };
    let mut technologies = Vec::new();
    for row in &rows {
        match reader.technology(row) {
            Ok((technology, remarks)) => {
                technologies.push(technology);
                problems.extend(remarks);
            }
            Err(problem) => problems.push(problem),
        }
    }
    problems.sort_by_key(|problem| problem.line);
    let used: BTreeSet<usize> = technologies.iter().map(|technology| technology.ring).collect();
    // In which rings nothing stands the form does not say.
    let is_there = |at: usize| own.is_some() || used.contains(&at);
    let there: Vec<&Ring<'_>> =
        rings.iter().enumerate().filter(|(at, _)| is_there(*at)).map(|(_, ring)| ring).collect();
    let text = match technologies.is_empty() {
        true => String::new(),
        false => written(rings, radar(&there, own), &technologies),
    };
    Ok(Imported { text, count: technologies.len(), problems })
}

/// A technology to be written.
struct Technology {
    id: String,
    title: String,
    ring: usize,
    /// Where it does not follow from what Groma knows.
    quadrant: Option<Quadrant>,
    rationale: String,
}

struct Reader<'r, 'a> {
    rings: &'r [Ring<'r>],
    /// What the workspace has, if there is one.
    own: Option<&'r Technologies<'a>>,
    /// What is named already, with its line.
    seen: BTreeMap<String, (u64, String)>,
    ids: BTreeSet<String>,
}

impl Reader<'_, '_> {
    /// The technology of a row, and what was put right.
    fn technology(&mut self, row: &Row) -> Result<(Technology, Vec<Problem>), Problem> {
        let wrong = |message: String, help: &str| Problem::new(row.line, message, help);
        let name = row.name.as_str();
        if name.is_empty() {
            return Err(wrong("the technology has no name".to_owned(), "write one into the column `name`"));
        }
        if name.chars().any(char::is_control) {
            let shown: String = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
            return Err(wrong(format!("the name `{shown}` has control characters"), "remove them"));
        }
        if name.chars().count() > LONGEST_NAME {
            let shown: String = name.chars().take(30).collect();
            let message = format!("the name `{shown}…` has more than {LONGEST_NAME} characters");
            return Err(wrong(message, "shorten it"));
        }
        let ring = self.ring(row)?;
        let known = catalogue(name);
        let usual = known.and_then(|known| known.category()).map(|category| category.quadrant());
        let given = quadrant(&row.quadrant);
        let Some(quadrant) = given.or(usual) else {
            let message = match row.quadrant.is_empty() {
                true => format!("`{name}` has no quadrant, so it is left out"),
                false => format!("there is no quadrant `{}`, so `{name}` is left out", shown(&row.quadrant)),
            };
            return Err(wrong(message, "write `techniques`, `tools`, `platforms` or `languages-and-frameworks`"));
        };
        let elsewhere = (given.is_none() && !row.quadrant.is_empty()).then(|| {
            let message =
                format!("there is no quadrant `{}`: `{name}` stands in `{}`", shown(&row.quadrant), quadrant.word());
            wrong(message, "write `quadrant` beside it if it belongs elsewhere")
        });
        let own = self.own.and_then(|own| Some(own.architecture().name(own.called(name)?.own?)));
        self.is_first(row, own.or(known.map(|known| known.name())))?;
        let id = match own.or(known.map(|known| known.name())) {
            Some(id) => id.to_owned(),
            // What Groma knows by a name is nothing else.
            None => unique_identifier(name, |id| self.is_taken(id)),
        };
        self.ids.insert(id.clone());
        let (rationale, remark) = told(row);
        // What is written where nothing says why it is in its ring: it would be no reason.
        let is_what_it_is =
            known.and_then(|known| known.text(&DESCRIPTION)).is_some_and(|what| what.trim() == rationale);
        let rationale = if is_what_it_is { String::new() } else { rationale };
        let quadrant = (usual != Some(quadrant)).then_some(quadrant);
        let remarks = elsewhere.into_iter().chain(remark).collect();
        Ok((Technology { id, title: name.to_owned(), ring, quadrant, rationale }, remarks))
    }

    /// Whether an identifier means something else.
    fn is_taken(&self, id: &str) -> bool {
        self.ids.contains(id) || catalogue(id).is_some() || self.own.is_some_and(|own| own.called(id).is_some())
    }

    fn ring(&self, row: &Row) -> Result<usize, Problem> {
        let (name, ring) = (&row.name, &row.ring);
        let is_it = |known: &Ring<'_>| plain(known.name) == plain(ring) && !ring.is_empty();
        // Builders that number the rings begin with the innermost.
        let numbered = || ring.parse::<usize>().ok().filter(|nth| *nth < self.rings.len());
        let known = self.rings.iter().position(is_it).or_else(numbered);
        known.ok_or_else(|| {
            let message = match ring.is_empty() {
                true => format!("`{name}` is in no ring, so it is left out"),
                false => format!("there is no ring `{}`, so `{name}` is left out", shown(ring)),
            };
            let rings: Vec<String> = self.rings.iter().map(|ring| format!("`{}`", ring.name)).collect();
            let own = "or name a workspace whose radar has it";
            Problem::new(row.line, message, format!("write one of {}, {own}", rings.join(", ")))
        })
    }

    /// That nothing before means the same.
    fn is_first(&mut self, row: &Row, known: Option<&str>) -> Result<(), Problem> {
        let plain = known.map_or_else(|| plain(&row.name), str::to_owned);
        // A name of signs alone has no letters by which it could be compared.
        let key = if plain.is_empty() { row.name.clone() } else { plain };
        if let Some((line, first)) = self.seen.get(&key) {
            let message = if *first == row.name {
                format!("`{first}` stands in line {line} already")
            } else {
                format!("`{}` means the same as `{first}` in line {line}", row.name)
            };
            return Err(Problem::new(row.line, message, "remove one of the two"));
        }
        self.seen.insert(key, (row.line, row.name.clone()));
        Ok(())
    }
}

/// A few letters of a text, for a message.
fn shown(text: &str) -> String {
    let clean = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.chars().map(clean).take(40).collect()
}

/// A quadrant as people write it, and as radar builders call theirs: `Languages & Frameworks`, `tools`, `infrastructure`, `process`.
fn quadrant(text: &str) -> Option<Quadrant> {
    let letters: String = text.to_lowercase().replace('&', "and").chars().filter(|c| c.is_alphanumeric()).collect();
    match letters.as_str() {
        "techniques" | "technique" | "process" | "processes" | "methods" | "methodsandpatterns" | "practices" => {
            Some(Quadrant::Techniques)
        }
        "tools" | "tool" => Some(Quadrant::Tools),
        "platforms" | "platform" | "infrastructure" | "platformsandinfrastructure" | "platformsandoperations" => {
            Some(Quadrant::Platforms)
        }
        "languagesandframeworks" | "languageandframework" | "languagesframeworks" | "languages" | "frameworks" => {
            Some(Quadrant::Languages)
        }
        _ => None,
    }
}

/// The description as plain text, and what was taken out of it.
fn told(row: &Row) -> (String, Option<Problem>) {
    let text = row.description.replace("\r\n", "\n");
    let is_forbidden = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    let remark = text.contains(is_forbidden).then(|| {
        let message = format!("the description of `{}` has control characters; they became blanks", row.name);
        Problem::new(row.line, message, "read what became of it")
    });
    let text = text.replace(|letter: char| letter.is_control() && letter != '\n', " ");
    (without_html(&text), remark)
}

/// The tags that descriptions on radars have.
const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "script",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// A description, which radar builders take as HTML, as plain text: without tags, with the characters that names stand for.
fn without_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (becomes, length) = tag(rest).or_else(|| entity(rest)).unwrap_or((&rest[..1], 1));
        out.push_str(becomes);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// What a tag at the beginning of a text becomes, and its length.
fn tag(text: &str) -> Option<(&'static str, usize)> {
    let inside = text.strip_prefix('<')?;
    // No tag is longer; so a text of many `<` takes no longer than its length.
    let window = &inside[..inside.floor_char_boundary(2_000)];
    let end = window.find('>')?;
    let word = window[..end].trim_start_matches('/');
    let word = word.split(|letter: char| !letter.is_ascii_alphanumeric()).next()?.to_ascii_lowercase();
    if !TAGS.contains(&word.as_str()) {
        return None;
    }
    let ends_line = matches!(word.as_str(), "br") || (window.starts_with('/') && matches!(word.as_str(), "p" | "li"));
    Some((if ends_line { "\n" } else { "" }, end + 2))
}

/// The character that a name at the beginning of a text stands for, and the length of the name.
fn entity(text: &str) -> Option<(&'static str, usize)> {
    const NAMES: [(&str, &str); 8] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
    ];
    NAMES.into_iter().find(|(name, _)| text.starts_with(name)).map(|(name, letter)| (letter, name.len()))
}

/// The radar with these rings. What a workspace calls its own it is called again.
fn radar(rings: &[&Ring<'_>], own: Option<&Technologies<'_>>) -> Node {
    let arch = own.map(|own| own.architecture());
    let known = arch.and_then(|arch| Some((arch, arch.records_of(&RADAR).next()?.at)));
    let mut radar = match known {
        Some((arch, at)) => Node::named("radar", arch.name(at)).title(arch.title(at)),
        None => Node::named("radar", "imported").title("Technology radar"),
    };
    for ring in rings {
        let mut line = Node::fact("ring", Value::text(ring.name));
        if !ring.means.is_empty() {
            line = line.property("means", Value::quoted(ring.means));
        }
        // What follows from its name need not be said.
        if !RINGS.iter().any(|usual| usual.name == ring.name && usual.policy == ring.policy) {
            line = line.property("policy", Value::text(ring.policy.word()));
        }
        radar = radar.child(line);
    }
    radar
}

fn written(rings: &[Ring<'_>], radar: Node, technologies: &[Technology]) -> String {
    let mut document = Document::new();
    // None of these nodes is too deep.
    let _ = document.insert(Place::End, &radar);
    for one in technologies {
        let ring = rings.get(one.ring).map_or("", |ring| ring.name);
        let mut node = Node::named("technology", &one.id).title(&one.title).property("ring", Value::text(ring));
        if let Some(quadrant) = one.quadrant {
            node = node.property("quadrant", Value::text(quadrant.word()));
        }
        if !one.rationale.is_empty() {
            node = node.child(Node::fact("rationale", Value::quoted(&one.rationale)));
        }
        let _ = document.insert(Place::End, &node);
    }
    document.text()
}
