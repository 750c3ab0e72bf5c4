//! What is known of charts: the profiles of the binary are sound, and templates are read as Helm reads them.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{expect, report, testdata};
use steadfast::lower::Profiles;
use steadfast::syntax::go_template::template_reads;

#[test]
fn the_profiles_of_the_binary_are_sound() {
    assert_eq!(Profiles::embedded_mistakes(), Vec::<String>::new());
}

/// Each file of testdata/go-template is a template; beside it stands what it reads and calls.
#[test]
fn templates_read_what_they_name() {
    let dir = testdata().join("go-template");
    let mut failures = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "tpl"));
    paths.sort();
    for path in &paths {
        let found = template_reads(&std::fs::read_to_string(path).unwrap());
        let mut out = String::new();
        for read in &found.reads {
            let below = if read.deep { ", and all below" } else { "" };
            out.push_str(&format!("reads .Values.{}{below}\n", read.path.join(".")));
        }
        found.defines.iter().for_each(|name| out.push_str(&format!("defines {name}\n")));
        found.calls.iter().for_each(|name| out.push_str(&format!("calls {name}\n")));
        if found.calls_unknown {
            out.push_str("calls what it computes\n");
        }
        if found.reads_files {
            out.push_str("reads files\n");
        }
        failures.extend(expect(&path.with_extension("txt"), &out).err());
    }
    assert!(paths.len() > 2, "the test data is there");
    report(&failures);
}
