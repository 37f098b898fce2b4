//! For a pull request: [GitHub-flavoured Markdown](https://github.github.com/gfm/). Whatever stands in the texts of a workspace is
//! shown as code, so that it commands nothing and mentions nobody.

use super::{Compared, State, demand, held, known, unknown};
use crate::{Suppression, one_line};
use groma_base::{Diagnostic, Sources};
use groma_model::ItemRef;
use groma_model::difference::{Changed, Thing};
use groma_session::{ChangedFinding, Suppressed};
use groma_simulate::Verdict;

/// So many rows of a table are shown: a comment takes 65,536 characters.
const MOST_ROWS: usize = 50;

/// So many characters of a text are shown.
const MOST_CHARACTERS: usize = 120;

impl Compared<'_> {
    /// A summary, and then tables.
    pub fn markdown(&self) -> String {
        let comparison = self.comparison;
        let difference = &comparison.difference;
        let (before, after) = (code(self.before.name), code(self.after.name));
        let mut out = format!("### Architecture: {}\n\nFrom {before} to {after}", self.summary());
        let changed = comparison.changed_findings.iter().map(|one| &one.after);
        let [came, went] = self.came_and_went(code);
        let counts = [
            (&*came, Self::counted(&comparison.came)),
            (&*went, Self::counted(&comparison.went)),
            ("findings that changed", Self::counted(changed)),
        ];
        let excused = self.excused().map(|(what, _, all)| (what, Self::counted(all.iter().map(|one| &one.finding))));
        for (what, counted) in counts.into_iter().chain(excused).filter(|(_, counted)| !counted.is_empty()) {
            out.push_str(&format!("; {what}: {counted}"));
        }
        out.push_str(".\n");
        for (state, other, lacking) in self.not_included() {
            let errors: Vec<String> = lacking.errors.iter().map(|one| code(&one.message)).collect();
            out.push_str(&format!("\n{} lacks what it is to include: {}.\n", code(state.name), errors.join(", ")));
            unknown(other, lacking).iter().for_each(|line| out.push_str(&format!("\n- {}", code(line))));
            out.push('\n');
        }
        let breaking = comparison.breaking.iter().map(|one| {
            let queries: Vec<String> = one.queries.iter().map(|query| code(query)).collect();
            vec![code(&one.address), one.what.word().replace('`', "").to_owned(), queries.join(", ")]
        });
        table(&mut out, "Breaking", &["what", "how", "because of"], breaking.collect());
        table(&mut out, "Removed", &["what", "title", ""], things(&difference.removed));
        table(&mut out, "Added", &["what", "title", ""], things(&difference.added));
        let is_elsewhere = |one: &&Changed| one.renamed.is_some() || one.moved.is_some();
        let elsewhere = difference.changed.iter().filter(is_elsewhere).map(renamed);
        table(&mut out, "Renamed or moved", &["before", "after", "how that is known"], elsewhere.collect());
        let facts = difference.changed.iter().flat_map(facts);
        table(&mut out, "Changed", &["what", "fact", "before", "after"], facts.collect());
        let unknown =
            difference.unknown_names.iter().map(|(at, name)| vec![code(&self.after.arch.address_of(*at)), code(name)]);
        table(&mut out, "`was` names what there was not", &["what", "name"], unknown.collect());
        let taken = difference.taken_names.iter().map(|(at, name, other)| {
            let address = |at: &ItemRef| code(&self.after.arch.address_of(*at));
            vec![address(at), code(name), address(other)]
        });
        table(&mut out, "`was` names what something else is taken for", &["what", "name", "taken"], taken.collect());
        let head = ["severity", "rule", "finding", "where"];
        table(&mut out, "Findings that came", &head, findings(self.after, &comparison.came));
        table(&mut out, "Findings that went", &head, findings(self.before, &comparison.went));
        let head = ["severity", "rule", "finding before", "finding after", "where"];
        let changed = comparison.changed_findings.iter().map(|one| changed_finding(self.after, one));
        table(&mut out, "Findings that changed", &head, changed.collect());
        self.excused_tables(&mut out);
        self.verdict_table(&mut out);
        if difference.not_compared > 0 {
            out.push_str(&format!(
                "\n{} pairs of removed and added things were not compared: what was renamed is said with `was`.\n",
                difference.not_compared
            ));
        }
        out
    }

    fn excused_tables(&self, out: &mut String) {
        let head = ["severity", "rule", "finding", "where", "the `allow`"];
        for (heading, state, all) in self.excused() {
            let row = |one: &Suppressed| {
                let allow = Suppression::new(state.arch, one).sentence(Sources::place_location, state.sources);
                let mut row = finding(self.after, &one.finding);
                row.push(code(&allow));
                row
            };
            table(out, &capital(heading), &head, all.iter().map(row).collect());
        }
    }

    fn verdict_table(&self, out: &mut String) {
        let Some(verdicts) = self.verdicts else { return };
        for why in &verdicts.not_forecast {
            out.push_str(&format!("\nVerdicts are not compared: {}.\n", code(why)));
        }
        if verdicts.not_forecast.is_empty() && verdicts.changes.is_empty() {
            out.push_str("\nNo verdict changed.\n");
        }
        let word = |verdict: Option<Verdict>| verdict.map_or("not demanded", Verdict::word).to_owned();
        let rows = verdicts
            .changes
            .iter()
            .map(|one| vec![code(&one.address), code(&demand(one)), word(one.before), word(one.after)]);
        table(out, "Verdicts", &["quality", "demand", "before", "after"], rows.collect());
    }
}

