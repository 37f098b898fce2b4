//! What two forecasts say of the same demands.

use groma_model::difference::Difference;
use groma_model::{Architecture, ItemRef};
use groma_simulate::{Judgement, Metric, Verdict};
use rustc_hash::FxHashMap;

/// A demand that is not judged as it was, or has another limit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerdictChange {
    /// The address of the quality.
    pub address: String,
    /// What is demanded, in words; what was, if nothing is any more.
    pub demand: String,
    /// The limit before, in words, if it is another one now.
    pub limit_before: Option<String>,
    /// The verdict before; `None` if it was not demanded.
    pub before: Option<Verdict>,
    /// The verdict after.
    pub after: Option<Verdict>,
}

/// What tells a demand of a quality from its others, whatever its limit is and what the things in it are called. All are what they
/// are after.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Demanded {
    quality: ItemRef,
    metric: Metric,
    is_threshold: bool,
    first_part: bool,
    flow: Option<ItemRef>,
    of: Option<ItemRef>,
    load: Option<ItemRef>,
    failure: Option<ItemRef>,
}

impl Demanded {
    /// What is demanded in an architecture, if all of it is still there after.
    fn of(one: &Judgement, arch: &Architecture, after_of: impl Fn(ItemRef) -> Option<ItemRef>) -> Option<Demanded> {
        let after = |at: Option<ItemRef>| match at {
            Some(at) => after_of(at).map(Some),
            None => Some(None),
        };
        Some(Demanded {
            quality: after_of(one.quality)?,
            metric: one.metric,
            is_threshold: one.is_threshold,
            first_part: one.first_part,
            flow: after(one.flow.map(|flow| arch.flows[flow].at))?,
            of: after(one.of.map(|element| arch.element(element).at))?,
            load: after(one.load.map(|load| arch.records[load].at))?,
            failure: after(one.failure.map(|failure| arch.records[failure].at))?,
        })
    }
}

/// The demands that are judged otherwise than before or have another limit, those of after first. Where a quality demands the same
/// several times, those with the same limit are the same, and the others in the order of the text.
pub fn verdict_changes(
    difference: &Difference,
    before: (&Architecture, &[Judgement]),
    after: (&Architecture, &[Judgement]),
) -> Vec<VerdictChange> {
    let mut left: FxHashMap<Demanded, Vec<&Judgement>> = FxHashMap::default();
    for one in before.1 {
        if let Some(demanded) = Demanded::of(one, before.0, |at| difference.after_of(at)) {
            left.entry(demanded).or_default().push(one);
        }
    }
    let mut was: Vec<Option<&Judgement>> = vec![None; after.1.len()];
    for is_limit_free in [false, true] {
        for (one, was) in after.1.iter().zip(&mut was).filter(|(_, was)| was.is_none()) {
            let same = Demanded::of(one, after.0, Some).and_then(|demanded| left.get_mut(&demanded));
            *was = same.and_then(|same| {
                let nth = same.iter().position(|old| is_limit_free || old.limit_in_words() == one.limit_in_words())?;
                Some(same.remove(nth))
            });
        }
    }
    let is_known = |one: &Judgement| was.iter().flatten().any(|known| std::ptr::eq(*known, one));
    let gone = before.1.iter().filter(|one| !is_known(one)).map(|one| VerdictChange {
        address: before.0.address_of(one.quality),
        demand: one.demand(),
        limit_before: None,
        before: Some(one.verdict),
        after: None,
    });
    let changed = after.1.iter().zip(&was).filter_map(|(one, was)| changed(after.0, *was, one));
    changed.chain(gone).collect()
}

/// What is not as it was about a demand, if anything is.
fn changed(arch: &Architecture, was: Option<&Judgement>, one: &Judgement) -> Option<VerdictChange> {
    let limit_before = was.map(Judgement::limit_in_words).filter(|limit| *limit != one.limit_in_words());
    let before = was.map(|was| was.verdict);
    (limit_before.is_some() || before != Some(one.verdict)).then(|| VerdictChange {
        address: arch.address_of(one.quality),
        demand: one.demand(),
        limit_before,
        before,
        after: Some(one.verdict),
    })
}
