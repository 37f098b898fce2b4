//! What functions select: along relationships, parts, flows, deployments and references.

use super::parse::{Expression, Words, unknown_function};
use super::scope::{Scope, all_kinds, not_asked};
use super::select::{Asking, select};
use super::terms::{ANY, Does, Function};
use super::values::having;
use super::{QueryError, error, old_name};
use crate::facets::structure::Element;
use crate::schema::{Class, Fact, Kind};
use crate::stack::Technologies;
use crate::{Architecture, ElementId, Entity, ItemRef, Per, facts};
use rustc_hash::FxHashSet;

type Set = Per<Element, bool>;

impl Asking<'_> {
    /// `function(query)`: what a fact of this name says, what the function of this name selects, or both where the query is about
    /// things of either sort, as elements that a flow passes through and qualities that name it.
    pub(super) fn function(
        &self,
        name: &Words,
        inner: &Expression,
        depth: Option<usize>,
        scope: &Scope<'_>,
        among: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        let (own, inverse) = (naming(scope, &name.text), named_by(scope, &name.text));
        let is_fact = !own.is_empty() || !inverse.is_empty();
        let function = Function::called(&name.text).filter(|one| !is_fact || scope.has(one.of));
        let Some(function) = function else {
            if is_fact {
                return self.by_fact(&name.text, inner, (&own, &inverse), among);
            }
            return Err(self.no_such_function(name, scope));
        };
        if !is_fact {
            return self.of_function(function, (name, inner, depth), scope, among);
        }
        let mut found = self.by_fact(&name.text, inner, (&own, &inverse), among.clone())?;
        found.extend(self.of_function(function, (name, inner, depth), scope, among)?);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// What a function selects. Long because it is a table: a line or two for each.
    fn of_function(
        &self,
        function: &Function,
        (name, inner, depth): (&Words, &Expression, Option<usize>),
        scope: &Scope<'_>,
        among: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        if !function.of.is_empty() && !scope.has(function.of) {
            return Err(not_asked(name, function.of, scope));
        }
        let inside = if matches!(function.does, Does::Parts | Does::Whole) {
            // What stands in others, and what they stand in, may be of any kind that is named.
            let inside = Scope::inside_of_any_kind(inner, self.arch, function.takes);
            let found = self.possible(inner, &inside)?;
            may_select(function, name, (scope, &inside))?;
            found
        } else if function.takes.is_empty() {
            let everything: Vec<&'static Class> = all_kinds().map(|kind| kind.class).collect();
            self.all(inner, &everything)?
        } else {
            self.inside_of_one_class(inner, function)?
        };
        let arch = self.arch;
        Ok(match function.does {
            Does::Spread { depth: usual, to, from } => {
                let start: Vec<ElementId> = self.element_ids(&inside).collect();
                let reached = spread(arch, &start, depth.unwrap_or(usual), to, from);
                self.elements(among, |id| reached[id])
            }
            Does::Parts => self.parts(&inside, among),
            Does::Whole => self.whole(&inside, among),
            Does::Flow => {
                let mut passed = self.set(&[]);
                let flows = inside.iter().filter_map(|at| arch.entity(*at).and_then(Entity::flow));
                for (from, to) in flows.flat_map(|flow| &arch.flows[flow].steps).filter_map(|step| step.kind.ends()) {
                    (passed[from], passed[to]) = (true, true);
                }
                self.elements(among, |id| passed[id])
            }
            Does::Passes => {
                let within = self.with_parts(&inside);
                let passes = |at| {
                    let steps =
                        arch.entity(at).and_then(Entity::flow).into_iter().flat_map(|flow| &arch.flows[flow].steps);
                    steps.filter_map(|step| step.kind.ends()).any(|(from, to)| within[from] || within[to])
                };
                select(among, passes)
            }
            Does::From => {
                let within = self.with_parts(&inside);
                select(among, |at| self.ends(at).is_some_and(|(from, _)| within[from]))
            }
            Does::To => {
                let within = self.with_parts(&inside);
                select(among, |at| self.ends(at).is_some_and(|(_, to)| within[to]))
            }
            Does::In => {
                let within = self.with_parts(&inside);
                let things: FxHashSet<ItemRef> = inside.into_iter().collect();
                select(among, |at| self.is_in(at, &things, &within))
            }
            Does::RunsOn => {
                let running = self.running_on(&inside);
                self.elements(among, |id| arch.ancestors(id).any(|around| running[around]))
            }
            Does::BuiltWith => {
                let technologies = Technologies::new(arch);
                let wanted: FxHashSet<ItemRef> = inside.into_iter().collect();
                let names_one = |at| {
                    let mut own = technologies.of(at).filter_map(|named| named.known?.own);
                    own.any(|own| wanted.contains(&own))
                };
                select(among, names_one)
            }
            Does::Refers => {
                let entities = inside.iter().filter_map(|at| arch.nameable(*at));
                let by: FxHashSet<ItemRef> =
                    entities.flat_map(|entity| arch.all_referring(entity)).map(|(at, _)| at).collect();
                let (facts, inside) = (self.naming_by_default(), FxHashSet::from_iter(inside));
                select(among, |at| {
                    by.contains(&at) || self.named_by_default(at, &facts).any(|one| inside.contains(&one))
                })
            }
            Does::ReferredBy => {
                let mut named = self.named_in(&inside, |_| true);
                let facts = self.naming_by_default();
                named.extend(inside.iter().flat_map(|at| self.named_by_default(*at, &facts)));
                select(among, |at| named.contains(&at))
            }
        })
    }

    /// What the query in a function selects of one of the classes that this takes, or else of all: so that `not` stays among what is named, as
    /// all places of a deployment stand in it.
    fn inside_of_one_class(&self, inner: &Expression, function: &Function) -> Result<Vec<ItemRef>, QueryError> {
        let is_apart = function.does == Does::RunsOn;
        let classes = function.takes.iter().filter(|_| is_apart);
        let understood = classes.filter_map(|class| self.inside(inner, function.name, &[*class]).ok());
        // A pattern fits nothing of a class without being wrong.
        match understood.min_by_key(Vec::is_empty) {
            Some(found) => Ok(found),
            None => self.inside(inner, function.name, function.takes),
        }
    }

    /// Those that name one of some things in these facts, and those that one of some things names in facts that are read
    /// from the other side.
    fn by_fact(
        &self,
        name: &str,
        inner: &Expression,
        (own, inverse): (&[&'static Fact], &[(&'static Class, &'static Fact)]),
        among: Vec<ItemRef>,
    ) -> Result<Vec<ItemRef>, QueryError> {
        let mut takes: Vec<&'static Class> = Vec::new();
        let nameable = own.iter().flat_map(|fact| fact.ty.names().iter().copied());
        for class in nameable.chain(inverse.iter().map(|(class, _)| *class)) {
            if !class.is_in(&takes) {
                takes.push(class);
            }
        }
        let inside = self.inside(inner, name, &takes)?;
        let arch = self.arch;
        let entities = inside.iter().filter_map(|at| arch.nameable(*at));
        let by = entities.flat_map(|entity| arch.all_referring(entity)).filter(|(_, fact)| own.contains(fact));
        let mut found: FxHashSet<ItemRef> = by.map(|(at, _)| at).collect();
        found.extend(self.named_in(&inside, |fact| inverse.iter().any(|(_, read)| *read == fact)));
        let inside: FxHashSet<ItemRef> = inside.into_iter().collect();
        let by_default = |at: ItemRef| self.named_by_default(at, own).any(|named| inside.contains(&named));
        // What says nothing of its owner has that of what it is part of, as in `owner:core`.
        let is_owner = own.contains(&&facts::OWNER);
        let by_whole = |at: ItemRef| {
            let owner = arch.owner_of(at).filter(|_| is_owner);
            let named = owner.and_then(|(around, given)| arch.referred(around, given));
            named.is_some_and(|entity| inside.contains(&arch.declared_at(entity)))
        };
        Ok(select(among, |at| found.contains(&at) || by_default(at) || by_whole(at)))
    }

    /// The facts by which things name something without saying so.
    fn naming_by_default(&self) -> Vec<&'static Fact> {
        let facts = self.arch.own_facts.all().iter().map(|own| own.fact);
        facts.filter(|fact| fact.default.is_some() && !fact.ty.names().is_empty()).collect()
    }

    /// What something names in these facts where it does not say them.
    fn named_by_default<'s>(&'s self, at: ItemRef, facts: &[&'static Fact]) -> impl Iterator<Item = ItemRef> + 's {
        let named = self.defaults(at, facts).into_iter().filter_map(|default| self.default_names(default));
        named.map(|entity| self.arch.declared_at(entity))
    }

    /// What some things name in such facts.
    fn named_in(&self, things: &[ItemRef], is_meant: impl Fn(&'static Fact) -> bool) -> FxHashSet<ItemRef> {
        let mut found = FxHashSet::default();
        for at in things {
            let file = self.arch.file(*at);
            for given in crate::architecture::references(file, self.arch.item(*at)) {
                if is_meant(given.fact)
                    && let Some(entity) = self.arch.referred(*at, given)
                {
                    found.insert(self.arch.declared_at(entity));
                }
            }
        }
        found
    }

    fn no_such_function(&self, name: &Words, scope: &Scope<'_>) -> QueryError {
        let names_so = |fact: &'static Fact| fact.name == name.text && !fact.ty.names().is_empty();
        let seen_so = all_kinds().flat_map(|kind| kind.every_fact()).filter(|fact| fact.inverse == Some(&*name.text));
        let seen: Vec<&'static Class> = seen_so.flat_map(|fact| fact.ty.names()).copied().collect();
        let is_asked = |kind: &&'static Kind| kind.class.is_in(&seen) || kind.every_fact().any(names_so);
        let elsewhere: Vec<&'static Kind> = all_kinds().filter(is_asked).collect();
        if !elsewhere.is_empty() {
            let message = format!("`{}` is not asked of {}", name.text, scope.plural());
            return error(name.range, message, having(&elsewhere));
        }
        if let Some(fault) = old_name(name, &name.text, &scope.other_facts(&name.text)) {
            return fault;
        }
        let facts = scope.all_facts().filter(|fact| !fact.ty.names().is_empty());
        let mut facts: Vec<&'static str> = facts.map(|fact| fact.name).collect();
        facts.sort_unstable();
        facts.dedup();
        unknown_function(name, facts)
    }

    fn element_ids<'s>(&'s self, things: &'s [ItemRef]) -> impl Iterator<Item = ElementId> + 's {
        things.iter().filter_map(|at| self.arch.entity(*at).and_then(Entity::element))
    }

    fn set(&self, things: &[ItemRef]) -> Set {
        let mut set: Set = self.arch.element_ids().map(|_| false).collect();
        self.element_ids(things).for_each(|id| set[id] = true);
        set
    }

    /// The elements among some things and all their parts, and those in the groups and zones among them.
    fn with_parts(&self, things: &[ItemRef]) -> Set {
        let arch = self.arch;
        let own = self.set(things);
        let is_group = |entity: &Entity| matches!(entity, Entity::Group(_));
        let groups: FxHashSet<Entity> = things.iter().filter_map(|at| arch.entity(*at)).filter(is_group).collect();
        let is_grouped = |id: ElementId| {
            if groups.is_empty() {
                return false;
            }
            let element = arch.element(id);
            let around = std::iter::successors(element.group, |group| arch.groups[*group].parent);
            around.chain(arch.zones(id)).any(|group| groups.contains(&Entity::Group(group)))
        };
        let is_inside = |id: ElementId| arch.ancestors(id).any(|around| own[around] || is_grouped(around));
        arch.element_ids().map(is_inside).collect()
    }

    /// What is part of some things; of what is no element, what stands in it.
    fn parts(&self, things: &[ItemRef], among: Vec<ItemRef>) -> Vec<ItemRef> {
        let arch = self.arch;
        let set = self.set(things);
        let element = |at: ItemRef| arch.entity(at).and_then(Entity::element);
        let others: FxHashSet<ItemRef> = things.iter().copied().filter(|at| element(*at).is_none()).collect();
        select(among, |at| {
            arch.items_around(at).skip(1).any(|around| others.contains(&around))
                || element(at).is_some_and(|id| arch.ancestors(id).skip(1).any(|around| set[around]))
        })
    }

    /// What some things are part of; of what is no element, what it stands in.
    fn whole(&self, things: &[ItemRef], among: Vec<ItemRef>) -> Vec<ItemRef> {
        let arch = self.arch;
        let mut whole = self.set(&[]);
        let mut others: FxHashSet<ItemRef> = FxHashSet::default();
        for at in things.iter().copied() {
            match arch.entity(at).and_then(Entity::element) {
                Some(id) => arch.ancestors(id).skip(1).for_each(|around| whole[around] = true),
                None => others.extend(arch.items_around(at).skip(1)),
            }
        }
        let is_whole = |at| arch.entity(at).and_then(Entity::element).is_some_and(|id| whole[id]);
        select(among, |at| others.contains(&at) || is_whole(at))
    }

    fn is_in(&self, at: ItemRef, things: &FxHashSet<ItemRef>, within: &Set) -> bool {
        let is_around = |around: ItemRef| {
            let extended = self.arch.extended(around);
            things.contains(&around) || extended.is_some_and(|id| within[id])
        };
        if self.arch.items_around(at).any(is_around) {
            return true;
        }
        match self.arch.entity(at).and_then(Entity::element) {
            Some(id) => within[id],
            None => self.ends(at).is_some_and(|(from, to)| within[from] && within[to]),
        }
    }

    /// The elements of which an instance stands in one of these places.
    fn running_on(&self, places: &[ItemRef]) -> Set {
        let mut running = self.set(&[]);
        let places: FxHashSet<ItemRef> = places.iter().copied().collect();
        for instance in self.arch.deployments.iter().flat_map(|deployment| &deployment.instances) {
            if self.arch.items_around(instance.at).any(|around| places.contains(&around)) {
                running[instance.element] = true;
            }
        }
        running
    }
}

/// Fails where `parts` or `whole` can select nothing of what a query is about, as no team is part of a team. In `team:core or parts(team:core)` that
/// would go unseen, as the other side selects something.
fn may_select(function: &Function, name: &Words, (scope, inside): (&Scope<'_>, &Scope<'_>)) -> Result<(), QueryError> {
    let stands = |part: &'static Class, whole: &'static Class| match (part.is_element(), whole.is_element()) {
        (true, true) => true,
        _ => part.is_within(whole),
    };
    let (parts, wholes) = match function.does {
        Does::Whole => (inside.classes(), scope.classes()),
        _ => (scope.classes(), inside.classes()),
    };
    if wholes.is_empty() || parts.iter().any(|part| wholes.iter().any(|whole| stands(part, whole))) {
        return Ok(());
    }
    let (asked, named) = (scope.plural(), inside.plural());
    let message = format!("`{}` of {named} never selects {asked}", name.text);
    let help = match scope.is_inside {
        true => "write two functions joined by `or`, one for each side".to_owned(),
        false => format!("this asks for {asked}: write `{ANY} and (…)` for things of every kind"),
    };
    Err(error(name.range, message, help))
}

/// The facts with this name of what is asked for that name things. Where `decides` is seen as `decided-by`, and `decision` as `decides`,
/// who says `decision` says just that.
fn naming(scope: &Scope<'_>, name: &str) -> Vec<&'static Fact> {
    let mut found = scope.facts(name);
    let seen_so = |fact: &&'static Fact| fact.inverse == Some(name);
    let other_sides: Vec<&'static str> =
        all_kinds().flat_map(Kind::all_facts).filter(seen_so).map(|fact| fact.name).collect();
    for fact in scope.all_facts() {
        if fact.inverse.is_some_and(|inverse| other_sides.contains(&inverse)) && !found.contains(&fact) {
            found.push(fact);
        }
    }
    found.retain(|fact| !fact.ty.names().is_empty());
    found
}

/// The facts that are called so from the other side, and may name what is asked for; with the class that has each.
fn named_by(scope: &Scope<'_>, name: &str) -> Vec<(&'static Class, &'static Fact)> {
    // What names this from the other side is seen as what that is called: `decides` as `decision`.
    let own = scope.facts(name);
    let is_other_side = |fact: &Fact| fact.inverse.is_some() && own.iter().any(|own| own.inverse == Some(fact.name));
    let is_meant = |fact: &'static Fact| fact.inverse == Some(name) || is_other_side(fact);
    let all = all_kinds().flat_map(|kind| kind.all_facts().map(|fact| (kind.class, fact)));
    all.filter(|(_, fact)| is_meant(fact) && scope.has(fact.ty.names())).collect()
}

/// What is within `depth` relationships of one of some elements, with them, against them, or both: for each of these what it leads to,
/// but not itself, its parts or what it is part of.
fn spread(arch: &Architecture, start: &[ElementId], depth: usize, forward: bool, backward: bool) -> Set {
    let ways = Ways { arch, depth, forward, backward };
    let together = ways.from(start.iter().map(|id| (*id, 1)));
    let mut selected: Set = together.iter().map(|met| met.by_others != 0).collect();
    // One of them that was met may have been met by another of them, or only by itself.
    let in_doubt = arch.element_ids().any(|id| together[id].by_own != 0);
    for block in start.chunks(64).filter(|_| in_doubt) {
        let each = ways.from(block.iter().enumerate().map(|(at, id)| (*id, 1 << at)));
        arch.element_ids().for_each(|id| selected[id] |= each[id].by_others != 0);
    }
    selected
}

/// A bit for each start.
type Starts = u64;

/// Which starts meet an element: those that it has nothing to do with, and those that are it, a part of it or what it is part of.
struct Meeting {
    by_others: Starts,
    by_own: Starts,
}

struct Ways<'a> {
    arch: &'a Architecture,
    depth: usize,
    forward: bool,
    backward: bool,
}

/// Where relationships that are followed one way ended.
struct Arrived {
    /// Where they ended.
    at: Per<Element, Starts>,
    /// There, and what these are part of.
    around: Per<Element, Starts>,
}

impl Ways<'_> {
    /// A relationship counts for what its ends are part of as well, and leads on by those that begin where it ends or in a part of that.
    /// Whoever goes against them looks for the same ways from their other end: so one is reached from another just when the other reaches it.
    /// Whoever turns round goes on from what it came to, from a part of that or from what that is part of: two that use one thing, the one
    /// all and the other a part of it, are as near to one another as from the other side.
    fn from(&self, start: impl Iterator<Item = (ElementId, Starts)>) -> Per<Element, Meeting> {
        let Ways { arch, depth, forward, backward } = *self;
        let none = || -> Per<Element, Starts> { arch.element_ids().map(|_| 0).collect() };
        let of_wholes = |marked: &Per<Element, Starts>, id: ElementId| {
            arch.ancestors(id).fold(0, |starts, around| starts | marked[around])
        };
        let (mut own, mut around) = (none(), none());
        for (id, bit) in start {
            own[id] |= bit;
            arch.ancestors(id).for_each(|whole| around[whole] |= bit);
        }
        let [mut ahead, mut back] = [(); 2].map(|()| Arrived { at: none(), around: none() });
        for _ in 0..depth {
            let mut found: Vec<(bool, ElementId, Starts)> = Vec::new();
            for relation in &arch.relations {
                let (from, to) = (relation.from, relation.to);
                if forward {
                    let leads_on = of_wholes(&own, from) | of_wholes(&ahead.at, from);
                    let turns = of_wholes(&back.at, from) | back.around[from];
                    found.push((true, to, (leads_on | turns) & !ahead.at[to]));
                }
                if backward {
                    let leads_on = of_wholes(&own, to) | back.around[to];
                    let turns = of_wholes(&ahead.at, to) | ahead.around[to];
                    found.push((false, from, (leads_on | turns) & !back.at[from]));
                }
            }
            found.retain(|(.., new)| *new != 0);
            if found.is_empty() {
                break;
            }
            for (is_ahead, id, starts) in found {
                let arrived = if is_ahead { &mut ahead } else { &mut back };
                arrived.at[id] |= starts;
                arch.ancestors(id).for_each(|whole| arrived.around[whole] |= starts);
            }
        }
        let meeting = |id: ElementId| {
            let reached = ahead.around[id] | back.around[id];
            let is_own = around[id] | of_wholes(&own, id);
            Meeting { by_others: reached & !is_own, by_own: reached & is_own }
        };
        arch.element_ids().map(meeting).collect()
    }
}
