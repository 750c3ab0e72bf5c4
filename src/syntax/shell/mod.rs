//! Shell scripts as far as their commands can be told: bash's grammar, of which `sh` is a part.

use std::ops::Range;
use tree_sitter::{Node, Parser};

/// Statements inside statements that are looked into.
const DEEPEST: usize = 500;

/// Something that a script does.
#[derive(Clone, Debug)]
pub enum Statement {
    /// A simple command: its name and arguments.
    Command(Vec<Word>),
    /// Commands of which each feeds the next.
    Pipeline(Vec<Statement>),
    /// `while`, `until` or `for` over statements.
    Loop {
        /// Whether it never ends by itself: `while true`, `while :`, `until false`.
        endless: bool,
        /// What it repeats.
        body: Vec<Statement>,
    },
    /// Statements that run one after the other.
    Group(Vec<Statement>),
    /// Statements of which not all run: branches, and what hangs on the success of another.
    Branch(Vec<Statement>),
    /// Statements that run where the name is a command.
    Function(String, Vec<Statement>),
}

/// A word of a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// What the command gets; none where the shell works that out when it runs.
    pub text: Option<String>,
    /// The bytes of the script that it is written with, quotes included.
    pub range: Range<usize>,
    /// The bytes of the script that its text is made of, in order.
    pub parts: Vec<Range<usize>>,
    /// Whether it is in quotes, so that a pattern in it stays what it is.
    pub quoted: bool,
}

/// A script.
#[derive(Clone, Debug)]
pub struct Script {
    /// What it does.
    pub statements: Vec<Statement>,
    /// Whether it writes into files by redirecting: `> file`, `>> file`.
    pub redirects: bool,
}

/// A script's statements; none where it is no shell, or not wholly understood.
pub fn parse_shell(script: &str) -> Option<Script> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_bash::LANGUAGE.into()).ok()?;
    let tree = parser.parse(script, None)?;
    let root = tree.root_node();
    if root.has_error() {
        return None;
    }
    let mut reader = Reader { script, redirects: false, lost: false };
    let statements = reader.children(root, 0);
    (!reader.lost).then_some(Script { statements, redirects: reader.redirects })
}

impl Statement {
    /// Every simple command in it, in order.
    pub fn commands<'a>(&'a self, out: &mut Vec<&'a [Word]>) {
        match self {
            Statement::Command(words) => out.push(words),
            Statement::Function(_, inner)
            | Statement::Branch(inner)
            | Statement::Pipeline(inner)
            | Statement::Group(inner)
            | Statement::Loop { body: inner, .. } => {
                for statement in inner {
                    statement.commands(out);
                }
            }
        }
    }
}

struct Reader<'a> {
    script: &'a str,
    redirects: bool,
    /// Met something that it does not follow.
    lost: bool,
}

impl Reader<'_> {
    fn children(&mut self, node: Node<'_>, depth: usize) -> Vec<Statement> {
        let mut cursor = node.walk();
        let nodes: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        nodes.into_iter().filter_map(|node| self.statement(node, depth)).collect()
    }

    fn statement(&mut self, node: Node<'_>, depth: usize) -> Option<Statement> {
        let raw = self.script.get(node.byte_range()).filter(|_| depth <= DEEPEST);
        let Some(raw) = raw else {
            self.lost = true;
            return None;
        };
        Some(match node.kind() {
            "command" => Statement::Command(words(node, self.script)),
            "pipeline" => Statement::Pipeline(self.children(node, depth + 1)),
            "while_statement" => {
                let condition =
                    node.child_by_field_name("condition").and_then(|node| self.script.get(node.byte_range()));
                let until = raw.starts_with("until");
                let forever: &[&str] = if until {
                    &["false", "! true"]
                } else {
                    &["true", ":", "/bin/true", "[ 1 ]", "! false"]
                };
                // A pause that ends well goes on: `while sleep 60`.
                let pauses = |c: &str| !until && c.starts_with("sleep ");
                let endless =
                    condition.is_some_and(|c| forever.contains(&c.trim_end_matches(';').trim()) || pauses(c));
                Statement::Loop { endless, body: self.children(node, depth + 1) }
            }
            "for_statement" => Statement::Loop { endless: false, body: self.children(node, depth + 1) },
            "c_style_for_statement" => {
                let head: String = raw.chars().filter(|c| !c.is_whitespace()).take(10).collect();
                Statement::Loop {
                    endless: head.starts_with("for((;;))"),
                    body: self.children(node, depth + 1),
                }
            }
            "list" | "if_statement" | "elif_clause" | "else_clause" | "case_statement" | "case_item" => {
                Statement::Branch(self.children(node, depth + 1))
            }
            "function_definition" => {
                let name = node
                    .child_by_field_name("name")
                    .and_then(|name| self.script.get(name.byte_range()))
                    .unwrap_or_default();
                Statement::Function(name.to_owned(), self.children(node, depth + 1))
            }
            "file_redirect" => {
                self.redirects |= writes(raw);
                return None;
            }
            "comment" | "variable_assignment" | "word" | "string" | "raw_string" | "heredoc_body" => {
                return None;
            }
            _ => Statement::Group(self.children(node, depth + 1)),
        })
    }
}

