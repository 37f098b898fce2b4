//! Kits: folders with what a company gives to all its workspaces.

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS};
use crate::items::{FileModel, ItemRef};
use crate::schema::{Head, Kind};
use crate::{Architecture, facts as all};
use facts::kit;
use groma_base::FileId;
use std::cmp::Ordering;
use std::sync::Arc;

/// The facet.
pub static FACET: Facet = Facet::of_records("kits", "Kits", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use crate::schema::{Class, Feeds, Listed};

    /// `kit`
    pub static KIT: Class = records("kit", "a kit", Feeds::Nothing).listed(Listed::WithKits);
}

/// The facts.
pub mod facts {
    use crate::schema::{Fact, Type, fact};

    /// The facts of a kit.
    pub mod kit {
        use super::*;

        /// Its version.
        pub static VERSION: Fact =
            fact("version", Type::Text, "its version, which findings of its standards and facts tell")
                .also_called(&["release", "revision"]);
        /// The version of Groma it was written for.
        pub static GROMA: Fact =
            fact("groma", Type::Text, "the version of Groma that it was written for, such as `0.1`");
    }
}

static KINDS: &[Kind] = &[Kind {
    name: "kit",
    other_names: &["ruleset", "preset"],
    habits: &[],
    class: &class::KIT,
    summary: "what a company gives to all its workspaces: facts, kinds, standards, technologies",
    doc: "It stands in a file of the kit's folder and is about whatever is declared in that folder and below it. A workspace takes it in with `include \"../kit\"`. Findings that come of a kit name it with its version, so that a team knows whom to ask and what has changed.",
    example: "kit company \"Company rules\" version=\"3.1\" groma=\"0.1\" owner=platform",
    head: Head::Named,
    facts: &[&[&kit::VERSION, &kit::GROMA, &DESCRIPTION, &OWNER, &TAGS, &LINK]],
}];

/// For each file the kit that it is part of: the one that is declared in the same folder, or in the nearest around it.
pub(crate) fn of_files(files: &[&Arc<FileModel>]) -> Vec<Option<ItemRef>> {
    let kits: Vec<(&str, ItemRef)> = files
        .iter()
        .filter_map(|file| {
            let (item, _) = file.items.entries().find(|(_, item)| item.kind.is(&class::KIT))?;
            Some((&*file.folder, ItemRef { file: file.file, item }))
        })
        .collect();
    let is_in = |folder: &str, kit: &str| {
        kit.is_empty() || folder.strip_prefix(kit).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let nearest = |file: &&Arc<FileModel>| {
        // Of several in one folder it is the first.
        let around = kits.iter().rev().filter(|(kit, _)| is_in(&file.folder, kit));
        around.max_by_key(|(kit, _)| kit.len()).map(|(_, at)| *at)
    };
    files.iter().map(nearest).collect()
}

/// Which of two versions is newer, number by number; what is not said is nought. `None` if one is no version.
pub fn compare_versions(a: &str, b: &str) -> Option<Ordering> {
    let numbers = |version: &str| version.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>();
    let (a, b) = (numbers(a)?, numbers(b)?);
    let at = |version: &[u32], nth: usize| version.get(nth).copied().unwrap_or(0);
    let differs = (0..a.len().max(b.len())).map(|nth| at(&a, nth).cmp(&at(&b, nth))).find(|order| order.is_ne());
    Some(differs.unwrap_or(Ordering::Equal))
}

impl Architecture {
    /// The kit that something is declared in, if it is in one.
    pub fn kit(&self, at: ItemRef) -> Option<ItemRef> {
        self.kit_of_file(at.file)
    }

    /// The kit that a file is part of.
    pub fn kit_of_file(&self, file: FileId) -> Option<ItemRef> {
        self.kits.get(file.index()).copied().flatten()
    }

    /// Whether something is of a kit to which the workspace is held: one that it includes from outside of its folder, or, where there is none, any,
    /// as the workspace is a kit itself. Who is held to one may not have the last word by being one as well.
    pub fn is_of_binding_kit(&self, at: ItemRef) -> bool {
        let is_outside = |kit: ItemRef| self.file(kit).folder.starts_with("..");
        self.kit(at).is_some_and(|kit| is_outside(kit) || !self.kits.iter().flatten().any(|kit| is_outside(*kit)))
    }

    /// What a kit is called with its version: `"Company rules" 3.1`.
    pub fn kit_name(&self, kit: ItemRef) -> String {
        let version = self.text(kit, &all::kit::VERSION).map_or(String::new(), |version| format!(" {version}"));
        format!("\"{}\"{version}", self.title(kit))
    }
}

#[cfg(test)]
mod tests {
    use super::of_files;
    use groma_base::FileId;
    use std::sync::Arc;

    #[test]
    fn a_file_is_part_of_the_nearest_kit_around_it() {
        let texts = ["kit a \"A\"", "kit b \"B\"", "person p \"P\"", "person q \"Q\"", "person r \"R\""];
        let paths = ["kit/a.groma", "kit/inner/b.groma", "kit/inner/deep/c.groma", "kit/d.groma", "kitchen/e.groma"];
        let decode = |((text, path), file): ((&str, &str), u32)| {
            let (tree, _) = groma_syntax::parse(text.to_owned());
            Arc::new(crate::decode::decode(FileId(file), &tree).at_path(path))
        };
        let files: Vec<_> = texts.into_iter().zip(paths).zip(0..).map(decode).collect();
        let kits = of_files(&files.iter().collect::<Vec<_>>());
        let files: Vec<_> = kits.into_iter().map(|kit| kit.map(|at| at.file.0)).collect();
        assert_eq!(files, [Some(0), Some(1), Some(1), Some(0), None]);
    }
}
