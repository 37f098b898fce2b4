//! Records that replace, link and renumber one another.
