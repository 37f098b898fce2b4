//! Which part of a forecast is wanted: that of some qualities, loads or flows.

use crate::Forecastable;
use crate::change::fits_several;
use groma_base::there_are;
use groma_model::kinds::class;
use groma_model::schema::Class;
use groma_model::{Architecture, ItemRef, NotFound};
use groma_simulate::{Options, Progress, Report, Requirement};
use std::sync::atomic::AtomicBool;

/// The names of what is wanted. Where none is given of a sort, all of that sort is.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Of qualities: only their requirements are judged.
    pub qualities: Vec<String>,
    /// Of loads: only requirements under these are judged.
    pub loads: Vec<String>,
    /// Of flows: only requirements of these, or of every flow, are judged, and only these are shown.
    pub flows: Vec<String>,
}

/// A name that nothing has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownSelection {
    /// What is wrong.
    pub message: String,
    /// What may be meant.
    pub help: String,
}

/// The things that are wanted.
pub(crate) struct Chosen {
    qualities: Vec<ItemRef>,
    loads: Vec<ItemRef>,
    flows: Vec<ItemRef>,
}

impl Selection {
    /// Whether it leaves nothing out.
    pub fn is_all(&self) -> bool {
        self.qualities.is_empty() && self.loads.is_empty() && self.flows.is_empty()
    }

    pub(crate) fn resolved(&self, arch: &Architecture) -> Chosen {
        let named = |names: &[String], class: &'static Class| -> Vec<ItemRef> {
            names.iter().filter_map(|name| find(arch, name, class)).collect()
        };
        Chosen {
            qualities: named(&self.qualities, &class::QUALITY),
            loads: named(&self.loads, &class::LOAD),
            flows: named(&self.flows, &class::FLOW),
        }
    }
}

impl Chosen {
    pub(crate) fn is_wanted(&self, arch: &Architecture, one: &Requirement) -> bool {
        let is_among =
            |wanted: &[ItemRef], at: Option<ItemRef>| wanted.is_empty() || at.is_some_and(|at| wanted.contains(&at));
        let is_of_every_flow = one.flow.is_none() && one.of.is_none();
        is_among(&self.qualities, Some(one.quality))
            && is_among(&self.loads, one.load.map(|load| arch.records[load].at))
            && (is_of_every_flow || is_among(&self.flows, one.flow.map(|flow| arch.flows[flow].at)))
    }

    /// What a report tells of the flows that are chosen.
    fn shown(&self, arch: &Architecture, report: Report) -> Report {
        if self.flows.is_empty() {
            return report;
        }
        report.of_flows(&|flow| self.flows.contains(&arch.flows[flow].at))
    }
}

/// What has this name, before which its kind may stand: `quality:fast`.
fn find(arch: &Architecture, name: &str, class: &'static Class) -> Option<ItemRef> {
    arch.resolve_short(name, &[class], &|_| true).ok().map(|found| arch.declared_at(found))
}

impl Forecastable<'_> {
    /// Tells a name of a selection that nothing has.
    ///
    /// # Errors
    /// If there is one.
    pub fn check_selection(&self, selection: &Selection) -> Result<(), UnknownSelection> {
        let arch = self.arch();
        let sorts: [(&[String], &'static Class, &str); 3] = [
            (&selection.qualities, &class::QUALITY, "quality"),
            (&selection.loads, &class::LOAD, "load"),
            (&selection.flows, &class::FLOW, "flow"),
        ];
        for (names, class, word) in sorts {
            let Some(name) = names.iter().find(|name| find(arch, name, class).is_none()) else { continue };
            let known: Vec<&str> = match class == &class::FLOW {
                true => arch.flows.iter().map(|flow| arch.name(flow.at)).collect(),
                false => arch.records_of(class).map(|record| arch.name(record.at)).collect(),
            };
            let help = arch.instead_of(name, &[class], &[]).unwrap_or_else(|| match known[..] {
                [] => format!("the workspace has no `{word}`"),
                _ => there_are(known.iter().copied().take(MOST_NAMES)),
            });
            let message = match arch.resolve_short(name, &[class], &|_| true) {
                Err(NotFound::Several(several)) => {
                    let [message, help] = fits_several(arch, name, &several);
                    return Err(UnknownSelection { message, help });
                }
                // What has another word before the colon is not told apart by what it is.
                Err(NotFound::Other(other)) if !name.contains(':') => {
                    format!("`{name}` is {}, not a {word}", arch.kind(other).class.phrase)
                }
                Ok(_) | Err(NotFound::Nothing | NotFound::Other(_)) => {
                    format!("there is no {word} called `{name}`")
                }
            };
            return Err(UnknownSelection { message, help });
        }
        Ok(())
    }

    /// Judges what is chosen, and simulates only what that needs.
    pub fn judge_selected(
        &self,
        selection: &Selection,
        options: &Options,
        cancel: &AtomicBool,
        progress: Progress<'_>,
    ) -> Report {
        let (arch, chosen) = (self.arch(), selection.resolved(self.arch()));
        let report = self.judge_some(&|one| chosen.is_wanted(arch, one), options, cancel, progress);
        chosen.shown(arch, report)
    }

    /// A report with how times follow the loads that were simulated, of what is chosen.
    pub fn with_curves(&self, report: Report, selection: &Selection, options: &Options, cancel: &AtomicBool) -> Report {
        selection.resolved(self.arch()).shown(self.arch(), report.with_curves(self.arch(), options, cancel))
    }
}

