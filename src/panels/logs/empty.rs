//! What stands where lines would be: why there are none, and what to do about it.

use super::super::Context;
use super::super::look::whole_percent;
use super::super::watched::no_runs;
use super::Logs;
use crate::insight::health::State;
use crate::insight::number::grouped;
use crate::insight::overview::Overview;
use crate::widgets::Safe;
use crate::widgets::text::safe;

impl Logs {
    pub(super) fn why_empty(&self, context: &Context<'_>) -> Vec<Safe> {
        if let Some(error) = self.error() {
            return vec![error.clone()];
        }
        let Some(run) = context.run else {
            let any = !context.store.runs().is_empty();
            return vec![if any {
                Safe::fixed("no run is shown")
            } else {
                no_runs(context)
            }];
        };
        let overview = context.overview(run);
        let Some(overview) = overview.filter(|_| self.view.run == context.run) else {
            return vec![Safe::fixed("reading…")];
        };
        if overview.log_lines == 0 {
            return no_lines(overview);
        }
        let levels = self.levels.words();
        let all = grouped(overview.log_lines);
        let Some(filter) = &self.view.filter else {
            return vec![
                safe!("none of {all} lines is of level ≥ {levels}"),
                Safe::fixed(self.how_to_see_more()),
            ];
        };
        if let Some(share) = filter.progress(overview.log_lines) {
            return vec![safe!("searching…  {}", whole_percent(share))];
        }
        let text = Safe::new(self.filter.text());
        let shown = self.levels.count(&overview.levels);
        let mut words = if shown == 0 {
            vec![safe!("none of {all} lines is of level ≥ {levels}")]
        } else {
            let shown = grouped(shown);
            vec![
                safe!("none of {shown} lines of level ≥ {levels} matches"),
                safe!("&{text}"),
            ]
        };
        let hidden = filter.all();
        if hidden > 0 {
            let hidden = grouped(hidden);
            words.push(safe!(
                "{hidden} of other levels match &{text}: {}",
                self.how_to_see_more()
            ));
        } else {
            words.push(Safe::fixed("& changes it, and Esc there shows all lines"));
        }
        words
    }

    /// Why the lines that match cannot be told.
    pub(super) fn error(&self) -> Option<&Safe> {
        let filter = self.view.filter.as_ref();
        filter.and_then(|filter| filter.error())
    }

    fn how_to_see_more(&self) -> &'static str {
        if self.levels.switched_off().next().is_some() {
            "5 to 9 switch levels on and off"
        } else {
            "< shows less severe ones"
        }
    }
}

fn no_lines(overview: &Overview) -> Vec<Safe> {
    if !overview.reading.caught_up {
        return vec![Safe::fixed("reading…")];
    }
    let goes_on = matches!(
        overview.state,
        State::Waiting | State::Running | State::Stalled
    );
    if overview.gone || !goes_on {
        return vec![Safe::fixed("this run wrote no log")];
    }
    vec![
        Safe::fixed("no log lines yet"),
        Safe::fixed("they appear here as soon as the run writes them"),
    ]
}
