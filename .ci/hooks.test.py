"""The hooks of .pre-commit-hooks.yaml, run by pre-commit and prek themselves.

Needs pre-commit and prek beside the interpreter, and STEADFAST (the binary) for the hook of language system.
The hooks are those of HEAD, and the config is the README's: commit them first.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CLONE = Path(__file__).resolve().parent.parent
TESTDATA = CLONE / "testdata"
TARGET = CLONE / "target"
TOOLS = Path(sys.executable).parent
STEADFAST = Path(os.environ["STEADFAST"]).resolve()
PGBOUNCER = "stacks/authentik/modules/authentik/pgbouncer.ini"
EXHAUSTED = "error[connection-pool-exhausted]"
APP = "rules/pdb-too-weak/good-not-critical"
BUDGET = "stacks/app/pdb.yaml"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: web:1.0.0
          resources:
            requests: { cpu: 100m, memory: 512Mi }
            limits:
              memory: 512MB
"""


def environment():
    # A hook of Git that runs this test would otherwise point every Git below at its own repository.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    env.update(
        PATH=os.pathsep.join([str(TOOLS), str(STEADFAST.parent), env["PATH"]]),
        CARGO_TARGET_DIR=str(TARGET),
        PRE_COMMIT_HOME=str(TARGET / "ci/pre-commit"),
        PREK_HOME=str(TARGET / "ci/prek"),
    )
    return env


ENV = environment()


def call(*command, cwd):
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=ENV,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def output(*command, cwd):
    done = call(*command, cwd=cwd)
    if done.returncode:
        raise AssertionError(f"{command} exited with {done.returncode}:\n{done.stdout}")
    return done.stdout.strip()




def published():
    """HEAD as the README names it, under the address that it gives: both lead to a clone beside this one."""
    readme = (CLONE / "README.md").read_text(encoding="utf-8")
    config = next(part for part in readme.split("```") if part.startswith("yaml\nrepos:")).removeprefix("yaml\n")
    url = re.search(r"repo: (\S+)", config)[1]
    rev = re.search(r"rev: (\S+)", config)[1]
    mirror = TARGET / "ci/published.git"
    shutil.rmtree(mirror, ignore_errors=True)
    output("git", "clone", "--quiet", "--bare", CLONE, mirror, cwd=CLONE)
    output("git", "tag", "--force", rev, "HEAD", cwd=mirror)
    ENV.update(GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0=f"url.{mirror}.insteadOf", GIT_CONFIG_VALUE_0=url)
    # An environment is kept by address and tag, and the tag is moved by each commit here.
    shutil.rmtree(TARGET / "ci/pre-commit", ignore_errors=True)
    shutil.rmtree(TARGET / "ci/prek", ignore_errors=True)
    return config


CONFIG = published()


