//! Closed sets of words as enums, declared with the fact or the kinds that they belong to: code that misspells one does not compile.

/// Declares an enum of words: `Host = "host"`.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $one:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$doc])* $one,)+ }

        impl $name {
            /// All, in the order of the reference.
            pub const ALL: &'static [$name] = &[$($name::$one),+];

            /// The word for it.
            pub const fn word(self) -> &'static str {
                match self { $($name::$one => $word,)+ }
            }

            /// What a word stands for.
            pub fn of(word: &str) -> Option<$name> {
                match word {
                    $($word => Some($name::$one),)+
                    _ => None,
                }
            }
        }
    };
}

/// Declares the words that a fact takes, each with its meaning, and the type of the fact: `Reject = "reject", "…";`.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident of $fact:path { $($one:ident = $word:literal, $meaning:literal;)+ }) => {
        $crate::word_enums::words! {
            $(#[$about])*
            $name { $(#[doc = $meaning] $one = $word,)+ }
        }

        impl $name {
            /// What the word means.
            pub const fn meaning(self) -> &'static str {
                match self { $($name::$one => $meaning,)+ }
            }

            /// All the words, in the order of the reference.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The type of the fact.
            pub const TYPE: $crate::schema::Type = $crate::schema::Type::OneOf(&[$(($word, $meaning)),+]);
        }

        impl $crate::schema::Choice for $name {
            const FACT: &'static $crate::schema::Fact = &$fact;

            fn of(word: &str) -> Option<$name> {
                $name::of(word)
            }
        }
    };
}

pub(crate) use {choice, words};
