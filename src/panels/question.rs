//! A question that must be answered before anything else: with `y` or `n`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Context;
use crate::widgets::Safe;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, clear, put_spans, width};
use crate::widgets::theme::Role;

/// What is asked, and what both answers do.
#[derive(Clone, Debug)]
pub struct Question {
    pub words: Safe,
    pub yes: &'static str,
    pub no: &'static str,
}

const WIDEST: u16 = 90;

impl Question {
    /// Draws the question over the whole screen's `area`.
    pub fn draw(&self, context: &Context<'_>, area: Rect, buf: &mut Buffer) {
        let theme = context.theme;
        let (key, quiet) = (theme.style(Role::Strong), theme.style(Role::Quiet));
        let answers = vec![
            Span::new("y", key),
            Span::new(" ", quiet),
            Span::new(self.yes, quiet),
            Span::new("  n", key),
            Span::new(" ", quiet),
            Span::new(self.no, quiet),
        ];
        // Frame and a blank at both sides.
        let wanted = self.words.width().max(width(&answers) + 4) as u16 + 4;
        let most = area.width.min(WIDEST);
        let lines = self.words.wrap(usize::from(most.saturating_sub(4).max(1)));
        let (width, height) = (most.min(wanted), area.height.min(lines.len() as u16 + 2));
        let outside = Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 4,
            width,
            height,
        };
        clear(buf, outside);
        let frame = Frame {
            bottom: answers,
            focused: true,
            ..Frame::default()
        };
        let inside = frame::draw(&frame, theme, outside, buf);
        let room = inside.width.saturating_sub(2);
        for (line, y) in lines.into_iter().zip(inside.top()..inside.bottom()) {
            let line = Span::new(line, theme.style(Role::Text));
            put_spans(buf, inside.x + inside.width.min(1), y, room, &[line]);
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;

    use super::super::made::{HOSTILE, Lab, any_area, drawn, stays_within};
    use super::*;

    fn question(words: &str) -> Question {
        Question {
            words: Safe::new(words),
            yes: "write over it",
            no: "keep it",
        }
    }

    #[test]
    fn both_answers_are_seen() {
        let lab = Lab::new();
        let picture = |words: &str, width, height| {
            drawn(width, height, |buf| {
                question(words).draw(&lab.context(), buf.area, buf);
            })
        };
        assert_snapshot!(
            "question_60",
            picture("loss.csv exists. Write over it?", 60, 10)
        );
        let long = "a/folder/that/is/far/away/resnet50-baseline-loss.csv exists. Write over it?";
        assert_snapshot!("question_40", picture(long, 40, 10));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_leaves_its_area(area in any_area()) {
            let lab = Lab::new();
            for words in ["loss.csv exists. Write over it?", HOSTILE, ""] {
                let question = question(words);
                prop_assert!(stays_within(area, |buf| question.draw(&lab.context(), area, buf)));
            }
        }
    }
}
