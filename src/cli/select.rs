//! Which run and which stream are meant.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use super::documents::name;
use super::load::Session;
use super::options::Common;
use super::{Outcome, Stop};
use crate::ingest::{Files as _, LocalDisk};
use crate::insight::value;
use crate::record::{Place, RunId};
use crate::store::{Look, Run, Stream};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// What was asked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'a> {
    run: &'a OsStr,
    roots: Vec<PathBuf>,
}

impl<'a> Wanted<'a> {
    /// The run of this name below these paths: those behind it, and those of `--in`.
    pub(super) fn new(run: &'a OsStr, paths: &[PathBuf], roots: &[PathBuf]) -> Self {
        Self {
            run,
            roots: [paths, roots].concat(),
        }
    }
}

/// The run that is meant, read in full.
#[derive(Debug)]
pub(super) struct Chosen {
    session: Session,
    id: RunId,
}

impl Chosen {
    /// What goes on reading the run.
    pub(super) fn parts(&mut self) -> (&mut Session, RunId) {
        (&mut self.session, self.id)
    }

    pub(super) fn finish(self) -> Outcome {
        self.session.finish_one(self.id)
    }

    /// Works out what is looked at closely.
    pub(super) fn look(&mut self, looks: &[Look]) {
        self.session.look(looks);
    }

    pub(super) fn run(&self) -> &Run {
        // The id comes from this session's store, which forgets no run.
        &self.session.store().runs()[self.id.0 as usize]
    }
}

/// Finds the run by its path, its path below a root, its name or a part of them, and reads it.
pub(super) fn choose(wanted: &Wanted<'_>, common: &Common) -> Result<Chosen, Stop> {
    let path = Path::new(wanted.run);
    let path = if exists(path) {
        path.to_owned()
    } else {
        unescaped(path)
    };
    let mut nothing_there = None;
    if exists(&path) {
        match by_path(&path, common)? {
            Ok(chosen) => return Ok(chosen),
            // A folder of that name may lie here by chance: look for a run of that name as well.
            Err(stop) => nothing_there = Some(stop),
        }
    }
    let mut session = Session::start(&wanted.roots, false, common);
    session.scan();
    let matches = by_place(wanted.run, session.store().runs());
    if let [id] = matches[..] {
        session.read_only(id);
        return Ok(Chosen { session, id });
    }
    if matches.len() > 1 {
        return Err(ambiguous(wanted.run, &matches, session.store().runs()));
    }
    // No path has it. Names that trackers gave are known only after reading.
    session.read_all();
    let matches = by_name(wanted.run, session.store().runs());
    match matches[..] {
        [id] => Ok(Chosen { session, id }),
        [] => Err(nothing_there.unwrap_or_else(|| missing(wanted, session.store().runs()))),
        _ => Err(ambiguous(wanted.run, &matches, session.store().runs())),
    }
}

fn exists(path: &Path) -> bool {
    path.as_os_str() == "-" || LocalDisk.stat(path).is_ok()
}

/// A path in the spelling of machine output: `\xff` stands for a byte that is no text.
fn unescaped(path: &Path) -> PathBuf {
    let mut rest = path.as_os_str().as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((first, tail)) = rest.split_first() {
        let code = rest.strip_prefix(b"\\x").and_then(|code| code.get(..2));
        let byte = code
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.filter(|byte| *byte >= 0x80).unwrap_or(*first));
        rest = match byte {
            Some(0x80..) => &rest[4..],
            _ => tail,
        };
    }
    PathBuf::from(OsString::from_vec(bytes))
}

/// The run at a path, else why there is none; runs that lie within it do not count.
fn by_path(path: &Path, common: &Common) -> Result<Result<Chosen, Stop>, Stop> {
    let mut session = Session::start(&[path.to_path_buf()], false, common);
    session.scan();
    let runs = session.store().runs();
    let itself = |run: &&Run| run.place.path == path || run.place.below.as_os_str().is_empty();
    let id = match (runs.iter().find(itself), runs) {
        (Some(run), _) | (None, [run]) => run.id,
        (None, []) => return Ok(Err(session.nothing())),
        (None, runs) => {
            let all: Vec<RunId> = runs.iter().map(|run| run.id).collect();
            return Err(ambiguous(path.as_os_str(), &all, runs));
        }
    };
    session.read_only(id);
    Ok(Ok(Chosen { session, id }))
}

/// A way of naming a run.
type Way<'a> = Box<dyn Fn(&Place) -> bool + 'a>;

