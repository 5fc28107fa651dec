//! What questions mean, where wrong ones are wrong, and what they may go on as.

mod glance;

use proptest::prelude::*;

use super::super::made::{Made, T};
use super::super::overview::Overview;
use super::*;
use crate::record::{Facts, Layout, Number, ParamOp, Status, Value};

/// Later than the newest row by this many seconds.
const LATER: f64 = 600.0;

fn made() -> Made {
    let rows: [(f64, f64, &[f64]); 3] = [
        (0.0, T, &[0.0, 0.9, 0.5]),
        (1.0, T + 3600.0, &[1.0, 0.1, 0.6]),
        (2.0, T + 7200.0, &[2.0, 0.15, 0.7]),
    ];
    let params = [
        ("optimizer.lr", number("0.003", 0.003)),
        ("optimizer.name", Value::Text("AdamW".to_owned())),
        ("model.name", Value::Text("ViT-B".to_owned())),
        ("batch", Value::Text("1e2".to_owned())),
        ("epochs.max", number("20", 20.0)),
        ("amp", Value::Bool(true)),
        (
            "layers",
            Value::List(vec![number("3", 3.0), number("4", 4.0)]),
        ),
    ];
    let made = Made::new(Layout::Prefix)
        .stream("val", &["epoch", "loss", "acc"], &rows)
        .stream(
            "train",
            &["loss"],
            &[(0.0, T, &[broken()]), (1.0, T, &[0.05])],
        )
        .facts(Facts {
            name: Some("Seed-10 lange".to_owned()),
            owner: Some("alice".to_owned()),
            project: Some("Vision".to_owned()),
            tags: vec!["cifar10".to_owned(), "Bäume".to_owned()],
            host: Some("gpu-01".to_owned()),
            status: Some(Status::Failed),
            ..Facts::default()
        });
    params.into_iter().fold(made, |made, (key, value)| {
        made.op(
            None,
            ParamOp::Update {
                key: key.to_owned(),
                value,
            },
        )
    })
}

/// NaN that was written, and does not stand for nothing.
fn broken() -> f64 {
    f64::from_bits(0x7ff8_0000_0000_0001)
}

fn number(text: &str, value: f64) -> Value {
    Value::Number(Number {
        text: text.into(),
        value,
    })
}

fn ask(made: &Made, overview: Option<&Overview>, text: &str) -> bool {
    let query = Query::parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"));
    query.matches(&Asked {
        run: made.run(),
        overview,
        glance: None,
        words: &words(made.run()),
        now: T + 7200.0 + LATER,
    })
}

/// Asks for each of some texts, with ` ; ` between them.
fn all(made: &Made, texts: &str, expected: bool) {
    let overview = Overview::of(made.run(), T + 7200.0 + LATER);
    for text in texts.split(" ; ") {
        assert_eq!(ask(made, Some(&overview), text), expected, "{text}");
    }
}

#[test]
fn words_occur_in_any_order_and_case() {
    let made = made();
    let yes = " ;    ; seed vision ; VISION SEED ; runs/a ; cifar ; failed ; BÄUME ; bäu ; \
        \"10 lange\" ; '10 lange' ; -nlp ; !nlp ; -\"lange seed\" ; nlp or vision ; \
        nlp or (vision seed) ; (nlp or vision) (x or lange) ; -(nlp or x) ; \
        seed and lange ; seed* ; - ; seed-* ; *-10 ; /^seed-1\\d/ ; /seed.10 lang/ ; -/^vision/ ; \
        --seed ; / ; // ; /runs/a ; nlp or x or seed ; seed AND -x OR y";
    all(&made, yes, true);
    let no = "nlp ; seed nlp ; -seed ; !seed vision ; \"seed vision\" ; nlp or x ; \
        -(nlp or seed) ; (nlp or x) seed ; /^vision/ ; \"/^seed/\" ; \"or\" ; \
        stalled";
    all(&made, no, false);
}

