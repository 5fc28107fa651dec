//! Reading rows again: exact values that memory let go of, and rows in full for display.

use std::io;
use std::ops::Range;
use std::path::Path;

use super::files::{Files, Kind, OpenFile, not_regular, read_full};
use super::outlet::Outlet;
use super::row_file::{Reader, RowFile, knowing};
use super::slices::{Table, cut};
use super::tail::Buffer;
use crate::formats::{self, Decoder, Document, Piece};
use crate::record::{Change, FullRow, Rows, StreamId, StreamKind};

const LARGEST_DOCUMENT: u64 = 64 * 1024 * 1024;
const LARGEST_RECORD: usize = 8 * 1024 * 1024;

/// Rows that somebody wants to have exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fetch {
    pub(crate) stream: StreamId,
    pub(crate) rows: Range<u64>,
    /// A row at or before the first one, and where it starts in the file.
    pub(crate) from_row: u64,
    pub(crate) from_offset: u64,
}

/// Sends those of `rows` that are wanted; `first` is the number of the first of them.
fn send(fetch: &Fetch, first: u64, rows: &Rows, out: &mut Outlet<'_>) {
    let end = first + u64::from(rows.count);
    let wanted = fetch.rows.start.max(first)..fetch.rows.end.min(end);
    if wanted.start >= wanted.end {
        return;
    }
    let part = cut(
        rows,
        (wanted.start - first) as u32,
        (wanted.end - first) as u32,
    );
    out.change(Change::Exact {
        stream: fetch.stream,
        first: wanted.start,
        rows: part,
    });
}

/// Sends the exact rows of an appended file.
pub(crate) fn from_rows(
    file: &RowFile,
    fetch: &Fetch,
    files: &dyn Files,
    buffer: &mut Buffer,
    out: &mut Outlet<'_>,
) -> io::Result<()> {
    let Reader::Rows(decoder, kind, _) = &file.reader else {
        return Ok(());
    };
    let mut decoder = match decoder {
        Some(decoder) => decoder.fork(),
        None => knowing(*kind, &file.keys),
    };
    let mut row = fetch.from_row;
    for part in file.tail.parts() {
        // Nothing beyond what was committed: the store does not know of those rows yet.
        let end = part.origin + part.len;
        if end <= fetch.from_offset || row >= fetch.rows.end {
            continue;
        }
        let open = file.tail.open_part(&part, files)?;
        let span = fetch.from_offset.max(part.origin)..end;
        let from = Source {
            file: open.as_ref(),
            origin: part.origin,
        };
        let mut rows_of = |piece| {
            if let Piece::Rows(rows) = piece {
                send(fetch, row, &rows, out);
                row += u64::from(rows.count);
            }
            row < fetch.rows.end && out.is_open()
        };
        from.decode(span, &mut decoder, buffer, &mut rows_of)?;
    }
    buffer.shrink();
    Ok(())
}

/// One file of a stream, whose first byte has this place in the stream.
struct Source<'a> {
    file: &'a dyn OpenFile,
    origin: u64,
}

impl Source<'_> {
    /// Decodes a span of the stream that lies in this file, until `go_on` is false.
    fn decode(
        &self,
        span: Range<u64>,
        decoder: &mut dyn Decoder,
        buffer: &mut Buffer,
        go_on: &mut dyn FnMut(Piece) -> bool,
    ) -> io::Result<()> {
        let (mut at, end, mut wanted) = (span.start, span.end, true);
        while at < end && wanted {
            let room = (end - at).min(buffer.bytes().len() as u64) as usize;
            let got = read_full(self.file, at - self.origin, &mut buffer.bytes()[..room])?;
            let last = at + got as u64 >= end;
            let bytes = &buffer.bytes()[..got];
            let done = decoder.decode(bytes, at, last, &mut |piece| wanted = go_on(piece));
            if last || done == 0 && !buffer.grow() {
                break;
            }
            at += done as u64;
        }
        Ok(())
    }
}

/// Sends the exact rows of a document.
pub(crate) fn from_document(
    table: &mut Table,
    path: &Path,
    fetch: &Fetch,
    files: &dyn Files,
    out: &mut Outlet<'_>,
) -> io::Result<()> {
    let (pieces, _) = formats::read_document(Document::Epochs, &whole(files, path)?);
    let mut first = 0;
    for rows in table.read(pieces) {
        send(fetch, first, &rows, out);
        first += u64::from(rows.count);
    }
    Ok(())
}