/// As many names are listed where none is near.
const MOST_NAMES: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "person u \"U\"\nsystem s \"S\" { service a \"A\" concurrency=2 }\nu -> s.a \"asks\"
flow find \"Find\" { u -> s.a \"asks\" time=10ms }
flow keep \"Keep\" { u -> s.a \"keeps\" time=10ms }
flow ask \"Ask\" { u -> s.a \"asks\" time=10ms }
flow ASK \"Ask\" { u -> s.a \"asks\" time=10ms }
load day \"Day\" rate=1/s
load peak \"Peak\" rate=2/s
requirement wish \"Wish\"
quality fast \"Fast\" { require p95 flow=find under=1s load=day; require p95 flow=keep under=1s load=peak }
quality any \"Any\" { require error-rate under=1% load=day }";

    fn demanded(selection: &Selection) -> Vec<String> {
        let files = crate::MemoryFileSystem::new(&[("w.groma", TEXT)]);
        let snapshot = crate::Session::open(&files, std::path::Path::new("w.groma")).unwrap().snapshot();
        let Ok(workspace) = snapshot.forecastable() else { panic!("nothing is wrong") };
        assert_eq!(workspace.check_selection(selection), Ok(()));
        let (arch, chosen) = (workspace.arch(), selection.resolved(workspace.arch()));
        let all = groma_simulate::requirements(arch);
        let wanted = all.iter().filter(|one| chosen.is_wanted(arch, one));
        let flow = |one: &Requirement| one.flow.map_or("every flow", |flow| arch.name(arch.flows[flow].at));
        wanted.map(|one| format!("{} of {}", one.metric, flow(one))).collect()
    }

    #[test]
    fn what_is_chosen_is_judged() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let of = |qualities: &[&str], loads: &[&str], flows: &[&str]| {
            demanded(&Selection { qualities: names(qualities), loads: names(loads), flows: names(flows) })
        };
        assert_eq!(of(&[], &[], &[]), ["p95 of find", "p95 of keep", "error-rate of every flow"]);
        assert_eq!(of(&["fast"], &[], &[]), ["p95 of find", "p95 of keep"]);
        assert_eq!(of(&[], &["peak"], &[]), ["p95 of keep"]);
        assert_eq!(of(&[], &[], &["find"]), ["p95 of find", "error-rate of every flow"]);
        assert_eq!(of(&["quality:fast", "any"], &["day", "peak"], &["find", "keep"]).len(), 3);
        assert_eq!(of(&["any"], &["peak"], &[]), [] as [&str; 0]);
    }

    #[test]
    fn a_name_that_nothing_has_is_told_with_what_may_be_meant() {
        let files = crate::MemoryFileSystem::new(&[("w.groma", TEXT)]);
        let snapshot = crate::Session::open(&files, std::path::Path::new("w.groma")).unwrap().snapshot();
        let Ok(workspace) = snapshot.forecastable() else { panic!("nothing is wrong") };
        let told = |selection: Selection| {
            workspace.check_selection(&selection).map_err(|why| format!("{}; {}", why.message, why.help))
        };
        let one = |name: &str| vec![name.to_owned()];
        for name in ["FIND", "flow:Find"] {
            assert_eq!(told(Selection { flows: one(name), ..Selection::default() }), Ok(()));
        }
        let selection = Selection { qualities: one("any"), loads: one("DAY"), flows: one("Ask") };
        assert_eq!(told(selection), Err("`Ask` fits several things; write `ASK` or `ask`".to_owned()));
        let selection = Selection { loads: one("paek"), ..Selection::default() };
        assert_eq!(told(selection), Err("there is no load called `paek`; did you mean `peak`?".to_owned()));
        let selection = Selection { flows: one("nothing-like-it"), ..Selection::default() };
        assert_eq!(
            told(selection),
            Err("there is no flow called `nothing-like-it`; there are `find`, `keep`, `ask` and `ASK`".to_owned())
        );
        assert_eq!(told(Selection { qualities: one("quality:fast"), ..Selection::default() }), Ok(()));
        let selection = Selection { qualities: one("wish"), ..Selection::default() };
        assert_eq!(
            told(selection),
            Err("`wish` is a requirement, not a quality; there are `fast` and `any`".to_owned())
        );
    }
}
