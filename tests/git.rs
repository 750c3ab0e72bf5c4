//! What is linted of a Git repository: the index, a revision, and what only looks like a part of it.

#![allow(missing_docs, clippy::unwrap_used)]

use assert_cmd::Command;
use git2::{IndexAddOption, Repository, Signature};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: \"web:1.0.0\" }] }
";

const BUDGET: &str = "apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
";

struct Repo {
    dir: TempDir,
    git: Repository,
}

impl Repo {
    fn new(files: &[(&str, &str)]) -> Repo {
        let dir = tempfile::tempdir().unwrap();
        let git = Repository::init(dir.path()).unwrap();
        let repo = Repo { dir, git };
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn stage(&self) {
        let mut index = self.git.index().unwrap();
        index.add_all(["*"], IndexAddOption::DEFAULT, None).unwrap();
        index.update_all(["*"], None).unwrap();
        index.write().unwrap();
    }

    fn commit(&self) -> String {
        self.stage();
        let tree = self.git.find_tree(self.git.index().unwrap().write_tree().unwrap()).unwrap();
        let who = Signature::now("somebody", "somebody@example.org").unwrap();
        let parent = self.git.head().ok().and_then(|head| head.peel_to_commit().ok());
        let parents: Vec<_> = parent.iter().collect();
        self.git.commit(Some("HEAD"), &who, &who, "change", &tree, &parents).unwrap().to_string()
    }
}

fn lint(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    command
        .current_dir(dir)
        .env_remove("GIT_INDEX_FILE")
        .env_remove("PRE_COMMIT_FROM_REF")
        .args(["lint", "--quiet", "--format", "concise"]);
    let output = command.args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn what_is_staged_is_linted_and_not_what_stands_on_disk() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT), ("app/pdb.yaml", BUDGET)]);
    repo.commit();
    repo.write("app/web.yaml", &DEPLOYMENT.replace("replicas: 2", "replicas: 1"));
    std::fs::remove_file(repo.path().join("app/pdb.yaml")).unwrap();
    // On disk one replica needs no budget; nothing is staged, so that the whole index is linted.
    assert_eq!(lint(repo.path(), &["--staged"]), (0, String::new(), String::new()));
    let mut index = repo.git.index().unwrap();
    index.remove_path(Path::new("app/pdb.yaml")).unwrap();
    index.write().unwrap();
    // The deletion is staged, the replicas are not.
    let (code, out, _) = lint(repo.path(), &["--staged"]);
    assert_eq!(code, 1);
    assert_eq!(
        out,
        "app/web.yaml:5:13: warning[pdb-missing] no PodDisruptionBudget selects the 2 replicas of Deployment `web`\n"
    );
}

#[test]
fn a_staged_file_widens_to_its_stack_and_no_further() {
    let other = DEPLOYMENT.replace("web", "other");
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT), ("other/other.yaml", &other), ("README.md", "x")]);
    repo.commit();
    let (_, all, _) = lint(repo.path(), &["--staged"]);
    assert_eq!(all.lines().count(), 2);
    repo.write("app/new.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: new, namespace: shop }\n");
    repo.stage();
    let (_, out, _) = lint(repo.path(), &["--staged"]);
    assert_eq!(out.lines().count(), 1);
    assert!(out.starts_with("app/web.yaml:5:13"), "{out}");
    repo.commit();
    repo.write("README.md", "y");
    repo.stage();
    assert_eq!(lint(repo.path(), &["--staged"]), (0, String::new(), String::new()));
}

#[test]
fn a_change_of_a_shared_module_concerns_every_stack() {
    let call = "module \"web\" {\n  source = \"../modules/web\"\n}\n";
    let web = "resource \"kubernetes_deployment\" \"web\" {\n  metadata { name = \"web\" }\n  spec {\n    replicas = 2\n    template {\n      metadata { labels = { app = \"web\" } }\n      spec {\n        container { name = \"web\" }\n      }\n    }\n  }\n}\n";
    let repo = Repo::new(&[("a/main.tf", call), ("b/main.tf", call), ("modules/web/main.tf", web)]);
    repo.commit();
    repo.write("modules/web/main.tf", &format!("{web}\n# changed\n"));
    repo.stage();
    let (code, out, _) = lint(repo.path(), &["--staged"]);
    assert_eq!(code, 1);
    assert!(out.contains("modules/web/main.tf:4:16: warning[pdb-missing]"), "{out}");
}

