//! The resolved model, for `show`.

use super::printable::{path_at_start, printable};
use super::{Masker, Run};
use crate::base::{Node, Place, Sources};
use crate::compose::Composed;
use crate::finding::counted;
use crate::lower::Object;
use crate::model::{
    ConnectionPath, Demand, EffectiveResource, IntOrPercent, Model, ProbeKind, Seconds, Workload,
};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes each stack's workloads, effective replicas, disruption arithmetic, memory, probes and
/// connections, one a line; with `places`, each number's place below it. `asked` says which stacks.
pub fn write_show(
    out: &mut dyn Write,
    run: &Run<'_>,
    model: &Model,
    asked: &dyn Fn(&str, Place) -> bool,
    places: bool,
) -> io::Result<()> {
    let mut stacks: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, workload) in model.workloads.iter().enumerate().filter(|(_, w)| asked(&w.stack, w.header)) {
        stacks.entry(&workload.stack).or_default().push(index);
    }
    for object in model.objects.iter().filter(|object| asked(&object.stack, object.header)) {
        stacks.entry(&object.stack).or_default();
    }
    for release in model
        .releases
        .iter()
        .filter(|release| is_opaque(release) && asked(&release.release.stack, release.release.header))
    {
        stacks.entry(&release.release.stack).or_default();
    }
    for (stack, _) in model.absent.iter().filter(|(stack, absent)| asked(stack, absent.header)) {
        stacks.entry(stack).or_default();
    }
    let view = View { model, sources: run.sources, prefix: run.prefix, masker: run.masker, places };
    for (stack, workloads) in stacks {
        let title = format!("{}{}", run.prefix, if stack.is_empty() { "." } else { stack });
        writeln!(out, "{}", path_at_start(&title))?;
        let width = workloads.iter().map(|i| model.workloads[*i].name.chars().count()).max().unwrap_or(0);
        for index in workloads {
            view.workload(out, index, width)?;
        }
        view.connections(out, stack)?;
        view.other_objects(out, stack)?;
        view.opaque(out, stack)?;
        view.absent(out, stack)?;
    }
    Ok(())
}

struct View<'a> {
    model: &'a Model,
    sources: &'a Sources,
    prefix: &'a str,
    masker: &'a Masker,
    places: bool,
}

