//! How long each phase takes on a hundred made-up stacks, and the whole on real ones.

#![allow(missing_docs, clippy::unwrap_used)]

#[allow(dead_code)]
mod repository;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use steadfast::base::{MemoryFiles, Sources, Text};
use steadfast::engine::{Adjust, Outcome, Request, lower_stack, run};
use steadfast::finding::Severity;
use steadfast::lower::{Object, is_wanted};
use steadfast::model::{Authored, Model};
use steadfast::report::{About, Counts, Drawing, Masker, Run, Style, write_human, write_json, write_sarif};
use steadfast::rule::{Context, Profile, Sink};
use steadfast::rules;
use steadfast::syntax::hcl::parse_hcl;
use steadfast::syntax::yaml::parse_yaml;
use steadfast::terraform::{Modules, Stack, evaluate_stack, find_stacks};

const STACKS: usize = 100;

fn outcome(root: &Path) -> Outcome {
    let adjust = Adjust { profile: Profile::parse("all"), ..Adjust::default() };
    run(&Request { paths: vec![root.to_owned()], adjust, ..Request::default() }).unwrap()
}

/// The files of a made-up repository: path from the root, and text.
fn texts(root: &Path, ending: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.to_string_lossy().ends_with(ending) {
                let path = entry.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                out.push((path, std::fs::read_to_string(&entry).unwrap()));
            }
        }
    }
    out.sort();
    out
}

fn parse(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    repository::write(dir.path(), STACKS).unwrap();
    let sources = Sources::default();
    let load = |ending| -> Vec<Text> {
        let files = texts(dir.path(), ending).into_iter();
        files.map(|(path, text)| Text::of_file(&sources.add(&path, text))).collect()
    };
    let (terraform, yaml) = (load(".tf"), load(".yaml"));
    c.bench_function("parse Terraform", |b| {
        b.iter(|| terraform.iter().map(|text| parse_hcl(text).0.blocks.len()).sum::<usize>());
    });
    c.bench_function("parse YAML", |b| {
        b.iter(|| yaml.iter().map(|text| parse_yaml(text).0.len()).sum::<usize>());
    });
    let large = Text::of_file(&sources.add("large.yaml", repository::large_values(20 << 20)));
    let mut group = c.benchmark_group("large");
    group.sample_size(10);
    group.bench_function("parse 20 MiB of values", |b| b.iter(|| parse_yaml(black_box(&large)).0.len()));
}

fn evaluate_and_lower(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    repository::write(dir.path(), STACKS).unwrap();
    let all = texts(dir.path(), "");
    let paths: Vec<String> = all.iter().map(|(path, _)| path.clone()).collect();
    let files = MemoryFiles::new(all);
    let modules = Modules::new(&files);
    let stacks = find_stacks(&modules, &paths);
    let evaluate =
        || -> Vec<Stack> { stacks.iter().map(|dir| evaluate_stack(&modules, dir, &is_wanted)).collect() };
    c.bench_function("evaluate", |b| b.iter(evaluate));
    let evaluated = evaluate();
    c.bench_function("lower", |b| {
        b.iter(|| evaluated.iter().map(|stack| lower_stack(stack).objects.len()).sum::<usize>());
    });
}

fn model_and_rules(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    repository::write(dir.path(), STACKS).unwrap();
    let ran = outcome(dir.path());
    // What charts make needs the releases, which are not copied.
    let own = ran.model.objects.iter().filter(|object| object.release.is_none());
    let objects: Vec<Object> = own.cloned().collect();
    c.bench_function("model", |b| {
        let build = |objects| Model::build(objects, Vec::new(), &[], Authored::default());
        b.iter_batched(|| objects.clone(), build, BatchSize::LargeInput);
    });
    c.bench_function("rules", |b| {
        b.iter(|| {
            let found = rules::all().map(|rule| {
                let mut sink = Sink::new(&rule.meta, &ran.sources);
                let context = Context { model: &ran.model, settings: &ran.settings, meta: &rule.meta };
                rule.check.inspect(|check| check(&context, &mut sink));
                sink.findings.len()
            });
            found.sum::<usize>()
        });
    });
}

fn about(_: &str) -> About {
    About {
        group: "availability",
        summary: "",
        url: String::new(),
        sections: Vec::new(),
        severity: Severity::Warning,
    }
}

fn report(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    repository::write(dir.path(), STACKS).unwrap();
    let ran = outcome(dir.path());
    let style = Style { colour: false, drawing: Drawing::Unicode, links: false, width: 110, quiet: false };
    for format in ["human", "json", "sarif"] {
        c.bench_function(&format!("report as {format}"), |b| {
            b.iter(|| {
                let masker = Masker::new(&ran.sources);
                let findings = masker.redact(&ran.findings, &ran.sources);
                let report = Run {
                    sources: &ran.sources,
                    findings: &findings,
                    skipped: &[],
                    unjudged: &ran.unjudged,
                    counts: Counts::default(),
                    masker: &masker,
                    suppressed: &[],
                    internal: &[],
                    compared: None,
                    about: &about,
                    prefix: "",
                };
                let mut out = Vec::new();
                match format {
                    "human" => write_human(&mut out, &report, style).unwrap(),
                    "json" => write_json(&mut out, &report).unwrap(),
                    _ => write_sarif(&mut out, &report).unwrap(),
                }
                out.len()
            });
        });
    }
}

fn whole(c: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/phase1");
    for name in ["before", "today"] {
        let request = || Request { paths: vec![root.join(name).join("stacks")], ..Request::default() };
        c.bench_function(&format!("lint phase1/{name}"), |b| b.iter(|| run(black_box(&request())).unwrap()));
    }
}

criterion_group!(benches, parse, evaluate_and_lower, model_and_rules, report, whole);
criterion_main!(benches);