#[test]
fn a_revision_is_linted_without_a_checkout() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT)]);
    let first = repo.commit();
    repo.write("app/pdb.yaml", BUDGET);
    repo.commit();
    assert_eq!(lint(repo.path(), &["--rev", "HEAD"]).0, 0);
    assert_eq!(lint(repo.path(), &["--rev", &first[..8]]).0, 1);
    assert_eq!(lint(repo.path(), &["--rev", "HEAD~1", "app"]).0, 1);
    let (code, _, err) = lint(repo.path(), &["--rev", "HEAD~1", "app/pdb.yaml"]);
    assert_eq!((code, err.as_str()), (2, "steadfast: there is no `app/pdb.yaml` in what is linted\n"));
    let (code, _, err) = lint(repo.path(), &["--rev", "nowhere"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("steadfast: there is no revision `nowhere`"), "{err}");
    // Paths begin at the config's root, also where that lies below the repository's.
    repo.write("inner/.steadfast.yaml", "root: true\n");
    repo.write("inner/web.yaml", DEPLOYMENT);
    repo.commit();
    let (_, out, _) = lint(&repo.path().join("inner"), &["--rev", "HEAD"]);
    assert!(out.starts_with("web.yaml:5:13"), "{out}");
    assert_eq!(lint(repo.path(), &["--rev", "HEAD"]).0, 0);
}

#[test]
fn bare_clones_and_worktrees_are_read() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT)]);
    repo.commit();
    let elsewhere = tempfile::tempdir().unwrap();
    let bare = elsewhere.path().join("bare.git");
    git2::build::RepoBuilder::new().bare(true).clone(&repo.path().to_string_lossy(), &bare).unwrap();
    let (code, out, _) = lint(&bare, &["--rev", "HEAD"]);
    assert_eq!(code, 1);
    assert!(out.contains("app/web.yaml:5:13"), "{out}");
    let tree: PathBuf = elsewhere.path().join("tree");
    repo.git.worktree("tree", &tree, None).unwrap();
    std::fs::write(tree.join("app/pdb.yaml"), BUDGET).unwrap();
    assert_eq!(lint(&tree, &["--staged"]).0, 1);
    assert_eq!(lint(&tree, &[]).0, 0);
}

#[test]
fn before_the_first_commit_everything_staged_is_new() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT)]);
    assert_eq!(lint(repo.path(), &["--staged"]), (0, String::new(), String::new()));
    repo.stage();
    assert_eq!(lint(repo.path(), &["--staged"]).0, 1);
}

#[test]
fn without_a_repository_files_are_linted_and_states_are_not() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("web.yaml"), DEPLOYMENT).unwrap();
    assert_eq!(lint(dir.path(), &["."]).0, 1);
    let (code, _, err) = lint(dir.path(), &["--staged"]);
    assert_eq!(code, 2);
    assert!(err.contains("is in no Git repository"), "{err}");
}

#[test]
fn submodules_are_skipped_and_said() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT), ("app/pdb.yaml", BUDGET)]);
    let inner = Repo::new(&[("web.yaml", DEPLOYMENT)]);
    inner.commit();
    let url = inner.path().to_string_lossy().into_owned();
    let mut module = repo.git.submodule(&url, Path::new("vendor/inner"), true).unwrap();
    module.clone(None).unwrap();
    module.add_finalize().unwrap();
    repo.commit();
    for args in [&["--unresolved"][..], &["--unresolved", "--rev", "HEAD"]] {
        let (code, out, _) = lint(repo.path(), args);
        assert_eq!(code, 0, "{out}");
        assert_eq!(
            out,
            "vendor/inner: skipped[unsupported] a Git repository of its own (a submodule): lint it there\n"
        );
    }
}

#[cfg(unix)]
#[test]
fn links_lead_to_files_of_the_same_state() {
    let repo = Repo::new(&[("shared/web.yaml", DEPLOYMENT)]);
    std::fs::create_dir_all(repo.path().join("app")).unwrap();
    std::os::unix::fs::symlink("../shared/web.yaml", repo.path().join("app/web.yaml")).unwrap();
    std::os::unix::fs::symlink("../../outside.yaml", repo.path().join("app/out.yaml")).unwrap();
    repo.commit();
    let (_, out, _) = lint(repo.path(), &["--unresolved", "--rev", "HEAD"]);
    assert!(out.contains("app/web.yaml:5:13: warning[pdb-missing]"), "{out}");
    assert!(out.contains("app/out.yaml: skipped[unsupported]"), "{out}");
}

/// The lines of a run that compares, and its exit code.
fn since(repo: &Repo, rev: &str, more: &[&str]) -> (i32, String) {
    let (code, out, err) = lint(repo.path(), &[&["--since", rev], more].concat());
    assert_eq!(err, "");
    (code, out)
}

