//! A CronJob that cleans up an outpost's /dev/shm lacks what it needs to work.
//!
//! # What it does
//! Looks at CronJobs that delete in /dev/shm of an outpost through `kubectl exec`: a ServiceAccount that may get and list
//! pods and create pods/exec, where these are (and get the Deployment that it names), `concurrencyPolicy: Forbid`, and a pinned image that has kubectl.
//!
//! # Why it matters
//! It is the fallback for the day on which nothing else holds. Without the rights each run ends with `Forbidden`, in a pod
//! that nobody looks at; without Forbid runs that hang pile up.
//!
//! # How to fix
//! Add what the message names. The page [An outpost with a full /dev/shm](outposts.md) has a CronJob that is complete.
//!
//! # Limits
//! Rights are judged where the bindings of its ServiceAccount stand in the repository, and where it names none.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: batch/v1
//! kind: CronJob
//! metadata: { name: tidy, namespace: authentik }
//! spec:
//!   schedule: "0 * * * *"
//!   jobTemplate:
//!     spec:
//!       template:
//!         spec:
//!           restartPolicy: Never
//!           containers:
//!             - name: tidy
//!               image: bitnami/kubectl:1.34.1
//!               command: [sh, -c, "kubectl exec deploy/ak-outpost-proxy -- find /dev/shm -type f -mmin +60 -delete"]
//! ```
//! Good:
//! ```yaml
//! apiVersion: batch/v1
//! kind: CronJob
//! metadata: { name: tidy, namespace: authentik }
//! spec:
//!   schedule: "0 * * * *"
//!   concurrencyPolicy: Forbid
//!   jobTemplate:
//!     spec:
//!       template:
//!         spec:
//!           restartPolicy: Never
//!           serviceAccountName: tidy
//!           containers:
//!             - name: tidy
//!               image: bitnami/kubectl:1.34.1
//!               command: [sh, -c, "kubectl exec deploy/ak-outpost-proxy -- find /dev/shm -type f -mmin +60 -delete"]
//! ---
//! apiVersion: v1
//! kind: ServiceAccount
//! metadata: { name: tidy, namespace: authentik }
//! ---
//! apiVersion: rbac.authorization.k8s.io/v1
//! kind: Role
//! metadata: { name: tidy, namespace: authentik }
//! rules:
//!   - { apiGroups: [""], resources: [pods], verbs: [get, list] }
//!   - { apiGroups: [""], resources: [pods/exec], verbs: [create] }
//!   - { apiGroups: [apps], resources: [deployments], verbs: [get] }
//! ---
//! apiVersion: rbac.authorization.k8s.io/v1
//! kind: RoleBinding
//! metadata: { name: tidy, namespace: authentik }
//! subjects: [{ kind: ServiceAccount, name: tidy, namespace: authentik }]
//! roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: tidy }
//! ```

use super::{Cleaner, cleaners};
use crate::base::Node;
use crate::finding::Severity;
use crate::model::{Container, Interval, Model, Rights, Workload, commands};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "cleanup-cronjob-incomplete",
        summary: "a CronJob that cleans up an outpost's /dev/shm lacks what it needs",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("cleanup_cronjob_incomplete.rs"),
    },
    check: Some(check),
};

/// Images that have no kubectl.
const BARE_IMAGES: [&str; 5] = ["alpine", "busybox", "debian", "ubuntu", "curlimages/curl"];

/// What `kubectl exec` into pods needs: group, resource and verb.
const NEEDED: [(&str, &str, &str); 3] =
    [("", "pods", "get"), ("", "pods", "list"), ("", "pods/exec", "create")];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for cleaner in cleaners(context.model).filter(|cleaner| cleaner.workload.kind == "CronJob") {
        let Some(exec) = exec(cleaner.container).filter(|_| !cleaner.cleanups.found.is_empty()) else {
            continue;
        };
        let mut missing = Vec::new();
        rights(context.model, cleaner.workload, &exec, &mut missing, sink);
        let object = context.model.object(cleaner.workload);
        let spec = object.at(&["spec"]);
        let policy = spec.and_then(|spec| spec.get("concurrencyPolicy"));
        let open = spec.and_then(Node::open_reason).filter(|_| policy.is_none());
        if open.is_none() && policy.is_none_or(|node| node.as_str().is_some_and(|policy| policy != "Forbid"))
        {
            missing.push("`concurrencyPolicy: Forbid`".to_owned());
        }
        image(cleaner.container, &mut missing);
        if !missing.is_empty() {
            report(&cleaner, &missing, sink);
        }
    }
}

