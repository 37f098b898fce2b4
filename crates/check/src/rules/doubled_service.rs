use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::Status;
use groma_model::facts::technology::Category;
use groma_model::{Architecture, Container, Duty, ElementId, Level, facts};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) static RULE: Rule = Rule {
    name: "doubled-service",
    severity: Severity::Note,
    summary: "a service of one's own beside an external one for the same purpose",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfUse),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("doubled_service.md"),
};

/// What services are built for as well as bought, and the words by which they are called then.
const PURPOSES: &[(Category, &[&str])] = &[
    (Category::Identity, &["auth", "identity", "sso", "iam"]),
    (Category::Payment, &["payment"]),
    (Category::Email, &["email"]),
    (Category::SearchEngine, &["search"]),
    (Category::ContentManagement, &["content", "cms"]),
    (Category::FeatureFlags, &["flag", "toggle"]),
];

/// Words that say what sort of thing it is or whose, not what it does.
const GENERIC: &[&str] = &[
    "a",
    "an",
    "and",
    "api",
    "app",
    "application",
    "backend",
    "cloud",
    "component",
    "container",
    "custom",
    "engine",
    "external",
    "feature",
    "for",
    "function",
    "gateway",
    "hosted",
    "in",
    "internal",
    "management",
    "manager",
    "micro",
    "microservice",
    "module",
    "of",
    "our",
    "own",
    "partner",
    "party",
    "platform",
    "provider",
    "saas",
    "server",
    "service",
    "system",
    "the",
    "third",
    "tool",
    "vendor",
    "worker",
];

/// Other words for the same.
const SAME: &[(&str, &[&str])] = &[
    ("auth", &["authentication", "authenticator", "authn", "authorisation", "authorization", "authz", "login"]),
    ("email", &["mail", "mailer", "mailing"]),
    ("notification", &["notifier", "notify"]),
    ("payment", &["pay", "paying"]),
];

/// What something is for: the words of its title that say so, or what its technology is for.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Purpose {
    Words(Vec<String>),
    Of(Category),
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut bought: FxHashMap<Purpose, Vec<ElementId>> = FxHashMap::default();
    let mut of_others: Vec<ElementId> = arch.element_ids().filter(|id| is_bought(arch, *id)).collect();
    of_others.sort_by_key(|id| &*arch.element(*id).path);
    for id in of_others {
        for purpose in purposes(cx, id) {
            bought.entry(purpose).or_default().push(id);
        }
    }
    if bought.is_empty() {
        return;
    }
    for own in arch.element_ids().filter(|id| is_built(arch, *id)) {
        let mut found: Vec<(ElementId, Purpose)> = Vec::new();
        let mut neighbours = None;
        for purpose in purposes(cx, own) {
            for external in bought.get(&purpose).into_iter().flatten().copied().take(MOST_COMPARED) {
                let neighbours = neighbours.get_or_insert_with(|| Neighbours::of(arch, &with_takers(arch, own)));
                let is_told = found.iter().any(|(other, _)| *other == external);
                if !is_told && !neighbours.reach(arch, external) {
                    found.push((external, purpose.clone()));
                }
            }
        }
        report(cx, own, &found);
    }
}

fn report(cx: &mut Context<'_>, own: ElementId, found: &[(ElementId, Purpose)]) {
    let [(external, purpose), others @ ..] = found else { return };
    let what = match purpose {
        Purpose::Words(words) => words.join(" "),
        Purpose::Of(category) => category.word().to_owned(),
    };
    let message = format!(
        "the {} and the external {} seem to do the same ({what}), and neither uses the other: is it built or bought?",
        cx.named(own),
        cx.named(*external)
    );
    let finding = cx.at(cx.arch.element(own).at, message).secondary(cx.span_of(*external), "what is bought");
    let finding =
        others.iter().fold(finding, |finding, (other, _)| finding.secondary(cx.span_of(*other), "and bought again"));
    cx.push(
        finding
            .note("what both do is kept up twice, and nobody knows which of them has the right answer")
            .help("keep one; or draw the relationship if one calls the other, write `status=deprecated` if one replaces the other, or name them by what each does"),
    );
}

/// Whether others build and run it, as a whole.
fn is_bought(arch: &Architecture, id: ElementId) -> bool {
    let element = arch.element(id);
    let is_part = element.parent.is_some_and(|whole| arch.element(whole).external);
    element.external && element.level != Level::Person && !is_part && is_here_to_stay(arch, id)
}