#[test]
fn what_every_run_has_is_compared() {
    let made = made();
    let yes = "state=failed ; state:fail ; state!=running ; state=*ed ; -state=stalled ; \
        tag:cifar10 ; tag=CIFAR10 ; tags=cifar* ; tag~^cifar ; tag!=mnist ; tag=bäume ; \
        project=vision ; project=alice/vision ; project:lic ; host=gpu-01 ; \
        host~/gpu-\\d/ ; host!=cpu ; name:lange ; name=seed* ; name=\"seed-10 lange\" ; \
        path=a ; path=runs/a ; path:runs ; epoch>1 ; epoch>=2 epoch<=3 ; rows=5 ; rows<1k ; \
        step=2 ; age>9m ; age=10m ; age<1h ; age>=590 ; duration>1h59m ; duration<3h ; \
        nan=1 inf=0 ; errors=0 ; lines=0 ; best=0.1 ; last>0.1 ; name=* ; \
        host!=gpu-0 ; warnings<1";
    all(&made, yes, true);
    let no = "state=gone ; state!=failed ; tag:cifar ; tag=cifar ; tag!=cifar10 ; project=alice ; \
        project=sion ; host=gpu ; age<9m ; duration>2h1m ; nan>1 ; step>2 ; eta>0 ; eta=* ; \
        progress<50% ; tag!=*";
    all(&made, no, false);
}

#[test]
fn parameters_are_found_by_their_names_and_by_their_last_parts() {
    let made = made();
    let yes = "optimizer.lr=0.003 ; lr=3e-3 ; LR>=1e-3 ; lr<1 ; optimizer.name=adamw ; amp=true ; \
        optimizer.name~^adam ; batch=100 ; batch>=1e2 ; batch<1k ; max=20 ; \
        layers=\"[3, 4]\" ; lr=0.* ; lr=* ; lr != 0.1 ; lr > 1e-3 ; param.lr=0.003 ; \
        lr==0.003 ; (lr>=1e-3 amp=true) ; model.name=\"vit-b\" ; model.name=ViT* ; \
        lr=0.001 or lr=0.003";
    all(&made, yes, true);
    // `name` is what every run has; two parameters end with it. What is missing is only not equal.
    let no = "lr>0.003 ; lr=0.1 ; lr!=* ; dropout=* ; dropout>0 ; dropout=0 ; dropout<1 ; \
        dropout~. ; optimizer.name>3 ; amp>0 ; r=0.003 ; optimizer=adamw ; \
        param.val.loss<9";
    all(&made, no, false);
    all(
        &made,
        "dropout!=0.1 ; -dropout=0.1 ; -dropout=* ; dropout!=*",
        true,
    );
}

#[test]
fn metrics_have_one_spelling() {
    let made = made();
    let yes = "val.loss<0.2 ; val/loss=0.15 ; val_loss=0.15 ; eval/loss=0.15 ; loss=0.15 ; \
        best.val.loss=0.1 ; best.loss<=0.1 ; min.val_loss=0.1 ; max.val_loss=0.9 ; \
        last.val.loss=0.15 ; val.accuracy=70% ; val.acc=0.7 ; best.acc=0.7 ; \
        train.loss=0.05 ; val.loss=*";
    all(&made, yes, true);
    let no = "val.loss>0.2 ; test.loss<1 ; test.loss=* ; best.val.loss<0.1 ; val.lo<1";
    all(&made, no, false);
    let broken =
        Made::new(Layout::Flat).stream("", &["loss"], &[(0.0, T, &[0.5]), (1.0, T, &[broken()])]);
    // More or less is asked of numbers only, and a parameter is meant before a metric.
    let both = made.op(
        None,
        ParamOp::Update {
            key: "criterion.loss".to_owned(),
            value: Value::Text("mse".to_owned()),
        },
    );
    all(&both, "loss<0.2 ; loss=mse ; last.loss<0.2", true);
    all(&both, "loss=0.15 ; param.loss<9", false);
    all(
        &broken,
        "loss=nan ; loss!=0.5 ; best.loss=0.5 ; -loss<1",
        true,
    );
    all(&broken, "loss<1 ; loss>0 ; loss=0.5", false);
}

