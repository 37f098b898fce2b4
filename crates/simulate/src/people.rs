//! How many people it takes to own what there is, by rules of thumb: for its services, its languages, the technologies that must be
//! learned, and being on call. The figures are those of the workspace's `team`.

use groma_model::decode::FactValue;
use groma_model::facts::workspace;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::stack::{Known, Technologies};
use groma_model::{Architecture, Duty, ElementId, ItemRef, Level, facts};
use rustc_hash::FxHashSet;
use std::fmt;

/// What somebody must be woken for: a month of it leaves 43 minutes, too few to wait for the morning.
const ROUND_THE_CLOCK: f64 = 0.999;

/// As many are named in a sentence.
const MOST_NAMES: usize = 6;

/// The rules of thumb of a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Thumb {
    /// How many services one person can own.
    pub services_per_person: f64,
    /// How many people must know each language.
    pub people_per_language: f64,
    technologies_per_person: f64,
    on_call: f64,
    /// Whether somebody is on call whatever is promised.
    is_on_call: bool,
}

/// What takes people.
#[derive(Clone, PartialEq, Debug)]
pub enum Burden {
    /// Services, by their paths.
    Services(Vec<String>),
    /// Programming languages.
    Languages(Vec<String>),
    /// Technologies that must be learned.
    Technologies(Vec<String>),
    /// Being on call, with what promises as much, if anything does: its title and the share.
    OnCall(Option<(String, f64)>),
}

/// What takes people, and how many at least.
#[derive(Clone, PartialEq, Debug)]
pub struct Need {
    /// What does.
    pub burden: Burden,
    /// How many.
    pub people: f64,
}

impl Thumb {
    /// That of a workspace.
    pub fn of(arch: &Architecture) -> Thumb {
        let given = |fact| arch.part(arch.workspace?, &workspace::TEAM, fact).and_then(FactValue::number);
        let figure = |fact: &'static Fact| {
            given(fact).or_else(|| fact.default_quantity().map(|usual| usual.high)).unwrap_or(f64::INFINITY)
        };
        Thumb {
            services_per_person: figure(&workspace::SERVICES_PER_PERSON),
            people_per_language: figure(&workspace::PEOPLE_PER_LANGUAGE),
            technologies_per_person: figure(&workspace::TECHNOLOGIES_PER_PERSON),
            on_call: figure(&workspace::ON_CALL),
            is_on_call: given(&workspace::ON_CALL).is_some(),
        }
    }

    /// The people that it takes to know so many languages: who knows one may be the second for another.
    fn people_for_languages(&self, languages: usize) -> f64 {
        languages.checked_sub(1).map_or(0.0, |others| (self.people_per_language * others as f64).floor() + 1.0)
    }

    /// The most languages that so many people can know.
    pub fn most_languages(&self, people: f64) -> f64 {
        (people / self.people_per_language).ceil().max(1.0)
    }
}

/// Our own services, workers, functions and gateways in an element, or all, by their paths.
pub fn own_services(arch: &Architecture, within: Option<ElementId>) -> Vec<ElementId> {
    let is_one = |id: &ElementId| {
        let element = arch.element(*id);
        element.level == Level::Container
            && !element.external
            && arch.is_for(*id, Duty::Work)
            && is_within(arch, *id, within)
    };
    let mut found: Vec<ElementId> = arch.element_ids().filter(is_one).collect();
    found.sort_by_key(|id| &*arch.element(*id).path);
    found
}

/// Whether an element is another or a part of it.
pub fn is_within(arch: &Architecture, id: ElementId, within: Option<ElementId>) -> bool {
    within.is_none_or(|whole| arch.ancestors(id).any(|around| around == whole))
}

/// What takes people in an element, or in all that there is, first what takes the most.
pub fn needs(arch: &Architecture, within: Option<ElementId>) -> Vec<Need> {
    let (thumb, technologies) = (Thumb::of(arch), Technologies::new(arch));
    let services = own_services(arch, within);
    let mut seen: FxHashSet<Known> = FxHashSet::default();
    let named = technologies.used().into_iter().filter(|one| one.is_within(arch, within));
    let mut used: Vec<Known> = named.filter_map(|one| one.named.known).filter(|known| seen.insert(*known)).collect();
    used.sort_by_key(|known| technologies.title(*known));
    let languages = technologies.fewest_languages(used.iter().copied());
    let learned: Vec<Known> = used.into_iter().filter(|known| technologies.is_learned(*known)).collect();
    let mut found = vec![
        Need {
            people: (services.len() as f64 / thumb.services_per_person).ceil(),
            burden: Burden::Services(services.iter().map(|id| arch.element(*id).path.to_string()).collect()),
        },
        Need {
            people: thumb.people_for_languages(languages.len()),
            burden: Burden::Languages(languages.into_iter().map(str::to_owned).collect()),
        },
        Need {
            people: (learned.len() as f64 / thumb.technologies_per_person).ceil(),
            burden: Burden::Technologies(learned.iter().map(|one| technologies.title(*one).to_owned()).collect()),
        },
    ];
    let promised = strictest_promise(arch, within).filter(|(_, share)| *share >= ROUND_THE_CLOCK);
    if promised.is_some() || thumb.is_on_call {
        found.push(Need { people: thumb.on_call, burden: Burden::OnCall(promised) });
    }
    found.retain(|need| need.people > 0.0);
    found.sort_by(|a, b| b.people.total_cmp(&a.people));
    found
}

/// The highest availability that is promised of an element, of what it is part of or of its parts, with whose title.
fn strictest_promise(arch: &Architecture, within: Option<ElementId>) -> Option<(String, f64)> {
    let is_about = |of: Option<ElementId>| match (of, within) {
        (Some(of), Some(whole)) => is_within(arch, of, Some(whole)) || is_within(arch, whole, Some(of)),
        _ => true,
    };
    let required = crate::requirements(arch)
        .into_iter()
        .filter(|one| one.metric == crate::Metric::Availability && !one.upper && !one.is_threshold && is_about(one.of));
    let required = required.map(|one| (one.quality, one.limit));
    let objectives = arch.records_of(&class::SLO).filter_map(|record| {
        let of = arch.fact(record.at, &facts::slo::OF).and_then(|given| arch.referred_element(record.at, given));
        let share = arch.quantity(record.at, &facts::slo::OBJECTIVE)?.high;
        is_about(of).then_some((record.at, share))
    });
    let all: Vec<(ItemRef, f64)> = required.chain(objectives).filter(|(_, share)| *share < 1.0).collect();
    let highest = all.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    Some((arch.title(highest.0).to_owned(), highest.1))
}

impl fmt::Display for Need {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let people = crate::number::plain(self.people);
        match &self.burden {
            Burden::Services(names) => write!(out, "{people} for {}", counted(names, "service", "services")),
            Burden::Languages(names) => write!(out, "{people} for {}", counted(names, "language", "languages")),
            Burden::Technologies(names) => {
                write!(out, "{people} for {}", counted(names, "technology to know", "technologies to know"))
            }
            Burden::OnCall(None) => write!(out, "{people} to be on call"),
            Burden::OnCall(Some((title, share))) => {
                write!(out, "{people} to be on call for \"{title}\" ({})", crate::number::share(*share))
            }
        }
    }
}

/// How many of what there are, and the first of them.
fn counted(names: &[String], one: &str, many: &str) -> String {
    let word = if names.len() == 1 { one } else { many };
    let mut told = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMES {
        told += &format!(" and {} more", names.len() - MOST_NAMES);
    }
    format!("{} {word} ({told})", names.len())
}
