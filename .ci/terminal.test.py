"""What the tool does on a terminal: colours, width, and a line of progress when it takes long. Needs STEADFAST."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

STEADFAST = Path(os.environ["STEADFAST"]).resolve()
PHASE1 = Path(__file__).resolve().parent.parent / "testdata/phase1"
PROGRESS = re.compile(r"reading and judging, \d+s")


def on_terminal(*args, cwd, columns=80, **env):
    """What a terminal of some width shows of a run, and how long the run took."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "FORCE_COLOR")}
    kept.update({"TERM": "xterm-256color", **env})
    began = time.monotonic()
    process = subprocess.Popen(
        [STEADFAST, *args], cwd=cwd, env=kept, stdin=follower, stdout=follower, stderr=follower, close_fds=True
    )
    os.close(follower)
    shown = b""
    while True:
        ready, _, _ = select.select([leader], [], [], 0.1)
        if ready:
            try:
                part = os.read(leader, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        elif process.poll() is not None:
            break
    process.wait()
    took = time.monotonic() - began
    os.close(leader)
    return shown.decode(errors="replace").replace("\r\n", "\n"), took


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\]8;;\S*?\x1b\\", "", text)


class Terminal(unittest.TestCase):
    lint = ("lint", "--select", "affinity-selector-dead", "before")

    def test_colours_are_shown_where_they_can_be_seen_and_are_wanted(self):
        self.assertIn("\x1b[", on_terminal(*self.lint, cwd=PHASE1)[0])
        self.assertNotIn("\x1b[", on_terminal(*self.lint, cwd=PHASE1, NO_COLOR="1")[0])
        self.assertNotIn("\x1b[", on_terminal(*self.lint, "--color", "never", cwd=PHASE1)[0])
        dumb, _ = on_terminal(*self.lint, cwd=PHASE1, TERM="dumb")
        self.assertNotIn("\x1b[", dumb)
        self.assertNotIn("╭", dumb)

    def test_rules_are_links_to_their_pages(self):
        shown, _ = on_terminal(*self.lint, cwd=PHASE1)
        self.assertRegex(shown, r"\x1b\]8;;https://\S+/docs/rules.md#affinity-selector-dead\x1b\\")
        self.assertNotIn("\x1b]8", on_terminal(*self.lint, cwd=PHASE1, TERM="dumb")[0])

    def test_words_are_wrapped_at_its_width(self):
        for columns in (60, 100):
            text = plain(on_terminal(*self.lint, cwd=PHASE1, columns=columns)[0])
            words = [line for line in text.split("\n") if line.startswith(("  why:", "  help:", "        "))]
            self.assertTrue(words)
            self.assertLessEqual(max(map(len, words)), columns)

    def test_a_long_run_says_that_it_is_at_work_and_a_short_one_does_not(self):
        self.assertNotRegex(on_terminal(*self.lint, cwd=PHASE1)[0], PROGRESS)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / ".steadfast.yaml").write_text("root: true\n")
            text = "".join(
                f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: c{i}, namespace: n }}\n"
                f"data: {{ a: b, c: [d, e, f, g, h] }}\n---\n"
                for i in range(2000)
            )
            files = 20
            for index in range(files):
                (root / f"{index}.yaml").write_text(text)
            shown, took = on_terminal("lint", "--quiet", cwd=root)
            while took < 2 and files < 1000:
                for index in range(files, files * 2):
                    (root / f"{index}.yaml").write_text(text)
                files *= 2
                shown, took = on_terminal("lint", "--quiet", cwd=root)
            self.assertRegex(shown, PROGRESS)
            # It is gone when the run ends.
            self.assertNotRegex(shown.rsplit("\x1b[", 1)[-1], PROGRESS)
            self.assertNotRegex(on_terminal("lint", "--quiet", cwd=root, CI="true")[0], PROGRESS)


if __name__ == "__main__":
    unittest.main()