#[test]
fn what_nobody_knows_yet_is_neither_yes_nor_no() {
    let made = made();
    for text in [
        "state=failed",
        "-state=failed",
        "stalled",
        "-stalled",
        "val.loss<1",
        "seed -stalled",
    ] {
        assert!(!ask(&made, None, text), "{text}");
    }
    assert!(!ask(&made, None, "-nlp"), "its state may be called so");
    assert!(ask(&made, None, "seed lr=*"));
    assert!(ask(&made, None, "seed or stalled"));
    assert!(ask(&made, None, "optimizer.lr=0.003 tag:cifar10 rows>0"));
}

/// The text with the wrong part marked, and what is said of it.
fn wrong(text: &str) -> String {
    let mistake = Query::parse(text).expect_err(text);
    let (start, end) = (mistake.at.start, mistake.at.end);
    let parts = [&text[..start], &text[start..end], &text[end..]];
    format!("{}[{}]{}: {}", parts[0], parts[1], parts[2], mistake.words)
}

#[test]
fn a_wrong_question_says_where_it_is_wrong() {
    let told: Vec<String> = [
        "lr>",
        "seed lr>= ",
        ">0.1",
        "lr=>3",
        "seed \"abc",
        "(a or b",
        "a) b",
        "( )",
        "a or",
        "or a",
        "a or or b",
        "(a or ) b",
        "state=walking x",
        "state>failed",
        "name<3",
        "age>10x",
        "rows=many",
        "lr<fast",
        "best.steps<3",
        "name~( x",
        "name~[ x",
        "/[/ x",
        "tag>a",
        "a(b",
    ]
    .into_iter()
    .map(wrong)
    .collect();
    insta::assert_snapshot!("mistakes", told.join("\n"));
}

#[test]
fn a_question_is_printed_in_one_spelling() {
    for (typed, printed) in [
        ("  a   b ", "a b"),
        ("A OR b c", "a or b c"),
        ("(a or b) c", "(a or b) c"),
        ("!(a b)", "-(a b)"),
        ("--a", "--a"),
        ("'a b' \"it's\"", "\"a b\" \"it's\""),
        ("lr >= 1e-3", "lr>=1e-3"),
        ("name~x tag:y", "name~/x/ tag:y"),
        ("/a/b", "/a\\/b/"),
        ("name= >=*", "name= >=*"),
        ("\"or\" \"0.1\" lr=\"0.1\"", "\"or\" \"0.1\" lr=\"0.1\""),
    ] {
        assert_eq!(Query::parse(typed).expect(typed).to_string(), printed);
    }
}

fn completed(text: &str) -> Vec<String> {
    let store = made();
    let runs = std::slice::from_ref(store.run());
    let all = completions(text, runs).into_iter();
    all.map(|c| format!("{}{} ({})", &text[..c.from], c.text, c.words))
        .collect()
}

#[test]
fn names_and_values_are_completed() {
    assert_eq!(
        completed("seed -op"),
        [
            "seed -optimizer.lr (parameter)",
            "seed -optimizer.name (parameter)"
        ]
    );
    assert_eq!(
        completed("va"),
        [
            "val/acc (metric)",
            "val/epoch (metric)",
            "val/loss (metric)"
        ]
    );
    assert_eq!(
        completed("(state=s"),
        [
            "(state=stalled (state)",
            "(state=silent (state)",
            "(state=finished (state)"
        ]
    );
    assert_eq!(completed("tag:c"), ["tag:cifar10 (1 run)"]);
    assert_eq!(completed("lr>="), ["lr>=0.003 (1 run)"]);
    assert_eq!(
        completed("optimizer.name=a"),
        ["optimizer.name=AdamW (1 run)"]
    );
    assert_eq!(completed("project="), ["project=alice/Vision (1 run)"]);
    assert_eq!(completed("name="), ["name=\"Seed-10 lange\" (1 run)"]);
    // What is a whole name already is not taken for the start of another one.
    assert!(completed("amp").is_empty());
    assert_eq!(
        completed("epoch"),
        [
            "epoch (epochs that are done)",
            "epochs.max (parameter)",
            "val/epoch (metric)"
        ]
    );
    assert!(completed("zzz").is_empty());
    assert!(completed("age>").is_empty());
    assert!(completed("").len() > 20, "all that can be asked");
    assert_eq!(
        completed("sta"),
        ["state= (running, stalled, failed, gone)"]
    );
}

