//! What the tests of the forecast share.

use groma_base::FileId;
use groma_model::{Architecture, decode::decode, link};
use std::sync::Arc;

/// The architecture of a text without any problem.
pub fn architecture(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text);
    assert_eq!(errors, [], "{text}");
    let model = decode(FileId(0), &tree);
    assert_eq!(model.problems, [], "{text}");
    let (arch, problems) = link(vec![Arc::new(model)]);
    assert_eq!(problems, [], "{text}");
    arch
}