fn whole(files: &dyn Files, path: &Path) -> io::Result<Vec<u8>> {
    let file = open_regular(files, path)?;
    let size = file.stat()?.size;
    if size > LARGEST_DOCUMENT {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "too large for a document",
        ));
    }
    let mut bytes = vec![0; size as usize];
    let got = read_full(file.as_ref(), 0, &mut bytes)?;
    bytes.truncate(got);
    Ok(bytes)
}

fn open_regular(files: &dyn Files, path: &Path) -> io::Result<Box<dyn OpenFile>> {
    if files.stat(path)?.kind != Kind::File {
        return Err(not_regular());
    }
    files.open(path)
}

/// Rows in full: at most `limit`, after `skip` rows from a row that starts at `from_offset`.
///
/// In a document of rows the offsets of marks are numbers of rows, because its bytes move whenever
/// it is written anew.
pub fn read_full_rows(
    files: &dyn Files,
    path: &Path,
    kind: StreamKind,
    from_offset: u64,
    skip: u64,
    limit: u64,
) -> io::Result<Vec<FullRow>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if path.extension().is_some_and(|ending| ending == "json") {
        let first = from_offset.saturating_add(skip);
        return Ok(rows_of_document(&whole(files, path)?, first, limit));
    }
    let file = open_regular(files, path)?;
    let size = file.stat()?.size;
    let mut bytes = vec![0; Buffer::SIZE];
    let (mut at, mut skip, mut found) = (from_offset, skip, Vec::new());
    while at < size && found.len() < limit {
        let room = (size - at).min(bytes.len() as u64) as usize;
        let got = read_full(file.as_ref(), at, &mut bytes[..room])?;
        let last = at + got as u64 >= size;
        let want =
            (limit - found.len()).saturating_add(usize::try_from(skip).unwrap_or(usize::MAX));
        let (rows, done) = formats::full_rows(kind, &bytes[..got], at, false, want);
        let (rows, done) = if last && done < got && rows.len() < want {
            // The unterminated last line counts when it was accepted; whether it was, the number
            // of rows that the caller asks for says.
            formats::full_rows(kind, &bytes[..got], at, true, want)
        } else {
            (rows, done)
        };
        let passed = (rows.len() as u64).min(skip);
        skip -= passed;
        found.extend(rows.into_iter().skip(passed as usize));
        if done == 0 {
            if last {
                break;
            }
            if bytes.len() >= LARGEST_RECORD {
                at = after_line(file.as_ref(), at, size, &mut bytes)?;
                bytes.truncate(Buffer::SIZE);
                continue;
            }
            bytes.resize(bytes.len() * 2, 0);
        }
        at += done as u64;
    }
    found.truncate(limit);
    Ok(found)
}

/// The start of the line after an over-long one.
fn after_line(file: &dyn OpenFile, from: u64, size: u64, buf: &mut [u8]) -> io::Result<u64> {
    let mut at = from;
    while at < size {
        let got = read_full(file, at, buf)?;
        if let Some(end) = memchr::memchr(b'\n', &buf[..got]) {
            return Ok(at + end as u64 + 1);
        }
        if got == 0 {
            break;
        }
        at += got as u64;
    }
    Ok(size)
}

fn rows_of_document(bytes: &[u8], skip: u64, limit: usize) -> Vec<FullRow> {
    let (pieces, _) = formats::read_document(Document::Epochs, bytes);
    let rows = pieces.iter().filter_map(|piece| match piece {
        Piece::Rows(rows) => Some(rows),
        _ => None,
    });
    let (mut first, mut start) = (0_u64, None);
    for slice in rows {
        for mark in &slice.marks {
            let row = first + u64::from(mark.row);
            if row <= skip {
                start = Some((row, mark.offset));
            }
        }
        first += u64::from(slice.count);
    }
    let Some((row, offset)) = start.filter(|_| skip < first) else {
        return Vec::new();
    };
    let skip = (skip - row) as usize;
    let want = limit.min((first - row) as usize - skip);
    let from = &bytes[(offset as usize).min(bytes.len())..];
    let (rows, _) = formats::full_rows(StreamKind::Metric, from, offset, true, skip + want);
    rows.into_iter().skip(skip).collect()
}
