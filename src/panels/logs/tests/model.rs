//! The panel against a plain list of lines, under any commands.

use proptest::prelude::*;

use super::*;

/// What somebody does.
#[derive(Clone, Debug)]
enum Op {
    Append(Vec<usize>),
    Floor(usize),
    Toggle(usize),
    Go(Motion),
    Follow,
    Problem(bool),
    Resize(u16),
}

fn op() -> impl Strategy<Value = Op> {
    let motions = vec![
        Motion::Up,
        Motion::Down,
        Motion::HalfUp,
        Motion::HalfDown,
        Motion::PageUp,
        Motion::PageDown,
        Motion::Top,
        Motion::Bottom,
    ];
    prop_oneof![
        2 => prop::collection::vec(prop_oneof![9 => 0..2_usize, 1 => 2..5_usize], 0..200).prop_map(Op::Append),
        2 => (0..5_usize).prop_map(Op::Floor),
        2 => (0..5_usize).prop_map(Op::Toggle),
        6 => prop::sample::select(motions).prop_map(Op::Go),
        1 => Just(Op::Follow),
        2 => any::<bool>().prop_map(Op::Problem),
        1 => (3..20_u16).prop_map(Op::Resize),
    ]
}

/// The same panel in the plainest way: all lines are known, rows are listed.
#[derive(Debug)]
struct Plain {
    levels: Vec<Level>,
    shown: [bool; 5],
    line: u64,
    follow: bool,
}

impl Plain {
    fn rows(&self) -> Vec<u64> {
        let lines = (0..).zip(&self.levels);
        lines
            .filter(|(_, level)| self.shown[**level as usize])
            .map(|(line, _)| line)
            .collect()
    }

    fn row(&self) -> usize {
        let rows = self.rows();
        let at = if self.follow {
            rows.len()
        } else {
            rows.partition_point(|line| *line < self.line)
        };
        at.min(rows.len().saturating_sub(1))
    }

    fn step(&mut self, op: &Op, lines: usize) {
        let rows = self.rows();
        let row = self.row();
        let to = |row: usize| rows.get(row.min(rows.len().saturating_sub(1))).copied();
        let (page, half) = ((lines - 1).max(1), (lines / 2).max(1));
        self.line = rows.get(row).copied().unwrap_or(self.line);
        match op {
            Op::Append(levels) => self.levels.extend(levels.iter().map(|n| Level::ALL[*n])),
            Op::Floor(level) => self.shown = [0, 1, 2, 3, 4].map(|other| other >= *level),
            Op::Toggle(level) => {
                let others = (0..5).any(|other| other != *level && self.shown[other]);
                self.shown[*level] = !self.shown[*level] || !others;
            }
            // There is no place to go to but the end.
            Op::Go(motion) if rows.is_empty() && *motion != Motion::Bottom => {}
            Op::Go(motion) => {
                let row = match motion {
                    Motion::Up => row.saturating_sub(1),
                    Motion::Down => row + 1,
                    Motion::HalfUp => row.saturating_sub(half),
                    Motion::HalfDown => row + half,
                    Motion::PageUp => row.saturating_sub(page),
                    Motion::PageDown => row + page,
                    Motion::Top => 0,
                    _ => usize::MAX,
                };
                self.follow = *motion == Motion::Bottom;
                self.line = to(row).unwrap_or(self.line);
            }
            Op::Follow => self.follow = !self.follow,
            Op::Problem(forward) => {
                let mut problems = rows.iter().copied().filter(|line| {
                    let level = self.levels[*line as usize];
                    level >= Level::Warn
                        && if *forward {
                            *line > self.line
                        } else {
                            *line < self.line
                        }
                });
                let found = if *forward {
                    problems.next()
                } else {
                    problems.next_back()
                };
                if let Some(found) = found {
                    (self.line, self.follow) = (found, false);
                }
            }
            Op::Resize(_) => {}
        }
    }
}

