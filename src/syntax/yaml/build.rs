//! Events into nodes.

use super::super::issue::Issue;
use super::Document;
use super::holes::{self, Extent, OpenLine};
use super::scalar::plain_scalar;
use crate::base::limit::ALIASES;
use crate::base::{Entry, Key, Map, Node, Place, Text, TextBuilder, Trail, Value};
use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Tag};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Comments that may stand between two nodes. Real charts have hundreds in a row.
const COMMENT_BUFFER: usize = 1 << 20;

/// What a stream holds.
pub(super) struct Parsed {
    pub(super) documents: Vec<Document>,
    pub(super) issues: Vec<Issue>,
    /// Where a line of a quoted scalar stands too far left for YAML 1.2.
    pub(super) shallow: Option<usize>,
}

pub(super) fn parse(text: &Text) -> Parsed {
    let (string, open_lines) = holes::blank_open_lines(text);
    let mut options = Options::default();
    options.max_buffered_comment_events = COMMENT_BUFFER;
    options.set_emit_comments(false);
    let mut parser = Parser::new_from_str_with_options(&string, options);
    let mut builder = Builder::new(text, &string, open_lines);
    loop {
        match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => builder.event(event, span.byte_range().unwrap_or_default()),
            Some(Err(error)) => {
                builder.error(&error);
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    Parsed { documents: builder.documents, issues: builder.issues, shallow: builder.shallow }
}

struct Builder<'a> {
    text: &'a Text,
    string: &'a str,
    open_lines: Vec<OpenLine>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, (Node, usize)>,
    /// Values that aliases stand for.
    expanded: usize,
    documents: Vec<Document>,
    issues: Vec<Issue>,
    documents_before: usize,
    shallow: Option<usize>,
}

/// A collection that has begun.
struct Frame {
    start: usize,
    end: usize,
    anchor: usize,
    custom_tag: Option<String>,
    weight: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, merges: Vec<Node>, key: Option<PendingKey> },
}

struct PendingKey {
    key: Key,
    merge: bool,
}

/// A finished node with its extent in the text, which decides keys and trailing text.
struct Finished {
    node: Node,
    range: Range<usize>,
    plain: bool,
    /// Values in it, with those that aliases stand for.
    weight: usize,
}

