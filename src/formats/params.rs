//! Parameters: a log of operations, or a document that is written anew.

use crate::formats::documents::{Parsed, moment_of};
use crate::formats::json::Tape;
use crate::formats::records::{Next, Records};
use crate::formats::{Completeness, Decoder, Flaw, Piece};
use crate::record::{ParamChange, ParamOp, Value};

/// Reads a log of operations on parameters.
#[derive(Debug, Default)]
pub struct ParamDecoder {
    tape: Tape,
}

impl ParamDecoder {
    pub fn new() -> Self {
        Self::default()
    }
}

impl Decoder for ParamDecoder {
    fn decode(
        &mut self,
        bytes: &[u8],
        base: u64,
        last: bool,
        sink: &mut dyn FnMut(Piece),
    ) -> usize {
        let records = Records { bytes, base, last };
        let mut at = 0;
        loop {
            match records.next(&mut self.tape, at) {
                Next::Record { start, end } => {
                    let record = self.tape.value(bytes, 0);
                    let change = change_of(&record);
                    let piece = change.map_or_else(
                        |reason| {
                            Piece::Flaw(Flaw {
                                offset: base + start as u64,
                                reason,
                            })
                        },
                        Piece::Params,
                    );
                    sink(piece);
                    at = end;
                }
                Next::Flaw { flaw, resume } => {
                    sink(Piece::Flaw(flaw));
                    at = resume;
                }
                Next::Done { consumed } => return consumed,
            }
        }
    }
}

fn change_of(record: &Value) -> Result<ParamChange, String> {
    let data = || {
        record
            .get("data")
            .cloned()
            .ok_or("the operation has no data".to_owned())
    };
    let op = match record.get("operation").and_then(Value::as_text) {
        Some("set") => ParamOp::Set(data()?),
        Some("extend") => ParamOp::Extend(data()?),
        Some("update") => {
            let key = record
                .get("key")
                .and_then(Value::as_text)
                .ok_or("an update without a key")?;
            let value = record
                .get("value")
                .cloned()
                .ok_or("an update without a value")?;
            ParamOp::Update {
                key: key.to_owned(),
                value,
            }
        }
        Some(other) => return Err(format!("unknown operation {other:?} on parameters")),
        None => return Err("no operation on parameters".to_owned()),
    };
    Ok(ParamChange {
        // Here a time can be nothing else, however small it is.
        time: moment_of(record, "timestamp")
            .or_else(|| record.get("timestamp").and_then(Value::as_f64))
            .filter(|time| time.is_finite()),
        op,
    })
}

/// Reads `parameters.json`: the parameters under `data`, or the whole document.
pub(crate) fn document(bytes: &[u8]) -> (Vec<Piece>, Completeness) {
    let parsed = Parsed::of(bytes);
    let Some(root) = parsed.root else {
        return (Vec::new(), parsed.completeness);
    };
    let time = moment_of(&root, "updatedAt").or_else(|| moment_of(&root, "createdAt"));
    let all = match root.get("data") {
        Some(data @ Value::Map(_)) => data.clone(),
        _ if parsed.completeness == Completeness::Whole => root,
        // Cut off before its parameters: nothing is known of them.
        _ => return (Vec::new(), parsed.completeness),
    };
    let change = ParamChange {
        time,
        op: ParamOp::Set(all),
    };
    (vec![Piece::Params(change)], parsed.completeness)
}
