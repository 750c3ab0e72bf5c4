"""Runs the shell steps of action.yml as a runner would, with a steadfast that only records its arguments."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEADFAST = os.environ.get("STEADFAST")

HOSTILE = [
    "; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "a b  c",
    "'\"&& touch pwned #",
    "--exit-zero",
    "-rf",
    "*",
    "~",
    "%0A::error::x",
    "\\",
    "${{ github.token }}",
]

# Records its arguments, and writes a report for each --output.
FAKE = r"""#!/usr/bin/env bash
[ "${1-}" != --version ] || { echo "steadfast 0.1.0"; exit "${FAKE_VERSION_CODE:-0}"; }
printf '%s\0' "$@" >>"$FAKE_RECORD/argv"
pwd >>"$FAKE_RECORD/runs"
[ -z "${FAKE_SILENT-}" ] || { echo "steadfast: no such profile" >&2; exit 2; }
for argument; do
  case $argument in
    --) break ;;
    --format=*) format=${argument#*=} ;;
    --output=*) cp "$FAKE_RECORD/report.$format" "${argument#*=}" ;;
  esac
done
printf '%s\n' "::error file=a.tf,line=1::told"
exit "${FAKE_CODE:-0}"
"""

# `errors` stands in a finding too, where it must not count.
REPORT = {
    "version": 1,
    "tool": {"name": "steadfast", "version": "0.1.0"},
    "summary": {"errors": 3, "warnings": 20, "notes": 100, "suppressed": 5, "files": 7},
    "findings": [{"message": '"summary": {', "errors": 1000}],
}

CARGO = r"""#!/usr/bin/env bash
printf '%s\0' "$@" >>"$FAKE_RECORD/cargo"
pwd >"$FAKE_RECORD/cargo-in"
echo "${RUSTFLAGS-none}" >"$FAKE_RECORD/rustflags"
while [ "$1" != --root ]; do shift; done
mkdir -p "$2/bin"
cp "$FAKE_RECORD/fake" "$2/bin/steadfast"
"""


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def outputs_of(text):
    """What a runner reads in GITHUB_OUTPUT."""
    outputs, lines = {}, text.split("\n")
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        heredoc = re.fullmatch(r"([A-Za-z0-9_-]+)<<(.+)", line)
        if heredoc:
            value = []
            while lines[0] != heredoc[2]:
                value.append(lines.pop(0))
            lines.pop(0)
            outputs[heredoc[1]] = "\n".join(value)
        else:
            name, value = line.split("=", 1)
            outputs[name] = value
    return outputs


class Result:
    def __init__(self):
        self.code, self.log, self.steps, self.ran, self.used, self.outputs = 0, "", {}, [], [], {}


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="steadfast action ")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.workspace, self.temp, self.home, self.bin, self.record, self.action = (
            self.folder / name for name in ("work space", "temp", "home", "bin", "record", "action path")
        )
        for path in (self.workspace, self.temp, self.home, self.bin, self.record, self.action / "src"):
            path.mkdir(parents=True)
        shutil.copytree(ROOT / ".github" / "action", self.action / ".github" / "action")
        (self.action / "Cargo.toml").write_text('[package]\nname = "steadfast"\nversion = "0.1.0"\n')
        (self.action / "Cargo.lock").write_text("")
        (self.action / "src" / "main.rs").write_text("fn main() {}\n")
        executable(self.record / "fake", FAKE)
        (self.record / "report.json").write_text(json.dumps(REPORT, indent=2) + "\n")
        (self.record / "report.sarif").write_text('{"version": "2.1.0"}\n')
        (self.record / "report.markdown").write_text("### steadfast: told\n")
        self.environment = {}
        self.github = {"action_repository": "owner/steadfast", "token": "a-token"}
        self.runner = {"os": "Linux", "arch": "X64"}
        self.releases = None

    def context(self, inputs, steps):
        def look(name):
            name = name.strip()
            if name.startswith("inputs."):
                return inputs[name[len("inputs.") :]]
            if name.startswith("github.event."):
                return self.github.get(name[len("github.") :], "")
            if name.startswith("github."):
                return self.github[name[len("github.") :]]
            step = re.fullmatch(r"steps\.([a-z]+)\.outputs\.([a-z-]+)", name)
            if not step:
                raise AssertionError(f"{name} is in no context that this test knows")
            return steps.get(step[1], {}).get(step[2], "")

        def either(expression):
            return next((value for value in map(look, expression.split("||")) if value), "")

        return lambda text: re.sub(r"\$\{\{(.*?)\}\}", lambda found: either(found[1]), str(text))

    def holds(self, condition, substitute):
        for part in condition.split("&&"):
            name, operator, value = re.fullmatch(r"\s*(\S+) (==|!=) '([^']*)'\s*", part).groups()
            if (substitute("${{ %s }}" % name) == value) != (operator == "=="):
                return False
        return True

    def run_action(self, only=None, steps=None, **given):
        """All steps, or those with an id of `only`; `steps` are outputs of those that are left out."""
        given = {name.replace("_", "-"): value for name, value in given.items()}
        self.assertLessEqual(given.keys(), ACTION["inputs"].keys())
        # Defaults see no other inputs.
        evaluate = self.context({}, {})
        inputs = {name: given.get(name, evaluate(of.get("default", ""))) for name, of in ACTION["inputs"].items()}
        result = Result()
        result.steps = dict(steps or {})
        summary = self.folder / "summary"
        for at, step in enumerate(ACTION["runs"]["steps"]):
            substitute = self.context(inputs, result.steps)
            if only and step.get("id") not in only:
                continue
            if "if" in step and not self.holds(step["if"], substitute):
                continue
            if "uses" in step:
                result.used.append({name: substitute(value) for name, value in step["with"].items()})
                continue
            self.assertEqual(step["shell"], "bash")
            result.ran.append(step["name"])
            script, output = self.folder / f"{at}.sh", self.folder / f"{at}.output"
            script.write_text(step["run"])
            output.write_text("")
            summary.touch()
            # The cargo of the machine must not build here.
            path = [p for p in os.environ["PATH"].split(os.pathsep) if p == "/usr/bin" or not (Path(p) / "cargo").exists()]
            environment = {
                "PATH": os.pathsep.join([str(self.bin), *path]),
                "HOME": str(self.home),
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTION_PATH": str(self.action),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_ARCH": self.runner["arch"],
                "RUNNER_OS": self.runner["os"],
                "RUNNER_TEMP": str(self.temp),
                "FAKE_RECORD": str(self.record),
                **self.environment,
                **{name: substitute(value) for name, value in step["env"].items()},
            }
            if self.releases and "RELEASES" in environment:
                environment["RELEASES"] = environment["RELEASES"].replace("https://github.com", self.releases)
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
                cwd=self.workspace,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=120,
            )
            result.log += done.stdout.decode("utf-8")
            if "id" in step:
                result.steps[step["id"]] = outputs_of(output.read_text(encoding="utf-8"))
            if done.returncode:
                result.code = done.returncode
                break
        substitute = self.context(inputs, result.steps)
        result.outputs = {name: substitute(of["value"]) for name, of in ACTION["outputs"].items()}
        result.summary = summary.read_text(encoding="utf-8")
        self.assertEqual([], list(self.folder.rglob("pwned")), result.log)
        return result

    def lint(self, revision="", binary=None, **given):
        installed = {"binary": str(binary or self.record / "fake")}
        return self.run_action(only=["lint"], steps={"install": installed, "base": {"revision": revision}}, **given)

    def arguments(self, name="argv"):
        return (self.record / name).read_bytes().decode("utf-8").split("\0")[:-1]

    def git(self, *arguments, folder=None):
        names = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        environment = {**os.environ, "HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *names, *arguments], cwd=folder or self.workspace, env=environment, check=True, capture_output=True
        )
        return done.stdout.decode().strip()
