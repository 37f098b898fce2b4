//! What a workspace declares of its own, explained as the language explains what is built in.

use groma_base::list_words;
use groma_model::facts::{own_fact, own_kind, standard, technology};
use groma_model::kinds::{self, class};
use groma_model::schema::{Class, Fact};
use groma_model::stack::Technologies;
use groma_model::standards_met::{depends_on_the_day, says_none, scope};
use groma_model::{Architecture, ItemRef, facts};
use std::fmt::Write;

/// What has a page.
const EXPLAINED: &[&Class] = &[
    &class::OWN_FACT,
    &class::OWN_KIND,
    &class::STANDARD,
    &class::TECHNOLOGY,
    &class::DECISION,
    &class::RFC,
    &class::CHOICE,
];

/// Everything that has a page, in the order of the text.
fn explained(arch: &Architecture) -> impl Iterator<Item = ItemRef> + '_ {
    arch.item_refs().filter(|at| arch.item(*at).kind.class.is_in(EXPLAINED))
}

/// The names of all facts, kinds, standards, technologies, decisions and choices that a workspace declares; what is called by a number alone
/// is near to no other word.
pub fn explained_names(arch: &Architecture) -> impl Iterator<Item = &str> {
    let names = explained(arch).map(|at| arch.name(at));
    names.filter(|name| !is_number(name))
}

/// The page of a fact, a kind, a standard, a technology, a decision or a choice that a workspace declares under this name, or else declared under it before it
/// was renamed, in Markdown. `place` says where
/// something stands.
pub fn own_page(arch: &Architecture, name: &str, place: &dyn Fn(ItemRef) -> String) -> Option<String> {
    let technology = Technologies::new(arch).called(name).and_then(|known| known.own);
    let decision = decision_called(arch, name);
    // A number alone is that of a decision.
    let is_called = |at: ItemRef| arch.name(at) == name && !(is_number(name) && arch.item(at).kind.is(&class::RFC));
    let is_meant = |at: &ItemRef| is_called(*at) || Some(*at) == technology || Some(*at) == decision;
    let mut pages: Vec<String> = explained(arch).filter(is_meant).map(|at| page(arch, at, &place(at))).collect();
    if pages.is_empty() {
        let was = |at: &ItemRef| arch.list(*at, &facts::WAS).any(|was| was == name);
        let renamed = |at| format!("`{name}` is called `{}` now.\n\n{}", arch.name(at), page(arch, at, &place(at)));
        pages.extend(explained(arch).filter(was).map(renamed));
    }
    (!pages.is_empty()).then(|| pages.join("\n"))
}

