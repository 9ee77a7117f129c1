// npm test: everything that the tests need, then all of them. `npm test -- unit e2e` runs those stages alone.
import { ensureInstalled } from "./lib/install.mjs";
import { runDirectory } from "./lib/test/database.mjs";

const begun = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const say = (line) => console.log(line);

await ensureInstalled(say);
const { CONCURRENT, STAGES } = await import("./lib/test/stages.mjs");

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in STAGES));
if (unknown.length > 0) {
  say(`There is no stage ${unknown.join(", ")}. The stages: ${Object.keys(STAGES).join(", ")}.`);
  process.exit(2);
}
const names = Object.keys(STAGES).filter((name) => wanted.length === 0 || wanted.includes(name));

const run = runDirectory();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => finish(1));
const results = [];

const checks = names.filter((name) => CONCURRENT.has(name));
await Promise.all([workThrough(checks), workThrough(checks)]);
for (const name of names.filter((n) => !CONCURRENT.has(n))) await runStage(name);

let [passed, failed] = [0, 0];
say("\nSummary");
for (const { name, took, result } of results) {
  passed += result.passed;
  failed += result.failed;
  const counts =
    result.passed + result.failed > 0 ? `${result.passed} passed, ${result.failed} failed` : "ok";
  say(`  ${name.padEnd(12)} ${took.padStart(8)}  ${[counts, ...(result.notes ?? [])].join(", ")}`);
}
say(`  in all       ${seconds(begun).padStart(8)}`);
const testsWanted = names.some((name) => ["unit", "integration", "e2e"].includes(name));
if (testsWanted && passed === 0) failed = Math.max(failed, 1);
say(`${passed} passed, ${failed} failed`);
finish(failed > 0 ? 1 : 0);

async function workThrough(queue) {
  while (queue.length > 0) await runStage(queue.shift());
}

async function runStage(name) {
  const since = Date.now();
  if (!CONCURRENT.has(name)) say(`\n── ${name}`);
  const result = await STAGES[name]({ directory: run.directory, say }).catch((error) => ({
    passed: 0,
    failed: 1,
    output: error.message,
  }));
  const took = seconds(since);
  results.push({ name, took, result });
  if (result.output) say(`\n── ${name}\n${result.output}`);
  say(`${result.failed > 0 ? "✗" : "✓"} ${name} (${took})`);
}

function finish(code) {
  run.remove();
  process.exit(code);
}