class Hooks:
    """One manager of hooks, with one way to install steadfast."""

    manager = None
    hook = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="steadfast-hooks-")
        self.addCleanup(temporary.cleanup)
        self.repo = Path(temporary.name).resolve() / "repo"

    def git(self, *args):
        who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
        return output("git", *who, *args, cwd=self.repo)

    def write(self, path, text):
        (self.repo / path).parent.mkdir(parents=True, exist_ok=True)
        (self.repo / path).write_bytes(text.encode())

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def start(self, folder=None):
        """A repository with one commit: a folder of testdata, and the hooks of this clone."""
        self.repo.mkdir()
        if folder:
            shutil.copytree(TESTDATA / folder, self.repo, dirs_exist_ok=True)
            if folder == APP:
                self.split()
        else:
            self.write(".steadfast.yaml", "root: true\n")
        self.git("init", "--quiet")
        others = "".join(f"      - id: {hook}\n" for hook in ["steadfast-system", "steadfast-fix"])
        self.write(".pre-commit-config.yaml", CONFIG + others)
        return self.commit()

    def split(self):
        """The budget in a file of its own."""
        app = "stacks/app/app.yaml"
        deployment, budget = (self.repo / app).read_text(encoding="utf-8").split("---\n")
        self.write(app, deployment)
        self.write(BUDGET, budget)

    def pool_size(self, size):
        text = (self.repo / PGBOUNCER).read_text(encoding="utf-8")
        self.write(PGBOUNCER, re.sub(r"(?m)^default_pool_size = \d+$", f"default_pool_size = {size}", text))

    def run_hook(self, *args, hook=None):
        done = call(TOOLS / self.manager, "run", "--color", "never", hook or self.hook, *args, cwd=self.repo)
        self.assertIn(done.returncode, (0, 1), done.stdout)
        # The line of the hook itself: a failure to install one exits with 1 as well.
        self.assertRegex(done.stdout, r"(?m)^steadfast.*\.(Passed|Failed)$")
        return done.returncode, done.stdout

    def assert_passes(self, *args):
        code, out = self.run_hook(*args)
        self.assertEqual(code, 0, out)

    def assert_finds(self, *findings, args=()):
        code, out = self.run_hook(*args)
        self.assertEqual(code, 1, out)
        self.assertRegex(out, r"exit code: 1\b")
        for finding in findings:
            self.assertIn(finding, out)
        return out

    def test_a_repository_with_findings_fails(self):
        self.start("phase1/before")
        budget = "stacks/authentik/modules/authentik/pgbouncer.tf:36:16"
        out = self.assert_finds("error[pdb-missing]", budget, args=["--all-files"])
        self.assertEqual(out.count("warning[pgbouncer-ghost-transactions]"), 1)

    def test_a_clean_repository_passes(self):
        self.start(APP)
        self.assert_passes("--all-files")
        self.assert_passes()

    def test_a_staged_pgbouncer_ini_shows_what_it_causes_in_the_values(self):
        self.start("phase1/after-live")
        self.pool_size(32)
        self.commit()
        _, out = self.run_hook()
        self.assertNotIn(EXHAUSTED, out)
        self.pool_size(20)
        self.git("add", "--all")
        self.assert_finds(EXHAUSTED, "stacks/authentik/modules/authentik/values.yaml:15:14")

    def test_a_staged_deletion_of_a_budget_is_noticed(self):
        self.start(APP)
        self.git("rm", "--quiet", BUDGET)
        self.assert_finds("warning[pdb-missing]")

    def test_a_change_that_is_not_staged_does_not_count(self):
        self.start(APP)
        (self.repo / BUDGET).unlink()
        self.assert_passes()
        self.assertFalse((self.repo / BUDGET).exists())

    def test_what_is_staged_counts_whatever_stands_on_disk(self):
        self.start(APP)
        budget = (self.repo / BUDGET).read_text(encoding="utf-8")
        self.git("rm", "--quiet", BUDGET)
        self.write(BUDGET, budget)
        self.assert_finds("warning[pdb-missing]")

    def test_a_change_outside_every_stack_passes(self):
        self.start("phase1/before")
        self.write("README.md", "A repository.\n")
        self.git("add", "--all")
        self.assert_passes()

    def test_two_revisions_show_what_changed_between_them(self):
        first = self.start(APP)
        (self.repo / BUDGET).unlink()
        second = self.commit()
        self.write("README.md", "A repository.\n")
        third = self.commit()
        self.assert_finds("warning[pdb-missing]", args=["--from-ref", first, "--to-ref", second])
        self.assert_passes("--from-ref", second, "--to-ref", third)

    def test_the_later_of_two_revisions_is_linted_and_not_the_index(self):
        first = self.start(APP)
        budget = (self.repo / BUDGET).read_text(encoding="utf-8")
        (self.repo / BUDGET).unlink()
        second = self.commit()
        self.write(BUDGET, budget)
        third = self.commit()
        self.assert_finds("warning[pdb-missing]", args=["--from-ref", first, "--to-ref", second])
        self.assert_passes("--from-ref", second, "--to-ref", third)


class PreCommit(Hooks, unittest.TestCase):
    """Installs with cargo, which reads no lock file then."""

    manager = "pre-commit"
    hook = "steadfast"

    def test_the_manifest_is_valid(self):
        self.assertEqual(output(TOOLS / "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=CLONE), "")

    def test_the_hook_runs_the_steadfast_that_cargo_installed(self):
        self.start(APP)
        self.assert_passes()
        installed = list((TARGET / "ci/pre-commit").glob("repo*/rustenv-*/bin/steadfast*"))
        self.assertTrue(installed)

    def test_the_fixing_hook_fixes_and_fails_as_modified(self):
        self.start()
        self.write("stacks/app/app.yaml", DEPLOYMENT)
        self.git("add", "--all")
        code, out = self.run_hook(hook="steadfast-fix")
        self.assertEqual(code, 1, out)
        self.assertIn("files were modified by this hook", out)
        fixed = (self.repo / "stacks/app/app.yaml").read_text(encoding="utf-8")
        self.assertEqual(fixed, DEPLOYMENT.replace("512MB", "512Mi"))

    def test_the_other_hooks_fix_nothing(self):
        self.start()
        self.write("stacks/app/app.yaml", DEPLOYMENT)
        self.git("add", "--all")
        out = self.assert_finds("error[quantity-invalid]")
        self.assertNotIn("files were modified", out)
        self.assertEqual((self.repo / "stacks/app/app.yaml").read_text(encoding="utf-8"), DEPLOYMENT)


class Prek(Hooks, unittest.TestCase):
    """Runs the steadfast on the path."""

    manager = "prek"
    hook = "steadfast-system"

    def test_the_manifest_is_valid(self):
        output(TOOLS / "prek", "validate-manifest", ".pre-commit-hooks.yaml", cwd=CLONE)


if __name__ == "__main__":
    unittest.main()
