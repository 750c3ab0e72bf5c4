//! hcl-edit's tree into ours.

use super::super::issue::Issue;
use super::literals::{Kept, Token, kept};
use super::strings::{Style, decode_into};
use super::tree::{
    Access, Attribute, BinaryOp, Block, Body, Expr, ExprKind, ForExpr, Label, ObjectKey, Part, UnaryOp,
};
use crate::base::{Number, Place, Text, TextBuilder};
use hcl_edit::Span as _;
use hcl_edit::expr::{self, Expression, TraversalOperator};
use hcl_edit::structure::{self, Structure};
use hcl_edit::template::{Directive, Element, Strip, Template};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Converts trees whose spans are offsets into `text`, moved by `offset`.
pub(super) struct Converter<'a> {
    text: &'a Text,
    offset: usize,
    issues: RefCell<Vec<Issue>>,
    /// Whether line breaks mean nothing: inside brackets other than an object's.
    bracketed: Cell<bool>,
}

impl<'a> Converter<'a> {
    /// A converter for what was parsed from `offset` on.
    pub(super) fn new(text: &'a Text, offset: usize) -> Converter<'a> {
        Converter { text, offset, issues: RefCell::default(), bracketed: Cell::new(false) }
    }

    /// What was met on the way.
    pub(super) fn into_issues(self) -> Vec<Issue> {
        self.issues.into_inner()
    }

    pub(super) fn body(&self, body: &structure::Body) -> Body {
        let mut out = Body::default();
        for item in body {
            match item {
                Structure::Attribute(attribute) => out.attributes.push(Attribute {
                    name: attribute.key.as_str().into(),
                    name_place: self.place(attribute.key.span()),
                    value: self.expr(&attribute.value),
                }),
                Structure::Block(block) => out.blocks.push(self.block(block)),
            }
        }
        out
    }

    fn block(&self, block: &structure::Block) -> Block {
        let kind_place = self.place(block.ident.span());
        let labels: Vec<Label> = block.labels.iter().map(|label| self.label(label)).collect();
        let header = labels.last().map_or(kind_place, |last| kind_place.to(last.place));
        Block {
            kind: block.ident.as_str().into(),
            labels,
            header,
            place: self.place(block.span()),
            body: self.body(&block.body),
        }
    }

    fn label(&self, label: &structure::BlockLabel) -> Label {
        Label { name: label.as_str().into(), place: self.place(label.span()) }
    }

    pub(super) fn expr(&self, expression: &Expression) -> Expr {
        let range = self.range(expression.span());
        let place = self.text.place(range.clone());
        let kind = match expression {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(number) => ExprKind::Number(self.number(number.value(), &range)),
            Expression::String(_) => {
                let inner = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
                let kept = Kept::from([(inner.start, vec![inner.clone()])]);
                ExprKind::Text(self.literal(inner, &Literals { style: Style::Quoted, kept }))
            }
            Expression::Array(array) => {
                ExprKind::List(self.inside(true, || array.iter().map(|item| self.expr(item)).collect()))
            }
            Expression::Object(object) => self.inside(false, || self.object(object)),
            Expression::StringTemplate(template) => {
                ExprKind::Template(self.parts(template, Style::Quoted, false))
            }
            Expression::HeredocTemplate(heredoc) => self.heredoc(heredoc, &range),
            Expression::Parenthesis(inner) => {
                ExprKind::Paren(Box::new(self.inside(true, || self.expr(inner.inner()))))
            }
            Expression::Variable(name) => ExprKind::Variable(name.as_str().into()),
            Expression::Conditional(c) => ExprKind::Conditional(Box::new([
                self.expr(&c.cond_expr),
                self.expr(&c.true_expr),
                self.expr(&c.false_expr),
            ])),
            Expression::FuncCall(call) => self.inside(true, || self.call(call)),
            Expression::Traversal(traversal) => self.traversal(traversal),
            Expression::UnaryOp(op) => {
                ExprKind::Unary(unary(*op.operator.value()), Box::new(self.expr(&op.expr)))
            }
            Expression::BinaryOp(op) => ExprKind::Binary(
                binary(*op.operator.value()),
                Box::new([self.expr(&op.lhs_expr), self.expr(&op.rhs_expr)]),
            ),
            Expression::ForExpr(for_expr) => {
                ExprKind::For(Box::new(self.inside(true, || self.for_expr(for_expr))))
            }
        };
        Expr { kind, place }
    }

    fn inside<T>(&self, bracketed: bool, convert: impl FnOnce() -> T) -> T {
        let before = self.bracketed.replace(bracketed);
        let out = convert();
        self.bracketed.set(before);
        out
    }

    fn traversal(&self, traversal: &expr::Traversal) -> ExprKind {
        let mut at = self.range(traversal.expr.span()).end;
        for operator in &traversal.operators {
            let whole = self.range(operator.span());
            let name = match operator.value() {
                TraversalOperator::GetAttr(name) => self.range(name.span()),
                _ => whole.start..whole.end,
            };
            self.refuse_break(at.min(name.start)..name.start);
            at = whole.end;
        }
        ExprKind::Access(
            Box::new(self.expr(&traversal.expr)),
            traversal.operators.iter().map(|op| self.access(op.value(), op.span())).collect(),
        )
    }

    fn number(&self, number: &hcl_edit::Number, range: &Range<usize>) -> Number {
        Number::parse(self.text.as_str()[range.clone()].trim()).unwrap_or_else(|| {
            number.as_i64().map_or_else(|| Number::from_f64(number.as_f64().unwrap_or(f64::NAN)), Number::Int)
        })
    }

    fn call(&self, call: &expr::FuncCall) -> ExprKind {
        let namespace = call.name.namespace.iter().map(|part| part.as_str());
        let name: Vec<&str> = namespace.chain([call.name.name.as_str()]).collect();
        let arguments = call.args.iter().map(|argument| self.expr(argument)).collect();
        ExprKind::Call(name.join("::").into(), arguments, call.args.expand_final())
    }

    /// hcl-edit refuses keys that stand twice in one spelling; a bare and a quoted key are the same to it
    /// only here.
    fn object(&self, object: &expr::Object) -> ExprKind {
        let entries: Vec<(ObjectKey, Expr)> =
            object.iter().map(|(key, value)| (self.object_key(key), self.expr(value.expr()))).collect();
        let mut seen: HashMap<&str, Place> = HashMap::new();
        for (key, _) in &entries {
            let Some((name, place)) = literal_key(key) else { continue };
            if let Some(first) = seen.insert(name, place) {
                self.issues.borrow_mut().push(Issue::duplicate_in_object(name, place, first));
            }
        }
        drop(seen);
        ExprKind::Object(entries)
    }

    fn object_key(&self, key: &expr::ObjectKey) -> ObjectKey {
        match key {
            expr::ObjectKey::Ident(name) => ObjectKey::Name(name.as_str().into(), self.place(name.span())),
            expr::ObjectKey::Expression(expression) => ObjectKey::Expr(self.expr(expression)),
        }
    }

    fn access(&self, operator: &TraversalOperator, span: Option<Range<usize>>) -> Access {
        let place = self.place(span);
        match operator {
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => Access::Splat(place),
            TraversalOperator::GetAttr(name) => Access::Attr(name.as_str().into(), self.place(name.span())),
            TraversalOperator::Index(index) => Access::Index(self.inside(true, || self.expr(index))),
            TraversalOperator::LegacyIndex(index) => {
                let number = i64::try_from(*index.value()).map_or(Number::Float(f64::INFINITY), Number::Int);
                Access::Index(Expr { kind: ExprKind::Number(number), place })
            }
        }
    }

    fn for_expr(&self, for_expr: &expr::ForExpr) -> ForExpr {
        let intro = &for_expr.intro;
        ForExpr {
            key_name: intro.key_var.as_ref().map(|name| name.as_str().into()),
            value_name: intro.value_var.as_str().into(),
            collection: self.expr(&intro.collection_expr),
            key: for_expr.key_expr.as_ref().map(|key| self.expr(key)),
            value: self.expr(&for_expr.value_expr),
            grouping: for_expr.grouping,
            condition: for_expr.cond.as_ref().map(|cond| self.expr(&cond.expr)),
        }
    }

    fn heredoc(&self, heredoc: &hcl_edit::template::HeredocTemplate, range: &Range<usize>) -> ExprKind {
        let flush = self.text.as_str()[range.clone()].starts_with("<<-");
        let parts = self.parts(&heredoc.template, Style::Bare, flush);
        match &parts[..] {
            [] => ExprKind::Text(Text::made("", self.text.place(range.clone()))),
            [Part::Literal(text)] => ExprKind::Text(text.clone()),
            _ => ExprKind::Template(parts),
        }
    }

    /// The parts of a template file.
    pub(super) fn template(&self, template: &Template) -> Vec<Part> {
        self.parts(template, Style::Bare, false)
    }

    fn parts<'e>(
        &self,
        elements: impl IntoIterator<Item = &'e Element> + Copy,
        style: Style,
        flush: bool,
    ) -> Vec<Part> {
        let mut tokens = Vec::new();
        self.tokens(elements, &mut tokens);
        let literals = Literals { style, kept: kept(self.text.as_str(), tokens, style, flush) };
        self.inside(true, || self.elements(elements, &literals))
    }

