"""What authentik's controller does with patches, by the library that it uses itself: python-json-patch.

The Deployment before patches is src/lower/outpost/controller.yaml. What `show --objects` prints must be what the library
makes of it, and where steadfast says that an operation fails, the library must fail with the words that are quoted.
"""

import copy
import os
import pathlib
import re
import subprocess
import unittest

import jsonpatch
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "testdata" / "outposts"
STEADFAST = os.environ["STEADFAST"]


class Loader(yaml.SafeLoader):
    """Values with tags of other programs are not known."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def steadfast(*args):
    return subprocess.run([STEADFAST, *args], cwd=DATA, capture_output=True, text=True, check=False).stdout


def outposts(path):
    """The configurations of the outposts of a blueprint."""
    for document in yaml.load_all((path / "outposts.yaml").read_text(encoding="utf-8"), Loader):
        for entry in document.get("entries", []):
            if entry["model"] == "authentik_outposts.outpost":
                yield entry["identifiers"]["name"], entry["attrs"]["config"]


def base(name, config):
    """The Deployment that the controller makes, from the same data."""
    data = yaml.safe_load((ROOT / "src/lower/outpost/controller.yaml").read_text(encoding="utf-8"))
    slug = name.lower().replace(" ", "-")
    ports = [{"name": p["name"], "protocol": "TCP", "containerPort": p["port"]} for p in data["ports"]["proxy"]]
    values = {
        "$name": f"ak-outpost-{slug}",
        "$slug": slug,
        "$namespace": config["kubernetes_namespace"],
        "$application": "authentik-proxy",
        "$label": "authentik-outpost-proxy",
        "$replicas": config["kubernetes_replicas"],
        "$pullSecrets": [],
        "$containerPorts": ports,
        "$type": "proxy",
        "$version": None,
        "$uuid": None,
        "$image": None,
    }

    def filled(value):
        if isinstance(value, dict):
            return {key: filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [filled(inner) for inner in value]
        return values.get(value, value) if isinstance(value, str) else value

    return filled(data["deployment"])


def deployment(path):
    documents = yaml.load_all(steadfast("show", "--objects", path), Loader)
    return next(d for d in documents if d["kind"] == "Deployment" and d["metadata"]["name"].startswith("ak-outpost-"))


class Outposts(unittest.TestCase):
    def test_what_works_becomes_what_the_library_makes_of_it(self):
        (name, config), = outposts(DATA / "working/blueprint")
        patched = jsonpatch.apply_patch(base(name, config), config["kubernetes_json_patches"]["deployment"])
        for carrier in ["blueprint", "config-map", "terraform-jsonencode", "terraform-heredoc"]:
            with self.subTest(carrier):
                self.assertEqual(deployment(f"working/{carrier}"), patched)

    def test_what_fails_fails_with_the_words_that_are_quoted(self):
        words = {
            "json-patch-invalid": "Unknown operation 'append'",
            "json-patch-parent-missing": "member 'volumes' not found in {",
            "json-patch-target-missing": "can't replace a non-existent object 'resources'",
        }
        for rule, said in words.items():
            with self.subTest(rule):
                (name, config), = outposts(DATA / "broken" / rule)
                with self.assertRaises(Exception) as raised:
                    jsonpatch.apply_patch(base(name, config), config["kubernetes_json_patches"]["deployment"])
                self.assertIn(said, str(raised.exception))
                self.assertIn(f"error[{rule}]", steadfast("lint", "--format", "concise", f"broken/{rule}"))
        found = steadfast("lint", "--format", "concise", "broken/json-patch-parent-missing")
        self.assertRegex(found, re.escape("member 'volumes' not found in {"))

    def test_what_is_only_meant_otherwise_is_carried_out(self):
        for rule in ["json-patch-overwrites", "json-patch-index-shifted", "json-patch-not-idempotent"]:
            with self.subTest(rule):
                (name, config), = outposts(DATA / "broken" / rule)
                patched = jsonpatch.apply_patch(base(name, config), config["kubernetes_json_patches"]["deployment"])
                self.assertEqual(deployment(f"broken/{rule}"), patched)

    def test_an_append_never_settles(self):
        (name, config), = outposts(DATA / "broken/json-patch-not-idempotent")
        patch = config["kubernetes_json_patches"]["deployment"]
        live = jsonpatch.apply_patch(base(name, config), patch)
        self.assertNotEqual(jsonpatch.apply_patch(copy.deepcopy(live), patch), live)


if __name__ == "__main__":
    unittest.main()
