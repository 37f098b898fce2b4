//! What the documents of architects ask for, and the command that answers each.

use std::path::PathBuf;
use std::process::Command;

/// The words of a command line, some in quotes.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').zip(0..);
    let words = parts.flat_map(|(part, nth)| match nth % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[test]
fn each_demand_is_answered_by_its_command() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let table = include_str!("audit.txt");
    let (mut missing, mut asked) = (Vec::new(), 0);
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let [what, arguments, answer] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        let groma = &mut Command::new(env!("CARGO_BIN_EXE_groma"));
        let output = groma.args(words(arguments)).current_dir(&root).env("SOURCE_DATE_EPOCH", "1795737600").output();
        let output = output.expect("groma runs");
        let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let is_answered = match answer.strip_prefix('*') {
            Some(words) => !told.contains(words),
            None => told.contains(answer),
        };
        if !is_answered || output.status.code() == Some(2) {
            missing.push(format!("{what}: groma {arguments}: {answer}\n{told}"));
        }
        asked += 1;
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(asked > 40, "{asked}");
}