impl<'a> Builder<'a> {
    fn new(text: &'a Text, string: &'a str, open_lines: Vec<OpenLine>) -> Builder<'a> {
        Builder {
            text,
            string,
            open_lines,
            stack: Vec::new(),
            anchors: HashMap::new(),
            expanded: 0,
            documents: Vec::new(),
            issues: Vec::new(),
            documents_before: 0,
            shallow: None,
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::DocumentStart(..) => self.documents_before = self.documents.len(),
            Event::Scalar(value, style, anchor, tag) => {
                let node = self.scalar(&value, style, tag.as_deref(), range.clone());
                let plain = style == ScalarStyle::Plain;
                self.finish(Finished { node, range, plain, weight: 1 }, anchor);
            }
            Event::Alias(id) => self.alias(id, range),
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(range, anchor, tag.as_deref(), Items::List(Vec::new()));
            }
            Event::MappingStart(_, anchor, tag) => {
                let items = Items::Map { entries: Vec::new(), merges: Vec::new(), key: None };
                self.begin(range, anchor, tag.as_deref(), items);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range),
            Event::DocumentEnd => self.end_document(range.end.max(range.start)),
            _ => {}
        }
    }

    fn alias(&mut self, id: usize, range: Range<usize>) {
        let place = self.text.place(range.clone());
        let (node, weight) = match self.anchors.get(&id) {
            Some((node, weight)) => (node.clone().through(place), *weight),
            None => (Node::unknown("an alias inside the value that it names", place), 1),
        };
        let within = self.expanded <= ALIASES.len();
        self.expanded = self.expanded.saturating_add(weight);
        if self.expanded <= ALIASES.len() {
            return self.finish(Finished { node, range, plain: false, weight }, 0);
        }
        let what = format!("its aliases stand for more than {} values {ALIASES}", ALIASES.number());
        if within {
            self.issues.push(Issue::too_deep(place, what.as_str()));
        }
        self.finish(Finished { node: Node::unknown(what, place), range, plain: false, weight: 1 }, 0);
    }

    fn begin(&mut self, range: Range<usize>, anchor: usize, tag: Option<&Tag>, items: Items) {
        let custom_tag = tag.filter(|tag| tag.is_custom()).map(Tag::original);
        self.stack.push(Frame { start: range.start, end: range.end, anchor, custom_tag, weight: 0, items });
    }

    fn end(&mut self, range: Range<usize>) {
        let Some(mut frame) = self.stack.pop() else { return };
        // A block collection's end event stands at the next token; a flow one's covers its bracket.
        let end = if range.is_empty() { frame.end } else { range.end };
        frame.end = end;
        let place = self.text.place(frame.start..end.max(frame.start));
        let mut node = match frame.items {
            Items::List(items) => Node::list(items, place),
            Items::Map { entries, merges, .. } => Node::map(merged(entries, &merges), place),
        };
        self.apply_open_lines(&mut node, frame.start, range.start);
        if let Some(tag) = frame.custom_tag {
            node = Node::unknown(format!("a value with the tag {tag}"), place);
        }
        let finished = Finished { node, range: frame.start..end, plain: false, weight: frame.weight + 1 };
        self.finish(finished, frame.anchor);
    }

    /// Open lines outside of every container add to the document itself.
    fn end_document(&mut self, end: usize) {
        let waiting: Vec<OpenLine> = self.open_lines.extract_if(.., |line| line.at() < end).collect();
        if let Some(document) = self.documents.get_mut(self.documents_before..).and_then(<[_]>::last_mut) {
            for line in &waiting {
                holes::open(&mut document.root, line);
            }
        }
    }

    fn finish(&mut self, finished: Finished, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (finished.node.clone(), finished.weight));
        }
        let Some(frame) = self.stack.last_mut() else {
            let place = finished.node.place;
            self.documents.push(Document { root: finished.node, place });
            return;
        };
        frame.end = frame.end.max(finished.range.end);
        frame.weight += finished.weight;
        match &mut frame.items {
            Items::List(items) => items.push(finished.node),
            Items::Map { entries, merges, key } => match key.take() {
                None => *key = Some(pending_key(self.text, &finished)),
                Some(PendingKey { merge: true, .. }) => merges.push(finished.node),
                Some(PendingKey { key, .. }) => {
                    push_entry(entries, Entry { key, value: finished.node }, &mut self.issues);
                }
            },
        }
    }

    fn scalar(&self, value: &str, style: ScalarStyle, tag: Option<&Tag>, range: Range<usize>) -> Node {
        let place = self.text.place(range.clone());
        if let Some(tag) = tag.filter(|tag| tag.is_custom()) {
            return Node::unknown(format!("a value with the tag {}", tag.original()), place);
        }
        if let Some(reason) = self.text.hole_in(range.clone())
            && value.chars().count() == 1
        {
            return Node::unknown(reason, place);
        }
        let trail = self.text.trail(range.clone());
        let core = tag.and_then(Tag::core_suffix);
        let resolves = match core {
            Some("str" | "binary") => false,
            Some(_) => true,
            None => style == ScalarStyle::Plain && tag.is_none(),
        };
        if let Some(value) = resolves.then(|| plain_scalar(value)).flatten() {
            return Node { trail, ..Node::new(value, place) };
        }
        Node { trail, ..Node::text(self.scalar_text(value, style, range), place) }
    }

    fn scalar_text(&self, value: &str, style: ScalarStyle, range: Range<usize>) -> Text {
        let raw = &self.text.as_str()[range.clone()];
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) && raw.len() >= 2;
        let inner = if quoted { range.start + 1..range.end - 1 } else { range.clone() };
        if &self.text.as_str()[inner.clone()] == value {
            return self.text.slice(inner);
        }
        let aligned = match style {
            ScalarStyle::Literal => literal_lines(self.text, value, inner),
            _ => align(self.text, value, inner, style == ScalarStyle::DoubleQuoted),
        };
        aligned.unwrap_or_else(|| Text::made(value, self.text.place(range)))
    }

    fn apply_open_lines(&mut self, node: &mut Node, start: usize, end: usize) {
        if self.open_lines.is_empty() {
            return;
        }
        let column = self.column(start);
        let extent = Extent { start, column };
        let inside: Vec<OpenLine> = self
            .open_lines
            .extract_if(.., |line| line.at() > start && line.at() < end && line.column() >= column)
            .collect();
        for line in inside {
            if holes::adds_to(&line, &extent) {
                holes::open(node, &line);
            } else {
                open_last_before(node, &line, self.text.place(line.at()..line.at()));
            }
        }
    }

    fn column(&self, at: usize) -> usize {
        at - self.string[..at].rfind('\n').map_or(0, |i| i + 1)
    }

    fn error(&mut self, error: &ScanError) {
        self.stack.clear();
        let at = error.marker().byte_offset().unwrap_or(0).min(self.string.len());
        let end = self.string[at..].find('\n').map_or(self.string.len(), |i| at + i);
        let at = if at == end { self.string[..at].trim_end().len() } else { at };
        let at_char = self.string[at..].chars().next().map_or(0, char::len_utf8);
        let place = self.text.place(at..(at + at_char).min(self.string.len()));
        if matches!(error.kind(), ErrorKind::InvalidQuotedScalarIndent) {
            self.shallow.get_or_insert(at);
        }
        let alias = self.string[at..].strip_prefix('*').filter(|_| error.info().contains("unknown anchor"));
        if let Some(rest) = alias {
            let name = rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)).unwrap_or(rest.len());
            // A password that begins so is no alias, and is not repeated.
            let what = "there is no anchor before this alias; a text that begins with `*` stands in quotes";
            self.issues.push(Issue::syntax(self.text.place(at..at + 1 + name), what));
            return;
        }
        self.issues.push(match error.kind() {
            ErrorKind::RecursionLimitExceeded => Issue::too_deep(place, error.info()),
            _ => Issue::syntax(place, error.info()),
        });
    }
}