fn numbered(levels: &[usize], first: usize) -> Vec<LogRecord> {
    let record =
        |(at, level): (usize, &usize)| record(Level::ALL[*level], &format!("line {}", first + at));
    levels.iter().enumerate().map(record).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_panel_does_what_a_plain_list_does(ops in prop::collection::vec(op(), 1..40)) {
        let mut desk = Desk::new(Vec::new(), pane(60, 9));
        let shown = [false, true, true, true, true];
            let mut plain = Plain { levels: Vec::new(), shown, line: 0, follow: true };
        for op in ops {
            let lines = usize::from(view::text_area(desk.pane).height);
            plain.step(&op, lines);
            match &op {
                Op::Append(levels) => desk.append(numbered(levels, desk.records.len())),
                Op::Floor(level) => { desk.apply(Command::Floor(Level::ALL[*level])); }
                Op::Toggle(level) => { desk.apply(Command::ToggleLevel(Level::ALL[*level])); }
                Op::Go(motion) => { desk.go(*motion); }
                Op::Follow => { desk.apply(Command::Follow); }
                Op::Problem(true) => { desk.apply(Command::NextProblem); }
                Op::Problem(false) => { desk.apply(Command::PreviousProblem); }
                Op::Resize(height) => desk.pane.area.height = *height,
            }
            desk.settle();
            let rows = plain.rows();
            prop_assert_eq!(desk.logs.view.window.follow, plain.follow);
            prop_assert_eq!(desk.cursor(), rows.get(plain.row()).copied(), "after {:?}", op);
            let visible = desk.visible();
            let start = visible.first().map_or(0, |first| rows.partition_point(|l| l < first));
            let height = usize::from(view::text_area(desk.pane).height);
            let end = (start + height).min(rows.len());
            prop_assert_eq!(&visible, &rows[start..end]);
            prop_assert!(visible.len() == height.min(rows.len()));
        }
    }

    /// Answers that come late, in any order or not at all change nothing but what is read.
    #[test]
    fn late_answers_do_no_harm(
        ops in prop::collection::vec((op(), any::<prop::sample::Index>(), 0..4_u8), 1..40),
    ) {
        let mut desk = Desk::new(numbered(&[1; 700], 0), pane(60, 9));
        for (op, pick, fate) in ops {
            let requests = match &op {
                Op::Append(levels) => {
                    desk.append(numbered(levels, desk.records.len()));
                    Vec::new()
                }
                Op::Floor(level) => desk.logs.apply(Command::Floor(Level::ALL[*level]), &desk.lab.context(), desk.pane),
                Op::Toggle(level) => desk.logs.apply(Command::ToggleLevel(Level::ALL[*level]), &desk.lab.context(), desk.pane),
                Op::Go(motion) => desk.logs.apply(Command::Move(*motion), &desk.lab.context(), desk.pane),
                Op::Follow => desk.logs.apply(Command::Follow, &desk.lab.context(), desk.pane),
                Op::Problem(_) => desk.logs.apply(Command::NextProblem, &desk.lab.context(), desk.pane),
                Op::Resize(height) => {
                    desk.pane.area.height = *height;
                    Vec::new()
                }
            };
            desk.take(requests);
            desk.refresh();
            if desk.questions.is_empty() {
                continue;
            }
            let at = pick.index(desk.questions.len());
            match (fate, desk.questions.remove(at)) {
                (0, Some(question)) => {
                    let error = "no".to_owned();
                    desk.give(LogAnswer::Failed { ticket: question.ticket(), error });
                }
                (1, Some(question)) => desk.questions.push_back(question),
                (_, Some(question)) => desk.answer(question),
                (_, None) => {}
            }
            desk.picture();
            let mut tickets: Vec<u32> = desk.questions.iter().map(LogQuestion::ticket).collect();
            tickets.dedup();
            prop_assert!(tickets.len() == desk.questions.len() && tickets.len() <= 9);
        }
        desk.apply(Command::LogTime);
        let _ = desk.visible();
    }
}
