//! The documentation of a rule: the module docs of its file, in fixed sections.

/// The parts of a rule's documentation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Docs {
    /// The text before the first section.
    pub intro: String,
    /// Sections: title and text, in order.
    pub sections: Vec<(String, String)>,
}

/// The sections that every rule has, in this order.
pub const SECTIONS: [&str; 5] = ["What it does", "Why it matters", "How to fix", "Limits", "Example"];

/// The section of rules that can mend what they find, before the example.
pub const FIX_SECTION: &str = "Fix safety";

/// An example of a rule's documentation: a tiny repository.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// Whether the rule fires on it.
    pub bad: bool,
    /// The files.
    pub files: Vec<ExampleFile>,
}

/// A file of an example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExampleFile {
    /// The path.
    pub path: String,
    /// The text.
    pub text: String,
}

impl Docs {
    /// Reads the module docs of a source text.
    pub fn of_source(source: &str) -> Docs {
        let lines = source.lines().take_while(|line| line.starts_with("//!"));
        let text = lines.map(|line| line.strip_prefix("//! ").unwrap_or(line.trim_start_matches("//!")));
        let mut docs = Docs { intro: String::new(), sections: Vec::new() };
        let mut fenced = false;
        for line in text {
            fenced ^= line.starts_with("```");
            if let (Some(title), false) = (line.strip_prefix("# "), fenced) {
                docs.sections.push((title.to_owned(), String::new()));
                continue;
            }
            let target = docs.sections.last_mut().map_or(&mut docs.intro, |(_, text)| text);
            target.push_str(line);
            target.push('\n');
        }
        docs
    }

    /// The text of a section.
    pub fn section(&self, title: &str) -> Option<&str> {
        self.sections.iter().find(|(t, _)| t == title).map(|(_, text)| text.trim())
    }

    /// The examples: fenced blocks behind `Bad:` and `Good:`. A line `# file: PATH` begins another file.
    pub fn examples(&self) -> Vec<Example> {
        let (mut examples, mut bad, mut block) = (Vec::new(), true, None::<(String, String)>);
        for line in self.section("Example").unwrap_or_default().lines() {
            match (&mut block, line.strip_prefix("```")) {
                (None, Some(language)) => block = Some((language.to_owned(), String::new())),
                (Some(_), Some(_)) => {
                    if let Some((language, text)) = block.take() {
                        examples.push(Example { bad, files: files_of(&language, &text) });
                    }
                }
                (Some((_, text)), None) => {
                    text.push_str(line);
                    text.push('\n');
                }
                (None, None) if line.starts_with("Good") => bad = false,
                (None, None) if line.starts_with("Bad") => bad = true,
                (None, None) => {}
            }
        }
        examples
    }
}

fn files_of(language: &str, text: &str) -> Vec<ExampleFile> {
    let path = if language == "hcl" { "stacks/app/main.tf" } else { "stacks/app/app.yaml" };
    let mut files = vec![ExampleFile { path: path.to_owned(), text: String::new() }];
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("# file: ") {
            files.push(ExampleFile { path: path.trim().to_owned(), text: String::new() });
            continue;
        }
        if let Some(file) = files.last_mut() {
            file.text.push_str(line);
            file.text.push('\n');
        }
    }
    files.retain(|file| !file.text.trim().is_empty());
    files
}
