//! Writes a made-up repository, for measuring: `cargo run --release --example generate -- FOLDER STACKS`.

#[path = "../benches/repository/mod.rs"]
#[allow(dead_code)]
mod repository;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(stacks)) = (arguments.next(), arguments.next().and_then(|n| n.parse().ok()))
    else {
        return ExitCode::from(2);
    };
    match repository::write(folder.as_ref(), stacks) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
