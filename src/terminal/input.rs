//! The thread that reads keys: it waits for bytes, and for the time when a lone ESC is a key.

use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};
use std::{io, thread};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::keys::{Decoder, Input};
use super::screen;

/// What waits to be taken. When nobody takes it, the terminal keeps the rest.
const WAITING: usize = 256;
const PIECE: usize = 4096;

/// Starts to read keys. The end of the stream means that the terminal is gone.
pub(crate) fn start(keys: BorrowedFd<'static>) -> io::Result<Receiver<Input>> {
    let (sender, receiver) = channel(WAITING);
    thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || read(keys, &sender))?;
    Ok(receiver)
}

fn read(keys: BorrowedFd<'static>, sender: &Sender<Input>) {
    let mut decoder = Decoder::default();
    let mut bytes = [0; PIECE];
    let mut inputs = Vec::new();
    loop {
        let waited = wait(keys, decoder.deadline());
        screen::wait_until_ours();
        match waited {
            // What lay there in time counts as in time, however late we are.
            Ok(true) => match rustix::io::read(keys, &mut bytes) {
                Ok(0) => return,
                Ok(length) => decoder.feed(&bytes[..length], Instant::now(), &mut inputs),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return,
            },
            Ok(false) => decoder.expire(Instant::now(), &mut inputs),
            Err(Errno::INTR) => {}
            Err(_) => return,
        }
        for input in inputs.drain(..) {
            if sender.blocking_send(input).is_err() {
                return;
            }
        }
    }
}

/// Waits for bytes, or until a moment; whether there may be bytes.
fn wait(keys: BorrowedFd<'_>, until: Option<Instant>) -> Result<bool, Errno> {
    let patience = until.map(|at| {
        // Not a moment too early.
        let left = at.saturating_duration_since(Instant::now()) + Duration::from_micros(100);
        Timespec {
            tv_sec: left.as_secs().cast_signed(),
            tv_nsec: i64::from(left.subsec_nanos()),
        }
    });
    let mut asked = [PollFd::new(&keys, PollFlags::IN)];
    Ok(poll(&mut asked, patience.as_ref())? > 0)
}