    fn tokens<'e>(&self, elements: impl IntoIterator<Item = &'e Element>, tokens: &mut Vec<Token>) {
        for element in elements {
            match element {
                Element::Literal(literal) => tokens.push(Token::Literal(self.range(literal.span()))),
                Element::Interpolation(interpolation) => tokens.push(sequence_token(interpolation.strip)),
                Element::Directive(directive) => self.directive_tokens(directive, tokens),
            }
        }
    }

    fn directive_tokens(&self, directive: &Directive, tokens: &mut Vec<Token>) {
        match directive {
            Directive::If(d) => {
                tokens.push(sequence_token(d.if_expr.strip));
                self.tokens(&d.if_expr.template, tokens);
                if let Some(branch) = &d.else_expr {
                    tokens.push(sequence_token(branch.strip));
                    self.tokens(&branch.template, tokens);
                }
                tokens.push(sequence_token(d.endif_expr.strip));
            }
            Directive::For(d) => {
                tokens.push(sequence_token(d.for_expr.strip));
                self.tokens(&d.for_expr.template, tokens);
                tokens.push(sequence_token(d.endfor_expr.strip));
            }
        }
    }

    fn elements<'e>(
        &self,
        elements: impl IntoIterator<Item = &'e Element>,
        literals: &Literals,
    ) -> Vec<Part> {
        let parts = elements.into_iter().map(|element| match element {
            Element::Literal(literal) => Part::Literal(self.literal(self.range(literal.span()), literals)),
            _ => self.sequence(element, literals),
        });
        parts.filter(|part| !matches!(part, Part::Literal(text) if text.as_str().is_empty())).collect()
    }

    fn sequence(&self, element: &Element, literals: &Literals) -> Part {
        let place = self.place(element.span());
        match element {
            Element::Literal(_) => Part::Literal(Text::made("", place)),
            Element::Interpolation(interpolation) => {
                Part::Interpolation(self.expr(&interpolation.expr), place)
            }
            Element::Directive(directive) => match &**directive {
                Directive::If(d) => Part::If {
                    condition: self.expr(&d.if_expr.cond_expr),
                    then: self.elements(&d.if_expr.template, literals),
                    otherwise: d
                        .else_expr
                        .as_ref()
                        .map_or_else(Vec::new, |branch| self.elements(&branch.template, literals)),
                    place,
                },
                Directive::For(d) => Part::For {
                    key_name: d.for_expr.key_var.as_ref().map(|name| name.as_str().into()),
                    value_name: Arc::from(d.for_expr.value_var.as_str()),
                    collection: self.expr(&d.for_expr.collection_expr),
                    body: self.elements(&d.for_expr.template, literals),
                    place,
                },
            },
        }
    }

    /// hcl-edit takes a line break inside a reference, HashiCorp's parser only in brackets.
    fn refuse_break(&self, range: Range<usize>) {
        let found = self.text.as_str()[range.clone()].find('\n').filter(|_| !self.bracketed.get());
        if let Some(at) = found {
            let place = self.text.place(range.start..range.start + at);
            self.issues.borrow_mut().push(Issue::syntax(place, "a reference ends on its own line"));
        }
    }

    /// hcl-edit takes a line break inside quotes, HashiCorp's parser does not.
    fn refuse_line_break(&self, range: &Range<usize>, style: Style) {
        let found = self.text.as_str()[range.clone()].find('\n').filter(|_| matches!(style, Style::Quoted));
        if let Some(at) = found {
            let place = self.text.place(range.start..range.start + at);
            self.issues.borrow_mut().push(Issue::syntax(place, "a string in quotes ends on its own line"));
        }
    }

    /// What remains of literal characters, decoded.
    fn literal(&self, range: Range<usize>, literals: &Literals) -> Text {
        self.refuse_line_break(&range, literals.style);
        let mut out = TextBuilder::new();
        for kept in literals.kept.get(&range.start).into_iter().flatten() {
            decode_into(&mut out, self.text, kept.clone(), literals.style);
        }
        out.finish(self.text.place(range))
    }

    fn range(&self, span: Option<Range<usize>>) -> Range<usize> {
        let span = span.unwrap_or_default();
        span.start + self.offset..span.end + self.offset
    }

    fn place(&self, span: Option<Range<usize>>) -> Place {
        self.text.place(self.range(span))
    }
}

