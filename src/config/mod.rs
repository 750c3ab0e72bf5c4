//! `.steadfast.yaml` into settings. Every mistake is a finding with its place.

mod baseline;
mod facts;
mod secrets;
mod template;

pub use baseline::{BASELINE_NAME, Baseline, Known, read_baseline, write_baseline};
pub use template::config_template;

use crate::base::{Node, Place, SourceFile, Text};
use crate::finding::{Severity, closest};
use crate::model::StatedSecret;
use crate::rule::{CriticalEntry, Profile, RuleMeta, Settings};
use crate::syntax::yaml::parse_yaml;

/// The name of the file.
pub const FILE_NAME: &str = ".steadfast.yaml";

/// A config file, decoded.
#[derive(Debug, Default)]
pub struct Config {
    /// Whether the folder is the read boundary.
    pub root: bool,
    /// The settings.
    pub settings: Settings,
    /// The path of the baseline, from the root, and where it is named.
    pub baseline: Option<(String, Place)>,
    /// What Secrets set that stand in no file.
    pub secrets: Vec<StatedSecret>,
    /// Findings to leave out.
    pub ignores: Vec<Ignore>,
    /// What is wrong with the file: place and words.
    pub mistakes: Vec<(Place, String)>,
}

/// An entry of `ignore`.
#[derive(Debug)]
pub struct Ignore {
    /// The rule.
    pub rule: String,
    /// A pattern for the path, from the root.
    pub path: Option<globset::GlobMatcher>,
    /// The subject.
    pub subject: Option<String>,
    /// Why.
    pub reason: String,
}

/// Whether a config says that its folder is the root.
pub fn says_root(file: &SourceFile) -> bool {
    let (documents, _) = parse_yaml(&Text::of_file(file));
    documents.first().and_then(|document| document.root.get("root")).and_then(Node::as_bool) == Some(true)
}

/// Decodes a config. `rules` are those that exist.
pub fn read_config(file: &SourceFile, rules: &[&RuleMeta]) -> Config {
    let (documents, issues) = parse_yaml(&Text::of_file(file));
    let mut reader = Reader { config: Config::default(), rules };
    for issue in issues {
        reader.config.mistakes.push((issue.place, issue.message));
    }
    if let Some(document) = documents.first().filter(|document| !document.root.is_null()) {
        reader.top(&document.root);
    }
    reader.config
}

struct Reader<'a> {
    config: Config,
    rules: &'a [&'a RuleMeta],
}

const KEYS: [&str; 9] =
    ["root", "profile", "baseline", "critical", "rules", "ignore", "secrets", "cluster", "postgres"];
const IGNORE_KEYS: [&str; 4] = ["rule", "path", "subject", "reason"];
const CRITICAL_KEYS: [&str; 8] =
    ["name", "image", "chart", "component", "workload", "namespace", "label", "minimum"];

