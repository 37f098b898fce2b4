use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_model::facts::element;
use groma_model::schema::Fact;

pub(super) static RULE: Rule = Rule {
    name: "ineffective-fact",
    severity: Severity::Warning,
    summary: "a fact from which nothing is calculated, as another is missing",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("ineffective_fact.md"),
};

/// A fact that counts only beside one of some others.
struct Companions {
    fact: &'static Fact,
    one_of: &'static [&'static Fact],
    /// What is missing without them.
    without: &'static str,
}

const WITHOUT_KEYS: &str = "the hit ratio is calculated from the number of different `keys`";
const WITHOUT_AVAILABILITY: &str = "how often it fails is not said";

static COMPANIONS: &[Companions] = &[
    Companions { fact: &element::ENTRIES, one_of: &[&element::KEYS], without: WITHOUT_KEYS },
    Companions { fact: &element::TTL, one_of: &[&element::KEYS], without: WITHOUT_KEYS },
    Companions {
        fact: &element::MTBF,
        one_of: &[&element::MTTR],
        without: "how long it takes until it works again is not said",
    },
    Companions {
        fact: &element::MTTR,
        one_of: &[&element::AVAILABILITY, &element::MTBF],
        without: WITHOUT_AVAILABILITY,
    },
    Companions {
        fact: &element::COMMON_CAUSE,
        one_of: &[&element::AVAILABILITY, &element::MTBF],
        without: WITHOUT_AVAILABILITY,
    },
];

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for id in cx.own_elements() {
        let at = arch.element(id).at;
        for Companions { fact, one_of, without } in COMPANIONS {
            let Some(given) = arch.fact(at, fact) else { continue };
            if one_of.iter().any(|other| arch.fact(at, other).is_some()) {
                continue;
            }
            let message = format!("this `{}` has no effect: {without}", fact.name);
            let words: Vec<String> = one_of.iter().map(|other| format!("`{}`", other.name)).collect();
            let help = format!("say {} as well, or leave it out", list_words(words.iter().map(String::as_str), "or"));
            cx.push(cx.at_fact(at, given, message).help(help));
        }
    }
}
