//! Columns, keys, differences, what differs and what is best.

use proptest::prelude::*;

use super::super::made::{Made, T};
use super::super::metric::Unit;
use super::*;
use crate::record::{Facts, Layout};
use crate::store::Run;

fn run(losses: &[f64]) -> Made {
    let rows: Vec<[f64; 2]> = losses
        .iter()
        .map(|loss| [*loss, 1.0 - loss / 10.0])
        .collect();
    let rows: Vec<(f64, f64, &[f64])> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (at as f64, T + at as f64, row.as_slice()))
        .collect();
    Made::new(Layout::Prefix).stream("val", &["loss", "acc"], &rows)
}

fn brief(made: &Made, number: u32) -> Brief {
    let brief = Brief::of(made.run(), T + 9.0, &mut Vocabulary::default());
    Brief {
        run: RunId(number),
        ..brief
    }
}

#[test]
fn the_best_run_is_that_with_the_lowest_loss() {
    let made = [run(&[3.0, 0.5, 0.9]), run(&[3.0, 0.4]), run(&[f64::NAN])];
    let mut briefs: Vec<Brief> = (0..).zip(&made).map(|(at, made)| brief(made, at)).collect();
    assert_eq!(best_of(briefs.iter()), Some(RunId(1)));
    briefs[1].gone = true;
    assert_eq!(best_of(briefs.iter()), None, "one alone is not the best");
    briefs[1].gone = false;
    let other = Made::new(Layout::Prefix).stream("train", &["ce_loss"], &[(0.0, T, &[0.1])]);
    briefs.push(brief(&other, 3));
    assert_eq!(
        best_of(briefs.iter()),
        Some(RunId(1)),
        "another loss is no measure"
    );
    let judged = judged(briefs.iter());
    assert_eq!(judged.values, [(RunId(0), 0.5), (RunId(1), 0.4)]);
    assert_eq!(judged.range(), Some((0.4, 0.45, 0.5)));
    assert_eq!(Judged::default().range(), None);
}

#[test]
fn trackers_spell_one_loss_in_different_ways() {
    let spelled = |stream: &str, key: &str, loss: f64| {
        Made::new(Layout::Prefix).stream(stream, &[key], &[(0.0, T, &[loss])])
    };
    let made = [
        spelled("", "val_loss", 0.3),
        spelled("eval", "loss", 0.2),
        spelled("train", "loss", 0.1),
        spelled("", "validation.loss", 0.4),
    ];
    let briefs: Vec<Brief> = (0..).zip(&made).map(|(at, made)| brief(made, at)).collect();
    let judged = judged(briefs.iter());
    let values = [(RunId(0), 0.3), (RunId(1), 0.2), (RunId(3), 0.4)];
    assert_eq!(judged.values, values);
    assert_eq!(best_of(briefs.iter()), Some(RunId(1)));
    assert!(is_same_measure("val_loss", "eval/loss"));
    assert!(!is_same_measure("val_loss", "train/loss") && !is_same_measure("val_loss", "val_acc"));
}

#[test]
fn a_brief_says_what_an_overview_says() {
    let made = run(&[3.0, 0.5, f64::INFINITY]).param("epochs", 9.0);
    let overview = Overview::of(made.run(), T + 9.0);
    let brief = brief(&made, 0);
    assert_eq!(
        brief,
        Brief {
            params: brief.params,
            ..Brief::of_overview(&overview)
        }
    );
    assert_eq!((brief.non_finite(), brief.params.0), (2, 1));
}

#[test]
fn metrics_are_found_by_the_names_that_people_know() {
    let made = run(&[3.0, 0.5, 0.9]);
    let text = |name: &str, of| measured(made.run(), name, of).map(|found| found.text);
    assert_eq!(text("val/acc", Of::Last).as_deref(), Some("91.0 %"));
    assert_eq!(text("val/acc", Of::Best).as_deref(), Some("95.0 %"));
    assert_eq!(text("val/loss", Of::Best).as_deref(), Some("0.5"));
    assert_eq!([text("val", Of::Last), text("acc", Of::Last)], [None, None]);
    let at = measured(made.run(), "val/loss", Of::BestAt).and_then(|found| found.at);
    assert_eq!(at.map(|at| at.value), Some(1.0));
}

#[test]
fn columns_have_names_that_can_be_typed() {
    let made = run(&[1.0])
        .param("optimizer.lr", 0.1)
        .param("model.lr", 1.0);
    let mut words = Vocabulary::default();
    Brief::of(made.run(), T, &mut words);
    words.learn_params(made.run());
    let all = Column::all(&words);
    for column in &all {
        assert_eq!(Column::find(&column.name(), &all).as_ref(), Some(column));
    }
    let find = |name: &str| Column::find(name, &all).map(|column| column.name());
    assert_eq!(find("BEST").as_deref(), Some("best"));
    assert_eq!(find("acc").as_deref(), Some("val/acc"));
    assert_eq!(find("acc:best").as_deref(), Some("val/acc:best"));
    assert_eq!(find("lr"), None, "two parameters end like this");
    assert_eq!(find("optimizer.LR").as_deref(), Some("optimizer.lr"));
}