/// The runs that a word names: the first way of naming that fits any run decides.
fn by_place(wanted: &OsStr, runs: &[Run]) -> Vec<RunId> {
    let path = Path::new(wanted);
    let word = value::path(path);
    let word = word.trim_end_matches('/');
    let spelled = |path: &Path| value::path(path);
    let ways: [Way<'_>; 5] = [
        Box::new(|place| place.shown == path || spelled(&place.shown) == word),
        Box::new(|place| place.below == path || spelled(&place.below) == word),
        Box::new(|place| {
            place
                .path
                .file_name()
                .is_some_and(|last| spelled(Path::new(last)) == word)
        }),
        Box::new(|place| {
            place.shown.ends_with(path) || spelled(&place.shown).ends_with(&format!("/{word}"))
        }),
        Box::new(|place| !word.is_empty() && spelled(below_or_shown(place)).contains(word)),
    ];
    for way in ways {
        let found: Vec<RunId> = runs
            .iter()
            .filter(|run| way(&run.place))
            .map(|run| run.id)
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn below_or_shown(place: &Place) -> &Path {
    if place.below.as_os_str().is_empty() {
        &place.shown
    } else {
        &place.below
    }
}

/// The runs whose tracker calls them so, or whose name has the word in it.
fn by_name(wanted: &OsStr, runs: &[Run]) -> Vec<RunId> {
    let word = wanted.to_string_lossy().to_lowercase();
    let ways: [fn(&str, &str) -> bool; 2] =
        [|name, word| name == word, |name, word| name.contains(word)];
    for way in ways {
        let fits = |run: &&Run| way(&name(run).to_lowercase(), &word) && !word.is_empty();
        let found: Vec<RunId> = runs.iter().filter(fits).map(|run| run.id).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The stream that is meant: its name, else a part that no other stream's name has.
pub(super) fn stream<'a>(run: &'a Run, wanted: &str) -> Result<&'a Stream, Stop> {
    let called = |name: &str| run.streams.iter().find(|stream| stream.name == name);
    let exact = called(wanted).or_else(|| {
        if matches!(wanted, "None" | "root") {
            called("")
        } else {
            None
        }
    });
    if let Some(stream) = exact {
        return Ok(stream);
    }
    let parts: Vec<&Stream> = run
        .streams
        .iter()
        .filter(|s| !wanted.is_empty() && s.name.contains(wanted))
        .collect();
    let list = |words: Safe, streams: &[&Stream]| {
        let names = streams.iter().map(|s| match s.name.as_str() {
            "" => "  \"\" (root)".into(),
            name => safe!("  {name}"),
        });
        std::iter::once(words).chain(names).collect()
    };
    let wanted = Safe::new(wanted);
    match parts[..] {
        [stream] => Ok(stream),
        [] if run.streams.is_empty() => Err(Stop::NotFound(vec![safe!(
            "{}: the run has no streams",
            name(run)
        )])),
        [] => {
            let all: Vec<&Stream> = run.streams.iter().collect();
            let words = safe!("no stream is called \"{wanted}\"; the run has");
            Err(Stop::NotFound(list(words, &all)))
        }
        _ => {
            let words = safe!("\"{wanted}\" may be any of these streams; name one in full");
            Err(Stop::Usage(list(words, &parts)))
        }
    }
}

fn ambiguous(wanted: &OsStr, matches: &[RunId], runs: &[Run]) -> Stop {
    const MOST: usize = 20;
    let wanted = Safe::path(Path::new(wanted));
    let mut lines = vec![safe!(
        "\"{wanted}\" may be any of {} runs; name one by its path",
        matches.len()
    )];
    let chosen = matches.iter().filter_map(|id| runs.get(id.0 as usize));
    lines.extend(
        chosen
            .take(MOST)
            .map(|run| safe!("  {}", Safe::path(&run.place.shown))),
    );
    if matches.len() > MOST {
        lines.push(safe!("  and {} more", matches.len() - MOST));
    }
    Stop::Usage(lines)
}

fn missing(wanted: &Wanted<'_>, runs: &[Run]) -> Stop {
    let word = Safe::path(Path::new(wanted.run));
    let roots: Vec<Safe> = wanted.roots.iter().map(|root| Safe::path(root)).collect();
    let place = if roots.is_empty() {
        "the current folder".into()
    } else {
        Safe::join(&roots, ", ")
    };
    Stop::NotFound(vec![safe!(
        "no run \"{word}\" among the {} runs in {place}; `ml-dash-top list` names them all",
        runs.len()
    )])
}
