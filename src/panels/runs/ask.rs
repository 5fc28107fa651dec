//! What can be asked of the list besides moving: sorting, grouping, columns, marks.

use super::super::chooser::{Choosable, Chooser, Purpose};
use super::super::{Context, Group, Markable, Pane, Request};
use super::Runs;
use super::listing::Item;
use super::sort::Sort;
use crate::commands::{GroupName, Sorting};
use crate::insight::compare::{Column, Fact, differing};
use crate::insight::query::Completion;
use crate::record::RunId;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Parameters that are offered to group by before all others.
const OFFERED_FIRST: usize = 12;
/// Nobody looks through more completions than these.
const OFFERED_MOST: usize = 200;

impl Runs {
    /// Sorts by the column under the cursor.
    pub(super) fn sort_here(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let next = Sort::next(self.sort.as_ref(), self.columns.cursor.clone());
        self.sort_by(next, context, pane)
    }

    pub(super) fn sort_named(
        &mut self,
        sorting: &Sorting,
        context: &Context<'_>,
        pane: Pane,
    ) -> Vec<Request> {
        let sort = match sorting {
            Sorting::Place => None,
            Sorting::By { column, falling } => {
                let Some(found) = Column::find(column, &Column::all(&self.known.words)) else {
                    return no_column(column);
                };
                let sort = Sort::by(found);
                let falls = falling.unwrap_or(sort.falls);
                Some(Sort { falls, ..sort })
            }
        };
        self.sort_by(sort, context, pane)
    }

    fn sort_by(&mut self, sort: Option<Sort>, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let words = match &sort {
            None => Safe::fixed("sorted as on disk"),
            Some(sort) => {
                let name = Safe::new(&sort.column.name());
                safe!("sorted by {name}, {}", sort.words())
            }
        };
        if let Some(sort) = &sort {
            self.columns.cursor = sort.column.clone();
        }
        self.columns.sorted = sort.as_ref().map(|sort| sort.column.clone());
        self.sort = sort;
        self.stale = true;
        self.arrange(context, pane);
        vec![Request::Say(words)]
    }

    pub(super) fn columns_named(&mut self, names: &[String]) -> Vec<Request> {
        if names.is_empty() {
            self.columns.choose(None);
            return Vec::new();
        }
        let all = Column::all(&self.known.words);
        let mut chosen = Vec::with_capacity(names.len());
        for name in names {
            match Column::find(name, &all) {
                Some(column) => chosen.push(column),
                None => return no_column(name),
            }
        }
        self.columns.choose(Some(chosen));
        Vec::new()
    }

    /// All columns to choose from: those of the table as they stand there, then the others.
    pub(super) fn ask_columns(&mut self) -> Vec<Request> {
        let shown = self.columns.all();
        let others = Column::all(&self.known.words);
        let others = others.into_iter().filter(|column| !shown.contains(column));
        let others = others.filter(|column| *column != Column::Fact(Fact::Name));
        let count = shown.len();
        self.offered_columns = shown.iter().cloned().chain(others).collect();
        let items = self.offered_columns.iter().enumerate();
        let items = items.map(|(at, column)| Choosable {
            name: Safe::new(&column.name()),
            words: Safe::fixed(column.words()),
            chosen: at < count,
        });
        let title = Safe::fixed("Columns of the table");
        let chooser = Chooser::many(title, Purpose::Columns, items.collect());
        vec![Request::Choose(chooser)]
    }

    /// Everything that runs can be grouped by: what differs among them comes first.
    pub(super) fn ask_group(&mut self, context: &Context<'_>) -> Vec<Request> {
        let mut params = differing(&self.listed(context), OFFERED_FIRST);
        let telling = params.len();
        let others = self.known.words.params();
        let others: Vec<String> = others
            .filter(|key| !params.iter().any(|other| other == key))
            .map(str::to_owned)
            .collect();
        params.extend(others);
        let fixed = [
            (
                GroupName::Project,
                "project",
                "as long as nothing is sorted",
            ),
            (GroupName::Folder, "folder", "the folder that the run is in"),
            (GroupName::Off, "off", "no groups"),
        ];
        let now = self.grouping.clone().unwrap_or(GroupName::Project);
        let mut items = Vec::with_capacity(params.len() + fixed.len());
        self.offered_groups.clear();
        for (group, name, words) in fixed {
            items.push(Choosable {
                name: Safe::fixed(name),
                words: Safe::fixed(words),
                chosen: now == group,
            });
            self.offered_groups.push(group);
        }
        for (at, key) in params.into_iter().enumerate() {
            let words = if at < telling {
                "parameter that differs"
            } else {
                "parameter"
            };
            let group = GroupName::Param(key);
            items.push(Choosable {
                name: super::grouping::words(&group).unwrap_or_default(),
                words: Safe::fixed(words),
                chosen: now == group,
            });
            self.offered_groups.push(group);
        }
        let title = Safe::fixed("Group runs by");
        vec![Request::Choose(Chooser::one(title, Purpose::Group, items))]
    }