fn is_number(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

/// The decision or request for comments of a name, a number such as `12`, `ADR-0012` or `rfc-3`, or the name of its file.
fn decision_called(arch: &Architecture, name: &str) -> Option<ItemRef> {
    let number = groma_records::folder::named_number(name).map(|number| number.to_string());
    let found = |name: &str| arch.resolve(None, name, &[&class::DECISION]).ok();
    // `rfc-3` is no decision.
    let rfc = || arch.resolve(None, name, &[&class::RFC]).ok().filter(|_| !is_number(name));
    Some(arch.declared_at(found(name).or_else(rfc).or_else(|| found(&number?))?))
}

/// The facts of its own that a workspace has for things of a kind, in Markdown.
pub fn own_facts_on(arch: &Architecture, kind: &str) -> Option<String> {
    let own = &arch.own_facts;
    let base = own.base(kind).or_else(|| kinds::by_name(kind)).or_else(|| kinds::by_name("service"))?;
    let lines: String = own.of(base, kind).map(|fact| format!("- `{}`: {}.\n", fact.name, fact.described())).collect();
    (!lines.is_empty()).then(|| format!("Facts of this workspace on it:\n\n{lines}"))
}

fn page(arch: &Architecture, at: ItemRef, place: &str) -> String {
    let (class, name) = (arch.item(at).kind.class, arch.name(at));
    let whose = arch.kit(at).map_or("this workspace".to_owned(), |kit| format!("the kit {}", arch.kit_name(kit)));
    let what = if *class == class::RFC { class.phrase.to_owned() } else { format!("a {}", class.word) };
    let mut page = format!("# {name}\n\n{}: {what} of {whose}, declared in {place}.\n", arch.title(at));
    if let Some(description) = arch.text(at, &facts::DESCRIPTION) {
        let _ = writeln!(page, "\n{description}");
    }
    page.push('\n');
    match class {
        class if *class == class::OWN_FACT => fact(arch, at, &mut page),
        class if *class == class::STANDARD => standard(arch, at, &mut page),
        class if *class == class::TECHNOLOGY => technology(arch, at, &mut page),
        class if *class == class::DECISION => decision(arch, at, &mut page),
        class if *class == class::RFC => rfc(arch, at, &mut page),
        class if *class == class::CHOICE => choice(arch, at, &mut page),
        _ => kind(arch, at, &mut page),
    }
    page
}

/// All facts that are given of something but those that are told in another way, each on a line.
fn rest(arch: &Architecture, at: ItemRef, told: &[&Fact]) -> String {
    let mut lines = String::new();
    for fact in arch.facts_for(at).filter(|fact| **fact != facts::DESCRIPTION && !told.contains(fact)) {
        for value in arch.values_of(at, fact) {
            let parts = arch.file(at).parts_of(value).iter();
            let parts: String = parts.map(|part| format!(", {} {}", part.fact.name, arch.words(at, part))).collect();
            let _ = writeln!(lines, "- `{}` {}{parts}", fact.name, arch.words(at, value));
        }
    }
    lines
}

/// Lines that are a list of their own below a text.
fn below(page: &mut String, lines: &str) {
    if !lines.is_empty() {
        let _ = write!(page, "\n{lines}");
    }
}

fn kind(arch: &Architecture, at: ItemRef, page: &mut String) {
    let is = arch.text(at, &own_kind::IS).unwrap_or("service");
    let _ = writeln!(page, "It is a `{is}`, and has what `groma explain {is}` lists.");
    below(page, &rest(arch, at, &[&own_kind::IS]));
    below(page, &own_facts_on(arch, arch.name(at)).unwrap_or_default());
}

fn fact(arch: &Architecture, at: ItemRef, page: &mut String) {
    let Some(own) = arch.own_facts.all().iter().find(|own| own.fact.name == arch.name(at)) else { return };
    let on = list_words(own.on.iter().map(|word| &**word), "and");
    let _ = writeln!(page, "`{}=…`: {}. On: {on}.", own.fact.name, own.fact.expected());
    let said = [
        (arch.is(at, &own_fact::REQUIRED), "It must be given of what is yours.".to_owned()),
        (own.fact.many, "It may be given several times.".to_owned()),
        (
            own.fact.default.is_some(),
            format!("Where it is not given, `{}` holds.", own.fact.default.unwrap_or_default()),
        ),
    ];
    for (_, text) in said.into_iter().filter(|(is_so, _)| *is_so) {
        let _ = writeln!(page, "{text}");
    }
    let told = [
        &own_fact::ON,
        &own_fact::TYPE,
        &own_fact::ONE_OF,
        &own_fact::NAMES,
        &own_fact::MANY,
        &own_fact::REQUIRED,
        &own_fact::DEFAULT,
    ];
    below(page, &rest(arch, at, &told));
}

fn decision(arch: &Architecture, at: ItemRef, page: &mut String) {
    page.push_str(&rest(arch, at, &[]));
    let title = |at: &ItemRef| format!("{} ({})", name(arch, *at), arch.title(*at));
    let all = |them: &[ItemRef]| them.iter().map(title).collect::<Vec<_>>().join(", ");
    let choices: Vec<ItemRef> = arch.choices_behind(at).collect();
    let said = [
        ("Is about", arch.decided_by(at)),
        ("Replaces", arch.replaced_by(at)),
        ("Replaced by", arch.successors(at)),
        ("Weighed in", choices),
    ];
    for (heading, them) in said.iter().filter(|(_, them)| !them.is_empty()) {
        let _ = writeln!(page, "- {heading}: {}", all(them));
    }
}

/// What something is called: of a relationship both ends, as a record names it.
fn name(arch: &Architecture, at: ItemRef) -> String {
    match arch.relation_at(at) {
        Some(id) => arch.ends(id).map(|end| arch.element(end).path.to_string()).join(" -> "),
        None => arch.name(at).to_owned(),
    }
}

fn rfc(arch: &Architecture, at: ItemRef, page: &mut String) {
    page.push_str(&rest(arch, at, &[]));
    let title = |at: ItemRef| format!("{} ({})", arch.name(at), arch.title(at));
    let led_to: Vec<String> = arch.led_to(at).into_iter().map(title).collect();
    if !led_to.is_empty() {
        let _ = writeln!(page, "- Led to: {}", led_to.join(", "));
    }
}

fn choice(arch: &Architecture, at: ItemRef, page: &mut String) {
    page.push_str(&rest(arch, at, &[]));
    let titles: Vec<&str> = arch.options_of(at).into_iter().map(|option| arch.title(option)).collect();
    let _ = writeln!(page, "- Options: {}", titles.join(", "));
    let _ = writeln!(page, "\n`groma decide {}` ranks them.", arch.name(at));
}

fn standard(arch: &Architecture, at: ItemRef, page: &mut String) {
    let severity = arch.choice(at).unwrap_or(standard::Severity::Error).word();
    let owner = arch.fact(at, &facts::OWNER).map(|owner| arch.words(at, owner));
    let said = [
        ("Applies to", arch.text(at, &standard::APPLIES)),
        ("Must be", arch.text(at, &standard::MUST)),
        ("Severity", Some(severity)),
        ("Since", arch.text(at, &standard::SINCE)),
        ("Owner", owner),
        ("Reason", arch.text(at, &standard::REASON)),
    ];
    for (heading, text) in said.into_iter().filter_map(|(heading, text)| Some((heading, text?))) {
        let _ = writeln!(page, "- {heading}: {text}");
    }
    for link in arch.values_of(at, &facts::LINK) {
        let title = arch.part_of(at, link, &facts::LINK_TITLE).map_or(String::new(), |title| format!(" ({title})"));
        let _ = writeln!(page, "- Reference: {}{title}", arch.words(at, link));
    }
    if let Some(exception) = arch.text(at, &standard::EXCEPTION) {
        let _ = writeln!(page, "- Exceptions: {exception}");
    }
    if !arch.text(at, &standard::EXCEPTION).is_some_and(says_none) {
        let (name, allow) = (arch.name(at), "owner=… reason=\"…\" expires=YYYY-MM-DD");
        let _ = writeln!(page, "- An exception that is granted: `allow {name} {allow}` where it need not be met");
    }
    let told = [&standard::APPLIES, &standard::MUST, &standard::SEVERITY, &standard::SINCE, &standard::REASON];
    let told = [&told[..], &[&standard::EXCEPTION, &facts::OWNER, &facts::LINK]].concat();
    page.push_str(&rest(arch, at, &told));
    // What depends on the day is told by `check`, which knows it.
    if let Some(scope) = scope(arch, at, "").filter(|_| !depends_on_the_day(arch, at)) {
        let _ = writeln!(page, "- Here that is {}", measured(scope.about.len(), scope.unmet.len()));
    }
}

fn things(count: usize) -> String {
    if count == 1 { "1 thing".to_owned() } else { format!("{count} things") }
}

/// How many things a standard is about, and how many of them do not meet it.
fn measured(all: usize, unmet: usize) -> String {
    match (all, unmet) {
        (0, _) => "nothing".to_owned(),
        (all, 0) => format!("{}, and all meet it", things(all)),
        (all, 1) => format!("{}, of which 1 does not meet it", things(all)),
        (all, unmet) => format!("{}, of which {unmet} do not meet it", things(all)),
    }
}

fn technology(arch: &Architecture, at: ItemRef, page: &mut String) {
    let technologies = Technologies::new(arch);
    let Some(known) = technologies.called(arch.name(at)) else { return };
    if let Some(ring) = technologies.ring(known) {
        let means = if ring.means.is_empty() { String::new() } else { format!(" (\"{}\")", ring.means) };
        let _ = writeln!(page, "- Ring: {}{means}: {}", ring.name, ring.policy.meaning());
    }
    page.push_str(&rest(arch, at, &[&technology::RING]));
    let used = technologies.used().iter().filter(|used| used.named.known == Some(known)).count();
    let _ = writeln!(page, "- Here {} of yours {} it", things(used), if used == 1 { "names" } else { "name" });
}