/// How literals of a template are read.
struct Literals {
    style: Style,
    kept: Kept,
}

fn sequence_token(strip: Strip) -> Token {
    Token::Sequence { before: strip_start(strip), after: strip_end(strip) }
}

fn strip_start(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

fn strip_end(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}

fn unary(operator: expr::UnaryOperator) -> UnaryOp {
    match operator {
        expr::UnaryOperator::Neg => UnaryOp::Neg,
        expr::UnaryOperator::Not => UnaryOp::Not,
    }
}

fn binary(operator: expr::BinaryOperator) -> BinaryOp {
    use expr::BinaryOperator as O;
    match operator {
        O::Eq => BinaryOp::Eq,
        O::NotEq => BinaryOp::NotEq,
        O::LessEq => BinaryOp::LessEq,
        O::GreaterEq => BinaryOp::GreaterEq,
        O::Less => BinaryOp::Less,
        O::Greater => BinaryOp::Greater,
        O::Plus => BinaryOp::Add,
        O::Minus => BinaryOp::Sub,
        O::Mul => BinaryOp::Mul,
        O::Div => BinaryOp::Div,
        O::Mod => BinaryOp::Mod,
        O::And => BinaryOp::And,
        O::Or => BinaryOp::Or,
    }
}

/// The name of a key that needs no evaluation.
fn literal_key(key: &ObjectKey) -> Option<(&str, Place)> {
    match key {
        ObjectKey::Name(name, place) => Some((name, *place)),
        ObjectKey::Expr(Expr { kind: ExprKind::Text(text), place }) => Some((text.as_str(), *place)),
        ObjectKey::Expr(_) => None,
    }
}
