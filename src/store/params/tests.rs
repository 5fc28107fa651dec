//! How parameters change, and that they stay within bounds.

use super::*;
use crate::record::Number;

fn number(value: f64) -> Value {
    Value::Number(Number {
        text: value.to_string().into(),
        value,
    })
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(
        entries
            .iter()
            .map(|(key, value)| ((*key).into(), value.clone()))
            .collect(),
    )
}

fn params(ops: Vec<ParamOp>) -> Params {
    let mut params = Params::default();
    for (at, op) in ops.into_iter().enumerate() {
        params.apply(ParamChange {
            time: Some(at as f64),
            op,
        });
    }
    params
}

fn update(key: &str, value: Value) -> ParamOp {
    ParamOp::Update {
        key: key.into(),
        value,
    }
}

fn keys(params: &Params) -> Vec<&str> {
    params.values.keys().map(String::as_str).collect()
}

#[test]
fn set_is_a_difference() {
    let one = map(&[
        ("lr", number(0.1)),
        ("model", map(&[("depth", number(3.0))])),
        ("x", Value::Null),
    ]);
    let two = map(&[
        ("lr", number(0.2)),
        ("model.depth", number(3.0)),
        ("opt", map(&[])),
    ]);
    let params = params(vec![
        ParamOp::Set(one.clone()),
        ParamOp::Set(one),
        ParamOp::Set(two),
    ]);
    assert_eq!(keys(&params), ["lr", "model.depth", "opt"]);
    let lr = &params.values["lr"];
    assert_eq!((lr.changed, lr.changes), (Some(2.0), 1));
    assert_eq!(params.values["model.depth"].changed, Some(0.0));
    let late: Vec<_> = params
        .history
        .iter()
        .filter(|event| event.time == Some(2.0))
        .collect();
    assert_eq!(late.len(), 3);
    assert_eq!(
        (late[0].key.as_str(), &late[0].old, &late[0].new),
        ("x", &Some(Value::Null), &None)
    );
}

#[test]
fn extend_merges_deeply_and_update_replaces() {
    let base = map(&[(
        "model",
        map(&[
            ("depth", number(3.0)),
            ("head", map(&[("width", number(8.0))])),
        ]),
    )]);
    let merged = map(&[(
        "model",
        map(&[
            ("head", map(&[("dropout", number(0.5))])),
            ("empty", map(&[])),
        ]),
    )]);
    let mut seen = params(vec![ParamOp::Set(base), ParamOp::Extend(merged)]);
    assert_eq!(
        keys(&seen),
        [
            "model.depth",
            "model.empty",
            "model.head.dropout",
            "model.head.width"
        ]
    );
    seen.apply(ParamChange {
        time: None,
        op: ParamOp::Extend(map(&[("model", map(&[]))])),
    });
    assert_eq!(seen.values.len(), 4);
    seen.apply(ParamChange {
        time: None,
        op: update("model.head", map(&[("width", number(9.0))])),
    });
    assert_eq!(
        keys(&seen),
        ["model.depth", "model.empty", "model.head.width"]
    );
    seen.apply(ParamChange {
        time: None,
        op: update("model.head", number(1.0)),
    });
    seen.apply(ParamChange {
        time: None,
        op: update("model.empty.now", number(1.0)),
    });
    assert_eq!(
        keys(&seen),
        ["model.depth", "model.empty.now", "model.head"]
    );
    seen.apply(ParamChange {
        time: None,
        op: update("model.head.again.deep", number(2.0)),
    });
    assert_eq!(
        keys(&seen),
        ["model.depth", "model.empty.now", "model.head.again.deep"]
    );
    seen.apply(ParamChange {
        time: None,
        op: ParamOp::Extend(map(&[("model", number(7.0))])),
    });
    assert_eq!(keys(&seen), ["model"]);
    assert_eq!(seen.get("model"), Some(&number(7.0)));
}

#[test]
fn keys_that_only_look_alike_stay() {
    let seen = params(vec![
        ParamOp::Set(map(&[
            ("a-b", number(1.0)),
            ("a.b", number(1.0)),
            ("ab", number(1.0)),
        ])),
        update("a", number(2.0)),
    ]);
    assert_eq!(keys(&seen), ["a", "a-b", "ab"]);
}

#[test]
fn the_same_keys_have_the_same_number_however_they_came() {
    let whole = |keys: &[&str]| {
        let all: Vec<_> = keys.iter().map(|key| (*key, number(1.0))).collect();
        params(vec![ParamOp::Set(map(&all))]).names()
    };
    let came = params(vec![
        ParamOp::Set(map(&[("a.b", number(3.0)), ("c", number(1.0))])),
        ParamOp::Extend(map(&[("d", Value::Null)])),
        update("a", number(2.0)),
        update("c", number(2.0)),
    ]);
    assert_eq!(came.names(), whole(&["a", "c", "d"]));
    assert_ne!(came.names(), whole(&["a.b", "c", "d"]));
}

#[test]
fn keys_and_history_are_bounded() {
    let many: Vec<_> = (0..12_000)
        .map(|at| (format!("k{at:05}"), Value::Null))
        .collect();
    let mut seen = params(vec![
        ParamOp::Set(Value::Map(many.clone())),
        ParamOp::Set(Value::Map(many)),
    ]);
    assert_eq!(
        (seen.values.len(), seen.hidden, seen.history.len()),
        (10_000, 2_000, 10_000)
    );
    for round in 0..3 {
        let text = Value::Text(round.to_string().repeat(3 << 20));
        seen.apply(ParamChange {
            time: None,
            op: update("k00001", text),
        });
    }
    assert!(seen.history_bytes <= HISTORY_BYTES);
    assert!(seen.dropped > 9_000);
}
