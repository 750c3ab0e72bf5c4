//! Files that somebody made to hang, crash or fool the tool: each run ends, with an exit code of its own and the limit's name.
//! The time-out only ends a run that would never end.

#![allow(missing_docs, clippy::unwrap_used)]

use assert_cmd::Command;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n";

/// What a run over these files says.
fn said(files: &[(&str, &[u8])]) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".steadfast.yaml"), "root: true\n").unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    run(dir.path())
}

fn run(dir: &Path) -> String {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    let ran = command
        .current_dir(dir)
        .args(["lint", ".", "--format", "concise", "--unresolved", "--exit-zero"])
        .timeout(Duration::from_secs(240))
        .assert();
    let output = ran.get_output();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(0), "{:?}: {error}", output.status);
    text + &error
}

fn terraform(text: &str) -> String {
    let resource = "resource \"kubernetes_namespace\" \"x\" {\n  metadata {\n    name = local.last\n  }\n}\n";
    said(&[("main.tf", format!("{text}\n{resource}").as_bytes())])
}

#[track_caller]
fn names(text: &str, limit: &str) {
    assert!(text.contains(limit), "{limit} is not named in: {}", &text[..text.len().min(2_000)]);
}

fn bomb() -> String {
    let mut out = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(out, "a{level}: &a{level} [{items}]").unwrap();
    }
    out
}

#[test]
fn aliases_that_stand_for_billions_of_values() {
    let manifest = format!("{OBJECT}{}", bomb());
    names(&said(&[("a.yaml", manifest.as_bytes())]), "(limit: aliases; --limit aliases=N raises it)");
    let release = "resource \"helm_release\" \"a\" {\n  name = \"a\"\n  chart = \"authentik\"\n  version = \"2026.2.2\"\n  repository = \"https://charts.goauthentik.io\"\n  values = [file(\"v.yaml\")]\n}\n";
    names(
        &said(&[("main.tf", release.as_bytes()), ("v.yaml", bomb().as_bytes())]),
        "(limit: aliases; --limit aliases=N raises it)",
    );
}

#[test]
fn values_that_double() {
    let mut lists = String::from("locals {\n  a0 = [1, 2]\n");
    let mut texts = String::from("locals {\n  a0 = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n");
    for level in 1..40 {
        let below = level - 1;
        writeln!(lists, "  a{level} = [local.a{below}, local.a{below}]").unwrap();
        writeln!(texts, "  a{level} = \"${{local.a{below}}}${{local.a{below}}}\"").unwrap();
    }
    terraform(&format!("{lists}  last = jsonencode(local.a39)\n}}"));
    terraform(&format!("{texts}  last = local.a39\n}}"));
    terraform("locals {\n  last = format(\"%999999999d\", 1)\n}");
    terraform(
        "locals {\n  last = replace(join(\"\", [for i in range(1000) : \"aaaaaaaaaaaaaaaa\"]), \"a\", join(\"\", [for i in range(1000) : \"aaaaaaaaaaaaaaaa\"]))\n}",
    );
    terraform("locals {\n  r    = range(1000)\n  last = length(setproduct(local.r, local.r, local.r))\n}");
}

#[test]
fn loops_in_loops() {
    terraform(
        "locals {\n  r    = range(1000)\n  last = length([for a in local.r : [for b in local.r : [for c in local.r : 1]]])\n}",
    );
}

#[test]
fn modules_that_call_modules() {
    let mut files: Vec<(String, String)> = Vec::new();
    for level in 0..25 {
        let below = level + 1;
        let call = |name: &str| format!("module \"{name}\" {{\n  source = \"../m{below}\"\n}}\n");
        files.push((format!("m{level}/main.tf"), call("a") + &call("b")));
    }
    files.push(("m25/main.tf".into(), "resource \"kubernetes_namespace\" \"x\" {\n}\n".into()));
    files.push(("main.tf".into(), "module \"a\" {\n  source = \"./m0\"\n}\n".into()));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (&**name, text.as_bytes())).collect();
    names(&said(&files), "(limit: modules; --limit modules=N raises it)");
}

