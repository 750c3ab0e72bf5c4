//! A folder of `.tf` files, parsed.

use crate::base::{FileId, Files, Text, parent_dir};
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, parse_hcl, parse_hcl_json};
use crate::syntax::{Issue, SkipReason};
use std::collections::{HashMap, HashSet};
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
        let mut paths: Vec<String> = files.list(dir).into_iter().filter(|path| is_terraform(path)).collect();
        // OpenTofu reads its own file instead of Terraform's of the same name.
        let own: HashSet<String> = paths
            .iter()
            .filter_map(|path| match path.strip_suffix(".json").unwrap_or(path).strip_suffix(".tofu") {
                Some(stem) if path.ends_with(".json") => Some(format!("{stem}.tf.json")),
                stem => stem.map(|stem| format!("{stem}.tf")),
            })
            .collect();
        paths.retain(|path| !own.contains(path));
        // Override files come behind all others, whatever their names.
        paths.sort_by_key(|path| is_override(path));
        if paths.is_empty() {
            return None;
        }
        for path in paths {
            // Whoever opens files reports those that cannot be read.
            if let Some((body, issues)) = parse(files, &path) {
                module.issues.extend(issues);
                if is_override(&path) { module.override_with(body) } else { module.add(body) }
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

    /// Takes out the declarations of one file.
    pub(super) fn remove_file(&mut self, file: FileId) {
        let stays = |block: &Block| block.header.file != file;
        self.variables.retain(|_, block| stays(block));
        self.outputs.retain(|_, block| stays(block));
        self.locals.retain(|_, expr| expr.place.file != file);
        for blocks in [&mut self.resources, &mut self.data, &mut self.calls] {
            blocks.retain(stays);
        }
    }

    /// Adds what stands in another folder, whose files replace those of their names.
    pub(super) fn overlay(&mut self, files: &dyn Files, over: &Module) {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let names: HashSet<String> = over.files.iter().map(|path| name(path)).collect();
        let replaced = self.files.iter().filter(|path| names.contains(&name(path)));
        let replaced: Vec<FileId> = replaced.filter_map(|path| Some(files.text(path).ok()?.id())).collect();
        for file in replaced {
            self.remove_file(file);
        }
        self.variables.extend(over.variables.iter().map(|(name, block)| (Arc::clone(name), block.clone())));
        self.outputs.extend(over.outputs.iter().map(|(name, block)| (Arc::clone(name), block.clone())));
        self.locals.extend(over.locals.iter().map(|(name, expr)| (Arc::clone(name), expr.clone())));
        self.resources.extend(over.resources.iter().cloned());
        self.data.extend(over.data.iter().cloned());
        self.calls.extend(over.calls.iter().cloned());
        self.issues.extend(over.issues.iter().cloned());
        self.files.extend(over.files.iter().cloned());
        for (body, _) in
            over.files.iter().filter(|path| is_override(path)).filter_map(|path| parse(files, path))
        {
            self.override_with(body);
        }
    }

    /// Merges the blocks of an override file into those that they name; locals are replaced one by one.
    fn override_with(&mut self, body: Body) {
        let (locals, blocks): (Vec<Block>, Vec<Block>) =
            body.blocks.into_iter().partition(|block| &*block.kind == "locals");
        self.add(Body { attributes: Vec::new(), blocks: locals });
        for over in blocks {
            if let Some(base) = self.named_as(&over) {
                override_body(&mut base.body, over.body);
            }
        }
    }

    /// The block of the same type and labels.
    fn named_as(&mut self, over: &Block) -> Option<&mut Block> {
        let same = |block: &&mut Block| (0..2).all(|index| block.label(index) == over.label(index));
        match &*over.kind {
            "variable" => self.variables.get_mut(over.label(0)?),
            "output" => self.outputs.get_mut(over.label(0)?),
            "resource" => self.resources.iter_mut().find(same),
            "data" => self.data.iter_mut().find(same),
            "module" => self.calls.iter_mut().find(same),
            _ => None,
        }
    }

    /// The resource or data block of a type and name.
    pub(super) fn find<'a>(blocks: &'a [Block], kind: &str, name: &str) -> Option<&'a Block> {
        blocks.iter().find(|block| block.label(0) == Some(kind) && block.label(1) == Some(name))
    }
}

/// Attributes are replaced one by one, and nested blocks type by type, dynamic ones as the type that they
/// make; only `lifecycle` is merged (internal/configs/module_merge_body.go of hashicorp/terraform).
fn override_body(base: &mut Body, over: Body) {
    base.attributes.retain(|old| over.attribute(&old.name).is_none());
    base.attributes.extend(over.attributes);
    let (lifecycles, blocks): (Vec<Block>, Vec<Block>) =
        over.blocks.into_iter().partition(|block| &*block.kind == "lifecycle");
    for lifecycle in lifecycles {
        match base.blocks.iter_mut().find(|block| block.kind == lifecycle.kind) {
            Some(own) => override_body(&mut own.body, lifecycle.body),
            None => base.blocks.push(lifecycle),
        }
    }
    base.blocks.retain(|old| blocks.iter().all(|new| made_type(new) != made_type(old)));
    base.blocks.extend(blocks);
}

fn made_type(block: &Block) -> &str {
    match &*block.kind {
        "dynamic" => block.label(0).unwrap_or_default(),
        kind => kind,
    }
}

/// Endings of files of Terraform and OpenTofu.
const ENDINGS: [&str; 4] = [".tf", ".tofu", ".tf.json", ".tofu.json"];

fn parse(files: &dyn Files, path: &str) -> Option<(Body, Vec<Issue>)> {
    let file = files.text(path).ok()?;
    let parse = if path.ends_with(".json") { parse_hcl_json } else { parse_hcl };
    Some(parse(&Text::of_file(&file)))
}

/// Whether a file's blocks change those of other files instead of declaring their own.
fn is_override(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = ENDINGS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}

/// Whether a folder may hold a module of which no file is read.
pub(super) fn is_unread(files: &dyn Files, dir: &str) -> bool {
    files.is_unread(dir)
}

/// Whether a path is a Terraform file that is read.
pub fn is_terraform(path: &str) -> bool {
    let ends = ENDINGS.iter().any(|end| path.ends_with(end));
    ends && !parent_dir(path).split('/').any(|part| part == ".terraform")
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