#[test]
fn numbers_and_times_have_units() {
    use super::amount::{number, seconds};
    for (text, value) in [
        ("1e-3", Some(0.001)),
        ("10k", Some(1e4)),
        ("2M", Some(2e6)),
        ("1.5G", Some(1.5e9)),
        ("5%", Some(0.05)),
        ("-inf", Some(f64::NEG_INFINITY)),
        ("infinity", None),
        ("k", None),
        ("", None),
        ("ä", None),
        ("1x", None),
    ] {
        assert_eq!(number(text), value, "{text}");
    }
    for (text, value) in [
        ("90", Some(90.0)),
        ("2h30m", Some(9000.0)),
        ("1.5d", Some(129_600.0)),
        ("10min", Some(600.0)),
        ("m", None),
        ("10", Some(10.0)),
        ("10m5", None),
        ("1y", None),
        ("", None),
        ("inf", None),
    ] {
        assert_eq!(seconds(text), value, "{text}");
    }
}

/// What somebody may type, near enough to the language to get deep into it.
fn typed() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "seed",
        "or",
        "and",
        "-",
        "!",
        "(",
        ")",
        " ",
        " ",
        "\"",
        "'",
        "\\",
        "/",
        "*",
        "lr",
        "state",
        "tag",
        "age",
        "=",
        "!=",
        ">=",
        "<",
        "~",
        ":",
        "0.1",
        "10m",
        "best.loss",
        "ü",
        "損",
        "[",
        ".",
        "\u{301}",
    ];
    let some = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..24);
    prop_oneof![3 => some.prop_map(|pieces| pieces.concat()), 1 => "\\PC{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_text_is_a_question_or_says_what_is_wrong(text in typed()) {
        let made = made();
        let overview = Overview::of(made.run(), T);
        match Query::parse(&text) {
            Ok(query) => {
                let again = Query::parse(&query.to_string());
                let again = again.map_err(|m| TestCaseError::fail(format!("{query}: {m:?}")))?;
                prop_assert_eq!(again.to_string(), query.to_string());
                for known in [None, Some(&overview)] {
                    let answers = [&query, &again].map(|query| query.matches(&Asked {
                        run: made.run(),
                        overview: known,
                        glance: None,
                        words: &words(made.run()),
                        now: T,
                    }));
                    prop_assert_eq!(answers[0], answers[1]);
                }
            }
            Err(mistake) => {
                prop_assert!(text.get(mistake.at.clone()).is_some_and(|wrong| !wrong.is_empty()), "{:?}", mistake);
                prop_assert!(!mistake.words.is_empty());
            }
        }
    }

    #[test]
    fn what_is_completed_follows_what_was_typed(text in typed()) {
        let store = made();
        for completion in completions(&text, std::slice::from_ref(store.run())) {
            prop_assert!(text.is_char_boundary(completion.from));
        }
    }

    #[test]
    fn deep_nesting_is_no_trouble(depth in 0..3000_usize) {
        for (open, close) in [("(", ")"), ("-", ""), ("-(", ")")] {
            let text = format!("{}a{}", open.repeat(depth), close.repeat(depth));
            prop_assert!(depth > 30 || Query::parse(&text).is_ok_and(|query| !query.is_empty()) || depth > 15);
        }
    }
}
