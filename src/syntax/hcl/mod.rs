//! HCL into compact trees with places: Terraform and Terragrunt files, and templates.
//!
//! hcl-edit parses; its tree costs many times the text, so each top-level item is converted and dropped.

mod convert;
mod json;
mod literals;
mod outline;
mod parse;
mod repair;
mod strings;
mod tree;

pub use json::parse_hcl_json;
pub(super) use outline::closing_brace;
pub use parse::{parse_hcl, parse_template};
pub use tree::{
    Access, Attribute, BinaryOp, Block, Body, Expr, ExprKind, ForExpr, Label, ObjectKey, Part, UnaryOp,
};
