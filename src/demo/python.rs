//! JSON as Python writes it: `json.dumps` with its spaces, its escapes, its `1e-05` and its `NaN`.

use std::fmt;

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

/// A map with these keys, in this order.
pub(super) fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Json)>) -> Json {
    let own = |(key, value): (&str, Json)| (key.to_owned(), value);
    Json::Map(entries.into_iter().map(own).collect())
}

impl Json {
    /// `json.dumps(value)`
    pub(super) fn line(&self) -> String {
        let mut text = String::new();
        write(self, None, &mut text);
        text
    }

    /// `json.dumps(value, indent=2)`
    pub(super) fn page(&self) -> String {
        let mut text = String::new();
        write(self, Some(0), &mut text);
        text
    }

    /// The members of maps within maps under dotted keys; lists stay what they are.
    pub(super) fn flattened(&self) -> Json {
        let mut flat = Vec::new();
        if let Self::Map(entries) = self {
            flatten("", entries, &mut flat);
        }
        Self::Map(flat)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

fn flatten(prefix: &str, entries: &[(String, Json)], flat: &mut Vec<(String, Json)>) {
    for (key, value) in entries {
        let key = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            Json::Map(inner) if !inner.is_empty() => flatten(&key, inner, flat),
            other => flat.push((key, other.clone())),
        }
    }
}

/// `indent` is how many levels deep a page is, or nothing for a line.
fn write(value: &Json, indent: Option<usize>, text: &mut String) {
    match value {
        Json::Null => text.push_str("null"),
        Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Json::Int(value) => text.push_str(&value.to_string()),
        Json::Float(value) => text.push_str(&float(*value)),
        Json::Text(value) => string(value, text),
        Json::List(items) => {
            let each = |item: &Json, inner, text: &mut String| write(item, inner, text);
            members(['[', ']'], items, indent, text, each);
        }
        Json::Map(entries) => {
            let each = |(key, value): &(String, Json), inner, text: &mut String| {
                string(key, text);
                text.push_str(": ");
                write(value, inner, text);
            };
            members(['{', '}'], entries, indent, text, each);
        }
    }
}

fn members<T>(
    [open, close]: [char; 2],
    members: &[T],
    indent: Option<usize>,
    text: &mut String,
    mut each: impl FnMut(&T, Option<usize>, &mut String),
) {
    text.push(open);
    let inner = indent.map(|depth| depth + 1);
    let new_line = |depth: Option<usize>, text: &mut String| {
        if let Some(depth) = depth {
            text.push('\n');
            text.extend(std::iter::repeat_n("  ", depth));
        }
    };
    for (at, member) in members.iter().enumerate() {
        if at > 0 {
            text.push_str(if indent.is_some() { "," } else { ", " });
        }
        new_line(inner, text);
        each(member, inner, text);
    }
    if !members.is_empty() {
        new_line(indent, text);
    }
    text.push(close);
}

/// `repr(value)`: the shortest digits that are exact, `1e-05` below a ten-thousandth.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value == 0.0 || (-4..16).contains(&exponent) {
        let plain = value.to_string();
        return if plain.contains('.') {
            plain
        } else {
            plain + ".0"
        };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Everything beyond ASCII is escaped, in units of UTF-16.
fn string(value: &str, text: &mut String) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            ' '..='~' => text.push(c),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    // Writing to a text cannot fail.
                    let _ = fmt::Write::write_fmt(text, format_args!("\\u{unit:04x}"));
                }
            }
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_look_as_python_prints_them() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.001, "0.001"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (9.866_357_858_642_206e-7, "9.866357858642206e-07"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (2.368_834_308_093_613, "2.368834308093613"),
            (1_795_159_577.795_500_5, "1795159577.7955005"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(float(value), expected);
        }
    }

    #[test]
    fn lines_and_pages() {
        let value = map([
            ("a", Json::from(vec![1_i64, 2])),
            ("b", map([("c", Json::Null), ("d", true.into())])),
            ("empty", Json::List(Vec::new())),
            ("none", map([])),
        ]);
        assert_eq!(
            value.line(),
            r#"{"a": [1, 2], "b": {"c": null, "d": true}, "empty": [], "none": {}}"#
        );
        assert_eq!(
            value.page(),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {\n    \"c\": null,\n    \"d\": true\n  },\n  \
             \"empty\": [],\n  \"none\": {}\n}"
        );
        assert_eq!(
            value.flattened().line(),
            r#"{"a": [1, 2], "b.c": null, "b.d": true, "empty": [], "none": {}}"#
        );
    }

    #[test]
    fn text_is_escaped_to_ascii() {
        let value = Json::from("µ \"q\" \\ \u{1b}[32m\r\n\t🚀");
        assert_eq!(
            value.line(),
            r#""\u00b5 \"q\" \\ \u001b[32m\r\n\t\ud83d\ude80""#
        );
    }
}