fn things(all: &[Thing]) -> Vec<Vec<String>> {
    let row = |one: &Thing| vec![code(&one.address), code(&one.title), held(one)];
    all.iter().filter(|one| !one.is_inside).map(row).collect()
}

fn renamed(one: &Changed) -> Vec<String> {
    let place = |word: &Option<(String, String)>, is_after: bool| match word {
        Some((before, after)) => format!(" in {}", code(if is_after { after } else { before })),
        None => String::new(),
    };
    let known = known(one);
    let known = if known.is_empty() { String::new() } else { code(&known) };
    vec![code(&one.old_address) + &place(&one.moved, false), code(&one.address) + &place(&one.moved, true), known]
}

fn facts(one: &Changed) -> Vec<Vec<String>> {
    let row = |fact: &groma_model::difference::FactChange| {
        let of = fact.of.as_ref().map(|of| format!(" of {}", code(of))).unwrap_or_default();
        vec![code(&one.address), code(&fact.fact) + &of, fact.before_in_words(code), fact.after_in_words(code)]
    };
    one.facts.iter().map(row).collect()
}

fn findings(state: State<'_>, all: &[Diagnostic]) -> Vec<Vec<String>> {
    all.iter().map(|one| finding(state, one)).collect()
}

fn finding(state: State<'_>, one: &Diagnostic) -> Vec<String> {
    let place = state.sources.place_location(one.primary.span);
    vec![one.severity.word().to_owned(), code(&one.code), code(&one.message), code(&place)]
}

/// A text that begins a heading.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn changed_finding(state: State<'_>, one: &ChangedFinding) -> Vec<String> {
    let (before, after) = (one.before.severity.word(), one.after.severity.word());
    let severity = if before == after { after.to_owned() } else { format!("{before}, now {after}") };
    let place = state.sources.place_location(one.after.primary.span);
    vec![severity, code(&one.after.code), code(&one.before.message), code(&one.after.message), code(&place)]
}

/// A table below a heading, if it has a row.
fn table(out: &mut String, heading: &str, head: &[&str], rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return;
    }
    out.push_str(&format!("\n#### {heading}\n\n| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len())));
    for row in rows.iter().take(MOST_ROWS) {
        out.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    if let Some(more) = rows.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        out.push_str(&format!("\n… and {more} more.\n"));
    }
}

/// A text as code in a cell of a table: the marks around it are longer than any in it, and a bar ends no cell.
fn code(text: &str) -> String {
    let mut text = one_line(text).replace('\t', " ");
    if text.chars().count() > MOST_CHARACTERS {
        text = text.chars().take(MOST_CHARACTERS).chain(['…']).collect();
    }
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let mark = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{mark}{space}{}{space}{mark}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn no_text_is_anything_but_text() {
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("`a` and ``b``"), "``` `a` and ``b`` ```");
        assert_eq!(code("@all <b> #1\n| x"), "`@all <b> #1 \\| x`");
        assert_eq!(code(" \n"), "");
        assert_eq!(code(&"x".repeat(500)).chars().count(), 123);
    }
}
