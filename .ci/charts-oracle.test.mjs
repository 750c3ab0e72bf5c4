// What charts and kustomizations make, against Helm and kustomize themselves.
//
// Needs ORACLE (a folder with node_modules/yaml, and helm and kubectl in layer/) and STEADFAST (the binary).

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import assert from "node:assert";

const oracle = resolve(process.env.ORACLE);
const { parseAllDocuments } = createRequire(join(oracle, "package.json"))("yaml");
const HELM = join(oracle, "layer/helm/helm");
const KUBECTL = join(oracle, "layer/kubectl/kubectl");
const STEADFAST = process.env.STEADFAST;

function* folders(dir) {
  yield dir;
  for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) yield* folders(join(dir, entry.name));
  }
}

const unknown = { tag: "!unknown", resolve: (text) => `unknown: ${text}` };

function objects(text) {
  const documents = parseAllDocuments(text, { customTags: [unknown] });
  return documents.map((document) => document.toJS()).filter(Boolean);
}

const identity = (object) => `${object.kind} ${object.metadata?.namespace ?? ""} ${object.metadata?.name}`;

// Kustomize appends a hash to the names that it generates, and we do not: a name that changes with its content
// is all that matters. We mark such an object immutable in its place.
function withoutHashes(list) {
  const generated = list.map((object) => object.metadata.name).filter((name) => /-[a-z0-9]{10}$/.test(name));
  let text = JSON.stringify(list);
  for (const name of generated) text = text.replaceAll(`"${name}"`, `"${name.slice(0, -11)}"`);
  return JSON.parse(text);
}

function sorted(list) {
  for (const object of list) delete object.immutable;
  return list.sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
}

const cases = "testdata/oracle/kustomize";
for (const name of readdirSync(cases).sort()) {
  test(`kustomization ${name} makes what kustomize makes`, () => {
    const dir = join(cases, name, "app");
    const theirs = execFileSync(KUBECTL, ["kustomize", dir], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const ours = execFileSync(STEADFAST, ["show", "--objects", dir], { encoding: "utf8" });
    assert.deepStrictEqual(sorted(withoutHashes(objects(ours))), sorted(withoutHashes(objects(theirs))));
  });
}

function lint(dir) {
  const args = ["lint", "--select", "values-key-unknown", "--format", "json", "--exit-zero", dir];
  return JSON.parse(execFileSync(STEADFAST, args, { encoding: "utf8" })).findings;
}

const template = (chart, args) => spawnSync(HELM, ["template", "release-name", chart, ...args], { encoding: "utf8" });

test("a key that is reported changes nothing that Helm renders", () => {
  let judged = 0;
  for (const dir of folders("testdata")) {
    if (!existsSync(join(dir, "Chart.yaml")) || dir.includes("/charts/cache")) continue;
    let root = dir;
    while (!existsSync(join(root, ".steadfast.yaml"))) root = dirname(root);
    for (const finding of lint(root)) {
      const path = join(root, finding.location.path);
      if (!path.startsWith(`${dir}/`) || !finding.subject.startsWith("Chart/")) continue;
      const values = path.endsWith("/values.yaml") ? [] : ["-f", path];
      const before = template(dir, values);
      if (finding.message.includes("refuses")) {
        assert.notStrictEqual(before.status, 0, `${path}: Helm takes ${finding.field}`);
        judged += 1;
        continue;
      }
      // A chart that lacks a dependency cannot be rendered here.
      if (/missing in charts|found in Chart.yaml/.test(before.stderr)) continue;
      assert.strictEqual(before.status, 0, before.stderr);
      const without = template(dir, [...values, "--set", `${finding.field}=null`]);
      assert.strictEqual(without.stdout, before.stdout, `${path}: ${finding.field} is read`);
      judged += 1;
    }
  }
  assert.ok(judged > 4, `${judged} findings judged`);
});
