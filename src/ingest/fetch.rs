//! Reading rows again: exact values that memory let go of, and rows in full for display.

use std::io;
use std::ops::Range;
use std::path::Path;

use super::files::{Files, Kind, OpenFile, not_regular, read_full};
use super::outlet::Outlet;
use super::row_file::{Reader, RowFile, knowing};
use super::slices::{Table, cut};
use super::tail::Buffer;
use crate::formats::{self, Decoder, Document, Piece, SpelledRow, Speller};
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
    if is_document(path) {
        let first = from_offset.saturating_add(skip);
        return Ok(rows_of_document(&whole(files, path)?, first, limit));
    }
    let file = open_regular(files, path)?;
    let (mut skip, mut found) = (skip, Vec::new());
    let mut take = |bytes: &[u8], at: u64, last: bool| {
        let want =
            (limit - found.len()).saturating_add(usize::try_from(skip).unwrap_or(usize::MAX));
        let (rows, done) = formats::full_rows(kind, bytes, at, last, want);
        let passed = (rows.len() as u64).min(skip);
        skip -= passed;
        found.extend(rows.into_iter().skip(passed as usize));
        (done, found.len() < limit)
    };
    if limit > 0 {
        each_piece(file.as_ref(), from_offset, &mut take)?;
    }
    found.truncate(limit);
    Ok(found)
}

/// Rows of a file that are to be read again.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    pub path: &'a Path,
    pub kind: StreamKind,
    /// Where some row starts: as in [`read_full_rows`].
    pub offset: u64,
    /// So many rows behind it is the first one that is wanted.
    pub skip: u64,
}

/// Chosen numbers of rows as the file spells them, one row after the other in bounded memory, as
/// long as `sink` wants more.
pub fn read_spelled(
    files: &dyn Files,
    passage: &Passage<'_>,
    keys: &[String],
    sink: &mut dyn FnMut(&SpelledRow<'_>) -> bool,
) -> io::Result<()> {
    let mut speller = Speller::new(passage.kind, keys);
    if is_document(passage.path) {
        let bytes = whole(files, passage.path)?;
        let first = passage.offset.saturating_add(passage.skip);
        let Some((start, rows)) = place_in_document(&bytes, first) else {
            return Ok(());
        };
        let mut at = 0;
        speller.read(&bytes[start..], start as u64, true, &mut |row| {
            at += 1;
            (at <= rows.start || sink(row)) && at < rows.end
        });
        return Ok(());
    }
    let file = open_regular(files, passage.path)?;
    let (mut skip, mut more) = (passage.skip, true);
    each_piece(file.as_ref(), passage.offset, &mut |bytes, at, last| {
        let done = speller.read(bytes, at, last, &mut |row| {
            if skip > 0 {
                skip -= 1;
            } else {
                more = sink(row);
            }
            more
        });
        (done, more)
    })
}

/// Gets bytes, their place in the file, and whether nothing follows.
type Take<'a> = dyn FnMut(&[u8], u64, bool) -> (usize, bool) + 'a;

/// Hands on the bytes of a file, from the start of a record on. `take` says how many of them it is
/// done with and whether it wants more; what is left at the end of the file it gets once more, told
/// that nothing follows. An unterminated last line counts when it was accepted; whether it was, the
/// number of rows that somebody asks for says.
fn each_piece(file: &dyn OpenFile, from: u64, take: &mut Take<'_>) -> io::Result<()> {
    let size = file.stat()?.size;
    let mut bytes = vec![0; Buffer::SIZE];
    let mut at = from;
    while at < size {
        let room = (size - at).min(bytes.len() as u64) as usize;
        let got = read_full(file, at, &mut bytes[..room])?;
        let last = at + got as u64 >= size;
        let (mut done, mut more) = take(&bytes[..got], at, false);
        if last && more && done < got {
            let rest = take(&bytes[done..got], at + done as u64, true);
            (done, more) = (done + rest.0, rest.1);
        }
        if !more || last {
            break;
        }
        if done == 0 {
            if bytes.len() >= LARGEST_RECORD {
                at = after_line(file, at, size, &mut bytes)?;
                bytes.truncate(Buffer::SIZE);
                continue;
            }
            bytes.resize(bytes.len() * 2, 0);
        }
        at += done as u64;
    }
    Ok(())
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

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

fn rows_of_document(bytes: &[u8], first: u64, limit: usize) -> Vec<FullRow> {
    let Some((start, rows)) = place_in_document(bytes, first) else {
        return Vec::new();
    };
    let skip = rows.start as usize;
    let want = limit.min(rows.end as usize - skip);
    let from = &bytes[start..];
    let (rows, _) = formats::full_rows(StreamKind::Metric, from, start as u64, true, skip + want);
    rows.into_iter().skip(skip).collect()
}

/// Where in a document to start for a row: at which byte, how many rows before it start there or
/// behind, and how many there are up to the end. Nothing where the document has no such row.
fn place_in_document(bytes: &[u8], wanted: u64) -> Option<(usize, Range<u64>)> {
    let (pieces, _) = formats::read_document(Document::Epochs, bytes);
    let rows = pieces.iter().filter_map(|piece| match piece {
        Piece::Rows(rows) => Some(rows),
        _ => None,
    });
    let (mut first, mut start) = (0_u64, None);
    for slice in rows {
        for mark in &slice.marks {
            let row = first + u64::from(mark.row);
            if row <= wanted {
                start = Some((row, mark.offset));
            }
        }
        first += u64::from(slice.count);
    }
    let (row, offset) = start.filter(|_| wanted < first)?;
    let start = (offset as usize).min(bytes.len());
    Some((start, wanted - row..first - row))
}