#[test]
fn instances_without_number() {
    let counted = |how: &str| {
        let text = format!(
            "resource \"kubernetes_namespace\" \"x\" {{\n  {how}\n  metadata {{\n    name = \"a\"\n  }}\n}}\n"
        );
        names(&said(&[("main.tf", text.as_bytes())]), "(limit: instances; --limit instances=N raises it)");
    };
    counted("count = 1000000000");
    counted("for_each = toset(flatten([for i in range(1000) : [for j in range(3) : \"${i}-${j}\"]]))");
}

#[test]
fn nesting_without_end() {
    let depth = 10_000;
    let (open, close) = ("[".repeat(depth), "]".repeat(depth));
    let yaml = format!("{OBJECT}data: {open}{close}\n");
    names(&said(&[("a.yaml", yaml.as_bytes())]), "too-deep");
    names(&terraform(&format!("locals {{\n  last = {open}{close}\n}}")), "too-deep");
    let (open, close) = ("(".repeat(depth), ")".repeat(depth));
    names(&terraform(&format!("locals {{\n  last = {open}1{close}\n}}")), "too-deep");
    let (open, close) = ("${\"".repeat(depth), "\"}".repeat(depth));
    terraform(&format!("locals {{\n  last = \"{open}x{close}\"\n}}"));
    let json = format!("{{\"locals\": {{\"last\": {}{}}}}}", "[".repeat(depth), "]".repeat(depth));
    said(&[("a.tf.json", json.as_bytes())]);
    let blocks = "b {\n".repeat(depth) + &"}\n".repeat(depth);
    said(&[("a.tf", blocks.as_bytes())]);
    let quotes = "> ".repeat(20_000) + "x\n```yaml\nkubernetes_json_patches: {deployment: []}\n```\n";
    said(&[("a.md", quotes.as_bytes())]);
    let shell = format!("{OBJECT}data: {{a: \"{}ls /dev/shm{}\"}}\n", "$(".repeat(5_000), ")".repeat(5_000));
    said(&[("a.yaml", shell.as_bytes())]);
}

#[test]
fn too_much_of_one_thing() {
    let spaces = vec![b' '; 17 << 20];
    names(&said(&[("a.yaml", &spaces)]), "too-large");
    let mut keys = format!("{OBJECT}data:\n");
    for key in 0..80_000 {
        writeln!(keys, "  k{key}: v").unwrap();
    }
    said(&[("a.yaml", keys.as_bytes())]);
    let doubled = format!("{OBJECT}data: {{{}}}\n", "\"a\": \"b\", ".repeat(20_000));
    said(&[("a.yaml", doubled.as_bytes())]);
    let documents = "---\na: 1\n".repeat(1_000_000);
    said(&[("a.yaml", documents.as_bytes())]);
    let comments = "# steadfast: ignore[x] y\n".repeat(20_000) + OBJECT;
    names(&said(&[("a.yaml", comments.as_bytes())]), "only the first 1000 such comments");
}

#[test]
fn secrets_without_number() {
    let mut many = String::from(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\nkind: y\nstringData:\n",
    );
    for number in 0..20_000_u32 {
        writeln!(many, "  k{number}: {:x}-{number}", number.wrapping_mul(2_654_435_761)).unwrap();
    }
    let long = format!("{OBJECT}kind: y\ndata:\n  password: x1{}\n", "y".repeat(8 << 20));
    names(&said(&[("a.yaml", many.as_bytes()), ("b.yaml", long.as_bytes())]), "key-duplicated");
}

