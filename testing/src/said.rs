//! What the code can say, so that a test can ask whether all of it is shown somewhere.

/// The texts in quotes on a line of code.
pub fn texts(line: &str) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), None::<String>);
    let line = line.replace("'\"'", "");
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (letter, &mut open) {
            ('\\', Some(text)) => text.extend(letters.next()),
            ('"', Some(_)) => found.extend(open.take()),
            ('"', None) => open = Some(String::new()),
            (letter, Some(text)) => text.push(letter),
            _ => {}
        }
    }
    found
}

/// A text of the code, in parts between what is put in.
#[derive(Debug)]
pub struct Sentence(Vec<String>);

impl Sentence {
    /// The parts of a text in which `{}` stands for what is put in, and `{{` for a brace.
    pub fn new(text: &str) -> Sentence {
        let mut parts = vec![String::new()];
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.peek() == Some(&letter) => parts.last_mut().unwrap().extend(letters.next()),
                '{' => {
                    letters.by_ref().take_while(|letter| *letter != '}').for_each(drop);
                    parts.push(String::new());
                }
                letter => parts.last_mut().unwrap().push(letter),
            }
        }
        Sentence(parts)
    }

    /// Whether the parts stand in what is shown, one after the other.
    pub fn is_said_in(&self, shown: &str) -> bool {
        let mut rest = shown;
        self.0.iter().all(|part| match rest.find(part.as_str()) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Sentence, texts};

    #[test]
    fn texts_stand_between_quotes() {
        assert_eq!(texts(r#"say("a \"b\"", '"', "c")"#), ["a \"b\"", "c"]);
        assert!(texts("let a = 1;").is_empty());
    }

    #[test]
    fn what_is_put_in_may_be_anything() {
        let sentence = Sentence::new("there is no {what} called `{}` in {{}}");
        assert!(sentence.is_said_in("error: there is no flow called `x` in {}"));
        assert!(!sentence.is_said_in("there is no flow called `x`"));
    }
}
