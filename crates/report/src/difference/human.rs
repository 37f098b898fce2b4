//! For people.

use super::{Compared, State, demand, fact_name, held, known, unknown};
use crate::{Suppression, one_line};
use groma_base::{Diagnostic, Sources};
use groma_model::difference::{Changed, Thing};
use groma_session::ChangedFinding;
use groma_simulate::Verdict;

impl Compared<'_> {
    /// Lines for people, what breaks something last.
    pub fn human(&self) -> String {
        let comparison = self.comparison;
        let difference = &comparison.difference;
        let mut out = format!("{} -> {}: {}\n", self.before.name, self.after.name, self.summary());
        for (state, other, lacking) in self.not_included() {
            let heading = format!("`{}` lacks what it is to include", state.name);
            section(&mut out, &heading, lacking.errors.iter(), |one| finding(state, one));
            unknown(other, lacking).iter().for_each(|line| out.push_str(&format!("  {line}\n")));
        }
        section(&mut out, "removed", difference.removed.iter().filter(|one| !one.is_inside), |one| {
            thing("-", self.before, one)
        });
        section(&mut out, "added", difference.added.iter().filter(|one| !one.is_inside), |one| {
            thing("+", self.after, one)
        });
        let is_elsewhere = |one: &&Changed| one.renamed.is_some() || one.moved.is_some();
        section(&mut out, "renamed or moved", difference.changed.iter().filter(is_elsewhere), |one| self.changed(one));
        let is_here = |one: &&Changed| !is_elsewhere(one);
        section(&mut out, "changed", difference.changed.iter().filter(is_here), |one| self.changed(one));
        section(&mut out, "`was` names what there was not", difference.unknown_names.iter(), |(at, name)| {
            let place = self.after.sources.location(self.after.arch.name_span(*at));
            format!("  {name}  {place}: correct it, or remove it\n")
        });
        section(&mut out, "`was` names what something else is taken for", difference.taken_names.iter(), |taken| {
            let ((at, name, other), after) = (taken, self.after);
            let place = after.sources.location(after.arch.name_span(*at));
            let other = after.arch.address_of(*other);
            format!("  {name}  {place}: {other} says that it was this, too, and comes first: leave it to one of them\n")
        });
        if difference.not_compared > 0 {
            out.push_str(&format!(
                "\n{} pairs of removed and added things were compared to find what was renamed, and {} were not: say it with `was`\n",
                difference.compared, difference.not_compared
            ));
        }
        let [came, went] = self.came_and_went(|name| format!("`{name}`"));
        let came = format!("{came}: {}", Self::counted(&comparison.came));
        section(&mut out, &came, comparison.came.iter(), |one| finding(self.after, one));
        let went = format!("{went}: {}", Self::counted(&comparison.went));
        section(&mut out, &went, comparison.went.iter(), |one| finding(self.before, one));
        let changed = comparison.changed_findings.iter();
        let counted = Self::counted(changed.clone().map(|one| &one.after));
        section(&mut out, &format!("findings that changed: {counted}"), changed, |one| self.changed_finding(one));
        for (heading, state, all) in self.excused() {
            let heading = format!("{heading}: {}", Self::counted(all.iter().map(|one| &one.finding)));
            section(&mut out, &heading, all.iter(), |one| {
                let (allow, place) = (Suppression::new(state.arch, one), &Sources::location);
                format!("{}      {}\n", finding(self.after, &one.finding), allow.sentence(place, state.sources))
            });
        }
        self.verdicts(&mut out);
        section(&mut out, "breaking", comparison.breaking.iter(), |one| {
            format!("  {} {}: `breaking` is {}\n", one.address, one.what.word(), quoted(&one.queries))
        });
        out
    }

    fn verdicts(&self, out: &mut String) {
        let Some(verdicts) = self.verdicts else { return };
        section(out, "verdicts are not compared", verdicts.not_forecast.iter(), |why| format!("  {}\n", one_line(why)));
        if verdicts.not_forecast.is_empty() && verdicts.changes.is_empty() {
            out.push_str("\nno verdict changed\n");
        }
        section(out, "verdicts", verdicts.changes.iter(), |one| {
            let word = |verdict: Option<Verdict>| verdict.map_or("not demanded", Verdict::word);
            let (before, after) = (word(one.before), word(one.after));
            format!("  {}: {}: {before} -> {after}\n", one.address, one_line(&demand(one)))
        });
    }

    fn changed_finding(&self, one: &ChangedFinding) -> String {
        let severity = match one.before.severity == one.after.severity {
            true => String::new(),
            false => format!("{}: ", one.before.severity.word()),
        };
        format!("{}      was: {severity}{}\n", finding(self.after, &one.after), one_line(&one.before.message))
    }

    fn changed(&self, one: &Changed) -> String {
        let place = self.after.sources.location(self.after.arch.name_span(one.after));
        // That what stands in a renamed thing has another address goes without saying.
        let address = match one.renamed.is_some() || one.moved.is_some() {
            true if one.address != one.old_address => format!("{} => {}", one.old_address, one.address),
            _ => one.address.clone(),
        };
        let mut out = format!("  ~ {}  {place}\n", one_line(&address));
        if let Some((before, after)) = &one.moved {
            out.push_str(&format!("      moved: {before} -> {after}\n"));
        }
        let known = known(one);
        if !known.is_empty() {
            out.push_str(&format!("      {known}\n"));
        }
        for fact in &one.facts {
            let (before, after) = (fact.before_in_words(one_line), fact.after_in_words(one_line));
            out.push_str(&format!("      {}: {before} -> {after}\n", fact_name(fact)));
        }
        out
    }
}

/// Lines below a heading, if there are any.
fn section<T>(out: &mut String, heading: &str, all: impl Iterator<Item = T>, line: impl Fn(T) -> String) {
    let mut all = all.peekable();
    if all.peek().is_some() {
        out.push_str(&format!("\n{heading}\n"));
        all.for_each(|one| out.push_str(&line(one)));
    }
}

fn thing(sign: &str, state: State<'_>, one: &Thing) -> String {
    let place = state.sources.location(state.arch.name_span(one.at));
    let held = held(one);
    let held = if held.is_empty() { held } else { format!(", {held}") };
    format!("  {sign} {}{held}  {place}\n", one_line(&one.address))
}

fn finding(state: State<'_>, one: &Diagnostic) -> String {
    let place = state.sources.location(one.primary.span);
    format!("  {}[{}]: {}  {place}\n", one.severity.word(), one.code, one_line(&one.message))
}

/// Queries, each in backquotes.
fn quoted(queries: &[String]) -> String {
    let all: Vec<String> = queries.iter().map(|query| format!("`{}`", one_line(query))).collect();
    all.join(" and ")
}
