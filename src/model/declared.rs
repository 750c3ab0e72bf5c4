//! Settings as people declare them, under whatever name.

use super::Model;
use super::settings::AppComponent;
use crate::base::{Node, Place};
use crate::compose::Composed;
use crate::lower::{Application, Version, leaves, value_at};
use std::sync::Arc;

/// A setting that someone declares, in the environment or in values that are rendered.
#[derive(Debug)]
pub struct DeclaredSetting<'a> {
    /// The application.
    pub application: &'static Application,
    /// The path of the setting.
    pub path: String,
    /// Where its name stands.
    pub place: Place,
    /// The application's version.
    pub version: Version,
    /// The address of the workload or release.
    pub subject: &'a str,
    /// The field that findings give.
    pub field: String,
    /// The header of the workload or release.
    pub header: Place,
    /// The folder of the stack.
    pub stack: &'a Arc<str>,
    /// Whether `lifecycle.ignore_changes` covers it.
    pub ignored: bool,
    /// How it is declared.
    pub form: DeclaredForm<'a>,
}

/// How a setting is declared.
#[derive(Clone, Copy, Debug)]
pub enum DeclaredForm<'a> {
    /// As a variable of the environment: the item of the list.
    Variable(&'a Node),
    /// As a key of a release's values.
    Key(&'a Composed),
}

/// A setting that stands in a container's environment and in the values that its chart renders into a Secret, where it
/// has no effect.
#[derive(Debug)]
pub struct SetTwice<'a> {
    /// The component.
    pub component: &'a AppComponent,
    /// The path of the key in the values.
    pub path: String,
    /// The name of the variable.
    pub name: String,
    /// Where the key stands in the values.
    pub key: Place,
    /// The name of the variable in the environment.
    pub variable: &'a Node,
}

impl DeclaredSetting<'_> {
    /// A setting's path as it is spelt where this one stands.
    pub fn spelling(&self, path: &str) -> String {
        match self.form {
            DeclaredForm::Variable(_) => self.application.variable(path),
            DeclaredForm::Key(_) => format!("{}.{path}", self.application.name),
        }
    }
}

impl Model {
    /// The settings that are declared and reach a pod of a known version, each where its name stands.
    pub fn declared_settings(&self) -> Vec<DeclaredSetting<'_>> {
        let mut out: Vec<DeclaredSetting<'_>> = Vec::new();
        for component in &self.components {
            let Some(version) = component.version else { continue };
            let workload = &self.workloads[component.workload];
            let container = &workload.containers[component.container];
            for (name, item) in container.env_names() {
                let Some(path) = component.application.setting(name) else { continue };
                out.push(DeclaredSetting {
                    application: component.application,
                    place: item.get("name").map_or(item.place, |node| node.place),
                    version,
                    subject: &workload.subject,
                    field: path.clone(),
                    path,
                    header: workload.header,
                    stack: &workload.stack,
                    ignored: workload.ignored.covers(&workload.environment_field()),
                    form: DeclaredForm::Variable(item),
                });
            }
            if component.reads_values() {
                self.declared_values(component, version, &mut out);
            }
        }
        // Server and worker share the values and often the environment.
        out.sort_by_key(|d| (d.place, d.path.clone()));
        out.dedup_by(|a, b| a.place == b.place && a.path == b.path);
        out
    }

    /// The settings that a chart renders into its Secret although the environment says otherwise.
    pub fn settings_set_twice(&self) -> Vec<SetTwice<'_>> {
        let mut out: Vec<SetTwice<'_>> =
            self.components.iter().filter(|c| c.reads_values()).flat_map(|c| self.set_twice(c)).collect();
        // Server and worker may share both.
        out.sort_by_key(|twice| twice.key);
        out.dedup_by_key(|twice| twice.key);
        out
    }

    fn set_twice<'a>(&'a self, component: &'a AppComponent) -> Vec<SetTwice<'a>> {
        let workload = &self.workloads[component.workload];
        let release = workload.release.map(|release| &self.releases[release]);
        let Some((release, settings)) =
            release.and_then(|r| Some((r, r.profile.as_deref()?.settings.as_ref()?)))
        else {
            return Vec::new();
        };
        let Some(tree) = value_at(&release.values, &settings.root) else { return Vec::new() };
        let declared = leaves(tree);
        let variables = workload.containers[component.container].env_names();
        let twice = |(name, item): (&str, &'a Node)| {
            let path = component.application.setting(name)?;
            let (_, entry) = declared.iter().find(|(declared, _)| *declared == path)?;
            let silent = entry.value.is_null() || entry.value.as_str() == Some("");
            (!silent).then_some(())?;
            Some(SetTwice {
                component,
                path: format!("{}.{path}", settings.root),
                name: name.to_owned(),
                key: entry.key.place,
                variable: item.get("name")?,
            })
        };
        variables.filter_map(twice).collect()
    }

    fn declared_values<'a>(
        &'a self,
        component: &AppComponent,
        version: Version,
        out: &mut Vec<DeclaredSetting<'a>>,
    ) {
        let release = self.workloads[component.workload].release.map(|release| &self.releases[release]);
        let Some((release, settings)) =
            release.and_then(|r| Some((r, r.profile.as_deref()?.settings.as_ref()?)))
        else {
            return;
        };
        let Some(tree) = value_at(&release.values, &settings.root) else { return };
        for (path, entry) in leaves(tree) {
            out.push(DeclaredSetting {
                application: component.application,
                place: entry.key.place,
                version,
                subject: &release.release.subject,
                field: format!("{}.{path}", settings.root),
                path,
                header: release.release.header,
                stack: &release.release.stack,
                ignored: release.release.ignored.covers("values"),
                form: DeclaredForm::Key(release),
            });
        }
    }
}
