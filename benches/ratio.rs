//! A whole run beside the least that it must do, on made-up repositories: a table in Markdown. Times are the least of
//! several, taken in turns, so that what else the machine does weighs on both alike.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod baseline;
#[allow(dead_code)]
mod repository;

use std::path::Path;
use std::time::{Duration, Instant};
use steadfast::engine::{Request, run};

const ROUNDS: usize = 7;

fn main() {
    let sizes = [10, 100, 1_000];
    println!("| Stacks | MB parsed | Baseline | Whole run | Ratio | Whole run to that of a tenth |");
    println!("|---:|---:|---:|---:|---:|---:|");
    let mut before: Option<Duration> = None;
    for stacks in sizes {
        let dir = tempfile::tempdir().unwrap();
        repository::write(dir.path(), stacks).unwrap();
        let (bytes, least, whole) = measure(dir.path());
        let grown = before.map_or("–".to_owned(), |before| format!("{:.1} ×", ratio(whole, before)));
        println!(
            "| {stacks} | {:.1} | {:.1} ms | {:.1} ms | {:.2} | {grown} |",
            bytes as f64 / 1e6,
            least.as_secs_f64() * 1e3,
            whole.as_secs_f64() * 1e3,
            ratio(whole, least)
        );
        before = Some(whole);
        if stacks == 100 {
            one_file(dir.path());
        }
    }
}

/// One file that is asked for, as the hook does it: what it takes beyond reading what a whole run reads.
fn one_file(root: &Path) {
    let path = root.join("stacks/app-0000/modules/app/main.tf");
    let (mut least, mut whole) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        baseline::run(root);
        least = least.min(start.elapsed());
        let start = Instant::now();
        let request =
            Request { paths: vec![path.clone()], root: Some(root.to_path_buf()), ..Request::default() };
        let outcome = std::hint::black_box(run(&request).unwrap());
        whole = whole.min(start.elapsed());
        drop(outcome);
    }
    let [least, whole] = [least, whole].map(|time| time.as_secs_f64() * 1e3);
    eprintln!("one file of 100 stacks: {whole:.1} ms, {:.1} ms more than reading all", whole - least);
}

fn measure(root: &Path) -> (usize, Duration, Duration) {
    let (mut bytes, mut least, mut whole) = (0, Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        bytes = baseline::run(root);
        least = least.min(start.elapsed());
        let start = Instant::now();
        let request = Request { paths: vec![root.to_path_buf()], ..Request::default() };
        // The command line leaves what a run holds to the end of the process; so does the clock.
        let outcome = std::hint::black_box(run(&request).unwrap());
        whole = whole.min(start.elapsed());
        drop(outcome);
    }
    (bytes, least, whole)
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}
