//! Strings with a source map.

use super::node::{Node, Trail};
use super::place::{FileId, Place};
use super::source::SourceFile;
use std::ops::Range;
use std::sync::Arc;

/// Stands in a [`Text`]'s string for a part that is not known.
pub const HOLE: char = '\u{FFFC}';

/// A string whose every run of characters knows the file and the bytes that it was written with.
#[derive(Clone, Debug)]
pub struct Text {
    string: Arc<str>,
    runs: Runs,
    /// What few texts have.
    more: Option<Arc<More>>,
}

/// Nearly every text has one run, which needs no memory of its own.
#[derive(Clone, Debug)]
enum Runs {
    One(Run),
    Many(Arc<[Run]>),
}

impl std::ops::Deref for Runs {
    type Target = [Run];

    fn deref(&self) -> &[Run] {
        match self {
            Runs::One(run) => std::slice::from_ref(run),
            Runs::Many(runs) => runs,
        }
    }
}

#[derive(Clone, Debug, Default)]
struct More {
    holes: Vec<Hole>,
    encodes: Option<Node>,
}

#[derive(Clone, Debug)]
struct Run {
    at: u32,
    len: u32,
    source: Place,
    /// Byte for byte as in the source; otherwise all of it means the whole source place.
    copied: bool,
    trail: Trail,
}

#[derive(Clone, Debug)]
struct Hole {
    at: u32,
    reason: Arc<str>,
}

impl Text {
    /// The whole text of a file.
    pub fn of_file(file: &SourceFile) -> Text {
        Text::copied(file.text_arc(), Place::new(file.id(), 0, file.text().len()))
    }

    /// Characters that stand in a file exactly so.
    pub fn copied(string: Arc<str>, place: Place) -> Text {
        let run =
            Run { at: 0, len: string.len() as u32, source: place, copied: true, trail: Trail::default() };
        Text { string, runs: Runs::One(run), more: None }
    }

    /// Characters that were made, or written otherwise, at a place.
    pub fn made(string: impl Into<Arc<str>>, place: Place) -> Text {
        let string = string.into();
        let run =
            Run { at: 0, len: string.len() as u32, source: place, copied: false, trail: Trail::default() };
        Text { string, runs: Runs::One(run), more: None }
    }

    /// The characters; [`HOLE`] stands for what is unknown.
    pub fn as_str(&self) -> &str {
        &self.string
    }

    /// The characters, shared.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.string)
    }

    /// Whether every character is known.
    pub fn is_known(&self) -> bool {
        self.all_holes().is_empty()
    }

    fn all_holes(&self) -> &[Hole] {
        self.more.as_ref().map_or(&[], |more| &more.holes)
    }

    /// Why the first unknown part inside the range is unknown.
    pub fn hole_in(&self, range: Range<usize>) -> Option<Arc<str>> {
        self.holes_in(range).next().map(|hole| Arc::clone(&hole.reason))
    }

    /// Byte offsets of the unknown parts, in order.
    pub fn holes(&self) -> impl Iterator<Item = usize> + '_ {
        self.all_holes().iter().map(|hole| hole.at as usize)
    }

    fn holes_in(&self, range: Range<usize>) -> impl Iterator<Item = &Hole> {
        let holes = self.all_holes();
        let first = holes.partition_point(|hole| (hole.at as usize) < range.start);
        holes[first..].iter().take_while(move |hole| (hole.at as usize) < range.end)
    }

    /// The value that this text encodes, when it was made by `jsonencode` or `yamlencode`.
    pub fn encoded(&self) -> Option<&Node> {
        self.more.as_ref().and_then(|more| more.encodes.as_ref())
    }

    /// Marks this text as the encoding of a value.
    pub fn encoding(mut self, node: Node) -> Text {
        let holes = self.all_holes().to_vec();
        self.more = Some(Arc::new(More { holes, encodes: Some(node) }));
        self
    }

    /// The place that a range of the string was written at: from its first to its last character where
    /// both stand in one file, else that of the first.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = self.locate(range.start, range.start < range.end);
        if range.end <= range.start + 1 {
            return if range.end > range.start { start } else { start.start() };
        }
        start.to(self.locate(range.end - 1, true))
    }

    /// Whether the range was written byte for byte as it stands in one file.
    pub fn is_copied(&self, range: Range<usize>) -> bool {
        let run = self.run_at(range.start);
        run.copied && range.end <= (run.at + run.len) as usize
    }

    /// The places behind a range that came whole out of one interpolation.
    pub fn trail(&self, range: Range<usize>) -> Trail {
        let run = self.run_at(range.start);
        if !run.copied && range.end <= (run.at + run.len) as usize {
            run.trail.clone()
        } else {
            Trail::default()
        }
    }

    /// The places that its characters were written at, and those that they came through.
    pub fn sources(&self) -> impl Iterator<Item = Place> + '_ {
        self.runs.iter().flat_map(|run| std::iter::once(run.source).chain(run.trail.places()))
    }

    fn run_at(&self, at: usize) -> &Run {
        let index = self.runs.partition_point(|run| run.at as usize <= at);
        &self.runs[index.saturating_sub(1)]
    }

    fn locate(&self, at: usize, one: bool) -> Place {
        let run = self.run_at(at);
        if !run.copied {
            return run.source;
        }
        let offset = (at - run.at as usize).min(run.len as usize);
        let start = run.source.span.start as usize + offset;
        let next = usize::from(one && offset < run.len as usize) * self.char_len(at);
        Place::new(run.source.file, start, start + next)
    }

    fn char_len(&self, at: usize) -> usize {
        // Called with the last byte of a range, which may be the tail of a longer character.
        if self.string.is_char_boundary(at) {
            self.string[at..].chars().next().map_or(0, char::len_utf8)
        } else {
            1
        }
    }

    /// A part of this text. The range must lie on character boundaries.
    pub fn slice(&self, range: Range<usize>) -> Text {
        let mut out = TextBuilder::new();
        out.push_range(self, range);
        out.finish(self.locate(0, false))
    }
}

