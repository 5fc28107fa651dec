//! The signals that matter here, as one stream.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll, Waker};

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// End, and say with which of them.
    End(i32),
    Stop,
    /// Somebody stopped us and lets us go on.
    Continue,
    Resize,
}

/// Listens from its making on.
#[derive(Debug)]
pub(crate) struct Signals {
    streams: Vec<(Signal, Stream)>,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        let end = |number: Number| (Signal::End(number.as_raw()), number);
        let wanted = [
            end(Number::TERM),
            end(Number::INT),
            end(Number::HUP),
            end(Number::QUIT),
            (Signal::Continue, Number::CONT),
            (Signal::Stop, Number::TSTP),
            (Signal::Resize, Number::WINCH),
        ];
        let streams = wanted
            .into_iter()
            .map(|(means, number)| {
                let stream = signal(SignalKind::from_raw(number.as_raw()))?;
                Ok((means, stream))
            })
            .collect::<io::Result<_>>()?;
        Ok(Self { streams })
    }

    /// The next signal; those that end come first.
    pub(crate) async fn next(&mut self) -> Signal {
        poll_fn(|context| {
            for (means, stream) in &mut self.streams {
                if stream.poll_recv(context).is_ready() {
                    return Poll::Ready(*means);
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Forgets that somebody asked us to stop, when we did.
    pub(crate) fn forget_stop(&mut self) {
        let mut context = Context::from_waker(Waker::noop());
        for (means, stream) in &mut self.streams {
            while *means == Signal::Stop && stream.poll_recv(&mut context) == Poll::Ready(Some(()))
            {
            }
        }
    }
}
