//! Any input at all: arbitrary texts through each parser, and test data with damage through the whole tool.
//!
//! `cargo test` tries a few, the same each time. `STEADFAST_FUZZ=20000 cargo test --release --test fuzz` tries so many
//! others. What fails is left, as small as it gets, in `target/fuzz`; it belongs in `testdata/fuzz`, whose folders are
//! held to the same laws.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[path = "../common/mod.rs"]
mod common;
mod damage;
mod laws;
mod parsers;
mod seeds;

use damage::{Damage, any_damage};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use seeds::Seed;
use std::path::{Path, PathBuf};

/// How many cases are tried of each kind where nobody says.
const FEW: u32 = 192;

/// Holds as many cases of a strategy to a law as asked for, and fails with the smallest that breaks it.
fn hold<S: Strategy>(name: &str, strategy: &S, law: impl Fn(S::Value) -> Result<(), String>) {
    let asked = std::env::var("STEADFAST_FUZZ").ok().and_then(|cases| cases.parse().ok());
    let config = ProptestConfig {
        cases: asked.unwrap_or(FEW),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    };
    let mut runner = match asked {
        Some(_) => TestRunner::new(config),
        // What fails on one machine fails on all of them.
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    match runner.run(strategy, |case| law(case).map_err(TestCaseError::fail)) {
        Ok(()) => eprintln!("{name}: {} cases", asked.unwrap_or(FEW)),
        Err(TestError::Fail(why, case)) => panic!("{name}: {why}\n{case:?}"),
        Err(TestError::Abort(why)) => panic!("{name}: {why}"),
    }
}

#[test]
fn any_text_is_parsed_into_places_inside_it() {
    let seeds = seeds::texts();
    let text = prop_oneof![
        1 => any::<String>(),
        2 => vec(damage::any_token(), 0..60).prop_map(|tokens| tokens.concat()),
        4 => (0..seeds.len(), vec(any_damage(), 0..6)).prop_map(|(seed, damages)| {
            let mut text = seeds[seed].clone().into_bytes();
            for damage in &damages {
                damage.act(&mut text, &|chosen| seeds[chosen % seeds.len()].clone().into_bytes());
            }
            String::from_utf8_lossy(&text).into_owned()
        }),
    ];
    hold("texts", &text, |text| parsers::parse_all(&text));
}

#[test]
fn any_repository_is_linted() {
    let seeds = seeds::repositories();
    let case = (0..seeds.len(), vec((any::<prop::sample::Index>(), any_damage()), 1..6), any::<u8>());
    hold("repositories", &case, |(seed, damages, choice)| {
        let mut seed = seeds[seed].clone();
        for (file, damage) in &damages {
            hurt(&mut seed, *file, damage, &seeds);
        }
        let dir = tempfile::tempdir().unwrap();
        seed.write(dir.path());
        laws::hold(dir.path(), choice).inspect_err(|_| keep(&seed))
    });
}

#[test]
fn what_once_failed_holds() {
    let mut failures = Vec::new();
    for dir in common::folders(&common::testdata().join("fuzz")) {
        for choice in 0..laws::FORMATS.len() as u8 {
            let held = laws::hold(&dir, choice);
            failures.extend(held.err().map(|why| format!("{}: {why}", dir.display())));
        }
    }
    common::report(&failures);
}

fn hurt(seed: &mut Seed, file: prop::sample::Index, damage: &Damage, seeds: &[Seed]) {
    let names: Vec<String> = seed.files.keys().cloned().collect();
    let name = &names[file.index(names.len())];
    let other = |chosen: usize| {
        let files = &seeds[chosen % seeds.len()].files;
        files.values().nth(chosen / seeds.len() % files.len()).cloned().unwrap_or_default()
    };
    let bytes = seed.files.get_mut(name).unwrap();
    damage.act(bytes, &other);
}

/// Leaves a failing repository where a person finds it; the last that is left is the smallest.
fn keep(seed: &Seed) {
    let dir: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    let _ = std::fs::remove_dir_all(&dir);
    seed.write(&dir);
}
