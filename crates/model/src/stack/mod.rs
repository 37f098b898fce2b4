//! Which technologies things name, and what is known of these: what the workspace says itself, and what Groma knows besides.

pub mod blips;
mod catalogue;
mod names;
mod support;
mod text;
mod used;

use crate::facets::technologies::TechnologyNames;
use crate::facets::technologies::class::{RADAR, TECHNOLOGY};
use crate::facets::technologies::facts::radar::{self, Policy};
use crate::facets::technologies::facts::technology::{self, Category, Quadrant};
pub use catalogue::{Entry, catalogue, entries, plain};
pub use names::names_of_technology;
pub use support::Support;
pub use used::Used;

use crate::items::FactValue;
use crate::schema::{Class, Fact, YesNo};
use crate::{Architecture, ItemRef, facts};
use groma_base::Quantity;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A technology of which something is known. What the workspace says of it wins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Known {
    /// Where the workspace declares it.
    pub own: Option<ItemRef>,
    /// What Groma knows of it.
    pub built_in: Option<Entry>,
}

/// A technology as something names it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// As written: `PostgreSQL 17`.
    pub text: &'a str,
    /// Its version, if one is written.
    pub version: Option<&'a str>,
    /// What it is, if that is known.
    pub known: Option<Known>,
    /// Whether it is only what another is by its name: PHP, where `PHP CLI` is named.
    pub is_kind: bool,
}

/// A ring of the radar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ring<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it means for those who choose.
    pub means: &'a str,
    /// What it asks of those who use something in it.
    pub policy: Policy,
}

/// The rings of a workspace that declares none, from the inside out.
pub const RINGS: [Ring<'static>; 4] = [
    Ring { name: "adopt", means: "Safe to use", policy: Policy::Free },
    Ring { name: "trial", means: "With permission", policy: Policy::Permission },
    Ring { name: "assess", means: "Worth a look", policy: Policy::Permission },
    Ring { name: "hold", means: "Not for anything new", policy: Policy::Existing },
];

/// The technologies of a workspace.
pub struct Technologies<'a> {
    arch: &'a Architecture,
    /// What the workspace declares, by what it is called.
    own: &'a TechnologyNames,
    /// What the texts between commas were found to name: many things name the same.
    found: Mutex<FxHashMap<&'a str, Arc<[Named<'a>]>>>,
}

impl<'a> Technologies<'a> {
    /// Those of a workspace.
    pub fn new(arch: &'a Architecture) -> Technologies<'a> {
        Technologies::with(arch, arch.technologies.get_or_init(|| names::by_name(arch)))
    }

    /// Those that these names mean.
    fn with(arch: &'a Architecture, own: &'a TechnologyNames) -> Technologies<'a> {
        Technologies { arch, own, found: Mutex::default() }
    }

    /// The technology of the workspace that is meant by a name of one: of several that to which it belongs most, wherever each stands.
    pub fn own_called(&self, name: &str) -> Option<ItemRef> {
        self.own.today.get(&plain(name)).copied()
    }

    /// The technology of the workspace that had a name before, if nothing has it now.
    pub fn formerly_called(&self, name: &str) -> Option<Known> {
        let before = self.own.before.get(&plain(name)).copied().flatten()?;
        if self.called(name).is_some() { None } else { self.called(self.arch.name(before)) }
    }

    /// What a name means, which may be an old one.
    fn meant(&self, name: &str) -> Option<Known> {
        self.called(name).or_else(|| self.formerly_called(name))
    }

