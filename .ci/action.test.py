#!/usr/bin/env python3
"""The shell steps of action.yml, with kind and hostile inputs.

Needs bash, git, curl and PyYAML. STEADFAST names a built binary; without it the runs of a real one are left out.
"""

import base64
import hashlib
import http.server
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
import unittest
import zipfile
from pathlib import Path

from action_runner import ACTION, CARGO, FAKE, HOSTILE, ROOT, STEADFAST, Case, executable

class Manifest(unittest.TestCase):
    def test_no_expression_stands_in_a_script(self):
        for step in ACTION["runs"]["steps"]:
            self.assertNotIn("${{", step.get("run", ""))

    def test_actions_are_pinned(self):
        for step in ACTION["runs"]["steps"]:
            self.assertRegex(step.get("uses", "a@" + "0" * 40), r"@[0-9a-f]{40}$")


class Lint(Case):
    def test_one_run_makes_every_report(self):
        self.environment["FAKE_CODE"] = "1"
        result = self.lint()
        self.assertEqual(1, result.code, result.log)
        self.assertEqual(1, len((self.record / "runs").read_text().splitlines()))
        sarif = result.outputs["sarif-file"]
        self.assertEqual({"findings": "123", "exit-code": "1", "sarif-file": sarif}, result.outputs)
        self.assertEqual('{"version": "2.1.0"}\n', Path(sarif).read_text())
        self.assertEqual("### steadfast: told\n", result.summary)
        arguments = self.arguments()
        self.assertEqual(["lint", "--fail-on=warning"], arguments[:2])
        self.assertEqual(["--format=github", "--", "."], arguments[-3:])
        self.assertEqual(3, sum(argument.startswith("--output=") for argument in arguments))

    def test_exit_codes_go_through(self):
        for code in (0, 1, 2, 101):
            with self.subTest(code):
                self.environment["FAKE_CODE"] = str(code)
                result = self.lint()
                self.assertEqual((code, str(code)), (result.code, result.outputs["exit-code"]))
                self.assertEqual(code > 1, "could not do its work" in result.log)

    def test_outputs_are_set_where_it_could_not_work(self):
        self.environment["FAKE_SILENT"] = "1"
        (self.workspace / "old.sarif").write_text("{}")
        result = self.lint(sarif_file="old.sarif")
        self.assertEqual(2, result.code)
        self.assertEqual({"findings": "", "exit-code": "2", "sarif-file": ""}, result.outputs)
        self.assertEqual("", result.summary)

    def test_a_missing_folder(self):
        for folder in ("nowhere", "$(touch pwned)", "-", "-P", "a\n::error::x"):
            with self.subTest(folder):
                result = self.run_action(
                    only=["base", "lint"],
                    steps={"install": {"binary": str(self.record / "fake")}},
                    working_directory=folder,
                    since="HEAD",
                )
                self.assertEqual((2, "2"), (result.code, result.outputs["exit-code"]))
                self.assertFalse((self.record / "argv").exists())
                self.assertNotRegex(result.log, r"(?m)^::error::x")

    def test_values_stay_words(self):
        paths = [*HOSTILE, " lead and trail "]
        for value in [*HOSTILE, "a\nb", "a\n::error::x"]:
            with self.subTest(value):
                (self.record / "argv").unlink(missing_ok=True)
                self.lint(
                    paths="\n".join(paths) + "\n\n",
                    args="\n".join(["--ignore", "a b", "--root=$(touch pwned)"]) + "\r\n",
                    profile=value,
                    fail_on=value,
                    format=value,
                )
                arguments = self.arguments()
                end = arguments.index("--")
                self.assertEqual(["lint", "--ignore", "a b", "--root=$(touch pwned)"], arguments[:4])
                self.assertEqual(paths, arguments[end + 1 :])
                for name in ("profile", "fail-on", "format"):
                    self.assertIn(f"--{name}={value}", arguments[:end])

    def test_folders_with_hostile_names(self):
        for name in ["a b; touch pwned", "$(touch pwned)", "-", "-rf", "`touch pwned`", "a\nb"]:
            with self.subTest(name):
                (self.workspace / name).mkdir()
                result = self.lint(working_directory=name, sarif_file=f"{name}/{name}.sarif")
                sarif = self.workspace / name / name / f"{name}.sarif"
                self.assertEqual(0, result.code, result.log)
                self.assertEqual(str(sarif), result.outputs["sarif-file"])
                self.assertTrue(sarif.exists())
                self.assertTrue((self.record / "runs").read_text().endswith(f"{self.workspace / name}\n"))

    def test_an_absolute_sarif_file(self):
        sarif = str(self.folder / "a b.sarif")
        self.assertEqual(sarif, self.lint(sarif_file=sarif).outputs["sarif-file"])

    def test_an_output_cannot_be_forged(self):
        result = self.lint(sarif_file="a\nexit-code=0\nEOF\nfindings=0")
        self.assertEqual("123", result.outputs["findings"])
        self.assertTrue(result.outputs["sarif-file"].endswith("/a\nexit-code=0\nEOF\nfindings=0"))

    def test_only_annotations_are_commands(self):
        for form in ("github", "human"):
            with self.subTest(form):
                log = self.lint(format=form).log
                token = re.search(r"(?m)^::stop-commands::([0-9a-f]{32})$", log)[1]
                resumed, told = log.index(f"\n::{token}::\n"), log.index("::error file=a.tf")
                self.assertEqual(form == "github", resumed < told)

    def test_a_long_summary_is_cut(self):
        (self.record / "report.markdown").write_text("x" * 1_200_000)
        self.assertEqual(1_000_000, len(self.lint().summary))

    def test_a_revision(self):
        self.lint(revision="0" * 40)
        self.assertIn("--since=" + "0" * 40, self.arguments())


