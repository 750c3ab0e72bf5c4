//! A line that says that the tool is at work, where somebody waits.

use super::terminal;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// What nobody minds waiting for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does some work; when it takes long, a line on the terminal says for how long already.
pub(super) fn during<T>(work: impl FnOnce() -> T) -> T {
    if !terminal::is_watched() {
        return work();
    }
    let (done, waiting) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if waiting.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                let style = ProgressStyle::with_template("{spinner} reading and judging, {elapsed}");
                let bar = ProgressBar::new_spinner()
                    .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
                bar.enable_steady_tick(Duration::from_millis(100));
                // Ends when the other side is dropped.
                let _ = waiting.recv();
                bar.finish_and_clear();
            }
        });
        let result = work();
        drop(done);
        result
    })
}
