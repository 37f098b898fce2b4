//! What a name that means nothing should be that of, and what there is of that.

use groma_base::there_are;

/// So many names are listed where none is near.
pub(super) const MOST_NAMES: usize = 8;

/// What a name that means nothing should be that of.
pub(super) enum Wanted<'w> {
    /// An element, of which there may be very many.
    Element,
    /// What is called so; these are known.
    OneOf(&'w str, Vec<&'w str>),
}

impl Wanted<'_> {
    /// What it is called.
    pub(super) fn noun(&self) -> &str {
        match self {
            Wanted::Element => "element",
            Wanted::OneOf(what, _) => what,
        }
    }

    /// What to do about a name that nothing has and none is near to. Of elements there may be very many.
    pub(super) fn what_there_is(self) -> String {
        let Wanted::OneOf(_, mut known) = self else {
            return "declare it, or correct the name; `groma query '*'` lists the elements".to_owned();
        };
        known.sort_unstable();
        known.dedup();
        match known.len() {
            0 => "declare it, or correct the name".to_owned(),
            1..=MOST_NAMES => format!("declare it, or correct the name; {}", there_are(known)),
            many => {
                let first: Vec<String> = known.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
                format!(
                    "declare it, or correct the name; there are {} and {} more",
                    first.join(", "),
                    many - MOST_NAMES
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use crate::link::link;
    use groma_base::FileId;
    use std::sync::Arc;

    /// The first help about the names in a text.
    fn help(text: &str) -> String {
        let (tree, errors) = groma_syntax::parse(text.to_owned());
        assert!(errors.is_empty(), "{text}");
        let (_, problems) = link(vec![Arc::new(crate::decode::decode(FileId(0), &tree))]);
        problems[0].help[0].clone()
    }

    #[test]
    fn what_there_is_of_the_kind_is_listed_where_no_name_is_near() {
        let query = "declare it, or correct the name; `groma query '*'` lists the elements";
        assert_eq!(help("person p; system s; p -> zzzz"), query);
        let known = "flow one; flow two; load peak; failure gone; slo up; ";
        for (wrong, expected) in [
            ("load l { mix zzzz; }", "there are `one` and `two`"),
            ("quality q { require p95 load=zzzz under=1s; }", "there is `peak`"),
            ("quality q { require p95 failure=zzzz under=1s; }", "there is `gone`"),
            ("alert a { slo zzzz; }", "there is `up`"),
        ] {
            let help = help(&format!("{known}{wrong}"));
            assert_eq!(help, format!("declare it, or correct the name; {expected}"), "{wrong}");
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..20).map(|number| format!("n{number:02}")).collect();
        let told = Wanted::OneOf("flow", names.iter().map(String::as_str).collect()).what_there_is();
        assert!(told.ends_with("`n06`, `n07` and 12 more"), "{told}");
        assert_eq!(Wanted::OneOf("flow", Vec::new()).what_there_is(), "declare it, or correct the name");
    }
}
