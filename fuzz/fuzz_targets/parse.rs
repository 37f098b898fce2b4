//! Any text is read without panic, and every error points into it.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (tree, errors) = groma_syntax::parse(text);
    for error in &errors {
        assert!(text.get(error.range.start as usize..error.range.end as usize).is_some());
    }
    if errors.is_empty() {
        let _ = groma_syntax::print::json(&tree);
        // The canonical form is read again as the same.
        let printed = groma_syntax::print::kdl(&tree);
        let (again, errors) = groma_syntax::parse(printed.as_str());
        assert!(errors.is_empty(), "{errors:?}\n{printed}");
        assert_eq!(groma_syntax::print::kdl(&again), printed);
    }
});
