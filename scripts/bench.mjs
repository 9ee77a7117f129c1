// npm run bench -- NAME [arguments]: one measurement of bench/, with a PostgreSQL server of its own where it reads
// TEST_DATABASE_URL and none is set. That server runs with the settings that Ferry itself uses.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { ensureInstalled } from "./lib/install.mjs";
import { inRoot, ROOT } from "./lib/paths.mjs";
import { randomText } from "./lib/private-files.mjs";
import { runDirectory, startScratchPostgres } from "./lib/test/database.mjs";

/** Whose memory is measured in the process itself: it runs with the worker's flags. */
const WORKER_LIKE = ["backup", "collections", "s3"];

const [name, ...args] = process.argv.slice(2);
const names = fs
  .readdirSync(inRoot("bench"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => path.basename(file, ".ts"));
if (!names.includes(name)) {
  console.log(`npm run bench -- NAME, where NAME is one of: ${names.join(", ")}`);
  process.exit(name ? 2 : 0);
}

await ensureInstalled(console.error);
const script = inRoot("bench", `${name}.ts`);
const env = { APP_SECRET: randomText(), LOG_LEVEL: "warn", ...process.env };
let run;
let postgres;
if (!env.TEST_DATABASE_URL && /TEST_DATABASE_URL|createTestDatabase/.test(fs.readFileSync(script, "utf8"))) {
  run = runDirectory();
  postgres = await startScratchPostgres(path.join(run.directory, "bench"), { throwAway: false });
  env.TEST_DATABASE_URL = postgres.adminUrl;
}
try {
  const flags = WORKER_LIKE.includes(name)
    ? JSON.parse(fs.readFileSync(inRoot("scripts/lib/worker-flags.json"), "utf8"))
    : [];
  const child = spawn(process.execPath, [...flags, "--expose-gc", "--import", "tsx", script, ...args], {
    cwd: ROOT,
    env,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} finally {
  await postgres?.stop();
  run?.remove();
}
