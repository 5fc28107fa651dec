//! JSON for machines: numbers as the files wrote them, NaN and infinities as strings, and no
//! character that a terminal would obey.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::value::RawValue;

use crate::record::Value;
use crate::widgets::text;

/// Writes one document on one line.
pub fn write_line<T: Serialize>(out: &mut dyn Write, document: &T) -> io::Result<()> {
    write(out, document)?;
    out.write_all(b"\n")
}

/// Writes one value without a line end.
pub fn write<T: Serialize>(out: &mut dyn Write, document: &T) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Ascii);
    document.serialize(&mut serializer).map_err(io::Error::from)
}

/// A measured number: NaN and infinities are strings.
#[derive(Clone, Copy, Debug)]
pub struct Measured(pub f64);

/// A step, an epoch or a count: whole numbers have no decimal point.
#[derive(Clone, Copy, Debug)]
pub struct Counted(pub f64);

/// A number with the digits that the file has.
#[derive(Clone, Copy, Debug)]
pub struct Digits<'a> {
    pub text: &'a str,
    pub value: f64,
}

/// Any value of a file.
#[derive(Clone, Copy, Debug)]
pub struct Any<'a>(pub &'a Value);

/// Keys and values of a file, in this order.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'a>(pub &'a [(String, Value)]);

impl Serialize for Measured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_nan() => serializer.serialize_str("NaN"),
            f64::INFINITY => serializer.serialize_str("Infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
            value => serializer.serialize_f64(value),
        }
    }
}

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let value = self.0;
        if value.fract() == 0.0 && value.abs() <= EXACT {
            serializer.serialize_i64(value as i64)
        } else {
            Measured(value).serialize(serializer)
        }
    }
}

impl Serialize for Any<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(number) => Digits {
                text: &number.text,
                value: number.value,
            }
            .serialize(serializer),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items.iter().map(Any)),
            Value::Map(entries) => Entries(entries).serialize(serializer),
        }
    }
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.0 {
            map.serialize_entry(key, &Any(value))?;
        }
        map.end()
    }
}

/// What a strict reader would refuse (`1e400`, `NaN`) is said in words.
impl Serialize for Digits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.value.is_finite()
            && is_token(self.text.as_bytes())
            && let Ok(raw) = RawValue::from_string(self.text.to_owned())
        {
            return raw.serialize(serializer);
        }
        Measured(self.value).serialize(serializer)
    }
}

/// Whether these bytes are a number as JSON defines it.
fn is_token(bytes: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut rest = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let whole = digits(rest);
    if whole == 0 || whole > 1 && rest[0] == b'0' {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent
            .strip_prefix(b"-")
            .or(exponent.strip_prefix(b"+"))
            .unwrap_or(exponent);
        let count = digits(exponent);
        return count > 0 && count == exponent.len();
    }
    rest.is_empty()
}

/// Compact JSON in which nothing invisible or obeyed by terminals stands as itself.
#[derive(Clone, Debug)]
struct Ascii;

impl serde_json::ser::Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in fragment.char_indices() {
            if c.is_ascii() && c != '\x7f' || !text::must_escape(c) {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[from..at])?;
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                write!(writer, "\\u{unit:04x}")?;
            }
            from = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[from..])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::Number;

    fn line<T: Serialize>(value: &T) -> String {
        let mut out = Vec::new();
        write(&mut out, value).expect("writing to memory");
        String::from_utf8(out).expect("UTF-8")
    }

    fn number(text: &str, value: f64) -> Value {
        Value::Number(Number {
            text: text.into(),
            value,
        })
    }

    #[test]
    fn numbers_keep_their_digits() {
        for text in [
            "0.10",
            "1e-05",
            "9223372036854775808",
            "-0.0",
            "1E+2",
            "123456789012345678901234567890",
        ] {
            let value = text.parse().expect("a number");
            assert_eq!(line(&Any(&number(text, value))), text);
        }
    }

    #[test]
    fn what_strict_readers_refuse_is_said_in_words() {
        let table = [
            (number("NaN", f64::NAN), "\"NaN\""),
            (number("1e400", f64::INFINITY), "\"Infinity\""),
            (number("-Infinity", f64::NEG_INFINITY), "\"-Infinity\""),
            (number("01", 1.0), "1.0"),
            (number("1.", 1.0), "1.0"),
            (number(".5", 0.5), "0.5"),
            (number("1e", 1.0), "1.0"),
        ];
        for (value, text) in table {
            assert_eq!(line(&Any(&value)), text);
        }
        assert_eq!(line(&Counted(38.0)), "38");
        assert_eq!(line(&Counted(0.5)), "0.5");
        assert_eq!(line(&Counted(f64::NAN)), "\"NaN\"");
        assert_eq!(line(&Measured(1.0)), "1.0");
    }

    #[test]
    fn control_and_bidi_characters_are_escaped() {
        let text = "\x1b[31m\x7f\u{9b}\u{202e}\u{e0041}\n é 🤗";
        let expected = r#""\u001b[31m\u007f\u009b\u202e\udb40\udc41\n é 🤗""#;
        assert_eq!(line(&text), expected);
        let map = Value::Map(vec![(
            "k\x1b".to_owned(),
            Value::List(vec![Value::Null, Value::Bool(true)]),
        )]);
        assert_eq!(line(&Any(&map)), r#"{"k\u001b":[null,true]}"#);
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in any::<String>()) {
            let written = line(&text);
            prop_assert!(written.chars().all(|c| !c.is_control()));
            let back: String = serde_json::from_str(&written).expect("valid JSON");
            prop_assert_eq!(back, text);
        }

        #[test]
        fn a_token_is_what_a_strict_reader_takes(text in "-?[0-9]{0,3}(\\.[0-9]{0,3})?([eE][+-]?[0-9]{0,2})?") {
            prop_assert_eq!(is_token(text.as_bytes()), serde_json::from_str::<f64>(&text).is_ok());
        }
    }
}