#[test]
fn circles() {
    let module = |source: &str| format!("module \"a\" {{\n  source = \"{source}\"\n}}\n");
    let (main, a, b) = (module("./a"), module("../b"), module("../a"));
    let files: [(&str, &[u8]); 3] =
        [("main.tf", main.as_bytes()), ("a/main.tf", a.as_bytes()), ("b/main.tf", b.as_bytes())];
    names(&said(&files), "reference-cycle");
    names(&terraform("locals {\n  last = local.b\n  b    = local.last\n}"), "reference-cycle");
    let itself: [(&str, &[u8]); 2] = [
        ("main.tf", b"resource \"kubernetes_namespace\" \"x\" {\n  metadata {\n    name = templatefile(\"t.tpl\", {})\n  }\n}\n"),
        ("t.tpl", b"${templatefile(\"t.tpl\", {})}"),
    ];
    names(&said(&itself), "reference-cycle");
    said(&[("a.yaml", format!("{OBJECT}data: &a {{x: *a}}\n").as_bytes())]);
    let kustomizations: [(&str, &[u8]); 3] = [
        ("kustomization.yaml", b"resources: [a]\n"),
        ("a/kustomization.yaml", b"resources: [../b]\n"),
        ("b/kustomization.yaml", b"resources: [../a]\n"),
    ];
    said(&kustomizations);
}

#[cfg(unix)]
#[test]
fn what_is_no_file() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".steadfast.yaml"), "root: true\n").unwrap();
    fs::write(dir.path().join("a.yaml"), OBJECT).unwrap();
    symlink(".", dir.path().join("self")).unwrap();
    symlink("/etc", dir.path().join("etc")).unwrap();
    symlink("/etc/passwd", dir.path().join("p.yaml")).unwrap();
    symlink("loop.yaml", dir.path().join("loop.yaml")).unwrap();
    let fifo = std::process::Command::new("mkfifo").arg(dir.path().join("f.yaml")).status();
    assert!(fifo.unwrap().success());
    names(&run(dir.path()), "p.yaml: skipped");
}

#[test]
fn bytes_that_are_no_text() {
    let nul = format!("{OBJECT}data: {{a: \"\0\"}}\n");
    names(&said(&[("a.yaml", nul.as_bytes())]), "binary");
    let mut invalid = OBJECT.as_bytes().to_vec();
    invalid.extend(b"data: {a: \"\xff\xfe\"}\n");
    names(&said(&[("a.yaml", &invalid)]), "binary");
    let noise: Vec<u8> = (0..200_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    said(&[("a.yaml", &noise), ("b.tf", &noise), ("c.hcl", &noise), ("d.md", &noise)]);
}

#[cfg(unix)]
#[test]
fn names_that_act_on_a_terminal() {
    let twice = format!("{OBJECT}kind: y\n");
    let text = said(&[("a\u{202e}gnp.yaml", twice.as_bytes()), ("b\u{1b}[31m.yaml", twice.as_bytes())]);
    assert!(!text.contains(['\u{202e}', '\u{1b}']), "{text:?}");
    names(&text, "a?gnp.yaml");
    names(&text, "b?[31m.yaml");
}

/// What a runner of GitHub takes for a command, and what a terminal acts on, in names that files give.
#[cfg(unix)]
const ACTING: &str = "x\\u001b]0;t\\u0007\\n::stop-commands::abc\\n##[error]y\\u202e\\u009b\\ufffe";

#[cfg(unix)]
#[test]
fn nothing_acts_on_terminals_logs_and_readers() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("::add-mask::a\u{1b}[31m\n::error::b");
    fs::create_dir_all(&folder).unwrap();
    fs::write(dir.path().join(".steadfast.yaml"), "root: true\nprofile: all\n").unwrap();
    let deployment = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: \"{ACTING}\", namespace: \"{ACTING}\"}}\nspec:\n  selector: {{matchLabels: {{a: b}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:\n      containers:\n        - name: a\n          image: \"https://example.org/[a](b)\"\n          imagePullPolicy: \"{ACTING}\"\n          resources: {{limits: {{memory: 1mb}}}}\n"
    );
    fs::write(folder.join("a.yaml"), deployment).unwrap();
    fs::write(folder.join("b.tf"), "resource \"kubernetes_namespace\" \"a\" {\n  metadata {\n    name = file(\"x\\u001b[31m\\n::error::c\")\n  }\n}\n").unwrap();
    fs::write(folder.join("c.yaml"), b"a: \0").unwrap();
    let lint = |format: &'static str| vec!["lint", ".", "--unresolved", "--format", format];
    for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let text = printed(dir.path(), &lint(format));
        assert!(text.contains("field-invalid"), "{format}: {text}");
        acts_on_nothing(&text, format);
        match format {
            "junit" => assert!(!text.contains(['\u{fffe}', '\u{ffff}']), "{text}"),
            "markdown" => assert!(!text.contains("https://example.org"), "{text}"),
            "sarif" => assert!(!text.contains("[a](b)"), "{text}"),
            _ => {}
        }
    }
    for arguments in [
        &["show", "."][..],
        &["show", "--places", "."],
        &["show", "--objects", "."],
        &["lint", ".", "--diff", "--unsafe-fixes"],
        &["lint", "gone\u{1b}[31m\n::error::x"],
        &["--style", "narrated", "lint", "."],
    ] {
        acts_on_nothing(&printed(dir.path(), arguments), "human");
    }
}

