//! The first line or two: which run is shown, whether it is alive, how long still, what went wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::Context;
use super::super::look::{self, Kind};
use super::super::watched::no_runs;
use super::Status;
use crate::insight::health::State;
use crate::insight::number;
use crate::insight::overview::{self, Overview};
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::apart::path_end;
use crate::widgets::paint::Span;
use crate::widgets::pieces::{self, Piece};
use crate::widgets::theme::Role;

/// One or two lines about the run: the second one holds what Details would show.
pub fn draw_header(context: &Context<'_>, status: &Status, area: Rect, buf: &mut Buffer) {
    let area = Rect {
        x: area.x.saturating_add(1),
        width: area.width.saturating_sub(2),
        ..area
    };
    if area.is_empty() {
        return;
    }
    let small = area.height > 1;
    let gap = if area.width >= 100 { 3 } else { 2 };
    pieces::draw(&first_line(context, status, small), gap, area, buf);
    if !small {
        return;
    }
    let second = Rect {
        y: area.y + 1,
        height: 1,
        ..area
    };
    match context.current() {
        Some((_, overview)) => pieces::draw(&second_line(context, overview), 2, second, buf),
        None if context.run.is_none() => pieces::draw(&watched(context, true), 2, second, buf),
        None => {}
    }
}

/// The whole screen in one line, where there is no room for more.
pub fn draw_line(context: &Context<'_>, status: &Status, area: Rect, buf: &mut Buffer) {
    let Some((run, overview)) = context.current() else {
        pieces::draw(&without_run(context, false), 1, area, buf);
        return;
    };
    let line = Line { context, overview };
    let mut all = vec![line.name(run), line.state()];
    all.extend(line.paused(status));
    all.push(line.done());
    all.extend(line.losses().into_iter().take(2).rev());
    all.extend(line.eta());
    all.extend(line.worry(false));
    pieces::draw(&all, 1, area, buf);
}

fn first_line(context: &Context<'_>, status: &Status, small: bool) -> Vec<Piece> {
    let Some((run, overview)) = context.current() else {
        return without_run(context, small);
    };
    let line = Line { context, overview };
    let mut all = Vec::new();
    if small {
        all.extend(line.place(status));
    }
    all.push(line.name(run));
    if !small {
        all.extend(line.project());
    }
    all.push(line.state());
    all.extend(line.paused(status));
    all.push(line.progress(small));
    all.extend(line.rate());
    all.extend(line.eta());
    if !small {
        all.extend(line.worry(false));
    }
    all.extend(line.age());
    all
}

fn second_line(context: &Context<'_>, overview: &Overview) -> Vec<Piece> {
    let line = Line { context, overview };
    let mut all = line.losses();
    all.extend(line.best());
    all.extend(line.others());
    all.extend(line.worry(true));
    all
}

fn without_run(context: &Context<'_>, small: bool) -> Vec<Piece> {
    let style = |role| context.theme.style(role);
    if let Some(run) = context.run.and_then(|run| context.store.run(run)) {
        let name = Span::new(Safe::new(&overview::name(run)), style(Role::Strong));
        return vec![
            Piece::new(1, vec![name]),
            Piece::new(2, vec![Span::new("reading …", style(Role::Quiet))]),
        ];
    }
    let words = no_runs(context);
    let mut all = vec![Piece::new(1, vec![Span::new(words, style(Role::Strong))])];
    if !small {
        all.extend(watched(context, false));
    }
    all
}

