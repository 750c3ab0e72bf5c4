//! A folder of `.tf` files, parsed.

use crate::base::{Files, Text, parent_dir};
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, parse_hcl};
use crate::syntax::{Issue, SkipReason};
use std::collections::HashMap;
use std::sync::Arc;

/// The declarations of one module.
#[derive(Clone, Debug, Default)]
pub(super) struct Module {
    /// The folder.
    pub(super) dir: String,
    pub(super) variables: HashMap<Arc<str>, Block>,
    pub(super) locals: HashMap<Arc<str>, Expr>,
    pub(super) resources: Vec<Block>,
    pub(super) data: Vec<Block>,
    pub(super) calls: Vec<Block>,
    pub(super) outputs: HashMap<Arc<str>, Block>,
    pub(super) issues: Vec<Issue>,
    /// The files that make it up, generated ones not among them.
    pub(super) files: Vec<String>,
}

impl Module {
    /// Reads and parses the `.tf` files of a folder; none when there are none.
    pub(super) fn load(files: &dyn Files, dir: &str) -> Option<Module> {
        let mut module = Module { dir: dir.to_owned(), ..Module::default() };
        let paths: Vec<String> = files.list(dir).into_iter().filter(|path| is_terraform(path)).collect();
        if paths.is_empty() {
            return None;
        }
        for path in paths {
            // Whoever opens files reports those that cannot be read.
            if let Ok(file) = files.text(&path) {
                let (body, issues) = parse_hcl(&Text::of_file(&file));
                module.issues.extend(issues);
                module.add(body);
            }
            module.files.push(path);
        }
        Some(module)
    }

    /// Adds the declarations of one file.
    pub(super) fn add(&mut self, body: Body) {
        for block in body.blocks {
            let name = block.labels.first().map(|label| Arc::clone(&label.name));
            match (&*block.kind, name) {
                ("variable", Some(name)) => drop(self.variables.insert(name, block)),
                ("output", Some(name)) => drop(self.outputs.insert(name, block)),
                ("resource", _) if block.labels.len() == 2 => self.resources.push(block),
                ("data", _) if block.labels.len() == 2 => self.data.push(block),
                ("module", Some(_)) => self.calls.push(block),
                ("locals", _) => {
                    for attribute in block.body.attributes {
                        self.locals.insert(attribute.name, attribute.value);
                    }
                }
                _ => {}
            }
        }
    }

    /// The resource or data block of a type and name.
    pub(super) fn find<'a>(blocks: &'a [Block], kind: &str, name: &str) -> Option<&'a Block> {
        blocks.iter().find(|block| block.label(0) == Some(kind) && block.label(1) == Some(name))
    }
}

/// Whether a path is a Terraform file that declares things. Override files change others and are rare.
pub(super) fn is_terraform(path: &str) -> bool {
    path.ends_with(".tf") && !parent_dir(path).split('/').any(|part| part == ".terraform")
}

/// The literal `source` of a module call.
pub(super) fn literal_source(block: &Block) -> Option<&str> {
    match &block.body.attribute("source")?.value.kind {
        ExprKind::Text(text) => Some(text.as_str()),
        _ => None,
    }
}

/// What a file that cannot be read as text is to a reader of variables.
pub(super) fn is_encrypted(text: &str) -> bool {
    matches!(crate::syntax::skip_reason("", text), Some((SkipReason::Encrypted | SkipReason::Binary, _)))
        || text.contains("\"sops\"")
}