    /// The workspace.
    pub fn architecture(&self) -> &'a Architecture {
        self.arch
    }

    /// The technologies that something names, in the order of the text.
    pub fn of(&self, at: ItemRef) -> impl Iterator<Item = Named<'a>> + '_ {
        self.arch.list(at, &facts::TECHNOLOGY).flat_map(|text| {
            let named = self.all_named(text);
            (0..named.len()).map(move |nth| named[nth])
        })
    }

    /// The technologies that a text between commas names: itself, or what its parts name, as in `TypeScript/React` and
    /// `Java 21 (with Kotlin)`.
    fn all_named(&self, text: &'a str) -> Arc<[Named<'a>]> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let all = found.entry(text).or_insert_with(|| {
            let named: Arc<[Named<'a>]> = self.parts(text).into_iter().flat_map(|part| self.with_kind(part)).collect();
            if named.iter().any(|one| one.known.is_some()) { named } else { Arc::new([self.named(text)]) }
        });
        Arc::clone(all)
    }

    /// What a text names, and of what kind that is by its name.
    fn with_kind(&self, text: &'a str) -> impl Iterator<Item = Named<'a>> {
        let named = self.named(text);
        let kinds = named.known.into_iter().flat_map(|known| self.kinds(known));
        [named].into_iter().chain(kinds.map(move |kind| Named {
            version: None,
            known: Some(kind),
            is_kind: true,
            ..named
        }))
    }

    /// What a text names, in which a version may follow the name.
    pub fn named(&self, text: &'a str) -> Named<'a> {
        let Some((known, end)) = self.longest(text) else {
            return Named { text, version: None, known: None, is_kind: false };
        };
        // What the workspace calls `Log4j 1` is that version of it, however it is named.
        let of_title = || known.own.and_then(|at| support::version_in_title(self.arch.label(at)?));
        let version = text::version_behind(&text[end..]).or_else(of_title);
        Named { text, version, known: Some(known), is_kind: false }
    }

    /// The technology with this name.
    pub fn called(&self, name: &str) -> Option<Known> {
        let own = self.own_called(name);
        let titles = own.map(|at| [self.arch.name(at), self.arch.title(at)]);
        let built_in = catalogue(name).or_else(|| titles?.into_iter().find_map(catalogue));
        // What the workspace calls otherwise may be what Groma knows by this name.
        let own = own.or_else(|| built_in?.names().find_map(|name| self.own_called(name)));
        (own.is_some() || built_in.is_some()).then_some(Known { own, built_in })
    }

    /// All that the workspace declares, in the order of the text.
    pub fn own(&self) -> impl Iterator<Item = Known> + '_ {
        self.arch.records_of(&TECHNOLOGY).filter_map(|record| {
            let known = self.called(self.arch.name(record.at))?;
            (known.own == Some(record.at)).then_some(known)
        })
    }

    /// What people call it, in the workspace and elsewhere.
    pub fn names(&self, known: Known) -> Vec<&'a str> {
        let arch: &'a Architecture = self.arch;
        let mut names: Vec<&'a str> = Vec::new();
        if let Some(at) = known.own {
            names.extend(names_of_technology(arch, at));
        }
        if let Some(entry) = known.built_in {
            names.extend(entry.names().map(|name| -> &'a str { name }));
        }
        names
    }

    /// Its name as people write it.
    pub fn title(&self, known: Known) -> &'a str {
        let own = known.own.and_then(|at| self.arch.label(at));
        own.or_else(|| known.built_in.map(Entry::title))
            .or_else(|| Some(self.arch.name(known.own?)))
            .unwrap_or_default()
    }

    /// Where the workspace says a fact of it. Of a ring that counts only where the radar takes it from there.
    fn says(&self, known: Known, fact: &'static Fact) -> Option<ItemRef> {
        known.own.filter(|at| *fact != technology::RING || !self.is_beside_radar_of_kit(*at))
    }

    /// A fact of it: what the workspace says, or else what Groma knows.
    pub fn fact(&self, known: Known, fact: &'static Fact) -> Option<&'a FactValue> {
        self.says(known, fact).and_then(|at| self.arch.fact(at, fact)).or_else(|| known.built_in?.fact(fact))
    }

    /// The words of a fact.
    pub fn text(&self, known: Known, fact: &'static Fact) -> Option<&'a str> {
        let own = self.says(known, fact).and_then(|at| self.arch.text(at, fact));
        own.or_else(|| known.built_in?.text(fact))
    }

    /// The words of all values of a fact: those that the workspace says, or else those that Groma knows.
    pub fn texts(&self, known: Known, fact: &'static Fact) -> Vec<&'a str> {
        let arch = self.arch;
        let own = self.says(known, fact).into_iter();
        let own = own.flat_map(|at| arch.values_of(at, fact).map(move |given| arch.words(at, given)));
        let own: Vec<&str> = own.collect();
        match known.built_in {
            Some(entry) if own.is_empty() => entry.all(fact).map(|given| entry.words(given)).collect(),
            _ => own,
        }
    }

    /// What Groma knows of a fact that the workspace does not say of a technology which it declares.
    pub(crate) fn known_anyway(&self, at: ItemRef, fact: &'static Fact) -> Vec<&'a str> {
        let known = self.called(self.arch.name(at)).filter(|known| known.own == Some(at));
        let Some(known) = known else { return Vec::new() };
        if *fact == technology::QUADRANT {
            return self.category(known).map(|category| category.quadrant().word()).into_iter().collect();
        }
        let Some(entry) = known.built_in else { return Vec::new() };
        let words = |given: &'static FactValue| match given.flag() {
            Some(is_so) => YesNo::from(is_so).word(),
            None => entry.words(given),
        };
        entry.all(fact).map(words).collect()
    }

    /// The words of a fact of the technologies that something names; of a version those of the one that is meant.
    pub fn texts_of_named(&self, at: ItemRef, fact: &'static Fact) -> Vec<&'a str> {
        let of_one = |named: Named<'a>| -> Vec<&'a str> {
            if fact == &technology::VERSION {
                return named.version.into_iter().collect();
            }
            if fact == &technology::SUPPORT_UNTIL {
                return self.support_until(&named).into_iter().collect();
            }
            named.known.map_or(Vec::new(), |known| self.texts(known, fact))
        };
        self.of(at).flat_map(of_one).collect()
    }

    /// The number of a fact.
    pub fn quantity(&self, known: Known, fact: &'static Fact) -> Option<Quantity> {
        self.fact(known, fact)?.quantity()
    }

    /// What it is for.
    pub fn category(&self, known: Known) -> Option<Category> {
        self.fact(known, &technology::CATEGORY)?.choice()
    }

    /// Its quarter of the radar.
    pub fn quadrant(&self, known: Known) -> Option<Quadrant> {
        let own = known.own.and_then(|at| self.arch.fact(at, &technology::QUADRANT)?.choice());
        own.or_else(|| Some(self.category(known)?.quadrant()))
    }

    /// Whether a vendor runs it.
    pub fn is_managed(&self, known: Known) -> bool {
        self.fact(known, &technology::MANAGED).and_then(FactValue::flag) == Some(true)
    }

    /// The languages in which code for it is written: itself, if it is one.
    pub fn languages(&self, known: Known) -> Vec<Known> {
        if self.category(known) == Some(Category::Language) {
            return vec![known];
        }
        let languages = self.text(known, &technology::LANGUAGE).unwrap_or_default();
        languages.split(',').filter_map(|name| self.called(name.trim())).collect()
    }

    /// The platforms that it is or works on: itself, if it runs code and says nothing else.
    pub fn platforms(&self, known: Known) -> Vec<Known> {
        match self.text(known, &technology::PLATFORM) {
            Some(platforms) => platforms.split(',').filter_map(|name| self.called(name.trim())).collect(),
            None => Vec::from_iter(self.category(known).filter(|category| category.is_platform()).map(|_| known)),
        }
    }

    /// The fewest languages that code for some technologies can be in: where several would do, it is one that is needed for others
    /// too, or else the first. Who knows TypeScript reads JavaScript.
    pub fn fewest_languages(&self, used: impl IntoIterator<Item = Known>) -> Vec<&'a str> {
        let titles = |known| self.languages(known).into_iter().map(|language| self.title(language)).collect();
        let choices: Vec<Vec<&str>> = used.into_iter().map(titles).collect();
        let mut found: Vec<&str> = choices.iter().filter(|choice| choice.len() == 1).map(|choice| choice[0]).collect();
        for choice in choices.iter().filter(|choice| choice.len() > 1) {
            if !choice.iter().any(|language| found.contains(language)) {
                found.push(choice[0]);
            }
        }
        found.sort_unstable();
        found.dedup();
        if found.contains(&"TypeScript") {
            found.retain(|language| *language != "JavaScript");
        }
        found
    }

    /// Whether one must know it to work with it: code is written in it, or it is run by oneself.
    pub fn is_learned(&self, known: Known) -> bool {
        let is_product = self.category(known).is_some_and(Category::is_product);
        is_product && (!self.is_managed(known) || !self.languages(known).is_empty())
    }

    /// The day on which the support of a version ends, as far as that is known.
    pub fn support_until(&self, named: &Named<'a>) -> Option<&'a str> {
        let known = named.known?;
        let of_version = named.version.and_then(|version| self.support_of_version(known, version));
        let of_latest = || self.latest_meant(named)?.1;
        of_version.or_else(of_latest).or_else(|| self.text(known, &technology::SUPPORT_UNTIL))
    }

    /// The latest of the versions that a text may mean which names the beginning of them, as `8` may mean 8.0 and 8.4; with the day on
    /// which its support ends, if that is known. `None` for a version that is known itself, and where no later beginning is known: of the
    /// last one there may be later ones than those that are known.
    pub fn latest_meant(&self, named: &Named<'a>) -> Option<(&'a str, Option<&'a str>)> {
        let (known, version) = (named.known?, beginning_of_version(named.version?));
        let may_be_meant = |(cycle, _): &(&'a str, Option<&'a str>)| {
            cycle.strip_prefix(version).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_digit()))
        };
        let cycles = || self.own_cycles(known).chain(Self::built_in_cycles(known));
        let meant: Vec<_> = cycles().filter(may_be_meant).collect();
        let own = figures(version);
        let is_later = |cycle: Vec<u64>| cycle > own && !cycle.starts_with(&own);
        let has_later = || cycles().any(|(cycle, _)| is_later(figures(cycle)));
        if meant.iter().any(|(cycle, _)| *cycle == version) || !has_later() {
            return None;
        }
        // What the workspace says of one stands first, and counts.
        meant.into_iter().rev().max_by_key(|(cycle, _)| figures(cycle))
    }

    /// The next newer version than one of which nothing is known, and the day on which the support of that ends. `None` where that is not
    /// known, or where that of a version which may be meant is not.
    pub fn next_newer(&self, named: &Named<'a>) -> Option<(&'a str, &'a str)> {
        let (known, version) = (named.known?, named.version?);
        let own = numbers(version)?;
        // `7` is any of 7.0, 7.2 and 7.4.
        let is_newer = |cycle: &[u64]| cycle > &own[..] && !cycle.starts_with(&own);
        let cycles = self.own_cycles(known).chain(Self::built_in_cycles(known));
        let cycles = cycles.filter_map(|(cycle, until)| Some((numbers(cycle)?, cycle, until)));
        let cycles: Vec<(Vec<u64>, &str, Option<&str>)> = cycles.collect();
        if cycles.iter().any(|(cycle, _, until)| cycle.starts_with(&own) && until.is_none()) {
            return None;
        }
        let newer = cycles.into_iter().filter(|(cycle, ..)| is_newer(cycle)).min_by(|a, b| a.0.cmp(&b.0));
        newer.and_then(|(_, cycle, until)| Some((cycle, until?)))
    }

    /// The versions that the workspace says of a technology, each with the end of its support.
    fn own_cycles(&self, known: Known) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let arch = self.arch;
        known.own.into_iter().flat_map(move |at| {
            let until = move |given| arch.part_of(at, given, &technology::SUPPORT_UNTIL);
            arch.values_of(at, &technology::VERSION).map(move |given| (arch.words(at, given), until(given)))
        })
    }

    /// The same of the catalogue.
    fn built_in_cycles(known: Known) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        known.built_in.into_iter().flat_map(|entry| {
            let until = move |given| entry.part(given, &technology::SUPPORT_UNTIL);
            entry.all(&technology::VERSION).map(move |given| (entry.words(given), until(given)))
        })
    }

    fn support_of_version(&self, known: Known, version: &str) -> Option<&'a str> {
        let version = beginning_of_version(version);
        let is_of =
            |cycle: &str| version == cycle || version.strip_prefix(cycle).is_some_and(|rest| rest.starts_with('.'));
        let of_cycles = |cycles: &mut dyn Iterator<Item = (&'a str, Option<&'a str>)>| {
            let known = cycles.filter(|(cycle, until)| is_of(cycle) && until.is_some());
            known.max_by_key(|(cycle, _)| cycle.len()).and_then(|(_, until)| until)
        };
        of_cycles(&mut self.own_cycles(known)).or_else(|| of_cycles(&mut Self::built_in_cycles(known)))
    }

    /// The rings of the radar, from the inside out.
    pub fn rings(&self) -> Vec<Ring<'a>> {
        let mut rings: Vec<Ring<'a>> = Vec::new();
        let mut radars = in_order_of_names(self.arch, &RADAR);
        // The rings of a kit ask what that says, whatever another radar says of them.
        radars.sort_by_key(|at| !self.arch.is_of_binding_kit(*at));
        for at in radars {
            for given in self.arch.values_of(at, &radar::RINGS) {
                let name = self.arch.words(at, given);
                let usual = RINGS.iter().find(|ring| ring.name == name);
                let means = self.arch.part_of(at, given, &radar::RING_MEANS);
                let policy = self.arch.part_value_of(at, given, &radar::RING_POLICY).and_then(FactValue::choice);
                rings.push(Ring {
                    name,
                    means: means.or_else(|| usual.map(|ring| ring.means)).unwrap_or_default(),
                    policy: policy.or_else(|| usual.map(|ring| ring.policy)).unwrap_or(Policy::Free),
                });
            }
        }
        if rings.is_empty() { RINGS.to_vec() } else { rings }
    }

    /// The ring that the workspace puts it in, if there is such a ring. Where a kit has the radar, it alone puts technologies in rings.
    pub fn ring(&self, known: Known) -> Option<Ring<'a>> {
        let name = self.text(known, &technology::RING)?;
        self.rings().into_iter().find(|ring| ring.name == name)
    }

    /// Whether the radar is that of a kit, and a technology is not of one.
    pub fn is_beside_radar_of_kit(&self, at: ItemRef) -> bool {
        self.own.has_radar_of_kit && !self.arch.is_of_binding_kit(at)
    }

    /// Whether the workspace has a radar.
    pub fn has_radar(&self) -> bool {
        radar(self.arch).next().is_some()
    }
}

/// What makes up the radar of a workspace: what declares rings, and the technologies in them.
pub fn radar(arch: &Architecture) -> impl Iterator<Item = ItemRef> + '_ {
    let own = arch.records_of(&TECHNOLOGY).filter(|record| arch.fact(record.at, &technology::RING).is_some());
    arch.records_of(&RADAR).chain(own).map(|record| record.at)
}

/// The records of a class, in an order that does not depend on where they stand.
pub fn in_order_of_names(arch: &Architecture, class: &'static Class) -> Vec<ItemRef> {
    let mut records: Vec<ItemRef> = arch.records_of(class).map(|record| record.at).collect();
    records.sort_by_key(|at| (arch.name(*at), *at));
    records
}

/// What is said of a version: `8.x` says no more than `8`.
fn beginning_of_version(version: &str) -> &str {
    version.trim_end_matches(['x', 'X', '*']).trim_end_matches('.')
}

/// All numbers in a version, whatever else it has: of `3.5 SP1` and of `19c`.
fn figures(version: &str) -> Vec<u64> {
    version.split(|letter: char| !letter.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

/// The numbers of a version such as `3.10`; `None` if it has any other part.
fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}
