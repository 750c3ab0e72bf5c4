"""Licences and sources of every crate that is built, by `cargo metadata` and deny.toml.

cargo-deny reads the same file in the GitHub workflow, where it also looks for advisories.
"""

import json
import re
import subprocess
import sys
import tomllib


def allowed(expression: str, allow: set[str]) -> bool:
    """Whether an SPDX expression can be satisfied with allowed licences alone."""
    tokens = re.findall(r"\(|\)|[^\s()/]+(?:\s+WITH\s+\S+)?|/", expression)
    # The old way to write OR.
    tokens = ["OR" if token == "/" else token for token in tokens]
    value, rest = either(tokens, allow)
    if rest:
        raise ValueError(f"not understood: {expression}")
    return value


def either(tokens: list[str], allow: set[str]) -> tuple[bool, list[str]]:
    value, tokens = both(tokens, allow)
    while tokens and tokens[0] == "OR":
        other, tokens = both(tokens[1:], allow)
        value = value or other
    return value, tokens


def both(tokens: list[str], allow: set[str]) -> tuple[bool, list[str]]:
    value, tokens = one(tokens, allow)
    while tokens and tokens[0] == "AND":
        other, tokens = one(tokens[1:], allow)
        value = value and other
    return value, tokens


def one(tokens: list[str], allow: set[str]) -> tuple[bool, list[str]]:
    if tokens[0] == "(":
        value, tokens = either(tokens[1:], allow)
        return value, tokens[1:]
    return " ".join(tokens[0].split()) in allow, tokens[1:]


def main() -> int:
    with open("deny.toml", "rb") as file:
        allow = set(tomllib.load(file)["licenses"]["allow"])
    with open("Cargo.toml", "rb") as file:
        lints = tomllib.load(file)["lints"]["rust"]
    text = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"],
        check=True, capture_output=True, text=True,
    ).stdout
    packages = json.loads(text)["packages"]
    wrong = [] if lints.get("unsafe_code") == "forbid" else ["Cargo.toml does not forbid unsafe code"]
    for package in packages:
        name = f"{package['name']} {package['version']}"
        source = package["source"]
        if source is None and package["name"] == "steadfast":
            continue
        if source is None or not re.fullmatch(r"(registry|sparse)\+\S+", source):
            wrong.append(f"{name} comes from {source}")
        licence = package["license"]
        if licence is None or not allowed(licence, allow):
            wrong.append(f"{name} has the licence {licence}")
    for line in wrong:
        print(line, file=sys.stderr)
    assert len(packages) > 50, "cargo metadata lists hardly any crates"
    assert not allowed("GPL-3.0 AND MIT", allow) and allowed("MIT/GPL-3.0", allow)
    assert allowed("(MIT OR GPL-3.0) AND Unicode-3.0", allow) and not allowed("AGPL-3.0-only", allow)
    print(f"{len(packages)} crates: {'licences and sources are allowed' if not wrong else f'{len(wrong)} are not'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
