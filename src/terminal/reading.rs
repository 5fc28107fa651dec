//! Reading goes on in threads of its own; this hands requests to it and messages from it.
//!
//! Even to begin may take for ever, where a file system is dead: so nothing here is done by the loop.

use std::sync::Arc;
use std::{io, thread};

use tokio::sync::mpsc::{Receiver, channel};

use crate::ingest::{self, Files, Ingest, Message};
use crate::record::{LogQuestion, RunId};
use crate::store::Want;

/// Messages that may wait for the loop. When it is full, reading pauses: the file is the queue.
const CHANNEL: usize = 32;

/// What the screen wants to be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    Focus(RunId),
    InSight(Vec<RunId>),
    Fetch(Want),
    AskLog(RunId, LogQuestion),
    LookAgain,
}

/// Reading in the background.
#[derive(Debug)]
pub(crate) struct Reading {
    requests: std::sync::mpsc::Sender<Request>,
}

impl Reading {
    /// Starts to read.
    pub(crate) fn start(
        files: Arc<dyn Files>,
        options: ingest::Options,
    ) -> io::Result<(Self, Receiver<Message>)> {
        let (sender, messages) = channel(CHANNEL);
        let (requests, wanted) = std::sync::mpsc::channel();
        let read = move || {
            let sink = move |message| sender.blocking_send(message).is_ok();
            let ingest = ingest::start(files, options, sink);
            for request in wanted {
                pass_on(&ingest, request);
            }
        };
        thread::Builder::new()
            .name("requests".to_owned())
            .spawn(read)?;
        Ok((Self { requests }, messages))
    }

    pub(crate) fn ask(&self, request: Request) {
        // Without a thread that reads there are no runs that anything could be asked of.
        let _ = self.requests.send(request);
    }
}

fn pass_on(ingest: &Ingest, request: Request) {
    match request {
        Request::Focus(run) => ingest.focus(run),
        Request::InSight(runs) => ingest.in_sight(runs),
        Request::Fetch(want) => ingest.fetch(
            want.run,
            want.stream,
            want.rows,
            want.from.row,
            want.from.offset,
        ),
        Request::AskLog(run, question) => ingest.ask_log(run, question),
        Request::LookAgain => ingest.look_again(),
    }
}