#[test]
fn what_is_better_comes_first_and_what_is_missing_last() {
    let made = run(&[3.0, 0.5]).param("lr", 0.1);
    let brief = brief(&made, 0);
    let of = |column: &Column| key(column, made.run(), &brief, "a");
    let metric = |name: &str| Column::Metric(name.to_owned(), Of::Best);
    assert_eq!(of(&metric("val/loss")), Key::Number(0.5));
    assert_eq!(of(&metric("nothing")), Key::Missing);
    assert_eq!(of(&Column::Param("lr".to_owned())), Key::Number(0.1));
    assert_eq!(of(&Column::Fact(Fact::Name)), Key::Text("a".to_owned()));
    assert_eq!(of(&Column::Fact(Fact::Host)), Key::Missing);
    assert!(!metric("val/loss").falls() && metric("val/acc").falls());
}

#[test]
fn differences_have_a_sign_and_a_direction() {
    let loss = Column::Fact(Fact::Best);
    let acc = Column::Metric("val/acc".to_owned(), Of::Last);
    let lr = Column::Metric("train/queue".to_owned(), Of::Last);
    let said = |column: &Column, value, base| {
        difference(column, value, base).map(|found| (found.text, found.better))
    };
    let text = |text: &str, better| Some((text.to_owned(), better));
    assert_eq!(said(&loss, 0.1305, 0.112), text("+0.0185", Some(false)));
    assert_eq!(said(&loss, 0.1, 0.112), text("-0.012", Some(true)));
    assert_eq!(said(&acc, 0.97, 0.95), text("+2.0 %", Some(true)));
    assert_eq!(said(&lr, 3.0, 1.0), text("+2", None));
    assert_eq!(said(&loss, 0.5, 0.5), text("0", None));
    let longer = difference_in(Unit::Seconds, Direction::Unknown, 152.0, 196.0);
    assert_eq!(longer.map(|found| found.text).as_deref(), Some("-44 s"));
    assert_eq!(said(&loss, f64::NAN, 0.5), None);
    assert_eq!(said(&loss, 1e308, -1e308), None);
}

fn sweep() -> Vec<Made> {
    let made = (0..9).map(|at| {
        let (lr, batch) = (at / 3, at % 3);
        run(&[1.0])
            .param("optimizer.lr", f64::from(lr) / 10.0)
            .param("train.learning_rate", f64::from(lr) / 10.0)
            .param("batch_size", f64::from(16 << batch))
            .param("epochs", 20.0)
    });
    made.collect()
}

#[test]
fn a_sweep_is_told_by_what_was_varied() {
    let sweep = sweep();
    let mut runs: Vec<(usize, &Run)> = sweep.iter().map(|made| (0, made.run())).collect();
    assert_eq!(differing(&runs, 4), ["optimizer.lr", "batch_size"]);
    assert_eq!(differing(&runs, 1), ["optimizer.lr"]);
    assert_eq!(
        differing(&runs[..1], 4),
        [""; 0],
        "one run differs from none"
    );
    let other = run(&[1.0]).param("epochs", 7.0);
    runs.push((1, other.run()));
    let both = differing(&runs, 4);
    assert_eq!(
        both,
        ["optimizer.lr", "batch_size"],
        "projects differ anyway"
    );
}

#[test]
fn names_of_runs_and_notes_are_nothing_that_was_varied() {
    let facts = Facts::default();
    let sweep: Vec<Made> = sweep()
        .into_iter()
        .map(|m| m.facts(facts.clone()))
        .collect();
    let runs: Vec<(usize, &Run)> = sweep.iter().map(|made| (0, made.run())).collect();
    let many: Vec<(usize, &Run)> = runs.iter().copied().cycle().take(5000).collect();
    assert_eq!(differing(&many, 4), ["optimizer.lr", "batch_size"]);
}

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        any::<f64>()
            .prop_filter("no key", |v| !v.is_nan())
            .prop_map(Key::Number),
        "[a-c]{1,2}".prop_map(Key::Text),
        Just(Key::Missing),
    ]
}

proptest! {
    #[test]
    fn the_order_of_keys_is_one(a in any_key(), b in any_key(), c in any_key(), falls in any::<bool>()) {
        let order = |a: &Key, b: &Key| a.compare(b, falls, str::cmp);
        prop_assert_eq!(order(&a, &b), order(&b, &a).reverse());
        if order(&a, &b).is_le() && order(&b, &c).is_le() {
            prop_assert!(order(&a, &c).is_le());
        }
        prop_assert!(order(&a, &Key::Missing).is_le());
    }

    #[test]
    fn a_difference_has_the_sign_of_what_it_says(value in -1e9..1e9_f64, base in -1e9..1e9_f64) {
        let found = difference(&Column::Fact(Fact::Best), value, base).expect("two numbers");
        let sign = match found.better {
            Some(true) => "-",
            Some(false) => "+",
            None => "0",
        };
        prop_assert!(found.text.starts_with(sign));
        prop_assert_eq!(found.better, (value != base).then_some(value < base));
    }
}
