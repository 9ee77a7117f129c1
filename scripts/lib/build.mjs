import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { runNode } from "./command.mjs";
import { inRoot, ROOT } from "./paths.mjs";

// What the built programs depend on. Contents count, not dates: a fresh clone has new dates.
const SOURCES = [
  ...["app", "components", "db", "inngest", "lib", "messages", "public", "scripts/prepare-database.ts"],
  ...["next.config.ts", "package-lock.json", "postcss.config.mjs", "proxy.ts", "tsconfig.json"],
];
const IS_TEST = /(\.test\.tsx?$|[\\/]fixtures[\\/])/;
const STAMP = inRoot("dist/build.json");
const WEB_BUILD_ID = inRoot(".next/BUILD_ID");

/** Programs that run outside Next: bundled, so that they start without a compiler. Packages stay where they are. */
const PROGRAMS = { worker: "inngest/worker.ts", "prepare-database": "scripts/prepare-database.ts" };

/** @returns whether `next build` and the bundles are of the sources as they are now */
function isBuilt(digest = sourceDigest()) {
  try {
    const stamp = JSON.parse(fs.readFileSync(STAMP, "utf8"));
    return stamp.sources === digest && stamp.web === fs.readFileSync(WEB_BUILD_ID, "utf8");
  } catch {
    return false;
  }
}

/**
 * Build what has changed since the last build.
 * @param {(line: string) => void} log
 * @param {AbortSignal} [signal]  ends the build early
 * @throws Error with the compiler's words
 */
export async function ensureBuilt(log, signal) {
  const digest = sourceDigest();
  if (isBuilt(digest)) return;
  log("Building (after a change of the sources, under a minute) …");
  fs.rmSync(STAMP, { force: true });
  await bundlePrograms();
  await buildWeb(signal);
  // Written last: an interrupted build is done again.
  fs.writeFileSync(STAMP, JSON.stringify({ sources: digest, web: fs.readFileSync(WEB_BUILD_ID, "utf8") }));
}

async function bundlePrograms() {
  const { build, stop } = await import("esbuild");
  await build({
    absWorkingDir: ROOT,
    entryPoints: PROGRAMS,
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    logLevel: "error",
  });
  // Its compiler is a process of its own, of no more use.
  await stop();
}

async function buildWeb(signal) {
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const result = await runNode([inRoot("node_modules/next/dist/bin/next"), "build"], { env, signal });
  if (result.status !== 0) throw new Error(`The web application could not be built.\n${result.output}`);
}

function sourceDigest() {
  const hash = createHash("sha256").update(process.version);
  for (const file of SOURCES.flatMap((source) => filesOf(inRoot(source)))) {
    hash
      .update(`${path.relative(ROOT, file)}\0`)
      .update(fs.readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesOf(source) {
  const stat = fs.statSync(source, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [source];
  const files = fs
    .readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  return files
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !IS_TEST.test(file))
    .sort();
}