#[test]
fn only_what_is_new_is_reported_and_what_is_gone_is_said() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT), ("app/db.yaml", &DEPLOYMENT.replace("web", "db"))]);
    let first = repo.commit();
    assert_eq!(since(&repo, &first, &[]), (0, String::new()));
    // One mended, one new, one whose file has another name.
    repo.write("app/db-budget.yaml", &BUDGET.replace("web", "db"));
    std::fs::rename(repo.path().join("app/web.yaml"), repo.path().join("app/shop.yaml")).unwrap();
    repo.write("app/new.yaml", &DEPLOYMENT.replace("web", "new"));
    let expected = "app/new.yaml:5:13: warning[pdb-missing] no PodDisruptionBudget selects the 2 replicas of Deployment `new`
app/db.yaml:5:13: gone[pdb-missing] no PodDisruptionBudget selects the 2 replicas of Deployment `db`
";
    assert_eq!(since(&repo, &first, &[]), (1, expected.to_owned()));
    repo.stage();
    assert_eq!(since(&repo, &first, &["--staged"]), (1, expected.to_owned()));
    let second = repo.commit();
    assert_eq!(since(&repo, &first, &["--rev", &second]), (1, expected.to_owned()));
    assert_eq!(since(&repo, "HEAD", &[]), (0, String::new()));
}

#[test]
fn what_is_kept_up_less_than_before_is_said_with_both_values() {
    let three = DEPLOYMENT
        .replace("replicas: 2", "replicas: 4")
        .replace("image:", "readinessProbe: { tcpSocket: { port: 80 } }, image:");
    let least = BUDGET.replace("maxUnavailable: 1", "minAvailable: 3");
    let repo = Repo::new(&[("app/web.yaml", &three), ("app/budget.yaml", &least)]);
    let first = repo.commit();
    repo.write(
        "moved/web.yaml",
        &three
            .replace("replicas: 4", "replicas: 3")
            .replace("readinessProbe: { tcpSocket: { port: 80 } }, ", ""),
    );
    std::fs::remove_file(repo.path().join("app/web.yaml")).unwrap();
    repo.write("app/budget.yaml", &least.replace("minAvailable: 3", "minAvailable: 1"));
    let (code, out) = since(&repo, &first, &[]);
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "app/budget.yaml:4:23: weakened[pdb-too-weak] PodDisruptionBudget/shop/web spec: 3 of 4 pods stay → 1 of 3 pods stay
moved/web.yaml:5:13: weakened[critical-underreplicated] Deployment/shop/web spec.replicas: 4 replicas → 3 replicas
moved/web.yaml:9:34: weakened[probe-missing] Deployment/shop/web spec.template.spec.containers[web].readinessProbe: a readiness probe → none
"
    );
    let (_, json, _) = lint(repo.path(), &["--since", &first, "--format", "json", "--output", "out.json"]);
    assert!(json.contains("weakened["));
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(repo.path().join("out.json")).unwrap()).unwrap();
    assert_eq!(report["compared"]["base"], first.as_str());
    let weaker = &report["compared"]["weakened"][1];
    assert_eq!((&weaker["was"], &weaker["is"]), (&"4 replicas".into(), &"3 replicas".into()));
    assert_eq!(weaker["location"]["start"]["line"], 5);
}

#[test]
fn the_state_from_which_two_went_apart_is_what_is_compared_with() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT)]);
    let first = repo.commit();
    let main = repo.git.head().unwrap().name().unwrap().to_owned();
    repo.git
        .branch("side", &repo.git.find_commit(git2::Oid::from_str(&first).unwrap()).unwrap(), false)
        .unwrap();
    // Mended on main, after the branch was made: no news of the branch.
    repo.write("app/budget.yaml", BUDGET);
    repo.commit();
    repo.git.set_head("refs/heads/side").unwrap();
    repo.git.checkout_head(Some(git2::build::CheckoutBuilder::new().force())).unwrap();
    assert_eq!(since(&repo, &main, &[]), (0, String::new()));
}

