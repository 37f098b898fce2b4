//! Where declarations stand in the text is nothing that a baseline, a signature or a difference should see: the same is found about
//! the same things, whichever of them comes first.

use super::{TODAY, Workspace, blocks, declarations};
use crate::{Block, check};

/// What holds things of which it is said in their order which comes first: what is done, and the rings of a radar.
const IN_ORDER: [&str; 3] = ["flow", "pipeline", "radar"];

/// A text with its declarations from the last to the first, and so what these hold.
fn turned(text: &str) -> String {
    let declarations = declarations(text).into_iter().rev();
    declarations.map(|one| with_turned_inside(&one).unwrap_or(one)).collect()
}

/// A declaration with what it holds turned round, if it is one that stands in several lines.
fn with_turned_inside(declaration: &str) -> Option<String> {
    let first = declaration.lines().position(|line| !line.trim_start().starts_with("//"))?;
    let lines: Vec<&str> = declaration.lines().collect();
    let ([head @ .., opening], [inside @ .., closing]) = lines.split_at_checked(first + 1)? else { return None };
    let kind = opening.split_whitespace().next()?;
    if IN_ORDER.contains(&kind) || !opening.contains('{') || closing.trim() != "}" {
        return None;
    }
    let head: String = head.iter().chain([opening]).map(|line| format!("{line}\n")).collect();
    let inside: String = inside.iter().map(|line| format!("{line}\n")).collect();
    Some(format!("{head}{}{closing}\n", turned(&inside)))
}

/// A block with the declarations of each file from the last to the first.
fn reversed(block: &Block) -> Block {
    let files = block.files.iter().map(|(name, text)| match name.ends_with(".csv") || name.ends_with(".md") {
        true => (*name, text.clone()),
        false => (*name, turned(text)),
    });
    Block { finds: block.finds, files: files.collect() }
}

/// The rules whose findings there are, each with the address of what it is found about. What order alone tells apart is the same.
fn found(block: &Block) -> Vec<(String, String, String)> {
    let workspace = Workspace::new(block);
    let (arch, unresolved) = workspace.link();
    let findings = check(&arch, workspace.problems(unresolved), TODAY);
    let address = |span| arch.innermost(span).map_or(String::new(), |at| arch.shared_address_of(at));
    let mut found: Vec<(String, String, String)> =
        findings.iter().map(|one| (one.code.to_string(), address(one.primary.span), one.message.to_string())).collect();
    found.sort();
    found
}

#[test]
fn what_is_found_and_about_what_does_not_depend_on_which_declaration_comes_first() {
    let mut told = String::new();
    let wide = Block { finds: true, files: vec![("main.groma", include_str!("wide.groma").to_owned())] };
    for (rule, block) in blocks().chain([("none", wide)]) {
        let (before, after) = (found(&block), found(&reversed(&block)));
        if before != after {
            let only = |these: &[(String, String, String)], those: &[(String, String, String)]| {
                let only = these.iter().filter(|one| !those.contains(one));
                only.map(|(rule, address, message)| format!("  {rule} {address}: {message}\n")).collect::<String>()
            };
            let text = &block.files[0].1;
            told += &format!("page of {rule}:\n{} reversed:\n{}{text}\n", only(&before, &after), only(&after, &before));
        }
    }
    assert!(told.is_empty(), "{told}");
}
