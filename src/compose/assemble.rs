//! Which of a repository's manifests are deployed through kustomizations and Flux, and what these make.

use super::flux::{build_flux, flux_path, is_flux_kustomization};
use super::kustomize::{Built, FILE_NAMES, build_kustomization, is_component, plain_file, references};
use crate::base::{Files, Node, is_below, parent_dir};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// What one kustomization makes.
#[derive(Debug)]
pub struct Group {
    /// The folder.
    pub dir: String,
    /// What it makes.
    pub built: Built,
}

/// Kustomizations of Flux that are followed, at most.
const MOST: usize = 5_000;

/// Builds every kustomization that no other includes, and follows Flux from folder to folder.
pub fn assemble(files: &dyn Files, paths: &[String]) -> Vec<Group> {
    let kustomizations: Vec<&String> = paths
        .iter()
        .filter(|path| FILE_NAMES.contains(&path.rsplit('/').next().unwrap_or_default()))
        .collect();
    let flux = raw_flux(files, paths);
    let flux_dirs: BTreeSet<String> = flux.iter().filter_map(|(_, root)| flux_path(root)).collect();
    let included: BTreeSet<String> =
        kustomizations.par_iter().flat_map_iter(|path| references(files, path)).collect();
    let by_flux = |path: &str| flux_dirs.iter().any(|dir| parent_dir(path) == dir || is_below(path, dir));
    let begins = |path: &&&String| {
        !included.contains(parent_dir(path)) && !by_flux(path) && !is_component(files, path)
    };
    let build =
        |path: &&String| Group { dir: parent_dir(path).to_owned(), built: build_kustomization(files, path) };
    let mut groups: Vec<Group> = kustomizations.par_iter().filter(begins).map(build).collect();
    follow(files, flux, &included, &flux_dirs, &mut groups);
    groups
}

/// Kustomizations of Flux as they stand in the files, with their paths.
fn raw_flux(files: &dyn Files, paths: &[String]) -> Vec<(String, Node)> {
    let yaml = paths.iter().filter(|path| path.ends_with(".yaml") || path.ends_with(".yml"));
    let yaml: Vec<&String> = yaml.collect();
    let named = yaml.par_iter().filter(|path| {
        files.text(path).is_ok_and(|file| file.text().contains("kustomize.toolkit.fluxcd.io/"))
    });
    let roots = named
        .flat_map_iter(|path| plain_file(files, path).roots.into_iter().map(|root| ((*path).clone(), root)));
    roots.filter(|(_, root)| is_flux_kustomization(root)).collect()
}

/// Begins where nothing else deploys a Kustomization, and goes on with those that it makes; what is left
/// begins by itself.
fn follow(
    files: &dyn Files,
    raw: Vec<(String, Node)>,
    included: &BTreeSet<String>,
    flux_dirs: &BTreeSet<String>,
    groups: &mut Vec<Group>,
) {
    let deployed = |path: &str| included.contains(path) || flux_dirs.iter().any(|dir| is_below(path, dir));
    let (inner, outer): (Vec<_>, Vec<_>) = raw.into_iter().partition(|(path, _)| deployed(path));
    let mut open: Vec<Node> = outer.into_iter().map(|(_, root)| root).collect();
    open.extend(
        groups
            .iter()
            .flat_map(|group| &group.built.roots)
            .filter(|root| is_flux_kustomization(root))
            .cloned(),
    );
    open.reverse();
    let mut rest = inner.into_iter().map(|(_, root)| root);
    let mut seen = BTreeSet::new();
    let mut built_dirs: BTreeSet<String> = BTreeSet::new();
    while seen.len() < MOST {
        let Some(root) = open.pop() else {
            match rest.find(|root| flux_path(root).is_some_and(|dir| !built_dirs.contains(&dir))) {
                Some(root) => open.push(root),
                None => break,
            }
            continue;
        };
        let identity = ["name", "namespace"]
            .map(|field| root.at(&["metadata", field]).and_then(Node::as_str).map(str::to_owned));
        if !seen.insert((flux_path(&root), identity)) {
            continue;
        }
        let (Some(dir), Some(built)) = (flux_path(&root), build_flux(files, &root)) else { continue };
        open.extend(built.roots.iter().rev().filter(|root| is_flux_kustomization(root)).cloned());
        built_dirs.insert(dir.clone());
        groups.push(Group { dir, built });
    }
}
