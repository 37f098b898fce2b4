//! Reads Rust as far as these tests need it: what is code, where functions begin and end, which modules are named.

use std::collections::{BTreeMap, BTreeSet};

/// A file.
pub struct Source {
    /// Its path from the root.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A function.
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line it begins on, from zero.
    pub first: usize,
    /// How many lines it has.
    pub lines: usize,
}

impl Source {
    /// Whether a comment in a function or right above it says why it is long.
    pub fn says_why(&self, function: &Function) -> bool {
        let lines: Vec<&str> = self.text.lines().collect();
        let (before, rest) = lines.split_at(function.first);
        let above = before.iter().rev().take_while(|line| line.trim_start().starts_with(['/', '#']));
        let mut all = above.chain(&rest[..function.lines]);
        all.any(|line| line.contains("//") && line.contains("Long because"))
    }

    /// Its path as a module of its crate; that of the root is empty.
    fn module(&self) -> Vec<String> {
        let inside = self.path.split("/src/").nth(1).unwrap_or_default().trim_end_matches(".rs");
        let mut path: Vec<String> = inside.split('/').map(str::to_owned).collect();
        if ["mod", "lib", "main"].contains(&path[path.len() - 1].as_str()) {
            path.pop();
        }
        path
    }
}

/// A text of which what is no code has become spaces, so that places and lines stay.
pub struct Code(String);

impl Code {
    /// The code of a text.
    pub fn of(text: &str) -> Code {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = ' ';
        while let Some(letter) = rest.chars().next() {
            let length = no_code(rest, before);
            let taken = length.unwrap_or(letter.len_utf8());
            match length {
                Some(_) => out.extend(rest[..taken].chars().map(|one| if one == '\n' { '\n' } else { ' ' })),
                None => out.push(letter),
            }
            before = letter;
            rest = &rest[taken..];
        }
        Code(out)
    }

    /// Its functions with a body.
    pub fn functions(&self) -> Vec<Function> {
        let code = &self.0;
        let mut found = Vec::new();
        for (at, _) in code.match_indices("fn ") {
            let is_word =
                code[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '_');
            let name: String = code[at + 3..].chars().take_while(|one| one.is_alphanumeric() || *one == '_').collect();
            if !is_word || name.is_empty() {
                continue;
            }
            let Some(open) = body(&code[at..]).map(|open| at + open) else { continue };
            let close = open + closing(&code[open..]);
            let first = code[..at].matches('\n').count();
            found.push(Function { name, first, lines: code[at..close].matches('\n').count() + 1 });
        }
        found
    }

    /// The paths that are named, each of a `use` on its own, and all others that begin at the root or beside the module; with the
    /// modules within the file that they stand in.
    fn paths(&self) -> Vec<(Vec<String>, String)> {
        let code = self.0.split("#[cfg(test)]").next().unwrap_or_default();
        let inline = inline_modules(code);
        let around = |at: usize| -> Vec<String> {
            inline.iter().filter(|(_, from, to)| (*from..*to).contains(&at)).map(|(name, ..)| name.clone()).collect()
        };
        let mut found = Vec::new();
        let mut rest = code.to_owned();
        for (at, _) in code.match_indices("use ") {
            let length = code[at..].find(';').unwrap_or(code.len() - at);
            let tree: String = code[at + 4..at + length].split_whitespace().collect::<Vec<_>>().join(" ");
            let mut paths = Vec::new();
            expand("", &tree, &mut paths);
            found.extend(paths.into_iter().map(|path| (around(at), path)));
            rest.replace_range(at..at + length, &" ".repeat(length));
        }
        for begin in ["crate::", "super::"] {
            for (at, _) in rest.match_indices(begin) {
                let is_begin =
                    rest[..at].chars().next_back().is_none_or(|one| one != '$' && one != ':' && !one.is_alphanumeric());
                let path = rest[at..].chars().take_while(|one| one.is_alphanumeric() || *one == '_' || *one == ':');
                found.extend(is_begin.then(|| (around(at), path.collect())));
            }
        }
        found
    }
}

/// The modules that a file holds in itself, with where they begin and end, the outer ones first.
fn inline_modules(code: &str) -> Vec<(String, usize, usize)> {
    let named = code.match_indices("mod ").filter_map(|(at, word)| {
        let name: String =
            code[at + word.len()..].chars().take_while(|one| one.is_alphanumeric() || *one == '_').collect();
        let open = at + word.len() + name.len();
        let open = open + code[open..].find('{').filter(|gap| code[open..open + gap].trim().is_empty())?;
        Some((name, open, open + closing(&code[open..])))
    });
    named.collect()
}