/// Opens the value of the last entry that stands before a line.
fn open_last_before(node: &mut Node, line: &OpenLine, at: Place) {
    if let Value::Map(map) = &mut node.value {
        let mut changed = Map::clone(map);
        let before = |entry: &&mut Entry| {
            entry.key.place.file == at.file && entry.key.place.span.start < at.span.start
        };
        if let Some(entry) = changed.entries.iter_mut().filter(before).last() {
            holes::open(&mut entry.value, line);
        }
        *map = Arc::new(changed);
    } else {
        holes::open(node, line);
    }
}

fn pending_key(text: &Text, finished: &Finished) -> PendingKey {
    let raw = &text.as_str()[finished.range.clone()];
    let name: Arc<str> = match &finished.node.value {
        Value::Text(key) => key.shared(),
        Value::Null => "null".into(),
        _ => raw.into(),
    };
    PendingKey { merge: finished.plain && &*name == "<<", key: Key { name, place: finished.node.place } }
}

/// Issues of one stream beyond which double keys are not told.
const MOST_ISSUES: usize = 1_000;

fn push_entry(entries: &mut Vec<Entry>, entry: Entry, issues: &mut Vec<Issue>) {
    // Linear search stays quick up to here; beyond, generated files have no duplicates worth a report.
    const SEARCHED: usize = 4096;
    if entries.len() < SEARCHED
        && let Some(first) = entries.iter_mut().find(|e| e.key.name == entry.key.name)
    {
        if issues.len() < MOST_ISSUES {
            issues.push(Issue::duplicate(&entry.key.name, entry.key.place, first.key.place));
        }
        *first = entry;
        return;
    }
    entries.push(entry);
}