impl Reader<'_> {
    fn mistake(&mut self, place: Place, message: impl Into<String>) {
        self.config.mistakes.push((place, message.into()));
    }

    fn top(&mut self, root: &Node) {
        let Some(map) = root.as_map() else { return self.mistake(root.place, "the config is a mapping") };
        for entry in &map.entries {
            let node = &entry.value;
            match &*entry.key.name {
                "root" => match node.as_bool() {
                    Some(value) => self.config.root = value,
                    None => self.mistake(node.place, "`root` is true or false"),
                },
                "profile" => self.profile(node),
                "baseline" => match node.as_str() {
                    Some(path) => self.config.baseline = Some((path.to_owned(), node.place)),
                    None => self.mistake(node.place, "`baseline` is the path of a file"),
                },
                "critical" => self.critical(node),
                "rules" => self.rules(node),
                "secrets" => self.secrets(node),
                "cluster" => self.cluster(node),
                "postgres" => self.postgres(node),
                "ignore" => self.ignores(node),
                name => self.unknown_key(entry.key.place, name, &KEYS),
            }
        }
    }

    fn unknown_key(&mut self, place: Place, name: &str, known: &[&str]) {
        let hint =
            closest(name, known).map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
        self.mistake(place, format!("there is no key `{name}` here{hint}"));
    }

    fn profile(&mut self, node: &Node) {
        if let Some(profile) = node.as_str().and_then(Profile::parse) {
            self.config.settings.profile = profile;
        } else {
            let names = Profile::NAMES.map(|(name, _)| name);
            let hint = meant(node, &names);
            self.mistake(node.place, format!("`profile` is one of {}{hint}", names.join(", ")));
        }
    }

    /// Either a list of entries that extend the default set, or `{replace: true, entries: […]}`.
    fn critical(&mut self, node: &Node) {
        let (items, replace) = match node.as_map() {
            None => (Some(node), false),
            Some(map) => {
                for entry in map.entries.iter().filter(|e| !["replace", "entries"].contains(&&*e.key.name)) {
                    self.unknown_key(entry.key.place, &entry.key.name, &["replace", "entries"]);
                }
                let replace = node.get("replace");
                if let Some(node) = replace.filter(|node| node.as_bool().is_none()) {
                    self.mistake(node.place, "`replace` is true or false");
                }
                (node.get("entries"), replace.and_then(Node::as_bool) == Some(true))
            }
        };
        let Some(list) = items.filter(|items| items.as_list().is_some()) else {
            return self.mistake(node.place, "`critical` is a list of entries, or has one as `entries`");
        };
        let mut entries = Vec::new();
        for item in list.items() {
            entries.extend(self.critical_entry(item));
        }
        let set = &mut self.config.settings.critical.entries;
        if replace {
            *set = entries;
        } else {
            // The config's own entries decide first.
            entries.append(set);
            *set = entries;
        }
    }

    fn critical_entry(&mut self, item: &Node) -> Option<CriticalEntry> {
        let Some(map) = item.as_map() else {
            self.mistake(item.place, "an entry of `critical` is a mapping");
            return None;
        };
        let mut entry = CriticalEntry { minimum: 3, configured: true, ..CriticalEntry::default() };
        for field in &map.entries {
            let text = field.value.display();
            match (&*field.key.name, text) {
                ("name", Some(text)) => entry.name = text,
                ("image", Some(text)) => entry.images = vec![text],
                ("chart", Some(text)) => entry.chart = Some(text),
                ("component", Some(text)) => entry.component = Some(text),
                ("workload", Some(text)) => entry.workload = Some(text),
                ("namespace", Some(text)) => entry.namespace = Some(text),
                ("label", Some(text)) => match text.split_once('=') {
                    Some((key, value)) => entry.label = Some((key.to_owned(), value.to_owned())),
                    None => self.mistake(field.value.place, "`label` is `key=value`"),
                },
                ("minimum", _) => match field.value.as_int_lenient() {
                    Some(minimum) => entry.minimum = minimum,
                    None => self.mistake(field.value.place, "`minimum` is a number of replicas"),
                },
                (name, Some(_)) => self.unknown_key(field.key.place, name, &CRITICAL_KEYS),
                (name, None) => self.mistake(field.value.place, format!("`{name}` is a string")),
            }
        }
        let selects = [&entry.chart, &entry.component, &entry.workload, &entry.namespace];
        if entry.images.is_empty() && entry.label.is_none() && selects.iter().all(|part| part.is_none()) {
            self.mistake(item.place, "an entry of `critical` says which workloads it means: image, chart, component, workload, namespace or label");
        }
        Some(entry)
    }

    /// `rules: {rule-id: off | note | warning | error | {level: …, option: …}}`.
    fn rules(&mut self, node: &Node) {
        let Some(map) = node.as_map() else { return self.mistake(node.place, "`rules` is a mapping") };
        for entry in &map.entries {
            let id = entry.key.name.to_string();
            let Some(meta) = self.rules.iter().copied().find(|meta| meta.id == id) else {
                self.unknown_rule(entry.key.place, &id);
                continue;
            };
            match entry.value.as_map() {
                None => self.level(&id, &entry.value),
                Some(options) => {
                    for option in &options.entries {
                        self.option(meta, &option.key.name, option.key.place, &option.value);
                    }
                }
            }
        }
    }

    fn unknown_rule(&mut self, place: Place, id: &str) {
        let ids: Vec<&str> = self.rules.iter().map(|meta| meta.id).collect();
        let hint = closest(id, &ids).map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
        self.mistake(place, format!("there is no rule `{id}`{hint}"));
    }

    fn level(&mut self, id: &str, node: &Node) {
        // YAML reads a bare `off` as false.
        let off = node.as_bool() == Some(false) || node.as_str() == Some("off");
        let level = node.as_str().and_then(Severity::parse);
        if off || level.is_some() {
            self.config.settings.levels.insert(id.to_owned(), level);
        } else {
            let hint = meant(node, &["off", "note", "warning", "error"]);
            self.mistake(node.place, format!("a level is off, note, warning or error{hint}"));
        }
    }

    fn option(&mut self, meta: &RuleMeta, name: &str, place: Place, value: &Node) {
        if name == "level" {
            return self.level(meta.id, value);
        }
        if !meta.options.iter().any(|option| option.name == name) {
            let mut known: Vec<&str> = meta.options.iter().map(|option| option.name).collect();
            known.push("level");
            return self.unknown_key(place, name, &known);
        }
        match value.as_int_lenient().filter(|number| *number >= 0) {
            Some(number) => {
                self.config.settings.options.insert((meta.id.to_owned(), name.to_owned()), number);
            }
            None => self.mistake(value.place, format!("`{name}` is a number, 0 or more")),
        }
    }

    fn ignores(&mut self, node: &Node) {
        if node.as_list().is_none() {
            return self.mistake(node.place, "`ignore` is a list");
        }
        node.items().iter().for_each(|item| self.ignore(item));
    }

    fn ignore(&mut self, item: &Node) {
        for entry in item.as_map().map(|map| &map.entries[..]).unwrap_or_default() {
            if !IGNORE_KEYS.contains(&&*entry.key.name) {
                self.unknown_key(entry.key.place, &entry.key.name, &IGNORE_KEYS);
            } else if entry.value.as_str().is_none() {
                self.mistake(entry.value.place, format!("`{}` is a string", entry.key.name));
            }
        }
        let text = |name: &str| item.get(name).and_then(Node::as_str).map(str::to_owned);
        let Some(rule) = text("rule") else {
            return self.mistake(item.place, "an entry of `ignore` names its `rule`");
        };
        if text("reason").is_none_or(|reason| reason.trim().is_empty()) {
            let place = item.get("rule").map_or(item.place, |node| node.place);
            self.mistake(place, "an entry of `ignore` gives its `reason`");
        }
        if !self.rules.iter().any(|meta| meta.id == rule) {
            self.unknown_rule(item.get("rule").map_or(item.place, |node| node.place), &rule);
        }
        let path =
            text("path").map(|pattern| globset::Glob::new(&pattern).map(|glob| glob.compile_matcher()));
        match path.transpose() {
            Ok(path) => {
                let reason = text("reason").unwrap_or_default();
                self.config.ignores.push(Ignore { rule, path, subject: text("subject"), reason });
            }
            Err(error) => self.mistake(item.place, error.to_string()),
        }
    }
}

/// "; did you mean …?", where a word is near a known one.
fn meant(node: &Node, known: &[&str]) -> String {
    let near = node.as_str().and_then(|word| closest(word, known));
    near.map_or_else(String::new, |known| format!("; did you mean `{known}`?"))
}

impl Ignore {
    /// Whether it leaves out a finding.
    pub fn covers(&self, rule: &str, path: &str, subject: &str) -> bool {
        self.rule == rule
            && self.path.as_ref().is_none_or(|pattern| pattern.is_match(path))
            && self.subject.as_deref().is_none_or(|wanted| wanted == subject)
    }
}
