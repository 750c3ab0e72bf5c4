// What parses at all, against HashiCorp's own parser: written files, and the same files with damage.
//
// Needs ORACLE (a folder with node_modules/@cdktf/hcl2json) and STEADFAST (the binary).

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import assert from "node:assert";

const require = createRequire(resolve(process.env.ORACLE, "package.json"));
const { parse } = require("@cdktf/hcl2json");

const MUTANTS_PER_FILE = 20;

function* files(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (/\.(tf|hcl)$/.test(entry.name)) yield path;
  }
}

// A small generator of numbers, so that each run damages the files alike.
let state = 20261121;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const INSERTED = ["{", "}", "[", "]", "(", ")", '"', "=", ",", "\n", "${", "a", "#", "."];

function damaged(text) {
  const at = random(text.length);
  switch (random(4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + INSERTED[random(INSERTED.length)] + text.slice(at);
    case 2:
      return text.slice(0, at);
    default: {
      const lines = text.split("\n");
      lines.splice(random(lines.length), 1);
      return lines.join("\n");
    }
  }
}

async function theirs(text) {
  try {
    await parse("main.tf", text);
    return true;
  } catch {
    return false;
  }
}

// Lints all texts in one run, each as a stack of its own; says which ones have no syntax error.
function ours(texts) {
  const root = mkdtempSync(join(tmpdir(), "steadfast-oracle-"));
  try {
    writeFileSync(join(root, ".steadfast.yaml"), "root: true\n");
    texts.forEach((text, index) => {
      mkdirSync(join(root, `case-${index}`));
      writeFileSync(join(root, `case-${index}`, "main.tf"), text);
    });
    const args = ["lint", "--select", "syntax-error", "--format", "json", "--exit-zero", root];
    const output = execFileSync(process.env.STEADFAST, args, { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
    const broken = new Set(JSON.parse(output).findings.map((finding) => finding.location.path.split("/")[0]));
    return texts.map((_, index) => !broken.has(`case-${index}`));
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function compare(cases) {
  const accepted = ours(cases.map(({ text }) => text));
  const differing = [];
  for (const [index, { name, text }] of cases.entries()) {
    const oracle = await theirs(text);
    if (oracle !== accepted[index]) {
      differing.push(`${name}: the oracle ${oracle ? "accepts" : "rejects"} it\n${text}`);
    }
  }
  assert.strictEqual(differing.length, 0, `${differing.length} of ${cases.length} differ\n${differing.slice(0, 3).join("\n----\n")}`);
}

// A document inside a string that does not parse is no fault of the HCL around it.
const INSIDE_A_STRING = ["bad-inside-a-string", "shm-undersized/good-unknown"];
const written = [...files("testdata")]
  .filter((path) => !INSIDE_A_STRING.some((part) => path.includes(part)))
  .map((path) => ({ name: path, text: readFileSync(path, "utf8") }));

test("written files parse as HashiCorp's parser says", async () => {
  assert.ok(written.length > 60, "the test data is there");
  await compare(written);
});

test("damaged files parse as HashiCorp's parser says", async () => {
  const unique = [...new Map(written.map((entry) => [entry.text, entry])).values()].filter(
    // A damaged document inside a string is our matter, not the parser's.
    ({ text }) => text.length < 6000 && !/apiVersion:|authentik_outpost|authentik_blueprint/.test(text),
  );
  const cases = unique.flatMap(({ name, text }) =>
    Array.from({ length: MUTANTS_PER_FILE }, (_, index) => ({ name: `${name}, damage ${index}`, text: damaged(text) })),
  );
  await compare(cases);
});
