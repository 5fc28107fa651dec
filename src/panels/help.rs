//! All keys, from the table of bindings, and a filter over them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Context;
use super::look::{safe, state_role};
use crate::commands::{BINDINGS, Binding, Motion, PanelId, Scope};
use crate::insight::health::State;
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, clear, put_spans};
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
    Key(&'static Binding),
    Sign(Sign, &'static str),
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
    (Sign::Plain("⚠"), "something that its owner should know"),
    (
        Sign::Plain("▾ ▸"),
        "a group: Left closes it, Right opens it",
    ),
    (
        Sign::Plain("word"),
        "a filter: all words must occur, in any case",
    ),
    (Sign::Plain("!word"), "it must not occur"),
    (Sign::Plain("/regex"), "a regular expression"),
    (
        Sign::Plain("Shift-drag"),
        "selects text while the mouse is on",
    ),
];

/// Blank cells between two columns.
const GAP: u16 = 3;
const KEYS: usize = 15;
/// The most that a line takes.
const COLUMN: u16 = 72;

impl Help {
    pub fn go(&mut self, motion: Motion, area: Rect) {
        let layout = Layout::of(area);
        let last = self
            .lines(PanelId::Charts)
            .len()
            .saturating_sub(layout.capacity());
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
        let layout = Layout::of(area).shrunk_to(lines.len());
        clear(buf, layout.outside);
        let top = self.top.min(lines.len().saturating_sub(layout.capacity()));
        let inside = frame::draw(
            &self.frame(theme, &lines, top, layout),
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
        for (at, line) in lines[top..].iter().take(layout.capacity()).enumerate() {
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
        let count = |lines: &[Line]| {
            let told = |line: &&Line| matches!(line, Line::Key(_) | Line::Sign(..));
            lines.iter().filter(told).count() as u64
        };
        let all = Self::default();
        (
            count(&self.lines(PanelId::Charts)),
            count(&all.lines(PanelId::Charts)),
        )
    }

    fn frame(&self, theme: &Theme, lines: &[Line], top: usize, layout: Layout) -> Frame {
        let quiet = theme.style(Role::Quiet);
        let mut right = Vec::new();
        if !self.filter.is_empty() {
            right.push(Span::new("/", theme.style(Role::Accent)));
            right.push(Span::new(safe(self.filter.text()).elide_end(20), quiet));
        }
        let below = lines.len().saturating_sub(top + layout.capacity());
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
                Span::new(safe(&more), quiet),
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
            let title = match scope {
                Scope::Anywhere => "Anywhere",
                Scope::Panel(panel) => panel.name(),
            };
            let rows = BINDINGS.iter().filter(|binding| binding.scope == scope);
            let rows = rows.filter(|binding| self.lets_through(&key_words(binding)));
            section(&mut lines, title, rows.map(Line::Key).collect());
        }
        let states = STATES
            .iter()
            .map(|(state, words)| (Sign::State(*state), *words));
        let signs = states.chain(SIGNS.iter().copied());
        let signs = signs.filter(|(sign, words)| {
            let sign = match sign {
                Sign::State(state) => state.name(),
                Sign::Word(word, _) | Sign::Plain(word) => word,
            };
            self.lets_through(&format!("Signs {sign} {words}"))
        });
        let signs = signs.map(|(sign, words)| Line::Sign(sign, words)).collect();
        section(&mut lines, "Signs", signs);
        lines
    }

    fn lets_through(&self, words: &str) -> bool {
        self.filter.is_empty() || self.filter.matches(words)
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

/// The keys of a binding; its name in the palette where it has none.
fn keys(binding: &Binding) -> Safe {
    if binding.keys.is_empty() {
        safe(&format!(":{}", binding.name))
    } else {
        safe(&binding.keys.join(" "))
    }
}

fn spans(line: &Line, theme: &Theme, width: u16) -> Vec<Span> {
    let quiet = theme.style(Role::Quiet);
    let (sign, style, words) = match line {
        Line::Blank => return Vec::new(),
        Line::Title(title) => return vec![Span::new(*title, theme.style(Role::Accent))],
        Line::Key(binding) => (keys(binding), theme.style(Role::Strong), binding.words),
        Line::Sign(sign, words) => {
            let (sign, style) = match sign {
                Sign::State(state) => {
                    let text = safe(&format!("{} {}", state.glyph(), state.name()));
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

/// Where the lines stand: one column or two, in the middle of the screen or on all of it.
#[derive(Clone, Copy, Debug)]
struct Layout {
    outside: Rect,
    columns: u16,
}

impl Layout {
    fn of(screen: Rect) -> Self {
        let columns = if screen.width >= 2 * COLUMN { 2 } else { 1 };
        if screen.width < 80 || screen.height < 20 {
            return Self {
                outside: screen,
                columns: 1,
            };
        }
        let width = (COLUMN * columns + GAP * (columns - 1) + 4).min(screen.width);
        let height = screen.height - 2;
        Self {
            outside: Rect {
                x: screen.x + (screen.width - width) / 2,
                y: screen.y + 1,
                width,
                height,
            },
            columns,
        }
    }

    /// No higher than the lines need.
    fn shrunk_to(self, lines: usize) -> Self {
        let rows = lines.div_ceil(usize::from(self.columns)).max(1) as u16;
        let height = self.outside.height.min(rows.saturating_add(2));
        let free = self.outside.height - height;
        if self.outside.y == 0 {
            return self;
        }
        Self {
            outside: Rect {
                y: self.outside.y + free / 2,
                height,
                ..self.outside
            },
            ..self
        }
    }

    fn rows(self) -> usize {
        usize::from(self.outside.height.saturating_sub(2))
    }

    fn capacity(self) -> usize {
        self.rows() * usize::from(self.columns)
    }

    fn place(self, at: usize) -> Rect {
        let inside = frame::inside(self.outside);
        let margin = u16::from(inside.width >= 20);
        let room = inside.width - 2 * margin;
        let width = if self.columns == 1 {
            room
        } else {
            ((room + GAP) / self.columns).saturating_sub(GAP)
        };
        let (column, row) = (at / self.rows().max(1), at % self.rows().max(1));
        Rect {
            x: inside.x + margin + column as u16 * (width + GAP),
            y: inside.y + row as u16,
            width,
            height: 1,
        }
    }
}

#[cfg(test)]
mod tests;
