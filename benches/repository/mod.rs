//! Repositories made up for measuring: stacks with modules, values and manifests, as people write them.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Writes a repository of so many stacks, the same for the same number.
///
/// # Errors
/// Where a folder or file cannot be written.
pub fn write(root: &Path, stacks: usize) -> io::Result<()> {
    put(root, ".steadfast.yaml", "root: true\n")?;
    for number in 0..stacks {
        let dir = root.join("stacks").join(format!("app-{number:04}"));
        match number % 4 {
            0 => terraform(&dir, number)?,
            1 => helm(&dir, number)?,
            2 => kustomization(&dir, number)?,
            _ => flux(&dir, number)?,
        }
    }
    Ok(())
}

/// Values of a chart with so many bytes at least.
pub fn large_values(bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 200);
    let mut number = 0;
    while out.len() < bytes {
        let _ = writeln!(
            out,
            "service-{number:06}:\n  enabled: true\n  image:\n    repository: registry.example.org/team/service-{number}\n    tag: \"1.{number}.0\"\n  resources:\n    requests: {{ cpu: 50m, memory: 128Mi }}\n  env:\n    - name: LOG_LEVEL\n      value: info # as everywhere"
        );
        number += 1;
    }
    out
}

fn put(dir: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = dir.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}

fn terraform(dir: &Path, number: usize) -> io::Result<()> {
    put(dir, "main.tf", &include_str!("stack.tf").replace("NUMBER", &number.to_string()))?;
    put(dir, "terraform.tfvars", &format!("replicas  = {}\nimage_tag = \"1.{number}.0\"\n", 2 + number % 3))?;
    put(dir, "modules/app/main.tf", include_str!("module.tf"))?;
    put(dir, "modules/app/variables.tf", include_str!("variables.tf"))?;
    put(dir, "modules/app/app.ini", "[server]\nport = 8080\n\n[log]\nlevel = info\n")
}

fn helm(dir: &Path, number: usize) -> io::Result<()> {
    put(dir, "main.tf", &include_str!("release.tf").replace("NUMBER", &number.to_string()))?;
    put(dir, "values.yaml", include_str!("values.yaml"))
}

fn kustomization(dir: &Path, number: usize) -> io::Result<()> {
    let text = include_str!("manifests.yaml").replace("NUMBER", &number.to_string());
    put(dir, "base/manifests.yaml", &text)?;
    put(
        dir,
        "base/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [manifests.yaml]\n",
    )?;
    for overlay in ["staging", "production"] {
        let text =
            include_str!("overlay.yaml").replace("OVERLAY", overlay).replace("NUMBER", &number.to_string());
        put(dir, &format!("{overlay}/kustomization.yaml"), &text)?;
    }
    Ok(())
}

fn flux(dir: &Path, number: usize) -> io::Result<()> {
    let text = include_str!("flux.yaml").replace("NUMBER", &number.to_string());
    put(dir, "app/release.yaml", &text)?;
    put(
        dir,
        "app/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [release.yaml, manifests.yaml]\n",
    )?;
    let text = include_str!("manifests.yaml").replace("NUMBER", &number.to_string());
    put(dir, "app/manifests.yaml", &text)
}