impl View<'_> {
    fn workload(&self, out: &mut dyn Write, index: usize, width: usize) -> io::Result<()> {
        let workload = &self.model.workloads[index];
        let mut cells =
            vec![format!("{:width$}", printable(&workload.name)), workload.kind.clone(), replicas(workload)];
        if workload.is_scalable() {
            cells.push(self.budget(index));
        }
        for container in &workload.containers {
            let name = if workload.containers.len() > 1 {
                format!("{}: ", printable(&container.name))
            } else {
                String::new()
            };
            let memory = self.memory(workload, container);
            let probes =
                [(ProbeKind::Liveness, "live"), (ProbeKind::Readiness, "ready")].map(|(kind, word)| {
                    container.probe(kind).map_or(format!("{word} –"), |probe| {
                        match (probe.failures(), probe.period()) {
                            (Some(failures), Some(period)) => format!("{word} {failures}×{period}s"),
                            _ => format!("{word} ?"),
                        }
                    })
                });
            cells.push(format!("{name}memory {memory}  {}", probes.join("  ")));
        }
        if let Some(reason) = &workload.conditional {
            cells.push(format!("if created ({reason})"));
        }
        writeln!(out, "  {}", printable(&cells.join("  ")))?;
        if self.places {
            self.place(out, "replicas", workload.replicas.place(workload.header))?;
            for container in &workload.containers {
                if let EffectiveResource::Stated(_, node) = self.model.limit(workload, container, "memory") {
                    self.place(out, "memory", node.place)?;
                }
            }
        }
        Ok(())
    }

    fn place(&self, out: &mut dyn Write, what: &str, place: Place) -> io::Result<()> {
        let file = self.sources.get(place.file);
        let at = file.position(place.span.start);
        writeln!(out, "    {what}: {}{}:{}:{}", self.prefix, printable(file.path()), at.line, at.column)
    }

    fn budget(&self, index: usize) -> String {
        let budgets = &self.model.budgets;
        let Some(budget) = budgets.iter().find(|budget| budget.selected.contains(&index)) else {
            let perhaps = budgets.iter().any(|budget| budget.perhaps.contains(&index));
            return if perhaps { "PDB ?".into() } else { "no PDB".into() };
        };
        let Some((demand, _)) = budget.demand() else { return "PDB ?".into() };
        let text = |value: IntOrPercent| match value {
            IntOrPercent::Int(int) => int.to_string(),
            IntOrPercent::Percent(percent) => format!("{percent}%"),
        };
        let wanted = match demand {
            Demand::MinAvailable(value) => format!("PDB min {}", text(value)),
            Demand::MaxUnavailable(value) => format!("PDB max {}", text(value)),
        };
        match self.model.workloads[index].replicas.count {
            Some(count) => format!("{wanted} → {} may go", demand.allowed(count).max(0)),
            None => wanted,
        }
    }

    fn memory(&self, workload: &Workload, container: &crate::model::Container) -> String {
        let needs = self.needs(workload).map_or_else(String::new, |needs| format!(" (needs {needs}Mi)"));
        match self.model.limit(workload, container, "memory") {
            EffectiveResource::Stated(quantity, _) => format!("{quantity}{needs}"),
            EffectiveResource::Given(given) => format!("{} from {}{needs}", given.quantity, given.name),
            EffectiveResource::None => format!("unlimited{needs}"),
            EffectiveResource::Unknown => "?".into(),
        }
    }

    /// What the processes of a known application need, in MiB, where their number is known.
    fn needs(&self, workload: &Workload) -> Option<i64> {
        let component = self
            .model
            .components
            .iter()
            .find(|c| self.model.workloads[c.workload].subject == workload.subject)?;
        let memory = component.application.memory(component.version?)?;
        let number = |path: &str| component.setting(path, &self.model.workloads).int();
        match component.component.as_str() {
            "server" => Some(number("web.workers")? * memory.server_worker + memory.server_base),
            _ => Some(number("worker.processes")? * memory.worker_process + memory.worker_base),
        }
    }

    fn connections(&self, out: &mut dyn Write, stack: &str) -> io::Result<()> {
        for path in self.model.connection_paths().iter().filter(|path| &*path.pooler_workload.stack == stack)
        {
            let threads: Option<Vec<_>> = path.clients.iter().map(|client| client.threads).collect();
            let Some(threads) = threads else { continue };
            let total: i64 = threads.iter().map(|t| t.total()).sum();
            let least = if threads.iter().any(|t| t.at_least) { "at least " } else { "" };
            let slots = path.slots().map_or("?".to_owned(), |slots| slots.to_string());
            let mode =
                path.pooler.pool_mode(path.database.as_deref()).map_or("?".to_owned(), |(mode, _)| mode);
            let kept = kept(path);
            let pooler = printable(&path.pooler_workload.name);
            writeln!(
                out,
                "  connections  {least}{total} threads, {kept}; {least}{} in a rollout → {slots} pool slots of {pooler} ({mode} pooling)",
                2 * total
            )?;
        }
        Ok(())
    }

    /// Releases of which nobody knows what they make.
    fn opaque(&self, out: &mut dyn Write, stack: &str) -> io::Result<()> {
        let opaque = self.model.releases.iter().filter(|release| is_opaque(release));
        for release in opaque.filter(|release| &*release.release.stack == stack) {
            let name = release.release.name.as_ref().and_then(Node::as_str).unwrap_or("?");
            let reason = release.opaque.as_deref().unwrap_or_default();
            let words = format!("{name}  release of chart {}  objects ? ({reason})", release.chart_title());
            writeln!(out, "  {}", printable(&self.masker.hide(&words)))?;
            if self.places {
                self.place(out, "declared", release.release.header)?;
            }
        }
        Ok(())
    }

    /// What a known count or for_each makes none of.
    fn absent(&self, out: &mut dyn Write, stack: &str) -> io::Result<()> {
        for (_, absent) in self.model.absent.iter().filter(|(of, _)| **of == *stack) {
            let address = printable(&absent.address);
            writeln!(out, "  {address}  absent: its count or for_each makes none")?;
            if self.places {
                self.place(out, "declared", absent.header)?;
            }
        }
        Ok(())
    }

    /// What is there beside workloads, by kind.
    fn other_objects(&self, out: &mut dyn Write, stack: &str) -> io::Result<()> {
        let workloads: Vec<usize> = self.model.workloads.iter().map(|w| w.object).collect();
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        let others = self
            .model
            .objects
            .iter()
            .enumerate()
            .filter(|(i, o)| &*o.stack == stack && !workloads.contains(i));
        for kind in others.map(|(_, object)| Object::kind(object)) {
            *kinds.entry(kind).or_default() += 1;
        }
        if kinds.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        writeln!(out, "  also  {}", printable(&list.join(", ")))
    }
}

fn is_opaque(release: &Composed) -> bool {
    release.opaque.is_some() && !release.release.keys_only
}

fn replicas(workload: &Workload) -> String {
    if !workload.is_scalable() {
        return "–".into();
    }
    match (workload.replicas.count, workload.replicas.autoscaled) {
        (Some(count), false) => counted(count, "replica"),
        (Some(count), true) => format!("{count}+ replicas"),
        (None, _) => "? replicas".into(),
    }
}

/// How long the clients of a pooler keep their connections.
fn kept(path: &ConnectionPath<'_>) -> String {
    let mut ages: Vec<String> = path
        .clients
        .iter()
        .map(|client| match client.max_age {
            Some(Seconds::Finite(0)) => "none kept".to_owned(),
            Some(Seconds::Finite(seconds)) => format!("kept {seconds} s"),
            Some(Seconds::Unlimited) => "kept without limit".to_owned(),
            None => "kept ? s".to_owned(),
        })
        .collect();
    ages.dedup();
    ages.join(" and ")
}