/// Adds what merge keys bring: a key written here wins, then the first merged mapping that has it.
fn merged(entries: Vec<Entry>, merges: &[Node]) -> Map {
    let mut map = Map { entries, open: None };
    for merge in merges {
        let sources =
            if let Value::List(list) = &merge.value { &list.items } else { std::slice::from_ref(merge) };
        for source in sources {
            match source.as_map() {
                Some(other) => {
                    for entry in &other.entries {
                        if map.get(&entry.key.name).is_none() {
                            map.entries.push(entry.clone());
                        }
                    }
                    map.open = map.open.or_else(|| other.open.clone());
                }
                None => map.open = map.open.or_else(|| source.unknown_reason().cloned()),
            }
        }
    }
    map
}

/// The text of a `|` scalar: each line without its indent.
fn literal_lines(text: &Text, value: &str, range: Range<usize>) -> Option<Text> {
    let string = text.as_str();
    let line_start = string[..range.start].rfind('\n').map_or(0, |i| i + 1);
    let mut lines = Vec::new();
    let mut at = line_start;
    for line in string[line_start..range.end].split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let indent = lines.iter().map(|(_, line)| line).find(|line| !line.trim().is_empty())?;
    let indent = indent.len() - indent.trim_start_matches(' ').len();
    let mut out = TextBuilder::new();
    for (start, line) in lines {
        let content = line.trim_end_matches(['\n', '\r']);
        let skip = indent.min(content.len() - content.trim_start_matches(' ').len());
        out.push_range(text, start + skip..start + content.len());
        if line.ends_with('\n') {
            out.push_range(text, start + line.len() - 1..start + line.len());
        }
    }
    let built = out.as_str().len();
    let text_built = out.finish(text.place(range.start..range.start));
    if built > value.len() && text_built.as_str().starts_with(value) {
        return Some(text_built.slice(0..value.len()));
    }
    (text_built.as_str() == value).then_some(text_built)
}

/// Lays the characters of a value along the raw text that it was read from, across folds and escapes.
fn align(text: &Text, value: &str, range: Range<usize>, escapes: bool) -> Option<Text> {
    let string = text.as_str();
    let mut out = TextBuilder::new();
    let mut at = range.start;
    for c in value.chars() {
        let mut buffer = [0; 4];
        loop {
            let next = string[at..range.end].chars().next();
            match next {
                Some('\\') if escapes => {
                    let len = escape_len(&string[at..range.end]);
                    if string[at + 1..].starts_with(['\n', '\r']) {
                        at += len;
                        continue;
                    }
                    out.push_made(c.encode_utf8(&mut buffer), text.place(at..at + len), Trail::default());
                    at += len;
                }
                Some(raw) if raw == c => {
                    out.push_range(text, at..at + raw.len_utf8());
                    at += raw.len_utf8();
                    if c == '\'' && string[at..range.end].starts_with('\'') {
                        at += 1;
                    }
                }
                Some(raw) if raw.is_whitespace() && !c.is_whitespace() => {
                    at += raw.len_utf8();
                    continue;
                }
                Some(raw) if raw.is_whitespace() => {
                    out.push_made(
                        c.encode_utf8(&mut buffer),
                        text.place(at..at + raw.len_utf8()),
                        Trail::default(),
                    );
                    at += raw.len_utf8();
                }
                None if c == '\n' => {
                    out.push_made("\n", text.place(range.end..range.end), Trail::default());
                }
                _ => return None,
            }
            break;
        }
    }
    Some(out.finish(text.place(range.start..range.start)))
}

fn escape_len(raw: &str) -> usize {
    let wanted = match raw.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        Some(b'\r') => 3,
        Some(byte) if byte.is_ascii() => 2,
        _ => 1 + raw[1..].chars().next().map_or(0, char::len_utf8),
    };
    (0..=wanted.min(raw.len())).rev().find(|len| raw.is_char_boundary(*len)).unwrap_or(1)
}
