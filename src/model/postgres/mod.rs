//! Postgres servers, what they are set to, and the poolers in front of them.

mod pools;
mod server;
mod sizes;

pub use pools::{Pool, Pools};
pub use server::{Parameter, Postgres, Role};
pub use sizes::postgres_size;