/// Whether it is a system or a service of our own.
fn is_built(arch: &Architecture, id: ElementId) -> bool {
    let element = arch.element(id);
    let is_service = match element.level {
        Level::System => true,
        Level::Container => arch.is_for(id, Duty::Work),
        Level::Person | Level::Component => false,
    };
    is_service && !element.external && is_here_to_stay(arch, id)
}

/// Whether it is there today and stays: else one replaces the other.
fn is_here_to_stay(arch: &Architecture, id: ElementId) -> bool {
    !arch.ancestors(id).any(|at| {
        let at = arch.element(at).at;
        arch.fact(at, &facts::STATUS).is_some() && arch.choice(at) != Some(Status::Existing)
    })
}

fn purposes(cx: &Context<'_>, id: ElementId) -> Vec<Purpose> {
    let (arch, technologies) = (cx.arch, cx.technologies());
    let (at, is_external) = (arch.element(id).at, arch.element(id).external);
    let words = significant_words(arch.element_title(id));
    let by_words = PURPOSES.iter().find(|(_, names)| matches!(&words[..], [word] if names.contains(&&**word)));
    let titled = is_external.then(|| technologies.named(arch.element_title(id)));
    // With what a vendor runs one's own service uses it; it does not do the same.
    let of_technology = titled.into_iter().chain(technologies.of(at)).filter_map(|named| {
        let known = named.known.filter(|known| is_external || !technologies.is_managed(*known))?;
        technologies.category(known).filter(|category| PURPOSES.iter().any(|(one, _)| one == category))
    });
    let categories: Vec<Category> = by_words.map(|(category, _)| *category).into_iter().chain(of_technology).collect();
    let by_title = (!words.is_empty()).then_some(Purpose::Words(words));
    by_title.into_iter().chain(categories.into_iter().map(Purpose::Of)).collect()
}

/// The words of a title that say what something does, each in one form.
fn significant_words(title: &str) -> Vec<String> {
    let title = title.to_lowercase().replace("e-mail", "email");
    // What is numbered is not alike for its number.
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.contains(char::is_alphabetic));
    let singular = words.map(|word| match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one,
        _ => word,
    });
    let in_one_form =
        singular.map(|word| SAME.iter().find(|(_, others)| others.contains(&word)).map_or(word, |(one, _)| one));
    let mut found: Vec<String> = in_one_form.filter(|word| !GENERIC.contains(word)).map(str::to_owned).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// An element, and who takes what it puts into queues.
fn with_takers(arch: &Architecture, own: ElementId) -> Vec<ElementId> {
    let takes = |id: ElementId| arch.element(id).container().is_some_and(Container::takes_messages);
    let mut found = vec![own];
    let mut seen: FxHashSet<ElementId> = FxHashSet::from_iter([own]);
    let mut at = 0;
    while let Some(from) = found.get(at).copied() {
        let next = arch.outgoing(from).map(|id| arch.relation(id).to);
        found.extend(next.filter(|to| takes(*to) && seen.insert(*to)));
        at += 1;
    }
    found
}

/// What some elements, what they are part of and what is part of them are connected with by a relationship, either way.
struct Neighbours {
    /// The other ends.
    own: FxHashSet<ElementId>,
    /// These, and what each is part of.
    around: FxHashSet<ElementId>,
}

impl Neighbours {
    fn of(arch: &Architecture, elements: &[ElementId]) -> Neighbours {
        let mut line: FxHashSet<ElementId> = elements.iter().flat_map(|id| arch.ancestors(*id)).collect();
        let mut open = elements.to_vec();
        while let Some(id) = open.pop() {
            line.insert(id);
            open.extend(arch.children(id));
        }
        let to = line.iter().flat_map(|id| arch.outgoing(*id)).map(|id| arch.relation(id).to);
        let from = line.iter().flat_map(|id| arch.incoming(*id)).map(|id| arch.relation(id).from);
        let own: FxHashSet<ElementId> = to.chain(from).collect();
        let around = own.iter().flat_map(|id| arch.ancestors(*id)).collect();
        Neighbours { own, around }
    }

    /// Whether an element, what it is part of or what is part of it is among them.
    fn reach(&self, arch: &Architecture, id: ElementId) -> bool {
        self.around.contains(&id) || arch.ancestors(id).any(|around| self.own.contains(&around))
    }
}

/// With so many external ones of one purpose each of one's own is compared at most.
const MOST_COMPARED: usize = 20;
