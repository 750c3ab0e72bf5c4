//! Workloads that must hold.

use crate::base::Node;
use crate::model::{Model, Workload};

/// The critical set.
#[derive(Clone, Debug)]
pub struct Critical {
    /// The entries; the first that matches decides.
    pub entries: Vec<CriticalEntry>,
}

/// One kind of critical workload. All conditions that are set must hold; an entry without any matches
/// nothing.
#[derive(Clone, Debug, Default)]
pub struct CriticalEntry {
    /// A name for people.
    pub name: String,
    /// Image repositories, without registry where that is Docker Hub; a lone last part matches any registry.
    pub images: Vec<String>,
    /// The chart's name.
    pub chart: Option<String>,
    /// Charts that make such a workload, for what is said of a release as a whole.
    pub made_by: Vec<String>,
    /// The chart's component.
    pub component: Option<String>,
    /// An application and its component, recognised by chart or by image and arguments.
    pub application: Option<(String, String)>,
    /// A pattern for the workload's name, with `*`.
    pub workload: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// A label of the pods.
    pub label: Option<(String, String)>,
    /// Replicas that must be there.
    pub minimum: i64,
    /// Whether the config names it.
    pub configured: bool,
}

/// Replicas that a critical service needs: one may be evicted while another starts, and one still serves.
pub const DEFAULT_MINIMUM: i64 = 3;

/// Traefik, authentik's server and worker, CrowdSec's LAPI, PgBouncer and Cloudflared.
pub fn default_critical_set() -> Vec<CriticalEntry> {
    let entry = |name: &str| CriticalEntry {
        name: name.to_owned(),
        minimum: DEFAULT_MINIMUM,
        ..CriticalEntry::default()
    };
    let names = |list: &[&str]| list.iter().map(|image| (*image).to_owned()).collect();
    let authentik = |component: &str| CriticalEntry {
        application: Some(("authentik".into(), component.into())),
        made_by: names(&["authentik"]),
        ..entry(&format!("authentik {component}"))
    };
    vec![
        CriticalEntry { images: names(&["traefik"]), made_by: names(&["traefik"]), ..entry("Traefik") },
        authentik("server"),
        authentik("worker"),
        CriticalEntry {
            images: names(&["crowdsecurity/crowdsec"]),
            made_by: names(&["crowdsec"]),
            label: Some(("type".into(), "lapi".into())),
            ..entry("CrowdSec LAPI")
        },
        CriticalEntry {
            images: names(&["pgbouncer", "docker-pgbouncer"]),
            made_by: names(&["pgbouncer"]),
            ..entry("PgBouncer")
        },
        CriticalEntry {
            images: names(&["cloudflare/cloudflared"]),
            made_by: names(&["cloudflared", "cloudflare-tunnel", "cloudflare-tunnel-remote"]),
            ..entry("Cloudflared")
        },
    ]
}

impl Critical {
    /// The entry of a workload.
    pub fn entry(&self, workload: &Workload, index: usize, model: &Model) -> Option<&CriticalEntry> {
        self.entries.iter().find(|entry| entry.matches(workload, index, model))
    }
}

impl CriticalEntry {
    /// Whether a release as a whole is of this kind, although the objects that it makes may not be known.
    pub fn matches_release(&self, chart: &str, namespace: Option<&str>) -> bool {
        let by_pods = !self.images.is_empty()
            || self.component.is_some()
            || self.application.is_some()
            || self.workload.is_some()
            || self.label.is_some();
        if self.made_by.iter().any(|name| name == chart) {
            return true;
        }
        let conditions = [
            self.chart.as_ref().map(|name| name == chart),
            self.namespace.as_ref().map(|name| Some(name.as_str()) == namespace),
        ];
        !by_pods && conditions.iter().any(Option::is_some) && conditions.iter().flatten().all(|holds| *holds)
    }

    fn matches(&self, workload: &Workload, index: usize, model: &Model) -> bool {
        let conditions = [
            (!self.images.is_empty())
                .then(|| workload.image().is_some_and(|image| self.names_image(image.short_repository()))),
            self.chart.as_ref().map(|chart| workload.chart.as_ref() == Some(chart)),
            self.component.as_ref().map(|c| workload.component.as_deref() == Some(c.as_str())),
            self.application.as_ref().map(|(application, component)| {
                model.components.iter().any(|c| {
                    c.workload == index && c.application.name == *application && c.component == *component
                })
            }),
            self.workload.as_ref().map(|pattern| glob(pattern, &workload.name)),
            self.namespace.as_ref().map(|namespace| workload.namespace.as_ref() == Some(namespace)),
            self.label.as_ref().map(|(key, value)| {
                let held = workload.labels().and_then(|labels| labels.get(key)).and_then(Node::as_str);
                held == Some(value.as_str())
            }),
        ];
        conditions.iter().any(Option::is_some) && conditions.iter().flatten().all(|holds| *holds)
    }

    fn names_image(&self, repository: &str) -> bool {
        self.images.iter().any(|image| {
            repository == image
                || !image.contains('/') && repository.rsplit('/').next() == Some(image.as_str())
        })
    }
}

fn glob(pattern: &str, text: &str) -> bool {
    globset::Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(text))
}
