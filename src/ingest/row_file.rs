//! One appended file of a run: its tail, its decoder, and what its pieces mean for the run.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::ahead::Ahead;
use super::outlet::{Message, Outlet};
use super::tail::{Event, Kept, LIVE, Look, Tail, Verdict};
use crate::formats::{self, Decoder, LogDecoder, ParamDecoder, Piece, Role, RowDecoder};
use crate::record::{Change, StreamId, StreamKind};

/// A decoder by what it decodes.
pub(crate) enum Reader {
    /// `None` while nothing is expected: thousands of files at rest must cost next to nothing.
    Rows(Option<Box<RowDecoder>>, StreamKind, StreamId),
    Logs(LogDecoder),
    Params(ParamDecoder),
}

/// An appended file of a run.
pub(crate) struct RowFile {
    /// Below the run's folder.
    pub(crate) below: PathBuf,
    pub(crate) name: Arc<str>,
    pub(crate) tail: Tail,
    pub(crate) reader: Reader,
    /// Keys of the stream, in the order of their numbers. They outlive the file's generations.
    pub(crate) keys: Vec<String>,
    pub(crate) ahead: Ahead,
    /// Whether problems were told that only a fresh start voids.
    flawed: bool,
    troubled: bool,
    pub(crate) wake: Option<Duration>,
    /// There is more to read at once.
    pub(crate) more: bool,
}

/// What an appended file tells the run beyond what goes straight to the outlet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) layout: Option<crate::record::Layout>,
}

impl Reader {
    /// The reader for a role, or `None` for a document.
    pub(crate) fn for_role(role: &Role, stream: StreamId) -> Option<Self> {
        match role {
            Role::Rows { kind, .. } => Some(Self::Rows(None, *kind, stream)),
            Role::Logs => Some(Self::Logs(LogDecoder::new())),
            Role::ParamLog => Some(Self::Params(ParamDecoder::new())),
            Role::Document(_) => None,
        }
    }

    /// The decoder, made ready with the numbers of these keys.
    pub(crate) fn decoder(&mut self, keys: &[String]) -> &mut dyn Decoder {
        match self {
            Self::Rows(decoder, kind, _) => decoder
                .get_or_insert_with(|| Box::new(knowing(*kind, keys)))
                .as_mut(),
            Self::Logs(decoder) => decoder,
            Self::Params(decoder) => decoder,
        }
    }

    fn stream(&self) -> Option<StreamId> {
        match self {
            Self::Rows(_, _, stream) => Some(*stream),
            Self::Logs(_) | Self::Params(_) => None,
        }
    }

    /// Forgets what was learned from the file so far.
    fn renew(&mut self) {
        match self {
            Self::Rows(decoder, ..) => *decoder = None,
            Self::Logs(decoder) => *decoder = LogDecoder::new(),
            Self::Params(decoder) => *decoder = ParamDecoder::new(),
        }
    }

    fn rest(&mut self) {
        match self {
            Self::Rows(decoder, ..) => *decoder = None,
            // It learns nothing, but has room for a record.
            Self::Logs(decoder) => *decoder = LogDecoder::new(),
            Self::Params(_) => {}
        }
    }

    fn forget(&self) -> Change {
        match self {
            Self::Rows(_, _, stream) => Change::StreamReset { stream: *stream },
            Self::Logs(_) => Change::LogsReset,
            Self::Params(_) => Change::ParamsReset,
        }
    }
}

impl RowFile {
    pub(crate) fn new(path: PathBuf, below: PathBuf, reader: Reader) -> Self {
        let name = Arc::from(below.to_string_lossy().as_ref());
        Self {
            below,
            name,
            tail: Tail::new(path),
            reader,
            keys: Vec::new(),
            ahead: Ahead::default(),
            flawed: false,
            troubled: false,
            wake: None,
            more: true,
        }
    }

    pub(crate) fn stream(&self) -> Option<StreamId> {
        self.reader.stream()
    }

    pub(crate) fn is_log(&self) -> bool {
        matches!(self.reader, Reader::Logs(_))
    }

    /// Whether something of it may be read again after all of it was read.
    pub(crate) fn may_be_asked(&self) -> bool {
        self.is_log() || self.stream().is_some()
    }

