//! Runs at which nobody looked closely answer, too.

use super::super::super::compare::{Brief, Vocabulary};
use super::super::super::made::T;
use super::super::super::overview::Overview;
use super::super::{Asked, Glance, Query, words};
use super::{LATER, made};

#[test]
fn a_glance_is_enough() {
    let made = made();
    let mut known = Vocabulary::default();
    let now = T + 7200.0 + LATER;
    let brief = Brief::of(made.run(), now, &mut known);
    let overview = Overview::of(made.run(), now);
    let glance = Some(Glance {
        brief: &brief,
        words: &known,
    });
    let texts = "silent ; -silent ; state=silent ; state=running ; epoch>=3 ; progress<50% ; nan>0 ; \
        inf>0 ; warnings>0 ; lines=0 ; best<1 ; last>0 ; age>1h ; duration<1d ; eta<1h ; rows>10 ; \
        step>5 ; val.loss<0.2 ; best.val.acc>0.5 ; loss=* ; nothing=5 ; lr>=1e-3";
    for text in texts.split(" ; ") {
        let query = Query::parse(text).expect(text);
        let asked = |overview, glance| {
            query.matches(&Asked {
                run: made.run(),
                overview,
                glance,
                words: &words(made.run()),
                now,
            })
        };
        assert_eq!(asked(None, glance), asked(Some(&overview), None), "{text}");
        let not = Query::parse(&format!("-({text})")).expect(text);
        let asked = Asked {
            run: made.run(),
            overview: None,
            glance,
            words: &words(made.run()),
            now,
        };
        assert_ne!(query.matches(&asked), not.matches(&asked), "known: {text}");
    }
}