/// Builds a [`Text`] piece by piece.
#[derive(Default)]
pub struct TextBuilder {
    string: String,
    runs: Vec<Run>,
    holes: Vec<Hole>,
}

impl TextBuilder {
    /// An empty builder.
    pub fn new() -> TextBuilder {
        TextBuilder::default()
    }

    /// The characters so far.
    pub fn as_str(&self) -> &str {
        &self.string
    }

    /// Adds characters that stand at `place` exactly so.
    pub fn push_copied(&mut self, string: &str, file: FileId, start: usize) {
        self.push_run(string, Place::new(file, start, start + string.len()), true, Trail::default());
    }

    /// Adds characters that were written in another form at `place`, such as an escape.
    pub fn push_made(&mut self, string: &str, place: Place, trail: Trail) {
        self.push_run(string, place, false, trail);
    }

    /// Adds an unknown part.
    pub fn push_hole(&mut self, place: Place, reason: Arc<str>) {
        self.holes.push(Hole { at: self.string.len() as u32, reason });
        self.push_run(HOLE.encode_utf8(&mut [0; 4]), place, false, Trail::default());
    }

    /// Adds a whole text.
    pub fn push_text(&mut self, text: &Text) {
        self.push_range(text, 0..text.string.len());
    }

    /// Adds what another text holds in a range.
    pub fn push_range(&mut self, text: &Text, range: Range<usize>) {
        let base = self.string.len();
        for hole in text.holes_in(range.clone()) {
            let at = (base + hole.at as usize - range.start) as u32;
            self.holes.push(Hole { at, reason: Arc::clone(&hole.reason) });
        }
        let first = text.runs.partition_point(|run| ((run.at + run.len) as usize) <= range.start);
        for run in &text.runs[first.min(text.runs.len())..] {
            let (start, end) = (range.start.max(run.at as usize), range.end.min((run.at + run.len) as usize));
            if start >= end {
                break;
            }
            let mut source = run.source;
            if run.copied {
                let skip = (start - run.at as usize) as u32;
                source.span.start += skip;
                source.span.end = source.span.start + (end - start) as u32;
            }
            self.push_run(&text.string[start..end], source, run.copied, run.trail.clone());
        }
    }

    fn push_run(&mut self, string: &str, source: Place, copied: bool, trail: Trail) {
        if string.is_empty() {
            return;
        }
        let at = self.string.len() as u32;
        self.string.push_str(string);
        if let Some(last) = self.runs.last_mut() {
            let adjoins = last.copied && copied && last.source.file == source.file;
            if adjoins && last.source.span.end == source.span.start {
                last.len += string.len() as u32;
                last.source.span.end = source.span.end;
                return;
            }
        }
        self.runs.push(Run { at, len: string.len() as u32, source, copied, trail });
    }

    /// The text; `empty` is its place when nothing was added.
    pub fn finish(mut self, empty: Place) -> Text {
        let runs = match self.runs.pop() {
            None => Runs::One(Run { at: 0, len: 0, source: empty, copied: false, trail: Trail::default() }),
            Some(run) if self.runs.is_empty() => Runs::One(run),
            Some(run) => {
                self.runs.push(run);
                Runs::Many(self.runs.into())
            }
        };
        let holes = self.holes;
        let more = (!holes.is_empty()).then(|| Arc::new(More { holes, encodes: None }));
        Text { string: self.string.into(), runs, more }
    }
}
