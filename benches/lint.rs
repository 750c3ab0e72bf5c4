//! How long a run takes, from files on disk to findings.

#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use steadfast::base::{Sources, Text};
use steadfast::engine::{Request, run};
use steadfast::syntax::hcl::parse_hcl;
use steadfast::syntax::yaml::parse_yaml;

fn repositories(c: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/phase1");
    for name in ["before", "today"] {
        let request = || Request { paths: vec![root.join(name).join("stacks")], ..Request::default() };
        c.bench_function(&format!("lint phase1/{name}"), |b| b.iter(|| run(black_box(&request())).unwrap()));
    }
}

fn parsers(c: &mut Criterion) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/phase1/today/stacks/authentik/modules/authentik");
    let sources = Sources::default();
    let text = |name: &str| {
        let text = std::fs::read_to_string(dir.join(name)).unwrap();
        Text::of_file(&sources.add(name, text))
    };
    let (hcl, yaml) = (text("pgbouncer.tf"), text("values.yaml"));
    c.bench_function("parse pgbouncer.tf", |b| b.iter(|| parse_hcl(black_box(&hcl))));
    c.bench_function("parse values.yaml", |b| b.iter(|| parse_yaml(black_box(&yaml))));
}

criterion_group!(benches, repositories, parsers);
criterion_main!(benches);
