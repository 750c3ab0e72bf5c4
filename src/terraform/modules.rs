//! The modules of a repository, each parsed once for all stacks.

use super::module::Module;
use crate::base::Files;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A repository's files, and the modules parsed from them so far.
pub struct Modules<'f> {
    pub(super) files: &'f dyn Files,
    parsed: Mutex<HashMap<String, Option<Arc<Module>>>>,
}

impl<'f> Modules<'f> {
    /// The modules among some files.
    pub fn new(files: &'f dyn Files) -> Modules<'f> {
        Modules { files, parsed: Mutex::default() }
    }

    /// Parses the modules of a folder now, so that it is known when it is asked for.
    pub fn parse(&self, dir: &str) {
        self.get(dir);
    }

    /// The module of a folder; none where no `.tf` file stands in it.
    pub(super) fn get(&self, dir: &str) -> Option<Arc<Module>> {
        if let Some(known) = self.parsed.lock().unwrap_or_else(PoisonError::into_inner).get(dir) {
            return known.clone();
        }
        let module = Module::load(self.files, dir).map(Arc::new);
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        parsed.entry(dir.to_owned()).or_insert(module).clone()
    }
}