class Base(Case):
    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin.git"
        source = self.folder / "source"
        source.mkdir()
        self.git("init", "--quiet", folder=source)
        self.commits = []
        for text in "abc":
            (source / "file").write_text(text)
            self.git("add", ".", folder=source)
            self.git("commit", "--quiet", "--message", text, folder=source)
            self.commits.append(self.git("rev-parse", "HEAD", folder=source))
        self.git("clone", "--quiet", "--bare", str(source), str(self.origin))
        self.git("config", "uploadpack.allowAnySHA1InWant", "true", folder=self.origin)

    def checkout(self, *options):
        self.git("clone", "--quiet", *options, self.origin.as_uri(), str(self.workspace))

    def test_the_base_of_a_pull_request_is_fetched_at_depth_1(self):
        self.checkout("--depth=1")
        self.github["event.pull_request.base.sha"] = self.commits[1]
        result = self.run_action(only=["base"])
        self.assertEqual({"revision": self.commits[1]}, result.steps["base"], result.log)
        self.assertEqual("b", self.git("show", f"{self.commits[1]}:file"))
        with self.assertRaises(subprocess.CalledProcessError):
            self.git("cat-file", "-e", self.commits[0])
        # What the tool is told.
        self.lint(revision=result.steps["base"]["revision"])
        self.assertIn(f"--since={self.commits[1]}", self.arguments())

    def test_the_base_of_a_merge_group(self):
        self.checkout("--depth=1")
        self.github["event.merge_group.base_sha"] = self.commits[0]
        self.assertEqual({"revision": self.commits[0]}, self.run_action(only=["base"]).steps["base"])

    def test_elsewhere_and_where_told_so_there_is_none(self):
        self.checkout("--depth=1")
        self.assertEqual({}, self.run_action(only=["base"]).steps["base"])
        self.github["event.pull_request.base.sha"] = self.commits[1]
        self.assertEqual({}, self.run_action(only=["base"], since="").steps["base"])

    def test_a_whole_history_stays_whole(self):
        self.checkout()
        for since in (self.commits[0], "HEAD~2"):
            result = self.run_action(only=["base"], since=since)
            self.assertEqual({"revision": self.commits[0]}, result.steps["base"])
        self.assertFalse((self.workspace / ".git" / "shallow").exists())

    def test_a_branch(self):
        self.checkout("--depth=1")
        self.git("branch", "release/1", self.commits[0], folder=self.origin)
        result = self.run_action(only=["base"], since="release/1")
        self.assertEqual({"revision": self.commits[0]}, result.steps["base"], result.log)

    def test_without_one_everything_is_linted(self):
        self.checkout("--depth=1")
        before = self.git("show-ref")
        refspecs = ["+refs/heads/main:refs/heads/other", "f" * 40, "0" * 40, "nowhere", "--upload-pack=touch pwned"]
        for since in [*HOSTILE, *refspecs, "a\n::error::x", "\n", "-", "^HEAD", "HEAD HEAD"]:
            with self.subTest(since):
                result = self.run_action(only=["base"], since=since)
                self.assertEqual((0, {}), (result.code, result.steps["base"]), result.log)
                commands = [line for line in result.log.splitlines() if line.startswith("::")]
                self.assertEqual(1, len(commands), result.log)
                self.assertTrue(commands[0].startswith("::warning title=steadfast::"))
        self.assertEqual(before, self.git("show-ref"))

    def test_no_repository(self):
        self.assertEqual({}, self.run_action(only=["base"], since="HEAD").steps["base"])

    def test_the_token_where_the_checkout_keeps_none(self):
        self.checkout("--depth=1")
        real = shutil.which("git")
        executable(
            self.bin / "git",
            f"""#!/usr/bin/env bash
case " $* " in *" fetch "*)
  [ -n "${{GIT_CONFIG_COUNT-}}" ] || exit 128
  printf '%s\\n' "$GIT_CONFIG_KEY_0" "$GIT_CONFIG_VALUE_0" >"$FAKE_RECORD/config"
esac
exec '{real}' "$@"
""",
        )
        result = self.run_action(only=["base"], since=self.commits[0])
        self.assertEqual({"revision": self.commits[0]}, result.steps["base"], result.log)
        key, value = (self.record / "config").read_text().splitlines()
        self.assertEqual("http.https://github.com/.extraheader", key)
        credentials = value[len("AUTHORIZATION: basic ") :]
        self.assertEqual(b"x-access-token:a-token", base64.b64decode(credentials))
        self.assertNotIn(credentials, result.log)
        self.assertNotIn("a-token", result.log)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Install(Case):
    def setUp(self):
        super().setUp()
        self.site = self.folder / "site"
        self.site.mkdir()
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), lambda *arguments: Quiet(*arguments, directory=str(self.site))
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.releases = f"http://127.0.0.1:{server.server_port}"
        executable(self.bin / "cargo", CARGO)

    def release(self, version="0.1.0", target="x86_64-unknown-linux-gnu", kind="tar.gz", binary=FAKE):
        folder = self.site / "owner" / "steadfast" / "releases" / "download" / f"v{version}"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"steadfast-{version}-{target}"
        file = self.folder / name / ("steadfast.exe" if kind == "zip" else "steadfast")
        executable(file, binary)
        archive = folder / f"{name}.{kind}"
        if kind == "zip":
            with zipfile.ZipFile(archive, "w") as made:
                made.write(file, f"{name}/{file.name}")
        else:
            with tarfile.open(archive, "w:gz") as made:
                made.add(file.parent, name)
        sum = hashlib.sha256(archive.read_bytes()).hexdigest()
        with open(folder / "SHA256SUMS", "a", encoding="utf-8") as sums:
            sums.write(f"{sum}  {archive.name}\n")
        return archive

    def assert_built(self, result):
        self.assertEqual(0, result.code, result.log)
        self.assertIn("Build", result.ran)
        self.assertEqual(self.action, Path((self.record / "cargo-in").read_text().strip()))
        self.assertEqual(["install", "--locked"], self.arguments("cargo")[:2])
        # Restored before, kept after, by the same key.
        self.assertEqual(result.used[:1] * 2, result.used)
        self.assertRegex(result.used[0]["key"], r"^steadfast-Linux-[A-Z0-9]+-.*-[0-9a-f]{64}$")
        self.assertEqual(str(self.temp / "steadfast-build"), result.used[0]["path"])
        self.assertEqual("123", result.outputs["findings"])

    def assert_refused(self, result, words):
        self.assertEqual(1, result.code, result.log)
        self.assertIn(words, result.log)
        self.assertFalse((self.record / "argv").exists())
        self.assertFalse((self.record / "cargo").exists())

    def test_a_release_is_used(self):
        self.release()
        for version in ("", "0.1.0", "v0.1.0"):
            with self.subTest(version):
                result = self.run_action(version=version)
                self.assertEqual(0, result.code, result.log)
                self.assertEqual([], result.used)
                self.assertNotIn("Build", result.ran)
                self.assertEqual("123", result.outputs["findings"])

    def test_another_release_than_the_source(self):
        self.release("0.2.0-rc.1")
        self.assertEqual(0, self.run_action(version="0.2.0-rc.1").code)

    def test_every_runner_that_there_is_a_binary_for(self):
        for system, arch, target in [
            ("Linux", "ARM64", "aarch64-unknown-linux-gnu"),
            ("macOS", "X64", "x86_64-apple-darwin"),
            ("macOS", "ARM64", "aarch64-apple-darwin"),
        ]:
            with self.subTest(target):
                self.runner = {"os": system, "arch": arch}
                self.release(target=target)
                result = self.run_action()
                self.assertIn(target, result.steps["install"]["binary"])
                self.assertEqual(0, result.code, result.log)

    @unittest.skipUnless(shutil.which("unzip") and os.name != "nt", "needs unzip")
    def test_windows(self):
        # Of a Windows runner only its names are here.
        for arch, target in [("X64", "x86_64-pc-windows-msvc"), ("ARM64", "aarch64-pc-windows-msvc")]:
            with self.subTest(target):
                self.runner = {"os": "Windows", "arch": arch}
                self.release(target=target, kind="zip")
                result = self.run_action()
                self.assertEqual(0, result.code, result.log)
                self.assertTrue(result.steps["install"]["binary"].endswith(f"{target}/steadfast.exe"))

    def test_a_wrong_checksum_fails(self):
        archive = self.release()
        archive.write_bytes(archive.read_bytes() + b"x")
        self.assert_refused(self.run_action(), "The checksum of")

    def test_a_missing_release_is_built(self):
        self.environment["RUSTFLAGS"] = "-D warnings"
        self.assert_built(self.run_action())
        self.assertEqual("none\n", (self.record / "rustflags").read_text())

    def test_a_release_without_this_runner_is_built(self):
        self.release(target="aarch64-apple-darwin")
        self.assert_built(self.run_action())

    def test_a_runner_without_releases_is_built(self):
        self.runner["arch"] = "ARM"
        self.assert_built(self.run_action())

    def test_an_archive_that_is_gone_is_built(self):
        self.release().unlink()
        self.assert_built(self.run_action())

    def test_a_binary_that_does_not_start_is_built(self):
        self.release(binary="#!/nowhere/ld-linux.so\n")
        self.assert_built(self.run_action())

    def test_the_source_as_asked(self):
        self.release()
        self.assert_built(self.run_action(version="source"))

    def test_a_folder_of_the_repository_is_built(self):
        self.github["action_repository"] = ""
        self.assert_built(self.run_action())

    def test_a_restored_build_is_used(self):
        executable(self.temp / "steadfast-build" / "bin" / "steadfast", FAKE)
        result = self.run_action()
        self.assertEqual(0, result.code, result.log)
        self.assertFalse((self.record / "cargo").exists())

    def test_a_restored_build_that_does_not_start_is_built_again(self):
        executable(self.temp / "steadfast-build" / "bin" / "steadfast", "#!/nowhere/ld-linux.so\n")
        self.assert_built(self.run_action())

    def test_the_key_is_of_the_source(self):
        keys = [self.run_action(only=["install"]).steps["install"]["cache-key"]]
        keys.append(self.run_action(only=["install"]).steps["install"]["cache-key"])
        (self.action / "src" / "main.rs").write_text("fn main() { }\n")
        keys.append(self.run_action(only=["install"]).steps["install"]["cache-key"])
        self.assertEqual([True, False], [keys[0] == keys[1], keys[1] == keys[2]])

    def test_another_version_is_not_built_from_this_source(self):
        self.assert_refused(self.run_action(version="9.9.9"), "There is no binary of 9.9.9")
        self.github["action_repository"] = ""
        self.assert_refused(self.run_action(version="9.9.9"), "The Action's source is 0.1.0")

    def test_hostile_versions(self):
        for version in [*HOSTILE, "../../x", "1.0.0/../../x", "1.0.0\n::error::x", "latest"]:
            with self.subTest(version):
                result = self.run_action(version=version)
                self.assert_refused(result, "is no version")
                self.assertNotRegex(result.log, r"(?m)^::error::x")

    def test_without_cargo(self):
        (self.bin / "cargo").unlink()
        if shutil.which("cargo", path="/usr/bin"):
            self.skipTest("/usr/bin has cargo")
        result = self.run_action()
        self.assertEqual(1, result.code)
        self.assertIn("nor cargo to build one", result.log)