/// Where runs are looked for, and what to do for one to appear.
fn watched(context: &Context<'_>, advice: bool) -> Vec<Piece> {
    let style = |role| context.theme.style(role);
    let all: Vec<Safe> = context.watched.iter().map(|w| w.place.clone()).collect();
    let first = all.first().cloned().unwrap_or_default();
    let places = |text: Safe| {
        vec![
            Span::new("watched ", style(Role::Quiet)),
            Span::new(text, style(Role::Text)),
        ]
    };
    let more = context.watched.len().saturating_sub(1);
    let short = |cells: usize| {
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let place = path_end(&first, cells);
        places(place.then(&Safe::new(&more)))
    };
    let place = Piece::new(9, places(Safe::join(&all, "  ")))
        .or(8, short(60))
        .or(7, short(30))
        .or(3, short(16));
    let words = "A run appears as soon as its tracker writes.";
    let words = Piece::new(10, vec![Span::new(words, style(Role::Quiet))]);
    if advice {
        vec![place, words.right()]
    } else {
        vec![place]
    }
}

/// The pieces that lines about a run are made of. Each knows how soon it is given up.
#[derive(Clone, Copy)]
struct Line<'a> {
    context: &'a Context<'a>,
    overview: &'a Overview,
}

impl Line<'_> {
    fn style(&self, role: Role) -> Style {
        self.context.theme.style(role)
    }

    fn span(&self, text: &str, role: Role) -> Span {
        Span::new(Safe::new(text), self.style(role))
    }

    fn place(&self, status: &Status) -> Option<Piece> {
        let (at, all) = status.place?;
        Some(Piece::new(
            55,
            vec![self.span(&format!("‹{at}/{all}›"), Role::Quiet)],
        ))
    }

    fn name(&self, run: &Run) -> Piece {
        let name = Safe::new(&overview::name(run));
        let letter = look::letter(self.context, run.id);
        let form = |cells| -> Vec<Span> {
            let name = Span::new(name.elide_middle(cells), self.style(Role::Strong));
            letter.iter().cloned().chain([name]).collect()
        };
        Piece::new(63, form(60))
            .or(33, form(32))
            .or(28, form(20))
            .or(11, form(12))
            .or(1, form(8))
            .or(0, form(3))
    }

    fn project(&self) -> Option<Piece> {
        let project = Safe::new(&self.overview.project);
        (!project.is_empty()).then(|| {
            Piece::new(
                80,
                vec![Span::new(path_end(&project, 40), self.style(Role::Quiet))],
            )
        })
    }

    fn state(&self) -> Piece {
        // That it runs is known only when all has been read.
        if self.overview.state == State::Running && look::reading(self.overview).is_some() {
            return Piece::default();
        }
        let (glyph, role) = look::glyph(self.overview);
        let word = look::state_word(self.overview);
        Piece::new(15, vec![self.span(&format!("{glyph} {word}"), role)])
            .or(2, vec![self.span(&glyph.to_string(), role)])
    }

    fn paused(&self, status: &Status) -> Option<Piece> {
        let more = status.paused?;
        let badge = |text: &str| {
            let style = self.style(Role::Strong).patch(self.style(Role::Cursor));
            vec![Span::new(Safe::new(text), style)]
        };
        let count = number::grouped(more);
        let rows = if more == 1 { "row" } else { "rows" };
        // Of the run's name as much stays as tells it from others.
        Some(
            Piece::new(34, badge(&format!(" PAUSED +{count} {rows} ")))
                .or(29, badge(&format!(" PAUSED +{count} ")))
                .or(4, badge(" PAUSED ")),
        )
    }

    /// How far it is: `epoch 38/50 ━━━━━━───── 76 %`, or how far the reading of it is.
    fn progress(&self, small: bool) -> Piece {
        if let Some(share) = look::reading(self.overview) {
            let label = self.span("reading ", Role::Quiet);
            return self.with_bar(label, None, share, 20);
        }
        let progress = &self.overview.progress;
        let done = look::done(progress);
        if done.is_empty() {
            return Piece::default();
        }
        let unit = if small { "" } else { progress.unit.name() };
        let label = self.span(&format!("{unit} "), Role::Quiet);
        let value = self.span(&done, Role::Text);
        match look::share(progress) {
            Some(share) => self.with_bar(label, Some(value), share, if small { 12 } else { 20 }),
            None => Piece::new(30, vec![label, value.clone()]).or(12, vec![value]),
        }
    }

    fn with_bar(&self, label: Span, value: Option<Span>, share: f64, cells: usize) -> Piece {
        let percent = self.span(&look::whole_percent(share), Role::Text);
        let label = (!label.text.as_str().trim().is_empty()).then_some(label);
        let form = |label: &Option<Span>, cells: usize| {
            let mut spans: Vec<Span> = label.iter().chain(&value).cloned().collect();
            if value.is_some() {
                spans.push(self.span(" ", Role::Quiet));
            }
            if cells > 0 {
                spans.extend(self.bar(share, cells));
                spans.push(self.span(" ", Role::Quiet));
            }
            spans.push(percent.clone());
            spans
        };
        let short = if value.is_some() { None } else { label.clone() };
        let piece = Piece::new(90, form(&label, cells))
            .or(75, form(&label, cells / 2))
            .or(70, form(&short, cells / 2))
            .or(30, form(&short, 0));
        match value {
            Some(value) => piece.or(12, vec![value]),
            None => piece.or(12, vec![percent]),
        }
    }

    fn bar(&self, share: f64, cells: usize) -> [Span; 2] {
        let full = if share >= 1.0 {
            cells
        } else {
            ((share * cells as f64) as usize).min(cells.saturating_sub(1))
        };
        let role = match self.overview.state {
            State::Running | State::Waiting => Role::Good,
            State::Stalled => Role::Warning,
            State::Failed => Role::Bad,
            _ => Role::Quiet,
        };
        [
            self.span(&"━".repeat(full), role),
            self.span(&"─".repeat(cells - full), Role::Faint),
        ]
    }

    /// How far it is, in a word.
    fn done(&self) -> Piece {
        match look::reading(self.overview) {
            Some(share) => {
                let words = format!("reading {}", look::whole_percent(share));
                Piece::new(12, vec![self.span(&words, Role::Quiet)])
            }
            None => Piece::new(
                12,
                vec![self.span(&look::done(&self.overview.progress), Role::Text)],
            ),
        }
    }

    fn rate(&self) -> Option<Piece> {
        if look::reading(self.overview).is_some() {
            return None;
        }
        if self.overview.state != State::Running {
            let took = look::duration(self.overview).filter(|seconds| *seconds > 0.0)?;
            let label = self.span("took ", Role::Quiet);
            let value = self.span(&number::duration(took), Role::Text);
            return Some(Piece::new(72, vec![label, value]));
        }
        let rate = look::rate(&self.overview.progress)?;
        Some(Piece::new(85, vec![self.span(&rate, Role::Quiet)]))
    }

    fn eta(&self) -> Option<Piece> {
        let seconds = self.overview.progress.eta?;
        let label = self.span("ETA ", Role::Quiet);
        let value = self.span(&number::duration(seconds), Role::Text);
        // Counted from the newest row, so that it stands still until there is another one.
        let end = self.overview.last_sign? + seconds;
        let clock = format!(" {}", self.context.zone.near(end, self.context.now));
        let clock = self.span(&clock, Role::Quiet);
        Some(Piece::new(40, vec![label.clone(), value.clone(), clock]).or(25, vec![label, value]))
    }

    fn worry(&self, right: bool) -> Option<Piece> {
        let worries = look::worries(self.context, self.overview);
        let worry = worries.first()?;
        let style = self.style(worry.role);
        let mut piece = Piece::default();
        let last = worry.words.len() - 1;
        for (at, words) in worry.words.iter().enumerate() {
            let words = Safe::new(words);
            // Words of our own have a shorter form; those of an error go on until there is no room.
            let told = worry.kind == Kind::Error && at == 0;
            // All of the words may go before the project does, the last ones stay long.
            for (cells, rank) in [(80, 86), (56, 82), (40, 60), (24, 58)] {
                if at < last && !told && words.width() > cells {
                    continue;
                }
                let rank = if at > 0 { rank.min(60) } else { rank };
                let short = look::first_words(&words, cells);
                let text = Safe::fixed("⚠ ").then(&short);
                let rank = if at == last && cells == 24 { 32 } else { rank };
                piece = piece.or(rank, vec![Span::new(text, style)]);
            }
        }
        Some(if right { piece.right() } else { piece })
    }

    /// When something last happened, so coarsely that it seldom changes by itself.
    fn age(&self) -> Option<Piece> {
        let silence = look::silence(self.context, self.overview)?;
        let age = number::coarse_age(silence);
        let ago = if age == "now" {
            age
        } else {
            format!("{age} ago")
        };
        let ended = matches!(
            self.overview.state,
            State::Finished | State::Failed | State::Cancelled
        );
        let label = if ended { "ended " } else { "last row " };
        let short = vec![self.span(&ago, Role::Quiet)];
        let long = vec![self.span(label, Role::Quiet), self.span(&ago, Role::Quiet)];
        Some(Piece::new(78, long).or(35, short).right())
    }

    /// `train 0.0421`, `val 0.118`
    fn losses(&self) -> Vec<Piece> {
        let lines = self.overview.summary.iter();
        let named = lines.filter_map(|line| Some((line.metric.as_deref()?, line)));
        let losses = named.filter(|(_, line)| line.label.ends_with("Loss") && !is_best(line));
        let ranked = losses.enumerate();
        ranked
            .map(|(at, (metric, line))| {
                let role = if line.value.is_finite() {
                    None
                } else {
                    Some(Role::Bad)
                };
                let rank = if look::split(metric) == Some(crate::insight::metric::Split::Train) {
                    22
                } else {
                    13 + at as u8
                };
                self.labelled(rank, metric, &line.text, role)
            })
            .collect()
    }

    fn best(&self) -> Option<Piece> {
        let primary = self.overview.primary.as_ref()?;
        primary.best?;
        let label = self.span("best ", Role::Quiet);
        let style = look::hue(&primary.name)
            .map_or(self.style(Role::Text), |hue| self.context.theme.series(hue));
        let value = Span::new(Safe::new(&primary.best_text), style);
        let short = vec![label.clone(), value.clone()];
        let Some(at) = primary.best_at else {
            return Some(Piece::new(20, short));
        };
        let at = self.span(&format!(" {}", look::at(at)), Role::Quiet);
        Some(Piece::new(26, vec![label, value, at]).or(20, short))
    }

    /// The metrics of the task and the learning rate.
    fn others(&self) -> Vec<Piece> {
        let lines = self.overview.summary.iter();
        let named = lines.filter_map(|line| Some((line.metric.as_deref()?, line)));
        let others = named.filter(|(_, line)| !line.label.ends_with("Loss") && !is_best(line));
        others
            .take(6)
            .enumerate()
            .map(|(at, (metric, line))| {
                let role = (!line.value.is_finite()).then_some(Role::Bad);
                self.labelled(40 + at as u8, metric, &line.text, role)
            })
            .collect()
    }

    fn labelled(&self, rank: u8, metric: &str, text: &str, role: Option<Role>) -> Piece {
        let label = Safe::new(&look::short_label(metric)).elide_middle(16);
        let hue = look::hue(metric).map(|hue| self.context.theme.series(hue));
        let style = match role {
            Some(role) => self.style(role),
            None => hue.unwrap_or(self.style(Role::Text)),
        };
        let label = Span::new(label, self.style(Role::Quiet));
        Piece::new(
            rank,
            vec![
                label,
                self.span(" ", Role::Quiet),
                Span::new(Safe::new(text), style),
            ],
        )
    }
}

fn is_best(line: &crate::insight::summary::Line) -> bool {
    line.label.starts_with("Best ")
}