    /// What was picked from a list that was asked for.
    pub(super) fn picked(
        &mut self,
        purpose: Purpose,
        picked: &[usize],
        context: &Context<'_>,
        pane: Pane,
    ) -> Vec<Request> {
        match purpose {
            Purpose::Columns => {
                let column = |at: &usize| self.offered_columns.get(*at).cloned();
                let chosen: Vec<Column> = picked.iter().filter_map(column).collect();
                if chosen != self.columns.all() {
                    self.columns.choose((!chosen.is_empty()).then_some(chosen));
                }
                self.arrange(context, pane);
                Vec::new()
            }
            Purpose::Group => {
                let group = picked.first().and_then(|at| self.offered_groups.get(*at));
                match group.cloned() {
                    Some(group) => self.group_by(group, context, pane),
                    None => Vec::new(),
                }
            }
            Purpose::Copy => Vec::new(),
        }
    }

    /// Groups by what was typed or picked; a parameter may be called by the end of its key.
    pub(super) fn group_by(
        &mut self,
        group: GroupName,
        context: &Context<'_>,
        pane: Pane,
    ) -> Vec<Request> {
        let group = match group {
            GroupName::Param(key) => {
                let params = self.known.words.params();
                let all: Vec<Column> = params.map(|key| Column::Param(key.to_owned())).collect();
                let Some(Column::Param(key)) = Column::find(&key, &all) else {
                    let key = Safe::new(&key);
                    return vec![Request::Say(safe!("no run has a parameter \"{key}\""))];
                };
                GroupName::Param(key)
            }
            group => group,
        };
        self.closed.clear();
        self.closed_before.clear();
        // Projects are what stands there unless somebody chose.
        self.grouping = (group != GroupName::Project || self.sort.is_some()).then_some(group);
        self.stale = true;
        self.arrange(context, pane);
        Vec::new()
    }

    /// Marks the run under the cursor, or the closed group.
    pub(super) fn mark_here(&self, context: &Context<'_>) -> Vec<Request> {
        if let Some(group) = self
            .closed_here(context)
            .and_then(|line| self.group_at(line))
        {
            return vec![Request::MarkGroup(group)];
        }
        let here = context.run.filter(|run| self.line(*run).is_some());
        vec![here.map_or(
            Request::Say(Safe::fixed("no run is under the cursor")),
            Request::Mark,
        )]
    }

    /// Marks all runs and closed groups that are listed and are not marked yet.
    pub(super) fn mark_all(&self, context: &Context<'_>) -> Vec<Request> {
        let is_marked = |run: RunId| {
            let mut marked = context.marked.iter();
            marked.any(|marked| marked.run == run && marked.group.is_none())
        };
        let has_mark = |title: &Safe| {
            let mut groups = context.marked.iter().filter_map(|m| m.group.as_ref());
            groups.any(|group| group.title == *title)
        };
        let lines = self.listing.items.iter().enumerate();
        let wanted = lines.filter_map(|(line, item)| match item {
            Item::Run(place) => {
                let run = self.id(*place).filter(|run| !is_marked(*run))?;
                Some(Markable::Run(run))
            }
            Item::Group(_, 1..) => {
                let group = self
                    .group_at(line)
                    .filter(|group| !has_mark(&group.title))?;
                Some(Markable::Group(group))
            }
            Item::Group(..) => None,
        });
        let wanted: Vec<Markable> = wanted.collect();
        if wanted.is_empty() {
            let words = if self.listing.items.is_empty() {
                "no run is listed"
            } else {
                "all that are listed are marked: u unmarks all"
            };
            return vec![Request::Say(Safe::fixed(words))];
        }
        vec![Request::MarkAll(wanted)]
    }

    /// The runs of the closed group on a line.
    fn group_at(&self, line: usize) -> Option<Group> {
        let Some(Item::Group(group, 1..)) = self.item(line) else {
            return None;
        };
        let title = self.listing.groups.titles.get(group)?.clone();
        let runs = self.listing.behind(line).filter_map(|place| self.id(place));
        Some(Group {
            title,
            runs: runs.collect(),
        })
    }

    /// The listed runs, each with the number of its project.
    pub(super) fn listed<'a>(&self, context: &Context<'a>) -> Vec<(usize, &'a Run)> {
        let places = self.listing.places();
        let run = |place: usize| {
            let entry = self.order.entries.get(place)?;
            Some((entry.project, context.store.run(entry.id)?))
        };
        places.filter_map(run).collect()
    }
}

impl Runs {
    /// What may follow `:sort`, `:columns` and `:group`.
    pub(super) fn words_after(&self, command: &str, typed: &str) -> Vec<Completion> {
        let from = match command {
            // One name after the other.
            "columns" => typed.rfind(char::is_whitespace).map_or(0, |at| at + 1),
            _ => 0,
        };
        let start = typed[from..].to_lowercase();
        let all = Column::all(&self.known.words);
        let suits = |column: &&Column| {
            let is_param = matches!(column, Column::Param(_));
            let name = column.name().to_lowercase();
            (is_param || command != "group") && name.contains(&start)
        };
        let mut found: Vec<&Column> = all.iter().filter(suits).take(OFFERED_MOST).collect();
        found.sort_by_key(|column| !column.name().to_lowercase().starts_with(&start));
        let completion = |column: &Column| Completion {
            from,
            text: column.name(),
            words: column.words().to_owned(),
        };
        found.into_iter().map(completion).collect()
    }
}

fn no_column(name: &str) -> Vec<Request> {
    let name = Safe::new(name);
    let words = safe!("there is no column \"{name}\": c lists all of them");
    vec![Request::Say(words)]
}
