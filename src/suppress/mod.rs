//! Comments that silence findings: `# steadfast: ignore[rule-a, rule-b] reason`.

use crate::base::{Place, SourceFile, Span};
use crate::finding::{Finding, closest};
use crate::syntax::{Comment, find_comments};

/// The comments of one file that silence findings.
#[derive(Debug)]
pub struct Suppressions {
    entries: Vec<Suppression>,
    /// Mistakes in them.
    pub mistakes: Vec<Mistake>,
}

#[derive(Debug)]
struct Suppression {
    rules: Vec<Named>,
    reason: String,
    covers: Span,
    whole_file: bool,
}

#[derive(Debug)]
struct Named {
    rule: String,
    place: Place,
    used: bool,
}

/// A comment that does not do what its author means.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Which.
    pub kind: MistakeKind,
    /// Where.
    pub place: Place,
    /// The rule or comment that it is about, or what is wrong with it.
    pub what: String,
}

/// The kinds of [`Mistake`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MistakeKind {
    /// It cannot be read.
    Unreadable,
    /// It names a rule that does not exist.
    Unknown,
    /// It gives no reason.
    Unreasoned,
    /// It silences nothing.
    Unused,
}

/// Comments of one file that are read, at most.
const MOST_COMMENTS: usize = 1_000;

impl Suppressions {
    /// Reads the comments of a file. `rules` are the ids that exist.
    pub fn read(file: &SourceFile, rules: &[&str]) -> Suppressions {
        let mut out = Suppressions { entries: Vec::new(), mistakes: Vec::new() };
        for comment in find_comments(file.text()).take(MOST_COMMENTS) {
            out.comment(file, &comment, rules);
        }
        if let Some(comment) = find_comments(file.text()).nth(MOST_COMMENTS) {
            let what = format!("only the first {MOST_COMMENTS} such comments of a file are read");
            let place = Place { file: file.id(), span: comment.span };
            out.mistakes.push(Mistake { kind: MistakeKind::Unreadable, place, what });
        }
        out
    }

    fn comment(&mut self, file: &SourceFile, comment: &Comment, rules: &[&str]) {
        let place = |span: Span| Place { file: file.id(), span };
        let mut mistake = |kind, span, what: &str| {
            self.mistakes.push(Mistake { kind, place: place(span), what: what.to_owned() });
        };
        let Some(parsed) = parse(&comment.body) else {
            mistake(MistakeKind::Unreadable, comment.body_span, &comment.body);
            return;
        };
        if parsed.reason.is_empty() {
            mistake(MistakeKind::Unreasoned, comment.span, &comment.body);
        }
        let mut named = Vec::new();
        for (offset, rule) in parsed.rules {
            let start = comment.body_span.start as usize + offset;
            let span = Span::new(start, start + rule.len());
            if rules.contains(&rule) {
                named.push(Named { rule: rule.to_owned(), place: place(span), used: false });
            } else {
                let hint = closest(rule, rules)
                    .map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
                mistake(MistakeKind::Unknown, span, &format!("there is no rule `{rule}`{hint}"));
            }
        }
        self.entries.push(Suppression {
            rules: named,
            reason: parsed.reason.to_owned(),
            covers: comment.covers,
            whole_file: parsed.whole_file,
        });
    }

    /// The reason for which a finding is silenced, if it is; notes which comment did it.
    pub fn silences(&mut self, finding: &Finding, place: Place) -> Option<String> {
        let mut silenced = None;
        for entry in &mut self.entries {
            let covered = entry.whole_file
                || (entry.covers.start <= place.span.start
                    && place.span.start < entry.covers.end.max(entry.covers.start + 1));
            for named in entry.rules.iter_mut().filter(|named| covered && named.rule == finding.rule) {
                named.used = true;
                silenced.get_or_insert_with(|| entry.reason.clone());
            }
        }
        silenced
    }

    /// Adds a mistake for each rule that a comment names in vain. `ran` tells which rules ran.
    pub fn note_unused(&mut self, ran: &dyn Fn(&str) -> bool) {
        for named in self.entries.iter().flat_map(|entry| &entry.rules) {
            if !named.used && ran(&named.rule) {
                let what = named.rule.clone();
                self.mistakes.push(Mistake { kind: MistakeKind::Unused, place: named.place, what });
            }
        }
    }
}

struct Parsed<'a> {
    whole_file: bool,
    /// Offsets in the body and names.
    rules: Vec<(usize, &'a str)>,
    reason: &'a str,
}

fn parse(body: &str) -> Option<Parsed<'_>> {
    let (whole_file, rest) = match body.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => (false, body.strip_prefix("ignore")?),
    };
    let inner = rest.strip_prefix('[')?;
    let (list, reason) = inner.split_once(']')?;
    let mut at = body.len() - inner.len();
    let mut rules = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        if !name.is_empty() {
            rules.push((at + (part.len() - part.trim_start().len()), name));
        }
        at += part.len() + 1;
    }
    (!rules.is_empty()).then(|| Parsed { whole_file, rules, reason: reason.trim() })
}
