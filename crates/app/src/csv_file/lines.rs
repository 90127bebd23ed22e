//! What a file is read through: breaks of lines are made alike, and no row is endless.

use std::io::{self, Read};

/// Every line ends in `\n`, whether the file has `\r\n`, `\r` or nothing at its end, so that lines are counted as editors
/// count them. No more is read than was allowed.
pub(super) struct Lines<R> {
    inner: R,
    left: usize,
    last: Option<u8>,
    is_over: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(inner: R, left: usize) -> Lines<R> {
        Lines { inner, left, last: None, is_over: false }
    }

    /// From now on so many bytes may be read.
    pub(super) fn allow(&mut self, left: usize) {
        self.left = left;
    }

    /// Makes the breaks of what was read alike, in place; says how much there is of it then.
    fn straighten(&mut self, read: &mut [u8]) -> usize {
        let mut kept = 0;
        for place in 0..read.len() {
            let byte = read[place];
            if byte != b'\n' || self.last != Some(b'\r') {
                read[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
            self.last = Some(byte);
        }
        kept
    }

    /// The break that the last line may lack.
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

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(buffer)?;
            if read == 0 {
                return Ok(self.end(buffer));
            }
            self.left = self.left.checked_sub(read).ok_or_else(|| io::Error::other(TooLong(self.left)))?;
            let kept = self.straighten(&mut buffer[..read]);
            // 0 would mean that the file is over.
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

/// Of so many bytes at most.
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

    /// Gives so many bytes at a time.
    struct Slowly<'a>(&'a [u8], usize);

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len());
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn lines_end_alike_wherever_the_file_is_cut() {
        for (file, lines) in [
            ("a\nb\n", "a\nb\n"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\nb\n"),
            ("a\r\n\r\n\n\rb", "a\n\n\n\nb\n"),
            ("a", "a\n"),
            ("", ""),
        ] {
            for at_a_time in 1..4 {
                let mut read = String::new();
                let mut through = Lines::new(Slowly(file.as_bytes(), at_a_time), 100);
                through.read_to_string(&mut read).unwrap();
                assert_eq!(read, lines, "{file:?} by {at_a_time}");
            }
        }
    }

    #[test]
    fn what_never_ends_is_not_read_to_its_end() {
        let mut endless = Lines::new(io::repeat(b'x'), 1_000);
        let mut sink = [0; 300];
        assert_eq!((0..10).take_while(|_| endless.read(&mut sink).is_ok()).count(), 3);
    }
}
