//! How much of what a file can choose is looked at. Real repositories stay far below; what goes beyond is skipped or
//! unresolved, with the limit's name and the option that raises it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// A bound on what a file can choose. It holds for the whole process, which sets it before it lints, if at all: a file of the
/// repository cannot.
#[derive(Debug)]
pub struct Limit {
    /// The name, as `--limit` takes it.
    pub name: &'static str,
    /// What is counted.
    pub what: &'static str,
    /// How many bytes or things one of it is.
    unit: u64,
    set: AtomicU64,
}

impl Limit {
    const fn new(name: &'static str, default: u64, unit: u64, what: &'static str) -> Limit {
        Limit { name, what, unit, set: AtomicU64::new(default) }
    }

    /// The bound, in bytes or things.
    pub fn get(&self) -> u64 {
        self.number().saturating_mul(self.unit)
    }

    /// The bound as it is written: MiB of sizes.
    pub fn number(&self) -> u64 {
        self.set.load(Ordering::Relaxed)
    }

    /// The bound of things in memory.
    pub fn len(&self) -> usize {
        usize::try_from(self.get()).unwrap_or(usize::MAX)
    }

    /// Whether nothing is let through.
    pub fn is_empty(&self) -> bool {
        self.get() == 0
    }

    /// Sets the bound, as it is written. Spans have 32 bits: no file is taken that they do not reach through.
    pub fn set(&self, number: u64) {
        let most = if self.name == FILE.name { (u64::from(u32::MAX) >> 20) - 1 } else { u64::MAX };
        self.set.store(number.min(most), Ordering::Relaxed);
    }
}

/// What a message says of the limit that was met.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(limit: {0}; --limit {0}=N raises it)", self.name)
    }
}

/// A file's size.
pub static FILE: Limit = Limit::new("file", 16, 1 << 20, "MiB of one file");
/// What aliases of YAML expand to.
pub static ALIASES: Limit =
    Limit::new("aliases", 1_000_000, 1, "values that all aliases of a file stand for together");
/// The size of one value.
pub static VALUES: Limit = Limit::new("values", 1_000_000, 1, "values inside one value of Terraform");
/// The size of a text.
pub static TEXT: Limit = Limit::new("text", 16, 1 << 20, "MiB of a text that Terraform puts together");
/// How long a stack is evaluated.
pub static STEPS: Limit =
    Limit::new("steps", 5_000_000, 1, "expressions, calls and rounds of loops of one stack");
/// What one block makes.
pub static INSTANCES: Limit = Limit::new("instances", 1_000, 1, "instances of one count or for_each");
/// Calls of modules.
pub static MODULES: Limit = Limit::new("modules", 10_000, 1, "calls of modules in one stack");
/// Patches of a kustomization.
pub static PATCHES: Limit =
    Limit::new("patches", 200_000, 1, "pairs of a patch and an object in one kustomization");
/// Charts that bring others.
pub static CHARTS: Limit = Limit::new("charts", 20_000, 1, "releases, with those that charts depend on");

/// All limits that an option raises.
pub static LIMITS: [&Limit; 9] =
    [&FILE, &ALIASES, &VALUES, &TEXT, &STEPS, &INSTANCES, &MODULES, &PATCHES, &CHARTS];
