//! Values of parameters, fields and paths as text. What a file says is still in it: it must be made
//! safe before it is shown.

use std::fmt::Write as _;
use std::path::Path;

use crate::record::Value;

/// A value in words: texts as they are, numbers with their digits, lists and maps as people write
/// them.
pub fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => nested(other),
    }
}

fn nested(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.text.to_string(),
        Value::Text(text) => format!("\"{text}\""),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(nested).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entry = |(key, value): &(String, Value)| format!("{key}: {}", nested(value));
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A value as JSON. Numbers that JSON has not are texts: `"NaN"`.
pub fn json(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) if number.value.is_finite() => number.text.to_string(),
        Value::Number(number) => json_text(&number.text),
        Value::Text(text) => json_text(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(json).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(entries) => json_object(entries.iter().map(|(k, v)| (k.as_str(), json(v)))),
    }
}

/// An object of values that are JSON already.
pub fn json_object<'a>(entries: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let entries = entries.into_iter();
    let entries: Vec<String> = entries
        .map(|(key, value)| format!("{}:{value}", json_text(key)))
        .collect();
    format!("{{{}}}", entries.join(","))
}

/// A text as JSON, in which nothing is left that a terminal obeys.
pub fn json_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A path as text that says which path it is: bytes that are no text are escaped.
pub fn path(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::Number;

    #[test]
    fn json_is_what_others_read() {
        let number = |text: &str, value| {
            let text = text.into();
            Value::Number(Number { text, value })
        };
        let value = Value::Map(vec![
            (
                "a\"b".to_owned(),
                Value::List(vec![Value::Null, Value::Bool(true)]),
            ),
            ("n".to_owned(), number("1.50", 1.5)),
            ("nan".to_owned(), number("NaN", f64::NAN)),
        ]);
        assert_eq!(json(&value), r#"{"a\"b":[null,true],"n":1.50,"nan":"NaN"}"#);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            let json = json_text(&text);
            prop_assert!(!json.contains(char::is_control));
            let read: String = serde_json::from_str(&json).expect("it is JSON");
            prop_assert_eq!(read, text);
        }
    }
}
