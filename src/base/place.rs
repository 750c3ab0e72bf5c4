//! Where something was written.

/// A half-open range of bytes in one text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Span {
    /// The first byte, from 0.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets. Texts are limited to 4 GiB where they are loaded.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }

    /// The span as a range of `usize`, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Names one file of a run. Ids are dense and mean nothing outside the run's [`super::Sources`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// A file and the bytes in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// A place from byte offsets.
    pub fn new(file: FileId, start: usize, end: usize) -> Place {
        Place { file, span: Span::new(start, end) }
    }

    /// From the start of this place to the end of `last`, when both stand in the same file in this order;
    /// otherwise this place.
    pub fn to(self, last: Place) -> Place {
        if self.file == last.file && self.span.start <= last.span.end {
            Place { file: self.file, span: Span { start: self.span.start, end: last.span.end } }
        } else {
            self
        }
    }

    /// Whether `other` lies inside this place.
    pub fn contains(self, other: Place) -> bool {
        self.file == other.file && self.span.contains(other.span)
    }

    /// The empty place where this one starts.
    pub fn start(self) -> Place {
        Place { file: self.file, span: Span { start: self.span.start, end: self.span.start } }
    }
}