    /// Looks at the file and reads on.
    pub(crate) fn look(
        &mut self,
        look: &mut Look<'_>,
        out: &mut Outlet<'_>,
        told: &mut Told,
    ) -> Verdict {
        let mut fresh_start = false;
        let stream = self.reader.stream();
        let forget = self.reader.forget();
        let decoder = self.reader.decoder(&self.keys);
        let mut feed = Feed {
            name: &self.name,
            stream,
            keys: &mut self.keys,
            flawed: &mut self.flawed,
            troubled: &mut self.troubled,
            told,
        };
        let path = self.tail.path().to_owned();
        let verdict = self.tail.look(look, decoder, &mut |event| match event {
            Event::Reset(reason) => {
                fresh_start = true;
                feed.reset(forget.clone(), reason, out);
            }
            Event::Rotated => {
                fresh_start = true;
                out.note(feed.name, "was rotated; reading goes on in the next file");
            }
            Event::Trouble(error) => {
                out.message(Message::Unreadable {
                    path: path.clone(),
                    error: error.clone(),
                });
                feed.trouble(&error, out);
            }
            Event::Recovered => feed.recovered(out),
            Event::Note(text) => out.note(feed.name, text),
            Event::Piece(piece) => feed.piece(piece, out),
        });
        if fresh_start {
            self.ahead = Ahead::default();
            self.reader.renew();
        }
        let age = look
            .wall
            .saturating_sub(self.tail.seen().map_or(0, |stat| stat.mtime));
        if !verdict.more && (!look.follow || age > LIVE) {
            self.reader.rest();
            self.tail.let_go(look.kept);
        }
        if !verdict.more && !look.follow {
            self.tail.forget_samples();
        }
        self.wake = verdict.wake;
        self.more = verdict.more;
        verdict
    }

    /// Hands on pieces that were decoded elsewhere.
    pub(crate) fn feed(&mut self, piece: Piece, out: &mut Outlet<'_>, told: &mut Told) {
        let mut feed = Feed {
            name: &self.name,
            stream: self.reader.stream(),
            keys: &mut self.keys,
            flawed: &mut self.flawed,
            troubled: &mut self.troubled,
            told,
        };
        feed.piece(piece, out);
    }

    /// The run's folder is another one now, and this file is not in it.
    pub(crate) fn drop_contents(&mut self, kept: Option<&Kept>, out: &mut Outlet<'_>) {
        if self.tail.position() == 0 {
            return;
        }
        self.tail.let_go(kept);
        out.change(self.reader.forget());
        out.change(Change::ProblemsCleared {
            file: Arc::clone(&self.name),
        });
        self.tail = Tail::new(self.tail.path().to_owned());
        self.reader.renew();
        self.flawed = false;
    }
}

struct Feed<'a> {
    name: &'a Arc<str>,
    stream: Option<StreamId>,
    keys: &'a mut Vec<String>,
    flawed: &'a mut bool,
    troubled: &'a mut bool,
    told: &'a mut Told,
}

impl Feed<'_> {
    fn piece(&mut self, piece: Piece, out: &mut Outlet<'_>) {
        // Where something could be read, the trouble is over.
        self.recovered(out);
        match (piece, self.stream) {
            (Piece::Keys(keys), Some(stream)) => {
                self.keys.extend(keys.iter().cloned());
                out.change(Change::Columns { stream, keys });
            }
            (Piece::Rows(rows), Some(stream)) => out.change(Change::Rows { stream, rows }),
            (Piece::Logs(lines), _) => out.change(Change::Logs(lines)),
            (Piece::Params(change), _) => out.change(Change::Params(change)),
            (Piece::Facts(facts), _) => out.change(Change::Facts(facts)),
            (Piece::Files(files), _) => out.change(Change::Files(files)),
            (Piece::Layout(layout), _) => self.told.layout = Some(layout),
            (Piece::Flaw(flaw), _) => {
                *self.flawed = true;
                out.problem(self.name, flaw.offset, flaw.reason);
            }
            (Piece::Keys(_) | Piece::Rows(_), None) => {}
        }
    }

    fn reset(&mut self, forget: Change, reason: &str, out: &mut Outlet<'_>) {
        out.change(forget);
        out.change(Change::ProblemsCleared {
            file: Arc::clone(self.name),
        });
        out.note(self.name, reason);
        *self.flawed = false;
        *self.troubled = false;
    }

    fn trouble(&mut self, error: &str, out: &mut Outlet<'_>) {
        *self.troubled = true;
        out.problem(self.name, 0, format!("cannot be read: {error}"));
    }

    fn recovered(&mut self, out: &mut Outlet<'_>) {
        if !std::mem::take(self.troubled) {
            return;
        }
        if !*self.flawed {
            out.change(Change::ProblemsCleared {
                file: Arc::clone(self.name),
            });
        }
        out.note(self.name, "can be read again");
    }
}

/// A decoder that knows nothing of a file but the numbers of its keys.
pub(crate) fn knowing(kind: StreamKind, keys: &[String]) -> RowDecoder {
    let mut decoder = RowDecoder::new(kind);
    decoder.adopt(keys);
    decoder
}

/// Whether bytes without a newline are a whole record.
pub(crate) const COMPLETE: fn(&[u8]) -> bool = formats::is_complete;
