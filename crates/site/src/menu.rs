//! Which pages there are about all of the workspace, and the menu that leads to them: in groups, so that it stays one line.

use crate::Site;
use maud::{Markup, html};

/// A page about all of the workspace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whole {
    Overview,
    Views,
    Elements,
    Flows,
    Requirements,
    Constraints,
    Decisions,
    Rfcs,
    Choices,
    Signatures,
    People,
    Glossary,
    Technologies,
    Radar,
    Standards,
    Kits,
    Environments,
    Loads,
    Forecast,
    Findings,
    Exceptions,
}

/// Pages that stand together in the menu. Where there is but one of them, it stands there itself.
const MENU: &[(&str, &[Whole])] = &[
    ("Overview", &[Whole::Overview]),
    ("Views", &[Whole::Views]),
    ("Elements", &[Whole::Elements]),
    ("Flows", &[Whole::Flows]),
    (
        "Why",
        &[
            Whole::Requirements,
            Whole::Constraints,
            Whole::Decisions,
            Whole::Rfcs,
            Whole::Choices,
            Whole::Signatures,
            Whole::People,
            Whole::Glossary,
        ],
    ),
    ("Technology", &[Whole::Technologies, Whole::Radar, Whole::Standards, Whole::Kits]),
    ("Operation", &[Whole::Environments, Whole::Loads, Whole::Forecast]),
    ("Findings", &[Whole::Findings, Whole::Exceptions]),
];

impl Whole {
    /// Its file, and what the menu calls it.
    fn called(self) -> (&'static str, &'static str) {
        match self {
            Whole::Overview => ("index.html", "Overview"),
            Whole::Views => ("views.html", "Views"),
            Whole::Elements => ("elements.html", "Elements"),
            Whole::Flows => ("flows.html", "Flows"),
            Whole::Requirements => ("requirements.html", "Requirements"),
            Whole::Constraints => ("constraints.html", "Constraints"),
            Whole::Decisions => ("decisions.html", "Decisions"),
            Whole::Rfcs => ("rfcs.html", "Requests for comments"),
            Whole::Choices => ("choices.html", "Choices"),
            Whole::Signatures => ("signatures.html", "Signatures"),
            Whole::People => ("people.html", "People and teams"),
            Whole::Glossary => ("glossary.html", "Glossary"),
            Whole::Technologies => ("technologies.html", "Technologies"),
            Whole::Radar => ("radar.html", "Radar"),
            Whole::Standards => ("standards.html", "Standards"),
            Whole::Kits => ("kits.html", "Kits and own words"),
            Whole::Environments => ("environments.html", "Environments"),
            Whole::Loads => ("loads.html", "Loads and failures"),
            Whole::Forecast => ("forecast.html", "Forecast"),
            Whole::Findings => ("findings.html", "Findings"),
            Whole::Exceptions => ("exceptions.html", "Exceptions"),
        }
    }

    /// Its file.
    pub(crate) fn file(self) -> &'static str {
        self.called().0
    }

    /// Whether there is anything to tell on it.
    fn is_there(self, site: &Site<'_>) -> bool {
        match self {
            Whole::Overview | Whole::Elements | Whole::Flows | Whole::Requirements | Whole::Findings => true,
            Whole::Views => !site.specs.is_empty(),
            Whole::Constraints
            | Whole::Decisions
            | Whole::Rfcs
            | Whole::Choices
            | Whole::People
            | Whole::Glossary
            | Whole::Loads => site.has_records_on(self),
            Whole::Technologies => site.has_technologies(),
            Whole::Signatures => !site.signatures.all.is_empty() || !site.signatures.unreadable.is_empty(),
            Whole::Radar => site.has_radar(),
            Whole::Standards => site.has_standards(),
            Whole::Kits => site.has_records_on(self) || site.own_kinds().next().is_some(),
            Whole::Environments => site.has_environments(),
            Whole::Forecast => site.forecast.is_some(),
            Whole::Exceptions => site.exceptions().next().is_some(),
        }
    }
}

/// The pages about all of a workspace, in the order of the menu.
pub(crate) fn pages(site: &Site<'_>) -> Vec<Whole> {
    MENU.iter().flat_map(|(_, pages)| there(site, pages)).collect()
}

fn there(site: &Site<'_>, pages: &[Whole]) -> Vec<Whole> {
    pages.iter().copied().filter(|page| page.is_there(site)).collect()
}

/// The menu of a page that belongs to the page `here`. `root` leads to the site's root.
pub(crate) fn menu(site: &Site<'_>, root: &str, here: Whole) -> Markup {
    let entry = |page: Whole| {
        let (file, word) = page.called();
        html! { a href={ (root) (file) } aria-current=[(page == here).then_some("page")] { (word) } }
    };
    html! {
        nav aria-label="Main" {
            @for (word, pages) in MENU {
                @match there(site, pages).as_slice() {
                    [] => {},
                    [one] => (entry(*one)),
                    all => details name="menu" {
                        summary aria-current=[all.contains(&here).then_some("true")] { (word) }
                        div { @for page in all { (entry(*page)) } }
                    },
                }
            }
        }
    }
}
