//! All keys and typed commands, from their tables, and a filter over them.

mod layout;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::layout::Layout;
use super::Context;
use super::look::state_role;
use crate::commands::{BINDINGS, Binding, Command, Motion, PanelId, Scope, TYPINGS, Typing};
use crate::insight::health::State;
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, clear, put_spans};
use crate::widgets::text::safe;
use crate::widgets::theme::{Hue, Role, Theme};

/// The state of the help screen.
#[derive(Debug, Default)]
pub struct Help {
    pub filter: Filter,
    top: usize,
}

/// A line of the help screen.
#[derive(Clone, Debug)]
enum Line {
    Blank,
    Title(&'static str),
    /// The title of the section that goes on in another column.
    Again(&'static str),
    Key(&'static Binding),
    Typed(&'static Typing),
    Sign(Sign, &'static str),
}

impl Line {
    const fn is_row(&self) -> bool {
        matches!(self, Self::Key(_) | Self::Typed(_) | Self::Sign(..))
    }
}

/// Something that is explained.
#[derive(Clone, Copy, Debug)]
enum Sign {
    State(State),
    Word(&'static str, Hue<'static>),
    Plain(&'static str),
}

const STATES: &[(State, &str)] = &[
    (State::Waiting, "begun, no rows yet"),
    (State::Running, "rows arrive in the run's own rhythm"),
    (State::Stalled, "silent for much longer than its rhythm"),
    (State::Silent, "silent for so long that it has surely ended"),
    (State::Finished, "the tracker said so"),
    (State::Failed, "the tracker said so"),
    (State::Cancelled, "the tracker said so"),
];

const SIGNS: &[(Sign, &str)] = &[
    (Sign::Word("train", Hue::Train), "on the training data"),
    (Sign::Word("val", Hue::Val), "on the validation data"),
    (Sign::Word("test", Hue::Test), "on the test data"),
    (
        Sign::Plain("A B C"),
        "runs that are marked, and their lines in the charts",
    ),
    (
        Sign::Plain("★  ="),
        "the best of the listed runs; the baseline",
    ),
    (Sign::Plain("⚠"), "something that its owner should know"),
    (
        Sign::Plain("▾ ▸"),
        "a group: Left closes it, Right opens it",
    ),
    (
        Sign::Plain("Shift-drag"),
        "selects text while the mouse is on",
    ),
];

/// What can be typed after `/` and `&`.
const FILTERS: &[(Sign, &str)] = &[
    (
        Sign::Plain("one two"),
        "both must occur, in any order and case",
    ),
    (Sign::Plain("!word"), "it must not occur"),
    (Sign::Plain("/regex/  val*"), "an expression; a wildcard"),
    (
        Sign::Plain("-a  (b or c)"),
        "runs: not, or, quotes around blanks",
    ),
    (
        Sign::Plain("lr>=1e-3"),
        "runs: a parameter; also = != < <= > ~",
    ),
    (
        Sign::Plain("val.loss<0.2"),
        "runs: a metric; best.val.loss, min. and max., too",
    ),
    (
        Sign::Plain("state=stalled"),
        "runs: also tag:x age>10m duration<2h nan>0 epoch>3",
    ),
    (
        Sign::Plain("level>=warn"),
        "the log: a level; rank=0 loss>2 for fields of lines",
    ),
    (Sign::Plain("Tab"), "lists what may follow"),
];

const KEYS: usize = 15;

impl Help {
    pub fn go(&mut self, motion: Motion, area: Rect) {
        let layout = Layout::of(area);
        let last = layout.last_top(&self.lines(PanelId::Charts));
        let page = layout.rows().max(1);
        self.top = match motion {
            Motion::Up | Motion::Left => self.top.saturating_sub(1),
            Motion::Down | Motion::Right => self.top + 1,
            Motion::HalfUp => self.top.saturating_sub(page.div_ceil(2)),
            Motion::HalfDown => self.top + page.div_ceil(2),
            Motion::PageUp => self.top.saturating_sub(page),
            Motion::PageDown => self.top + page,
            Motion::Top => 0,
            Motion::Bottom => last,
        }
        .min(last);
    }

    /// `focus`: what works in this panel comes first.
    pub fn draw(&self, context: &Context<'_>, focus: PanelId, area: Rect, buf: &mut Buffer) {
        let theme = context.theme;
        let lines = self.lines(focus);
        let layout = Layout::of(area).shrunk_to(&lines);
        clear(buf, layout.outside);
        let top = self.top.min(layout.last_top(&lines));
        let (shown, used) = layout.arranged(&lines, top);
        let inside = frame::draw(
            &self.frame(theme, lines.len() - top - used),
            theme,
            layout.outside,
            buf,
        );
        if inside.is_empty() {
            return;
        }
        if lines.is_empty() {
            let words = Span::new("no key matches", theme.style(Role::Quiet));
            put_spans(
                buf,
                inside.x + 1,
                inside.y,
                inside.width.saturating_sub(1),
                &[words],
            );
        }
        for (at, line) in shown.iter().enumerate() {
            let place = layout.place(at);
            put_spans(
                buf,
                place.x,
                place.y,
                place.width,
                &spans(line, theme, place.width),
            );
        }
    }

    /// How many of how many rows the filter lets through.
    pub fn matches(&self) -> (u64, u64) {
        let count = |lines: &[Line]| lines.iter().filter(|line| line.is_row()).count() as u64;
        let all = Self::default();
        (
            count(&self.lines(PanelId::Charts)),
            count(&all.lines(PanelId::Charts)),
        )
    }

    fn frame(&self, theme: &Theme, below: usize) -> Frame {
        let quiet = theme.style(Role::Quiet);
        let mut right = Vec::new();
        if !self.filter.is_empty() {
            right.push(Span::new("/", theme.style(Role::Accent)));
            right.push(Span::new(
                Safe::new(self.filter.text()).elide_end(20),
                quiet,
            ));
        }
        let more = if below > 0 {
            format!("↓ {below}  ")
        } else {
            String::new()
        };
        let key = theme.style(Role::Strong);
        Frame {
            title: vec![Span::new("Help", theme.style(Role::Strong))],
            right,
            bottom: vec![
                Span::new(Safe::new(&more), quiet),
                Span::new("/", key),
                Span::new(" filter  ", quiet),
                Span::new("Esc", key),
                Span::new(" close", quiet),
            ],
            focused: true,
        }
    }

    /// The lines that the filter lets through, the focused panel's first.
    fn lines(&self, focus: PanelId) -> Vec<Line> {
        let mut lines = Vec::new();
        let others = PanelId::ALL.into_iter().filter(|panel| *panel != focus);
        let scopes = std::iter::once(focus).chain(others).map(Scope::Panel);
        let (own, rest): (Vec<Scope>, Vec<Scope>) =
            scopes.partition(|scope| *scope == Scope::Panel(focus));
        for scope in own.into_iter().chain([Scope::Anywhere]).chain(rest) {
            let rows = BINDINGS.iter().filter(|binding| binding.scope == scope);
            let rows: Vec<&Binding> = rows
                .filter(|binding| self.lets_through(&key_words(binding)))
                .collect();
            for rows in rows.chunk_by(|a, b| title(a) == title(b)) {
                let title = rows.first().map_or("", |first| title(first));
                section(
                    &mut lines,
                    title,
                    rows.iter().map(|row| Line::Key(row)).collect(),
                );
            }
        }
        let typed = TYPINGS
            .iter()
            .filter(|t| self.lets_through(&typed_words(t)));
        section(
            &mut lines,
            "Typed after :",
            typed.map(Line::Typed).collect(),
        );
        section(
            &mut lines,
            "Typed after / and &",
            self.signs("Filters", FILTERS.iter().copied()),
        );
        let states = STATES
            .iter()
            .map(|(state, words)| (Sign::State(*state), *words));
        let signs = states.chain(SIGNS.iter().copied());
        section(&mut lines, "Signs", self.signs("Signs", signs));
        lines
    }

    fn signs(
        &self,
        kind: &'static str,
        signs: impl Iterator<Item = (Sign, &'static str)>,
    ) -> Vec<Line> {
        let shown = signs.filter(|(sign, words)| {
            let sign = match sign {
                Sign::State(state) => state.name(),
                Sign::Word(word, _) | Sign::Plain(word) => word,
            };
            self.lets_through(&format!("{kind} {sign} {words}"))
        });
        shown.map(|(sign, words)| Line::Sign(sign, words)).collect()
    }

    fn lets_through(&self, words: &str) -> bool {
        self.filter.is_empty() || self.filter.matches(words)
    }
}

/// What the keys of a section have in common.
fn title(binding: &Binding) -> &'static str {
    match (binding.scope, binding.command) {
        (Scope::Panel(panel), _) => panel.name(),
        (
            _,
            Command::Focus(_)
            | Command::FocusNext
            | Command::FocusPrevious
            | Command::Enter
            | Command::Back
            | Command::NextRun
            | Command::PreviousRun,
        ) => "Going around",
        (_, Command::Move(_)) => "Moving",
        (_, Command::Filter | Command::NextMatch | Command::PreviousMatch) => "Finding",
        _ => "Anywhere",
    }
}

fn section(lines: &mut Vec<Line>, title: &'static str, rows: Vec<Line>) {
    if rows.is_empty() {
        return;
    }
    if !lines.is_empty() {
        lines.push(Line::Blank);
    }
    lines.push(Line::Title(title));
    lines.extend(rows);
}

fn key_words(binding: &Binding) -> String {
    let scope = match binding.scope {
        Scope::Anywhere => "",
        Scope::Panel(panel) => panel.name(),
    };
    format!(
        "{scope} {} {} {}",
        binding.keys.join(" "),
        binding.name,
        binding.words
    )
}

fn typed_words(typing: &Typing) -> String {
    let panel = typing.panel.name();
    format!("{panel} :{} {} {}", typing.name, typing.usage, typing.words)
}

/// The keys of a binding; its name in the palette where it has none.
fn keys(binding: &Binding) -> Safe {
    if binding.keys.is_empty() {
        safe!(":{}", binding.name)
    } else {
        Safe::new(&binding.keys.join(" "))
    }
}

fn spans(line: &Line, theme: &Theme, width: u16) -> Vec<Span> {
    let quiet = theme.style(Role::Quiet);
    let (sign, style, words) = match line {
        Line::Blank => return Vec::new(),
        Line::Title(title) => return vec![Span::new(*title, theme.style(Role::Accent))],
        Line::Again(title) => {
            let more = Span::new(", continued", quiet);
            return vec![Span::new(*title, theme.style(Role::Accent)), more];
        }
        Line::Key(binding) => (keys(binding), theme.style(Role::Strong), binding.words),
        Line::Typed(typing) => return typed_spans(typing, theme, width),
        Line::Sign(sign, words) => {
            let (sign, style) = match sign {
                Sign::State(state) => {
                    let text = safe!("{} {}", state.glyph(), state.name());
                    (text, theme.style(state_role(*state)))
                }
                Sign::Word(word, hue) => (Safe::fixed(word), theme.series(*hue)),
                Sign::Plain(word) => (Safe::fixed(word), theme.style(Role::Strong)),
            };
            (sign, style, *words)
        }
    };
    let sign = sign.pad_end(KEYS);
    let room = usize::from(width).saturating_sub(sign.width() + 2);
    vec![
        Span::new(" ", quiet),
        Span::new(sign, style),
        Span::new(" ", quiet),
        Span::new(Safe::fixed(words).elide_end(room), quiet),
    ]
}

/// `:y LOW HIGH | auto` and what it does, in the columns of the other lines.
fn typed_spans(typing: &Typing, theme: &Theme, width: u16) -> Vec<Span> {
    let quiet = theme.style(Role::Quiet);
    let name = safe!(":{}", typing.name).pad_end(KEYS);
    let usage = Safe::fixed(typing.usage);
    let room = usize::from(width).saturating_sub(name.width() + usage.width() + 4);
    vec![
        Span::new(" ", quiet),
        Span::new(name, theme.style(Role::Strong)),
        Span::new(" ", quiet),
        Span::new(usage, theme.style(Role::Text)),
        Span::new("  ", quiet),
        Span::new(Safe::fixed(typing.words).elide_end(room), quiet),
    ]
}

#[cfg(test)]
mod tests;
