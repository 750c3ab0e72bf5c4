//! Functions that read files, all inside the read boundary.

use super::super::evaluate::Evaluator;
use super::super::log::ProblemKind;
use super::super::scope::Scope;
use super::{Call, hashes};
use crate::base::{FileError, Node, Place, SourceFile, Text, Value, join_path};
use crate::syntax::hcl::parse_template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use globset::GlobBuilder;
use std::sync::Arc;

/// Template files inside template files, at most.
const MAX_TEMPLATES: usize = 8;

impl Evaluator<'_> {
    pub(super) fn file_function(&self, call: &Call<'_>, scope: &Scope) -> Option<Node> {
        match call.name {
            "file" | "filebase64" | "templatefile" | "fileexists" => {}
            name if hashes::OF_FILES.contains(&name) => {}
            "abspath" | "pathexpand" => {
                return Some(call.arg(0).cloned().unwrap_or_else(|| call.fail("no path")));
            }
            "basename" | "dirname" => return Some(path_part(call)),
            "fileset" => return Some(self.file_set(call, scope)),
            "templatestring" => return Some(self.template_string(call, scope)),
            _ => return None,
        }
        let Some(path) = call.arg(0).and_then(Node::as_str) else {
            let reason =
                call.arg(0).and_then(Node::open_reason).unwrap_or_else(|| "a path that is no string".into());
            return Some(Node::unknown(reason, call.place));
        };
        let opened = self.open(path, scope);
        if call.name == "fileexists" {
            return Some(match opened {
                Err(FileError::OutsideRoot) => {
                    Node::unknown("the path leads out of the repository", call.place)
                }
                opened => Node::bool(!matches!(opened, Err(FileError::Missing)), call.place),
            });
        }
        Some(match opened {
            Ok(file) if call.name == "file" => Node::text(Text::of_file(&file), call.place),
            Ok(file) if call.name == "filebase64" => call
                .text(STANDARD.encode(file.text()))
                .through_all([Place::new(file.id(), 0, file.text().len())]),
            Ok(file) if call.name == "templatefile" => self.template_file(call, &file, scope),
            Ok(file) => hashes::of_file(call, &file),
            Err(error) => self.unreadable(call, path, &error),
        })
    }

    /// Where a path leads: relative to the root module's folder, in Terragrunt's files to the file's own, or, for
    /// what Terragrunt's functions give, from the root of the repository with a slash. None where it leads out of it.
    fn resolve(&self, path: &str, scope: &Scope) -> Option<String> {
        match (self.unit(), path.strip_prefix('/'), &scope.base) {
            (Some(_), Some(path), _) => join_path("", path),
            (Some(unit), None, _) => join_path(&unit.file_dir, path),
            (None, _, Some(instance)) => join_path(&instance.root_dir, path),
            (None, _, None) => join_path("", path),
        }
    }

    fn open(&self, path: &str, scope: &Scope) -> Result<Arc<SourceFile>, FileError> {
        self.files.text(&self.resolve(path, scope).ok_or(FileError::OutsideRoot)?)
    }

    /// The files below a folder that match a pattern, as paths from that folder.
    fn file_set(&self, call: &Call<'_>, scope: &Scope) -> Node {
        let (Some(dir), Some(pattern)) = (call.string(0), call.string(1)) else {
            let reason = call.args.iter().find_map(Node::open_reason);
            return Node::unknown(reason.unwrap_or_else(|| "a folder that is no string".into()), call.place);
        };
        let Some(resolved) = self.resolve(&dir, scope) else {
            return self.unreadable(call, &dir, &FileError::OutsideRoot);
        };
        let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() else {
            return call.fail("the pattern is not understood");
        };
        let (matcher, prefix) =
            (glob.compile_matcher(), if resolved.is_empty() { 0 } else { resolved.len() + 1 });
        let below = self.files.below(&resolved);
        let names = below.iter().map(|path| &path[prefix..]).filter(|name| matcher.is_match(name));
        Node::list(names.map(|name| call.text(name)).collect(), call.place)
    }

    fn unreadable(&self, call: &Call<'_>, path: &str, error: &FileError) -> Node {
        let place = call.arg(0).map_or(call.place, |arg| arg.place);
        let mut log = self.log.borrow_mut();
        match error {
            FileError::OutsideRoot => {
                let message = format!("`{path}` leads out of the repository and is not read");
                log.problem(ProblemKind::PathOutsideRoot, place, message);
                Node::unknown(format!("`{path}` leads out of the repository"), call.place)
            }
            FileError::Missing => {
                log.unresolved(place, format!("there is no file `{path}`"));
                Node::failed(format!("there is no file `{path}`"), call.place)
            }
            FileError::Unreadable(_) | FileError::TooLarge | FileError::NotText | FileError::Encrypted(_) => {
                log.unresolved(place, format!("`{path}` is not read: {error}"));
                Node::unknown(format!("`{path}` is not read: {error}"), call.place)
            }
        }
    }

    fn template_file(&self, call: &Call<'_>, file: &SourceFile, scope: &Scope) -> Node {
        let path = file.path().to_owned();
        let recursive = self.templates.borrow().contains(&path);
        if recursive || self.templates.borrow().len() >= MAX_TEMPLATES {
            let message = format!("template `{path}` renders itself");
            self.log.borrow_mut().problem(ProblemKind::ReferenceCycle, call.place, message.as_str());
            return Node::unknown(message, call.place);
        }
        self.templates.borrow_mut().push(path.clone());
        let node = self.render_template(call, &Text::of_file(file), &path, scope);
        self.templates.borrow_mut().pop();
        node
    }

    fn template_string(&self, call: &Call<'_>, scope: &Scope) -> Node {
        match call.arg(0).map(|arg| (&arg.value, arg.open_reason())) {
            Some((Value::Text(text), None)) => self.render_template(call, text, "this string", scope),
            Some((_, Some(reason))) => Node::unknown(reason, call.place),
            _ => call.fail("the template is no string"),
        }
    }

    /// A template with the names of a call's second argument. Where that is not known, no name is.
    fn render_template(&self, call: &Call<'_>, text: &Text, name: &str, scope: &Scope) -> Node {
        let parts = match parse_template(text) {
            Ok(parts) => parts,
            Err(issue) => {
                let reason = format!("template `{name}` does not parse: {}", issue.message);
                self.log.borrow_mut().issues.push(issue);
                return Node::unknown(reason, call.place);
            }
        };
        let vars = call.arg(1);
        let mut scope = scope.template(vars.and_then(Node::open_reason));
        for entry in vars.and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default() {
            scope = scope.with(Arc::clone(&entry.key.name), entry.value.clone());
        }
        match &parts[..] {
            [] => Node::text(text.clone(), call.place),
            _ => self.render(&parts, &scope, call.place),
        }
    }
}

fn path_part(call: &Call<'_>) -> Node {
    match call.string(0) {
        Some(path) if call.name == "basename" => call.text(path.rsplit('/').next().unwrap_or_default()),
        Some(path) => call.text(path.rsplit_once('/').map_or(".", |(dir, _)| dir)),
        None => Node::unknown("a path that is not known", call.place),
    }
}