#[test]
fn a_shallow_clone_compares_with_what_it_holds() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT)]);
    let first = repo.commit();
    repo.write("app/new.yaml", &DEPLOYMENT.replace("web", "new"));
    repo.commit();
    let elsewhere = tempfile::tempdir().unwrap();
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        assert!(
            command.args(args).current_dir(elsewhere.path()).output().unwrap().status.success(),
            "{args:?}"
        );
    };
    let url = format!("file://{}", repo.path().display());
    git(&["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    let shallow = elsewhere.path().join("shallow");
    let (code, _, err) = lint(&shallow, &["--since", &first]);
    assert_eq!(code, 2);
    assert!(err.contains("in this shallow clone: fetch it first"), "{err}");
    git(&["-C", "shallow", "fetch", "--quiet", "--depth", "1", "origin", &first]);
    let (code, out, err) = lint(&shallow, &["--since", &first]);
    assert_eq!(code, 1);
    assert!(out.starts_with("app/new.yaml:5:13") && out.lines().count() == 1, "{out}");
    assert!(err.contains("no common commit"), "{err}");
}

#[test]
fn before_the_first_commit_there_is_nothing_to_compare_with() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT)]);
    repo.stage();
    let (code, _, err) = lint(repo.path(), &["--since", "HEAD"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("steadfast: there is no revision `HEAD`"), "{err}");
}

#[test]
fn pre_commit_names_two_revisions_in_the_place_of_what_is_staged() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT), ("db/db.yaml", &DEPLOYMENT.replace("web", "db"))]);
    let first = repo.commit();
    repo.write(
        "db/more.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more, namespace: shop }\n",
    );
    let second = repo.commit();
    let mut command = Command::cargo_bin("steadfast").unwrap();
    command.current_dir(repo.path()).args(["lint", "--staged", "--quiet", "--format", "concise"]);
    let output =
        command.env("PRE_COMMIT_FROM_REF", &first).env("PRE_COMMIT_TO_REF", &second).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("db/db.yaml:5:13") && out.lines().count() == 1, "{out}");
}

#[test]
fn what_git_tracks_is_linted_whatever_is_ignored() {
    let repo = Repo::new(&[("a/web.yaml", DEPLOYMENT), ("b/db.yaml", &DEPLOYMENT.replace("web", "db"))]);
    repo.commit();
    repo.write(".gitignore", "b/\n");
    repo.write("b/new.yaml", &DEPLOYMENT.replace("web", "new"));
    let (_, out, _) = lint(repo.path(), &[]);
    assert!(out.contains("a/web.yaml") && out.contains("b/db.yaml") && !out.contains("b/new.yaml"), "{out}");
    assert_eq!(since(&repo, "HEAD", &[]), (0, String::new()));
}

#[test]
fn what_is_known_by_now_is_not_gone() {
    let repo = Repo::new(&[("app/web.yaml", DEPLOYMENT), ("app/db.yaml", &DEPLOYMENT.replace("web", "db"))]);
    let first = repo.commit();
    let (_, _, err) = lint(repo.path(), &["--write-baseline"]);
    assert!(err.contains("2 findings"), "{err}");
    repo.write(".steadfast.yaml", "root: true\nbaseline: .steadfast-baseline.yaml\n");
    assert_eq!(since(&repo, &first, &[]), (0, String::new()));
}

#[test]
fn what_is_weaker_fails_where_that_is_asked_for() {
    let repo = Repo::new(&[
        ("app/web.yaml", &DEPLOYMENT.replace("replicas: 2", "replicas: 4")),
        ("app/pdb.yaml", BUDGET),
    ]);
    repo.commit();
    repo.write("app/web.yaml", DEPLOYMENT);
    let (code, out) = since(&repo, "HEAD", &[]);
    assert!(code == 0 && out.contains("4 replicas → 2 replicas"), "{out}");
    assert_eq!(since(&repo, "HEAD", &["--fail-on-weakened"]).0, 1);
    // Parked on purpose.
    repo.write("app/web.yaml", &DEPLOYMENT.replace("replicas: 2", "replicas: 0"));
    assert_eq!(since(&repo, "HEAD", &[]), (0, String::new()));
}

/// One more caller of a module, which comes first, brings nothing new where the module itself is the matter.
#[test]
fn a_new_caller_of_a_module_is_no_news() {
    let call = |name: &str| format!("module \"{name}\" {{\n  source = \"../m\"\n}}\n");
    let web = "resource \"kubernetes_deployment\" \"web\" {\n  metadata { name = \"web\" }\n  spec {\n    replicas = 2\n    template {\n      metadata { labels = { app = \"web\" } }\n      spec {\n        container { name = \"web\" }\n      }\n    }\n  }\n}\n";
    let repo = Repo::new(&[("s/b.tf", &call("b")), ("m/main.tf", web)]);
    repo.commit();
    lint(repo.path(), &["--write-baseline"]);
    repo.write("s/a.tf", &call("a"));
    assert_eq!(since(&repo, "HEAD", &[]), (0, String::new()));
    let (code, out, _) = lint(repo.path(), &["--baseline", ".steadfast-baseline.yaml"]);
    assert_eq!((code, out.as_str()), (0, ""));
}