/// A `kubectl exec`.
struct Exec {
    /// The namespace that it names.
    namespace: Option<String>,
    /// Whether it names a Deployment, whose pod kubectl asks for first.
    by_deployment: bool,
}

/// The first `kubectl exec` of a container.
fn exec(container: &Container) -> Option<Exec> {
    commands(container, &Interval::Once).commands.iter().find_map(|command| {
        let words: Vec<&str> =
            command.words.iter().map(|(word, _)| word.as_deref().unwrap_or_default()).collect();
        let own: Vec<&str> = words.iter().copied().take_while(|word| *word != "--").collect();
        let is_exec = own.first().is_some_and(|word| word.rsplit('/').next() == Some("kubectl"))
            && own.contains(&"exec");
        let flag = own.windows(2).find(|pair| matches!(pair[0], "-n" | "--namespace")).map(|pair| pair[1]);
        let joined = own.iter().find_map(|word| word.strip_prefix("--namespace="));
        let deployment = |word: &&str| {
            ["deploy/", "deployment/", "deployments/"].iter().any(|kind| word.starts_with(kind))
        };
        is_exec.then(|| Exec {
            namespace: flag.or(joined).map(str::to_owned),
            by_deployment: own.iter().any(deployment),
        })
    })
}

fn rights(model: &Model, workload: &Workload, exec: &Exec, missing: &mut Vec<String>, sink: &mut Sink<'_>) {
    let pod = workload.pod();
    let account = pod.and_then(|pod| pod.get("serviceAccountName").or_else(|| pod.get("serviceAccount")));
    let Some(account) = account else {
        match pod.and_then(Node::open_reason) {
            Some(reason) => sink.unjudged(workload.header, reason),
            None => missing.push("a `serviceAccountName` whose account may exec into pods".to_owned()),
        }
        return;
    };
    let (Some(name), Some(own)) = (account.as_str(), workload.namespace.as_deref()) else { return };
    let namespace = exec.namespace.as_deref().unwrap_or(own);
    let is_known = |namespace: &str| model.is_fully_known(namespace, &workload.stack);
    match model.rights_in(namespace, (name, own)) {
        Rights::Known(granted) => {
            let deployment = exec.by_deployment.then_some(("apps", "deployments", "get"));
            let needed = NEEDED.into_iter().chain(deployment);
            let lacks = needed.filter(|(group, resource, verb)| !granted.allows(group, resource, verb));
            missing.extend(lacks.map(|(_, resource, verb)| format!("the right to {verb} {resource}")));
        }
        Rights::Unbound if is_known(namespace) && is_known(own) => {
            missing.push(format!("a RoleBinding for ServiceAccount `{name}`"));
        }
        Rights::Unbound => sink.unjudged(account.place, "what this ServiceAccount may do stands in no file"),
        Rights::Unknown(reason) => sink.unjudged(account.place, reason),
    }
    let is_there = model.objects.iter().any(|object| {
        object.kind() == "ServiceAccount" && object.name() == Some(name) && object.namespace() == Some(own)
    });
    if !is_there && name != "default" && is_known(own) {
        missing.push(format!("ServiceAccount `{name}`"));
    }
}

fn image(container: &Container, missing: &mut Vec<String>) {
    let Some(image) = container
        .image()
        .filter(|_| container.node.get("image").is_some_and(|image| image.as_str().is_some()))
    else {
        return;
    };
    if BARE_IMAGES.contains(&image.short_repository()) {
        missing.push(format!("an image with kubectl (`{}` has none)", image.repository));
    } else if image.is_floating() {
        missing.push("a pinned image".to_owned());
    }
}

fn report(cleaner: &Cleaner<'_>, missing: &[String], sink: &mut Sink<'_>) {
    let workload = cleaner.workload;
    let message = format!("{} cleans up an outpost and lacks {}", workload.title(), missing.join(", "));
    let report = sink
        .report(Severity::Warning, workload.header, message)
        .label("a fallback that does not hold")
        .related(cleaner.container.head(), "this container runs kubectl exec")
        .on(workload, "spec")
        .note("its runs fail or pile up in pods that nobody looks at, until the day on which it is needed")
        .help("add what is missing; docs/outposts.md has a CronJob that is complete");
    sink.push(report);
}