/// How much of the beginning of a text is no code: a comment, a string or a letter in quotes.
fn no_code(rest: &str, before: char) -> Option<usize> {
    let until = |from: usize, end: &str| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(until(2, "*/"));
    }
    if (rest.starts_with("r\"") || rest.starts_with("r#")) && !before.is_alphanumeric() && before != '_' {
        let hashes = rest[1..].chars().take_while(|one| *one == '#').count();
        let is_string = rest[1 + hashes..].starts_with('"');
        return is_string.then(|| until(2 + hashes, &format!("\"{}", "#".repeat(hashes))));
    }
    if let Some(string) = rest.strip_prefix('"') {
        let mut escaped = false;
        let end = string.char_indices().find(|(_, one)| {
            let ends = *one == '"' && !escaped;
            escaped = *one == '\\' && !escaped;
            ends
        });
        return Some(end.map_or(rest.len(), |(at, _)| at + 2));
    }
    let mut letters = rest.strip_prefix('\'')?.chars();
    match letters.next()? {
        '\\' => rest[2..].char_indices().find(|(at, one)| *one == '\'' && *at > 0).map(|(at, _)| at + 3),
        one => (letters.next() == Some('\'')).then(|| one.len_utf8() + 2),
    }
}

/// Where the body of the function begins with which a text begins; `None` if it has none.
fn body(code: &str) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, letter) in code.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(at),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Where the brace is closed with which a text begins.
fn closing(code: &str) -> usize {
    let mut depth = 0_i32;
    for (at, letter) in code.char_indices() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        if depth == 0 {
            return at;
        }
    }
    code.len()
}

/// The paths of a `use`.
fn expand(before: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((path, inner)) = tree.split_once('{') else {
        return paths.push(format!("{before}{}", tree.trim()));
    };
    let before = format!("{before}{}", path.trim());
    let inner = inner.trim_end().trim_end_matches('}');
    let (mut depth, mut from) = (0, 0);
    for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        if letter == ',' && depth == 0 {
            let part = inner[from..at].trim();
            if !part.is_empty() {
                expand(&before, part, paths);
            }
            from = at + 1;
        }
    }
}

/// Which module knows which of the others that stand beside it, by the module around them (the root of a crate is empty): by
/// their names, or by what the module around them shows of them under its own. What is named below a module is known by
/// the module itself.
pub fn knowledge(sources: &[Source]) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut beside: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for path in sources.iter().map(Source::module) {
        for length in 0..path.len() {
            beside.entry(path[..length].to_vec()).or_default().insert(path[length].clone());
        }
    }
    let mut shown: BTreeMap<(Vec<String>, String), String> = BTreeMap::new();
    let mut knows: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for source in sources {
        let place = source.module();
        for (_, path) in Code::of(&source.text).paths().into_iter().filter(|(inline, _)| inline.is_empty()) {
            let (path, name) = path.split_once(" as ").unwrap_or((&path, path.rsplit("::").next().unwrap_or_default()));
            let first = absolute(path, &place).or_else(|| Some([&place[..], &[first_of(path)]].concat()));
            if let Some(module) =
                first.filter(|path| path.starts_with(&place)).and_then(|path| path.get(place.len()).cloned())
            {
                shown.insert((place.clone(), name.to_owned()), module);
            }
        }
    }
    for source in sources {
        let place = source.module();
        let of_file = Code::of(&source.text).paths();
        for path in of_file.iter().filter_map(|(inline, path)| absolute(path, &[&place[..], inline].concat())) {
            let common = place.iter().zip(&path).take_while(|(own, other)| own == other).count();
            let (Some(own), Some(other), around) = (place.get(common), path.get(common), place[..common].to_vec())
            else {
                continue;
            };
            let Some(modules) = beside.get(&around) else { continue };
            let other = if modules.contains(other) { Some(other) } else { shown.get(&(around.clone(), other.clone())) };
            if let Some(other) = other.filter(|other| *other != own && modules.contains(*other)) {
                let known = knows.entry(around.join("::")).or_default();
                known.entry(own.clone()).or_default().insert(other.clone());
            }
        }
    }
    knows
}

fn first_of(path: &str) -> String {
    path.split("::").next().unwrap_or_default().to_owned()
}

/// A path from the root of the crate that begins there or beside a module.
fn absolute(path: &str, place: &[String]) -> Option<Vec<String>> {
    let mut steps = path.split("::").map(|step| step.split(' ').next().unwrap_or_default()).peekable();
    let mut from = match steps.next()? {
        "crate" => Vec::new(),
        "super" => {
            let mut left = place.len().checked_sub(1)?;
            while steps.next_if_eq(&"super").is_some() {
                left = left.checked_sub(1)?;
            }
            place[..left].to_vec()
        }
        _ => return None,
    };
    from.extend(steps.map(str::to_owned));
    Some(from)
}