@unittest.skipUnless(STEADFAST, "STEADFAST names no binary")
class Real(Case):
    def setUp(self):
        super().setUp()
        self.inside = "a b; $(touch pwned)"
        shutil.copytree(ROOT / "testdata" / "phase1" / "before", self.workspace / self.inside)
        self.git("init", "--quiet")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "before")
        self.binary = Path(STEADFAST).resolve()

    def real(self, **given):
        return self.lint(binary=self.binary, working_directory=self.inside, paths="stacks", **given)

    def test_findings(self):
        done = subprocess.run(
            [self.binary, "lint", "--format=json", "stacks"], cwd=self.workspace / self.inside, stdout=subprocess.PIPE
        )
        findings = json.loads(done.stdout)["findings"]
        result = self.real()
        self.assertEqual(1, result.code, result.log)
        self.assertEqual((str(len(findings)), "1"), (result.outputs["findings"], result.outputs["exit-code"]))
        sarif = json.loads(Path(result.outputs["sarif-file"]).read_text(encoding="utf-8"))
        self.assertEqual(("2.1.0", len(findings)), (sarif["version"], len(sarif["runs"][0]["results"])))
        self.assertTrue(result.summary.startswith("### steadfast: "), result.summary)
        self.assertRegex(result.log, r"(?m)^::error file=")

    def test_formats_and_codes(self):
        self.assertEqual(0, self.real(args="--exit-zero", format="concise").code)
        self.assertEqual(1, self.real(fail_on="error", format="json").code)
        for wrong in ({"format": "; touch pwned"}, {"profile": "--exit-zero"}, {"fail_on": "a\nb"}):
            result = self.real(**wrong)
            self.assertEqual((2, "", ""), (result.code, result.outputs["findings"], result.outputs["sarif-file"]))

    def test_nothing_new(self):
        told = subprocess.run([self.binary, "lint", "--help"], stdout=subprocess.PIPE, check=True).stdout
        if b"--since" not in told:
            self.skipTest("the binary knows no --since")
        result = self.real(revision=self.git("rev-parse", "HEAD"))
        self.assertEqual((0, "0"), (result.code, result.outputs["findings"]), result.log)


if __name__ == "__main__":
    unittest.main()
