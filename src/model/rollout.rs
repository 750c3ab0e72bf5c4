//! How a Deployment replaces its pods.

use super::disruption::IntOrPercent;
use super::workload::Workload;
use crate::base::Node;
use crate::lower::Object;

/// The strategy of a Deployment, with the API's defaults: RollingUpdate, 25 % and 25 % (apps/v1 of k8s.io/api 1.34).
#[derive(Clone, Debug)]
pub struct Rollout {
    /// `strategy`, where it is stated.
    pub node: Option<Node>,
    /// `strategy.type`, where it is stated.
    pub kind: Option<Node>,
    /// Whether all pods end before new ones start.
    pub recreate: bool,
    /// `maxSurge`: its value, and the node where it is stated.
    pub surge: (IntOrPercent, Option<Node>),
    /// `maxUnavailable`: its value, and the node where it is stated.
    pub unavailable: (IntOrPercent, Option<Node>),
}

const QUARTER: IntOrPercent = IntOrPercent::Percent(25);

impl Workload {
    /// The strategy; none for other kinds than Deployments, and where it is not wholly known.
    pub fn rollout(&self, object: &Object) -> Option<Rollout> {
        if self.kind != "Deployment" {
            return None;
        }
        let node = object.at(&["spec", "strategy"]);
        if object.at(&["spec"])?.open_reason().is_some() && node.is_none() {
            return None;
        }
        let kind = node.and_then(|node| node.get("type"));
        let rolling = node.and_then(|node| node.get("rollingUpdate"));
        if [node, kind, rolling].into_iter().flatten().any(|node| node.open_reason().is_some()) {
            return None;
        }
        let lenient = object.lenient || object.release.is_some();
        let field = |name: &str| match rolling.and_then(|rolling| rolling.get(name)) {
            Some(node) => Some((IntOrPercent::of(node, lenient)?, Some(node.clone()))),
            None => Some((QUARTER, None)),
        };
        Some(Rollout {
            node: node.cloned(),
            recreate: kind.and_then(Node::as_str) == Some("Recreate"),
            kind: kind.cloned(),
            surge: field("maxSurge")?,
            unavailable: field("maxUnavailable")?,
        })
    }
}

impl Rollout {
    /// How many of so many pods may be missing while it goes on. Shares round down; where both fields come to nothing,
    /// one pod may go (ResolveFenceposts of the deployment controller).
    pub fn missing(&self, total: i64) -> i64 {
        if self.recreate {
            return total;
        }
        let unavailable = rounded_down(self.unavailable.0, total);
        if unavailable == 0 && self.surge.0.rounded_up(total) == 0 { 1 } else { unavailable }
    }

    /// How many pods may be there beyond so many while it goes on. Shares round up.
    pub fn extra(&self, total: i64) -> i64 {
        if self.recreate { 0 } else { self.surge.0.rounded_up(total) }
    }
}

fn rounded_down(value: IntOrPercent, total: i64) -> i64 {
    match value {
        IntOrPercent::Int(int) => int,
        IntOrPercent::Percent(percent) => percent.saturating_mul(total).div_euclid(100),
    }
}