/// Whether a redirection writes into a file.
fn writes(redirection: &str) -> bool {
    let target = redirection.rsplit('>').next().unwrap_or_default().trim();
    redirection.contains('>')
        && !["/dev/null", "/dev/stdout", "/dev/stderr"].contains(&target)
        && !redirection.contains(">&")
}

fn words(node: Node<'_>, script: &str) -> Vec<Word> {
    let mut cursor = node.walk();
    let parts: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    let named = parts.into_iter().filter(|part| {
        !matches!(
            part.kind(),
            "variable_assignment" | "file_redirect" | "heredoc_redirect" | "herestring_redirect"
        )
    });
    named
        .map(|part| {
            let part = if part.kind() == "command_name" { part.named_child(0).unwrap_or(part) } else { part };
            word(part, script)
        })
        .collect()
}

fn word(node: Node<'_>, script: &str) -> Word {
    let range = node.byte_range();
    // The grammar's scanner may stop inside a character.
    let raw = script.get(range.clone()).unwrap_or_default();
    let inside = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
    let made = |parts: Vec<Range<usize>>, quoted| {
        let text = parts.iter().map(|part| &script[part.clone()]).collect();
        Word { text: Some(text), range: range.clone(), parts, quoted }
    };
    let unknown = || Word { text: None, range: range.clone(), parts: Vec::new(), quoted: false };
    match node.kind() {
        "raw_string" if raw.len() > 1 && raw.ends_with('\'') => made(vec![inside], true),
        "string" if raw.len() > 1 && raw.ends_with('"') && is_plain(node) => {
            made(without_escapes(script, inside, &['"', '\\', '$', '`']), true)
        }
        "word" | "number" if !raw.is_empty() => made(without_escapes(script, range.clone(), &[]), false),
        "concatenation" => {
            let mut cursor = node.walk();
            let parts: Vec<Word> = node.named_children(&mut cursor).map(|part| word(part, script)).collect();
            // What stands between the named parts is text as well, such as the brackets of a pattern.
            let covered: usize = parts.iter().map(|part| part.range.len()).sum();
            if covered != range.len() || parts.iter().any(|part| part.text.is_none()) {
                return unknown();
            }
            let quoted = parts.iter().all(|part| part.quoted);
            made(parts.into_iter().flat_map(|part| part.parts).collect(), quoted)
        }
        _ => unknown(),
    }
}

/// Whether a string in double quotes holds no expansions.
fn is_plain(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).all(|child| child.kind() == "string_content")
}

/// A range without the backslashes before the characters that they may stand before; before any where none are given.
fn without_escapes(script: &str, range: Range<usize>, special: &[char]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    let mut rest = script[range.clone()].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let Some((_, next)) = rest.peek().copied().filter(|_| c == '\\') else { continue };
        if next == '\n' || special.is_empty() || special.contains(&next) {
            parts.push(start..range.start + at);
            start = range.start + at + 1 + usize::from(next == '\n');
            rest.next();
        }
    }
    parts.push(start..range.end);
    parts.retain(|part| !part.is_empty());
    parts
}
