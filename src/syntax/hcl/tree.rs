//! The compact tree.

use crate::base::{Number, Place, Text};
use std::sync::Arc;

/// The content of a file or of a block.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// `name = value`, in the order written.
    pub attributes: Vec<Attribute>,
    /// Nested blocks, in the order written.
    pub blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_place: Place,
    /// The value.
    pub value: Expr,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The block's type.
    pub kind: Arc<str>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// From the type to the last label.
    pub header: Place,
    /// From the type to the closing brace.
    pub place: Place,
    /// The content.
    pub body: Body,
}

/// A block's label.
#[derive(Clone, Debug)]
pub struct Label {
    /// The text.
    pub name: Arc<str>,
    /// Where it stands, quotes included.
    pub place: Place,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub place: Place,
}

/// The kinds of expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string without interpolation.
    Text(Text),
    /// A string or heredoc with interpolations or directives.
    Template(Vec<Part>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{ a = b }`.
    Object(Vec<(ObjectKey, Expr)>),
    /// A name that a traversal begins with.
    Variable(Arc<str>),
    /// `base.attr[index]`.
    Access(Box<Expr>, Vec<Access>),
    /// A function call; the flag says that the last argument is expanded (`...`).
    Call(Arc<str>, Vec<Expr>, bool),
    /// `condition ? a : b`.
    Conditional(Box<[Expr; 3]>),
    /// An operator with one operand.
    Unary(UnaryOp, Box<Expr>),
    /// An operator with two operands.
    Binary(BinaryOp, Box<[Expr; 2]>),
    /// A for-expression.
    For(Box<ForExpr>),
    /// `( … )`.
    Paren(Box<Expr>),
}

/// A key of an object.
#[derive(Clone, Debug)]
pub enum ObjectKey {
    /// A bare name.
    Name(Arc<str>, Place),
    /// An expression in parentheses or quotes.
    Expr(Expr),
}

/// One step of a traversal.
#[derive(Clone, Debug)]
pub enum Access {
    /// `.name`.
    Attr(Arc<str>, Place),
    /// `[expr]`, also the old `.0`.
    Index(Expr),
    /// `.*` or `[*]`; all further steps apply to each item.
    Splat(Place),
}

/// Operators with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `!`
    Not,
}

/// Operators with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    And,
    Or,
}

/// `[for k, v in collection : value if cond]` or `{for … : key => value... if cond}`.
#[derive(Clone, Debug)]
pub struct ForExpr {
    /// The name of the key or index, if given.
    pub key_name: Option<Arc<str>>,
    /// The name of the item.
    pub value_name: Arc<str>,
    /// What is iterated.
    pub collection: Expr,
    /// The key; its presence makes an object.
    pub key: Option<Expr>,
    /// The value.
    pub value: Expr,
    /// Values of equal keys are grouped.
    pub grouping: bool,
    /// The condition.
    pub condition: Option<Expr>,
}

/// One part of a template.
#[derive(Clone, Debug)]
pub enum Part {
    /// Characters.
    Literal(Text),
    /// `${ … }`, with the place of the whole sequence.
    Interpolation(Expr, Place),
    /// `%{ if }`.
    If {
        /// The condition.
        condition: Expr,
        /// Rendered when it holds.
        then: Vec<Part>,
        /// Rendered otherwise.
        otherwise: Vec<Part>,
        /// The whole directive.
        place: Place,
    },
    /// `%{ for }`.
    For {
        /// The name of the key or index, if given.
        key_name: Option<Arc<str>>,
        /// The name of the item.
        value_name: Arc<str>,
        /// What is iterated.
        collection: Expr,
        /// Rendered once an item.
        body: Vec<Part>,
        /// The whole directive.
        place: Place,
    },
}

impl Body {
    /// The attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// The blocks of a type.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }

    /// The first block of a type.
    pub fn block(&self, kind: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| &*block.kind == kind)
    }
}

impl Block {
    /// The label at an index.
    pub fn label(&self, index: usize) -> Option<&str> {
        self.labels.get(index).map(|label| &*label.name)
    }
}
