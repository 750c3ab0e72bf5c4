//! The config that `steadfast init` writes.

use super::baseline::BASELINE_NAME;

const TEXT: &str = include_str!("template.yaml");

/// A commented config. `root` makes its folder the read boundary, which a Git repository is without it.
pub fn config_template(root: bool, baseline: bool) -> String {
    let mut out = TEXT.to_owned();
    if root {
        out = out.replacen("# root: true", "root: true", 1);
    }
    if baseline {
        let line = format!("baseline: {BASELINE_NAME}");
        out = out.replacen(&format!("# {line}"), &line, 1);
    }
    out
}
