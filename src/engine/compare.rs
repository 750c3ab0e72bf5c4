//! A run in comparison with another state of the repository: what is new, what is gone, what is weaker.

use super::EngineError;
use super::git::{Git, Snapshot};
use super::input::{between, root_of};
use super::pipeline::{BaselineUse, Outcome, Request, lint};
use super::report_filter::is_asked;
use crate::base::Sources;
use crate::config::FILE_NAME;
use crate::finding::{Compared, Finding, Weakened};
use crate::model::Guarantee;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Lints, and leaves of the findings those that the other state did not have. Both are judged by the config of this
/// state, so that a rule which is switched on brings no news of the other files.
pub(super) fn compare(request: &Request, since: &str) -> Result<Outcome, EngineError> {
    let root = root_of(request)?;
    let head = match (&request.snapshot, between()) {
        (Some(Snapshot::Revision(name)), _) => name.clone(),
        (Some(Snapshot::Index), Some((_, to))) => to,
        _ => "HEAD".to_owned(),
    };
    let (base, remark) = Git::open(&root)?.base(since, &head)?;
    let now = lint(request)?;
    let config = now.sources.find(FILE_NAME).map(|file| file.text().to_owned()).unwrap_or_default();
    let then = lint(&Request {
        paths: vec![root.clone()],
        root: Some(root),
        snapshot: Some(Snapshot::Revision(base.clone())),
        overlay: BTreeMap::from([(FILE_NAME.to_owned(), config)]),
        baseline: BaselineUse::Off,
        since: None,
        ..request.clone()
    })?;
    Ok(compared(now, then, base, remark))
}

fn compared(mut now: Outcome, then: Outcome, base: String, remark: Option<String>) -> Outcome {
    let pairs = Pairs::of(&now, &then);
    let mut index = 0;
    now.findings.retain(|_| {
        index += 1;
        !pairs.now.contains(&(index - 1))
    });
    let same = pairs.then.len();
    let weakened = weakened(&now, &then);
    let is_gone = |(index, finding): &(usize, &Finding)| {
        let path = then.sources.get(finding.primary.place.file);
        !pairs.then.contains(index) && is_asked(&now.asked, path.path())
    };
    let gone = then.findings.iter().enumerate().filter(is_gone).map(|(_, finding)| finding.clone()).collect();
    now.compared = Some(Compared { base, gone, sources: Arc::new(then.sources), weakened, same });
    now.remarks.extend(remark);
    now
}

/// The findings that both states have, by their indices in each.
struct Pairs {
    now: BTreeSet<usize>,
    then: BTreeSet<usize>,
}

impl Pairs {
    /// First those of the same file, then those whose file has another name or place, then those of a module that
    /// another of its callers brings.
    fn of(now: &Outcome, then: &Outcome) -> Pairs {
        let mut pairs = Pairs { now: BTreeSet::new(), then: BTreeSet::new() };
        for by in [By::SubjectAndPath, By::Subject, By::WordsAndPath] {
            let mut left: HashMap<_, Vec<usize>> = HashMap::new();
            for (index, finding) in then.findings.iter().enumerate().rev() {
                if !pairs.then.contains(&index) {
                    left.entry(key(finding, &then.sources, by)).or_default().push(index);
                }
            }
            // What is silenced or known by now is not gone.
            let silenced = now.suppressed.iter().map(|suppressed| &suppressed.finding);
            let after = now.findings.len();
            let silenced = silenced.enumerate().map(|(index, finding)| (after + index, finding));
            for (index, finding) in silenced.chain(now.findings.iter().enumerate()) {
                let taken = pairs.now.contains(&index);
                let same = left.get_mut(&key(finding, &now.sources, by));
                if let Some(other) = same.filter(|_| !taken).and_then(Vec::pop) {
                    pairs.now.insert(index);
                    pairs.then.insert(other);
                }
            }
        }
        pairs
    }
}

/// What findings of two states are told to be the same by, beside rule and field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    SubjectAndPath,
    Subject,
    WordsAndPath,
}

fn key(finding: &Finding, sources: &Sources, by: By) -> (&'static str, String, String, String) {
    // What has no subject is told apart by its words.
    let words = finding.subject.is_empty() || by == By::WordsAndPath;
    let subject = if words { &finding.message } else { &finding.subject };
    let path = match by {
        By::Subject => String::new(),
        _ => sources.get(finding.primary.place.file).path().to_owned(),
    };
    (finding.rule, subject.clone(), finding.field.clone(), path)
}

/// What both states keep up, and this one less; what a finding of this one says already is not said again.
fn weakened(now: &Outcome, then: &Outcome) -> Vec<Weakened> {
    let key = |g: &Guarantee| (g.rule, g.subject.clone(), g.field.clone());
    let mut before: HashMap<_, Vec<Guarantee>> = HashMap::new();
    for guarantee in then.model.guarantees() {
        before.entry(key(&guarantee)).or_default().push(guarantee);
    }
    let said = |g: &Guarantee| now.findings.iter().any(|f| f.rule == g.rule && f.subject == g.subject);
    let mut out: Vec<Weakened> = Vec::new();
    for guarantee in now.model.guarantees() {
        let asked = is_asked(&now.asked, now.sources.get(guarantee.place.file).path());
        // Where several are called the same, which was which cannot be told.
        let Some([was]) = before.get(&key(&guarantee)).map(Vec::as_slice) else { continue };
        if asked && guarantee.amount < was.amount && !said(&guarantee) && !guarantee.is_parked() {
            out.push(Weakened {
                rule: guarantee.rule,
                was: was.words.clone(),
                is: guarantee.words,
                subject: guarantee.subject,
                field: guarantee.field,
                place: guarantee.place,
            });
        }
    }
    out.sort_by_cached_key(|w| {
        (now.sources.get(w.place.file).path().to_owned(), w.place.span.start, w.rule, w.field.clone())
    });
    out.dedup();
    out
}