/// Both streams of a run.
fn printed(dir: &Path, arguments: &[&str]) -> String {
    let output = Command::cargo_bin("steadfast").unwrap().current_dir(dir).args(arguments).output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[cfg(unix)]
#[track_caller]
fn acts_on_nothing(text: &str, format: &str) {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.chars().any(|c| c.is_control() && c != '\n' || turns(c)), "{text:?}");
    // The others are for programs; people have them written to files.
    assert!(
        !text.contains("##[") || ["json", "sarif", "gitlab", "junit", "markdown"].contains(&format),
        "{format}: {text}"
    );
    let commands = text.lines().filter(|line| line.trim_start().starts_with("::"));
    let own = |line: &str| {
        ["::error file=", "::warning file=", "::notice "].iter().any(|own| line.starts_with(own))
    };
    for command in commands {
        assert!(format == "github" && own(command), "{command}");
    }
}

/// A limit that was met is raised by the option that the report names.
#[test]
fn limits_are_raised_by_their_options() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".steadfast.yaml"), "root: true\n").unwrap();
    let aliases = "a: &a [1, 2, 3, 4, 5, 6, 7, 8]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b]\n";
    fs::write(dir.path().join("a.yaml"), format!("{OBJECT}{aliases}")).unwrap();
    fs::write(dir.path().join("large.yaml"), format!("{OBJECT}# {}\n", "x".repeat(2 << 20))).unwrap();
    let block = "resource \"kubernetes_namespace\" \"x\" {\n  count = 3\n  metadata {\n    name = join(\"\", [for i in range(9) : \"x${i}\"])\n  }\n}\n";
    fs::write(dir.path().join("main.tf"), block).unwrap();
    for (limit, low) in [("aliases", 40), ("file", 1), ("instances", 2), ("steps", 5), ("values", 3)] {
        let said = |number: u64| {
            let option = format!("--limit={limit}={number}");
            printed(dir.path(), &["lint", ".", "--unresolved", "--format", "concise", &option])
        };
        let named = format!("(limit: {limit}; --limit {limit}=N raises it)");
        assert!(said(low).contains(&named), "{limit}: {}", said(low));
        assert!(!said(1_000_000).contains("limit: "), "{limit}: {}", said(1_000_000));
    }
    let wrong = printed(dir.path(), &["lint", ".", "--limit", "alias=1"]);
    assert!(wrong.contains("did you mean `aliases`?"), "{wrong}");
}
