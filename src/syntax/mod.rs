//! Texts into trees.
//!
//! Each parser returns a tree and the issues that it met; one bad block or document loses only itself.
//! The parsers work on a [`crate::base::Text`], so a document inside a string keeps exact places in the
//! file that a person edits. granit-parser, hcl-edit, pulldown-cmark and tree-sitter
//! are named only in here.

mod comments;
mod detect;
pub mod edit;
pub mod go_template;
pub mod hcl;
mod ini;
mod issue;
mod markdown;
mod postgres_conf;
pub mod shell;
pub mod yaml;

pub use comments::{Comment, CommentReach, find_comments};
pub use detect::{SkipReason, has_placeholder_lines, is_sops_document, skip_reason};
pub use ini::{Ini, IniEntry, IniSection, parse_ini};
pub use issue::{Issue, IssueKind};
pub use markdown::{Fence, fences};
pub use postgres_conf::parse_postgres_conf;
