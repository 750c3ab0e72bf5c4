//! Which values a template reads.

use super::actions::{Start, Word, actions};
use super::scope::{Dot, Scopes};
use std::collections::BTreeSet;

/// A value that a template reads.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Read {
    /// Its path below `.Values`; empty for all values.
    pub path: Vec<String>,
    /// Whether everything below it is read too; otherwise only whether it is set, or its own value.
    pub deep: bool,
}

/// What a template reads and calls.
#[derive(Clone, Debug, Default)]
pub struct TemplateReads {
    /// The values.
    pub reads: BTreeSet<Read>,
    /// Names of the templates that it defines.
    pub defines: BTreeSet<String>,
    /// Names of the templates that it calls.
    pub calls: BTreeSet<String>,
    /// Whether it calls templates by names that it computes, other than those of its own files.
    pub calls_unknown: bool,
    /// Whether it reads files of the chart, which may be templates themselves.
    pub reads_files: bool,
}

/// Functions that only ask whether a value is set, or what it is.
const QUESTIONS: [&str; 13] =
    ["and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "empty", "else", "if", "kindIs"];

/// Strings with templates inside strings with templates, at most.
const DEEPEST: usize = 4;

/// What a template reads and calls.
pub fn template_reads(text: &str) -> TemplateReads {
    let mut reader = Reader { out: TemplateReads::default(), scopes: Scopes::default() };
    reader.read(text, 0);
    reader.out
}

impl TemplateReads {
    /// Whether a key at a path is read, and if so, whether everything below it is. Who asks whether a mapping is set
    /// reads all that could be set in it, unless it is `settled` that something is.
    pub fn reads_key(&self, names: &[&str], settled: &dyn Fn(&[String]) -> bool) -> Option<bool> {
        let status = |read: &Read| {
            let same = read.path.iter().zip(names).all(|(a, b)| a == b);
            match (same, read.path.len() <= names.len()) {
                (false, _) => None,
                (true, true) => {
                    let deep = read.deep || !settled(&read.path);
                    (deep || read.path.len() == names.len()).then_some(deep)
                }
                (true, false) => Some(false),
            }
        };
        self.reads.iter().filter_map(status).reduce(|a, b| a || b)
    }

    /// Adds what another reads and calls.
    pub fn join(&mut self, other: TemplateReads) {
        self.reads.extend(other.reads);
        self.defines.extend(other.defines);
        self.calls.extend(other.calls);
        self.calls_unknown |= other.calls_unknown;
        self.reads_files |= other.reads_files;
    }
}

struct Reader {
    out: TemplateReads,
    scopes: Scopes,
}

impl Reader {
    fn read(&mut self, text: &str, depth: usize) {
        for words in actions(text) {
            for inner in words.iter().filter_map(|word| match word {
                Word::Text(inner) if inner.contains("{{") && depth < DEEPEST => Some(inner),
                _ => None,
            }) {
                // A string that is a template itself is called with a dot of its own.
                let mut reader = Reader { out: TemplateReads::default(), scopes: Scopes::default() };
                reader.read(inner, depth + 1);
                self.out.join(reader.out);
            }
            self.action(&words);
        }
    }

    fn action(&mut self, words: &[Word]) {
        let name = |index: usize| match words.get(index) {
            Some(Word::Name(name)) => name.as_str(),
            _ => "",
        };
        match (name(0), name(1)) {
            ("end", _) => self.scopes.close(),
            ("else", keyword @ ("if" | "with")) => {
                self.scopes.close();
                self.block(keyword, &words[2..]);
            }
            ("else", _) => {
                self.scopes.close();
                let dot = self.scopes.dot().clone();
                self.scopes.open(dot);
            }
            ("define", _) => {
                self.define(words);
                self.scopes.open(Dot::Given);
            }
            ("block", _) => {
                self.define(words);
                self.expression(&words[1..], true);
                self.scopes.open(Dot::Other);
            }
            (keyword @ ("if" | "with" | "range"), _) => self.block(keyword, &words[1..]),
            _ => self.expression(words, true),
        }
    }

    fn define(&mut self, words: &[Word]) {
        if let Some(Word::Text(name)) = words.get(1) {
            self.out.defines.insert(name.clone());
        }
    }

    fn block(&mut self, keyword: &str, arguments: &[Word]) {
        let dot = match keyword {
            "if" => self.scopes.dot().clone(),
            "with" => self.scopes.of_with(arguments),
            _ => Dot::Other,
        };
        // Fields of what parentheses hold lie below what stands in them.
        let asks = |word: &Word| match word {
            Word::Name(name) => QUESTIONS.contains(&name.as_str()),
            Word::Close(fields) => fields.is_empty(),
            _ => true,
        };
        let shallow = match keyword {
            "if" => arguments.iter().all(asks) && !arguments.contains(&Word::Assign),
            "with" => matches!(dot, Dot::Value(_)),
            _ => false,
        };
        self.expression(arguments, !shallow);
        self.scopes.open(dot);
    }

    /// Notes what the words read; `deep` says whether values are passed on whole.
    fn expression(&mut self, words: &[Word], deep: bool) {
        let mut at = 0;
        while at < words.len() {
            at += match &words[at] {
                Word::Name(name) => self.function(name, &words[at + 1..]) + 1,
                Word::Chain(start, fields) => {
                    if fields.is_empty() && self.is_root(start) && takes_values(words, at) {
                        self.out.reads.insert(Read { path: Vec::new(), deep: true });
                    }
                    self.out.reads_files |= fields.iter().any(|field| field == "Files");
                    if let Some(path) = self.scopes.value_path(start, fields) {
                        self.out.reads.insert(Read { path, deep });
                    }
                    1
                }
                _ => 1,
            };
        }
    }

    fn is_root(&self, start: &Start) -> bool {
        *start == Start::Root || *start == Start::Dot && *self.scopes.dot() == Dot::Given
    }

    /// A function's call: how many of the words behind it are understood with it.
    fn function(&mut self, name: &str, arguments: &[Word]) -> usize {
        match name {
            "include" | "template" => self.call(arguments),
            "index" => self.index(arguments),
            "get" | "hasKey" => match arguments {
                [Word::Chain(..), Word::Text(_), ..] => self.index(&arguments[..2]),
                _ => 0,
            },
            "dig" => self.dig(arguments),
            _ => 0,
        }
    }

    fn call(&mut self, arguments: &[Word]) -> usize {
        match arguments.first() {
            Some(Word::Text(name)) => {
                self.out.calls.insert(name.clone());
            }
            // `(print $.Template.BasePath "/x.yaml")` is a file of the chart, which is read anyway.
            Some(Word::Open) if arguments.iter().take(4).any(is_base_path) => {}
            _ => self.out.calls_unknown = true,
        }
        0
    }

    /// `index .Values "a" "b"`: the value at a path, deeply.
    fn index(&mut self, arguments: &[Word]) -> usize {
        let Some(Word::Chain(start, fields)) = arguments.first() else { return 0 };
        let Some(mut path) = self.scopes.value_path(start, fields) else { return 0 };
        let names = texts(&arguments[1..]);
        let taken = 1 + names.len();
        path.extend(names);
        self.out.reads.insert(Read { path, deep: true });
        taken
    }

    /// `dig "a" "b" default .Values.x`: the value at a path below the last argument. Anything else than words
    /// is read word by word.
    fn dig(&mut self, arguments: &[Word]) -> usize {
        let end = arguments.iter().position(|word| matches!(word, Word::Close(_) | Word::Pipe));
        let own = &arguments[..end.unwrap_or(arguments.len())];
        let names = texts(own);
        let plain = own.iter().all(|word| !matches!(word, Word::Open | Word::Name(_)));
        let (Some(Word::Chain(start, fields)), true) = (own.last(), plain) else { return 0 };
        // With a string as default, the last string is that.
        let below = match own.len() - names.len() {
            1 => &names[..names.len().saturating_sub(1)],
            2 => &names[..],
            _ => return 0,
        };
        let Some(path) = self.scopes.value_path(start, fields) else { return 0 };
        if let Word::Chain(start, fields) = &own[own.len() - 2]
            && let Some(default) = self.scopes.value_path(start, fields)
        {
            self.out.reads.insert(Read { path: default, deep: true });
        }
        self.out.reads.insert(Read { path: [&path, below].concat(), deep: true });
        own.len()
    }
}

/// The strings at the start of some words.
fn texts(words: &[Word]) -> Vec<String> {
    let text = |word: &Word| match word {
        Word::Text(text) => Some(text.clone()),
        _ => None,
    };
    words.iter().map_while(text).collect()
}

/// Functions that look into what they are given.
const TAKING: [&str; 14] = [
    "index",
    "get",
    "toYaml",
    "toJson",
    "toPrettyJson",
    "toRawJson",
    "mustToJson",
    "mustToPrettyJson",
    "keys",
    "values",
    "pick",
    "omit",
    "deepCopy",
    "print",
];

/// Whether a word is what such a function is given, before it or through a pipe.
fn takes_values(words: &[Word], at: usize) -> bool {
    let takes =
        |word: Option<&Word>| matches!(word, Some(Word::Name(name)) if TAKING.contains(&name.as_str()));
    let piped = words.get(at + 1) == Some(&Word::Pipe) && takes(words.get(at + 2));
    piped || at > 0 && takes(words.get(at - 1))
}

fn is_base_path(word: &Word) -> bool {
    matches!(word, Word::Chain(_, fields) if fields.last().is_some_and(|field| field == "BasePath"))
}
