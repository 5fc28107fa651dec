//! What panels want to happen elsewhere.

use super::marks::MOST;
use super::overlay::Overlay;
use super::{App, Effect};
use crate::commands::PanelId;
use crate::panels::question::Question;
use crate::panels::{Exported, Group, Markable, Request};
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::text::safe;

impl App {
    /// Lets a panel know that something may have changed.
    pub(super) fn refresh(&mut self, id: PanelId, effects: &mut Vec<Effect>) {
        let pane = self.panes.pane(id);
        let context = self.data.context();
        let requests = self.panes.panel_mut(id).refresh(&context, pane);
        self.fulfil(requests, id, effects);
    }

    /// Does what a panel wants.
    pub(super) fn fulfil(
        &mut self,
        requests: Vec<Request>,
        from: PanelId,
        effects: &mut Vec<Effect>,
    ) {
        for request in requests {
            match request {
                Request::Select(run) => {
                    self.choice.settle();
                    self.show(run, effects);
                }
                Request::Zoom(panel) => {
                    self.panes.focus = panel;
                    self.panes.zoomed = true;
                    self.stale = true;
                }
                Request::AskLog(run, question) => effects.push(Effect::AskLog(run, question)),
                Request::Say(words) => self.say(words),
                Request::Mark(run) => self.mark(run),
                Request::MarkGroup(group) => self.mark_group(group),
                Request::Choose(chooser) => {
                    self.overlay = Overlay::Chooser {
                        panel: from,
                        chooser,
                    };
                    self.stale = true;
                }
                Request::MarkAll(wanted) => self.mark_all(wanted),
                Request::UnmarkAll => self.unmark_all(),
                Request::Moment(moment) => self.follow(from, moment, effects),
                Request::Look(looks) => {
                    self.looks = looks;
                    self.look_closely(effects);
                }
                Request::Export(exported) => effects.push(Effect::Export {
                    exported,
                    overwrite: false,
                }),
            }
        }
    }

    fn mark(&mut self, run: RunId) {
        let done = self.data.mark(run);
        self.say_marked(done);
    }

    fn mark_group(&mut self, group: Group) {
        let done = self.data.mark_group(group);
        self.say_marked(done);
    }

    fn mark_all(&mut self, wanted: Vec<Markable>) {
        let all = wanted.len();
        let marked = wanted.into_iter().take_while(|wanted| match wanted {
            Markable::Run(run) => self.data.mark(*run),
            Markable::Group(group) => self.data.mark_group(group.clone()),
        });
        let marked = marked.count();
        self.say(match (marked, all - marked) {
            (1, 0) => Safe::fixed("1 is marked now"),
            (_, 0) => safe!("{marked} are marked now"),
            (_, left) => {
                safe!("{marked} of {all} are marked now: there are no letters for the other {left}")
            }
        });
    }

    fn say_marked(&mut self, done: bool) {
        if !done {
            self.say(safe!(
                "{MOST} runs are marked, and no more can be: u unmarks all"
            ));
        }
        self.stale = true;
    }

    fn unmark_all(&mut self) {
        if !self.data.marks.clear() {
            self.say(Safe::fixed("no run is marked"));
        }
        self.stale = true;
    }

    /// Lets the store work out what is looked at closely.
    pub(super) fn look_closely(&mut self, effects: &mut Vec<Effect>) {
        let wants = self.data.look_closely(&self.looks);
        effects.extend(wants.into_iter().map(Effect::Fetch));
    }

    /// A file is there that somebody wants to write: nobody else may answer for them.
    pub(super) fn ask_to_overwrite(&mut self, path: &std::path::Path, exported: Exported) {
        let name = Safe::path(path);
        if !matches!(self.overlay, Overlay::None) {
            // The next key may be meant for what is open.
            self.say(safe!("{name} exists: nothing was written"));
            return;
        }
        self.overlay = Overlay::Overwrite {
            question: Question {
                words: safe!("{name} exists. Write over it?"),
                yes: "write over it",
                no: "keep it",
            },
            exported,
        };
        self.stale = true;
    }
}
