//! Normalizes line breaks while reading, and limits the bytes read for one row.

use std::io::{self, Read};

/// Converts `\r\n` and `\r` to `\n` and adds a missing line break at the end of the file, so that line numbers are
/// those of a text editor. Fails when more bytes are read than allowed.
pub(super) struct LineReader<R> {
    inner: R,
    left: usize,
    last: Option<u8>,
    is_over: bool,
}

impl<R: Read> LineReader<R> {
    pub(super) fn new(inner: R, left: usize) -> LineReader<R> {
        LineReader { inner, left, last: None, is_over: false }
    }

    /// Allows this many more bytes to be read.
    pub(super) fn allow(&mut self, left: usize) {
        self.left = left;
    }

    /// Normalizes line breaks in place. Returns the new length.
    fn normalize(&mut self, read: &mut [u8]) -> usize {
        let mut kept = 0;
        for index in 0..read.len() {
            let byte = read[index];
            if byte != b'\n' || self.last != Some(b'\r') {
                read[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
            self.last = Some(byte);
        }
        kept
    }

    /// Adds the line break that the last line may lack. Returns the number of bytes written.
    fn end(&mut self, buffer: &mut [u8]) -> usize {
        let lacks_break = !self.is_over && self.last.is_some_and(|last| last != b'\n' && last != b'\r');
        self.is_over = true;
        match buffer.first_mut().filter(|_| lacks_break) {
            Some(first) => {
                *first = b'\n';
                1
            }
            None => 0,
        }
    }
}

impl<R: Read> Read for LineReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(buffer)?;
            if read == 0 {
                return Ok(self.end(buffer));
            }
            self.left = self.left.checked_sub(read).ok_or_else(|| io::Error::other(TooLong(self.left)))?;
            let kept = self.normalize(&mut buffer[..read]);
            // Returning 0 would mean the end of the file.
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

/// A row is longer than this many bytes.
#[derive(Debug, thiserror::Error)]
#[error("the row has more than {0} bytes; is a line break or a closing quote missing?")]
pub(super) struct TooLong(pub usize);

impl TooLong {
    pub(super) fn is(error: &io::Error) -> bool {
        let cause = error.get_ref();
        cause.and_then(|cause| cause.downcast_ref::<TooLong>()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns at most this many bytes per call.
    struct ShortReads<'a>(&'a [u8], usize);

    impl Read for ShortReads<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len());
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn line_breaks_are_normalized_however_the_file_is_split_into_reads() {
        for (file, lines) in [
            ("a\nb\n", "a\nb\n"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\nb\n"),
            ("a\r\n\r\n\n\rb", "a\n\n\n\nb\n"),
            ("a", "a\n"),
            ("", ""),
        ] {
            for length in 1..4 {
                let mut read = String::new();
                let mut reader = LineReader::new(ShortReads(file.as_bytes(), length), 100);
                reader.read_to_string(&mut read).unwrap();
                assert_eq!(read, lines, "{file:?} in reads of {length}");
            }
        }
    }

    #[test]
    fn reading_stops_at_the_limit() {
        let mut endless = LineReader::new(io::repeat(b'x'), 1_000);
        let mut sink = [0; 300];
        assert_eq!((0..10).take_while(|_| endless.read(&mut sink).is_ok()).count(), 3);
    }
}
