//! What a JSON document is made of: its keys and the types of their values, without the values.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The shape of a document: a line for each path with the types that are met there.
pub fn shape(document: &Value) -> String {
    let mut types = BTreeMap::new();
    collect("", document, &mut types);
    let line = |(path, types): (String, BTreeSet<&str>)| {
        format!("{path}: {}\n", types.into_iter().collect::<Vec<_>>().join(" or "))
    };
    types.into_iter().map(line).collect()
}

fn collect(path: &str, value: &Value, types: &mut BTreeMap<String, BTreeSet<&'static str>>) {
    let own = match value {
        Value::Null => "nothing",
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(items) => {
            items.iter().for_each(|item| collect(&format!("{path}[]"), item, types));
            "a list"
        }
        Value::Object(fields) => {
            let separator = if path.is_empty() { "" } else { "." };
            fields.iter().for_each(|(key, value)| collect(&format!("{path}{separator}{key}"), value, types));
            "an object"
        }
    };
    types.entry(path.to_owned()).or_default().insert(own);
}

#[cfg(test)]
mod tests {
    use super::shape;
    use serde_json::json;

    #[test]
    fn types_of_all_elements_are_joined() {
        let told = shape(&json!({ "a": [{ "b": 1 }, { "b": null, "c": "x" }], "d": true }));
        let expected =
            ": an object\na: a list\na[]: an object\na[].b: a number or nothing\na[].c: a text\nd: yes or no\n";
        assert_eq!(told, expected);
    }
}
