//! Functions that read files, all inside the read boundary.

use super::super::evaluate::Evaluator;
use super::super::log::ProblemKind;
use super::super::scope::Scope;
use super::{Call, hashes};
use crate::base::{FileError, Node, SourceFile, Text, Value, join_path};
use crate::syntax::hcl::parse_template;
use std::sync::Arc;

/// Template files inside template files, at most.
const MAX_TEMPLATES: usize = 8;

impl Evaluator<'_> {
    pub(super) fn file_function(&self, call: &Call<'_>, scope: &Scope) -> Option<Node> {
        match call.name {
            "file" | "templatefile" | "fileexists" => {}
            name if hashes::OF_FILES.contains(&name) => {}
            "abspath" | "pathexpand" => {
                return Some(call.arg(0).cloned().unwrap_or_else(|| call.fail("no path")));
            }
            "basename" | "dirname" => return Some(path_part(call)),
            "fileset" | "filebase64" | "filemd5" | "filesha1" | "filesha256" | "filesha512"
            | "filebase64sha256" => {
                return Some(Node::unknown(
                    format!("the result of `{}` is not computed", call.name),
                    call.place,
                ));
            }
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
                opened => Node::bool(opened.is_ok(), call.place),
            });
        }
        Some(match opened {
            Ok(file) if call.name == "file" => Node::text(Text::of_file(&file), call.place),
            Ok(file) if call.name == "templatefile" => self.template_file(call, &file, scope),
            Ok(file) => hashes::of_file(call, &file),
            Err(error) => self.unreadable(call, path, &error),
        })
    }

    /// Opens a path: relative to the root module's folder, or, for what Terragrunt's functions give, from
    /// the root of the repository with a slash.
    fn open(&self, path: &str, scope: &Scope) -> Result<Arc<SourceFile>, FileError> {
        let resolved = match (&self.unit, path.strip_prefix('/'), &scope.base) {
            (Some(_), Some(path), _) => join_path("", path),
            (Some(unit), None, _) => join_path(&unit.dir, path),
            (None, _, Some(instance)) => join_path(&instance.root_dir, path),
            (None, _, None) => join_path("", path),
        };
        self.files.text(&resolved.ok_or(FileError::OutsideRoot)?)
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
        let text = Text::of_file(file);
        let parts = match parse_template(&text) {
            Ok(parts) => parts,
            Err(issue) => {
                let reason = format!("template `{path}` does not parse: {}", issue.message);
                self.log.borrow_mut().issues.push(issue);
                return Node::unknown(reason, call.place);
            }
        };
        let mut scope = scope.template();
        match call.arg(1).map(|vars| &vars.value) {
            Some(Value::Map(vars)) => {
                for entry in &vars.entries {
                    scope = scope.with(Arc::clone(&entry.key.name), entry.value.clone());
                }
            }
            Some(Value::Unknown(unknown)) => return Node::unknown(unknown.reason.clone(), call.place),
            _ => {}
        }
        self.templates.borrow_mut().push(path);
        let node = match &parts[..] {
            [] => Node::text(text, call.place),
            _ => self.render(&parts, &scope, call.place),
        };
        self.templates.borrow_mut().pop();
        node
    }
}

fn path_part(call: &Call<'_>) -> Node {
    match call.string(0) {
        Some(path) if call.name == "basename" => call.text(path.rsplit('/').next().unwrap_or_default()),
        Some(path) => call.text(path.rsplit_once('/').map_or(".", |(dir, _)| dir)),
        None => Node::unknown("a path that is not known", call.place),
    }
}
