import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";
import { dataDirectory, inRoot } from "./paths.mjs";
import { webPort } from "./ports.mjs";
import { preparePostgres, stopPostgres } from "./postgres/server.mjs";
import { keepJson, randomText } from "./private-files.mjs";
import { identify } from "./processes.mjs";
import { acquireRunLock } from "./run-lock.mjs";
import { prepareDatabase, runService, untilHealthy } from "./services.mjs";
import { supervise } from "./supervise.mjs";

const DEMO_EMAIL = "demo@ferry.local";
const HEALTHY_MS = 120_000;

/**
 * Everything behind `npm start` and `npm run dev`: install, build, database, web and worker, until a signal comes.
 * Resolves with the exit code, when nothing that it started runs any more.
 * @param {"production" | "development"} mode
 */
export async function runFerry(mode) {
  const begun = Date.now();
  const stop = stopSignal();
  const started = [];
  let lock;
  try {
    assertNode();
    loadEnvFile();
    const dataDir = makeDataDirectory();
    lock = await acquireRunLock(dataDir);
    const run = await startAll({ mode, dataDir, lock, started, stop });
    if (run) {
      announce(run, Date.now() - begun);
      await once(stop, "abort");
    }
    say("Stopping …");
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    console.error(error.message);
    return 1;
  } finally {
    // Web and worker together, and only then the database that they use.
    const [database, ...services] = started;
    await Promise.all(services.map((service) => service.stop()));
    await database?.stop();
    lock?.release();
  }
}

async function startAll({ mode, dataDir, lock, started, stop }) {
  await ensureInstalled(say, stop);
  const host = process.env.HOST || undefined;
  const port = await webPort(process.env, host);
  const onChange = () =>
    lock.update({
      children: started.flatMap((s) => (s.pid() ? [{ name: s.name, ...identify(s.pid()) }] : [])),
    });
  if (mode === "production") await ensureBuilt(say, stop);
  if (stop.aborted) return undefined;

  const database = process.env.DATABASE_URL
    ? external(process.env.DATABASE_URL)
    : await embedded(dataDir, onChange);
  started.push(database);
  const { env, demo } = settings({ mode, dataDir, port, database });
  await prepareDatabase({ mode, env, signal: stop });
  if (stop.aborted) return undefined;

  const logDirectory = path.join(dataDir, "logs");
  fs.mkdirSync(logDirectory, { recursive: true });
  const common = { mode, env, port, host, logDirectory, log: say, onChange };
  const web = await runService("web", common);
  started.push(web);
  started.push(await runService("worker", common));
  onChange();
  try {
    await untilHealthy(port, host, HEALTHY_MS, stop);
  } catch (error) {
    throw new Error(`${error.message}\n${web.tail()}`);
  }
  if (stop.aborted) return undefined;
  lock.update({ url: env.APP_URL });
  return { url: env.APP_URL, demo, dataDir, database };
}

async function embedded(dataDir, onChange) {
  const postgres = await preparePostgres(dataDir, { log: say });
  const service = await supervise({
    name: "PostgreSQL",
    start: postgres.start,
    stop: stopPostgres,
    log: say,
    onChange,
  });
  return { ...service, isEmbedded: true, url: postgres.url, directory: postgres.directory };
}

const external = (url) => ({
  name: "database",
  isEmbedded: false,
  url,
  pid: () => undefined,
  stop: () => Promise.resolve(),
});

/** The environment of web and worker. A secret that is not set is made once and kept; none has a default. */
function settings({ mode, dataDir, port, database }) {
  const secrets = keepJson(path.join(dataDir, "secrets.json"), () => ({ APP_SECRET: randomText() }));
  const isWhollyEmbedded = database.isEmbedded && !process.env.INNGEST_BASE_URL && !process.env.INNGEST_DEV;
  const demoFile = path.join(dataDir, "demo-account.json");
  const demo = isWhollyEmbedded
    ? keepJson(demoFile, () => ({ email: DEMO_EMAIL, password: randomText(12) }))
    : undefined;
  return {
    demo,
    env: {
      ...secrets,
      APP_URL: `http://localhost:${port}`,
      NODE_ENV: mode,
      ...withoutEmpty(process.env),
      ...(mode === "production" ? { NODE_ENV: mode } : {}),
      PORT: String(port),
      DATABASE_URL: database.url,
      FERRY_DATA_DIR: dataDir,
      FERRY_EMBEDDED: isWhollyEmbedded ? "1" : "0",
      ...(demo ? { FERRY_DEMO_ACCOUNT_FILE: demoFile } : {}),
      NEXT_TELEMETRY_DISABLED: "1",
    },
  };
}

const withoutEmpty = (env) => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));

function makeDataDirectory() {
  const dataDir = dataDirectory();
  fs.mkdirSync(dataDir, { recursive: true });
  // As root, PostgreSQL's own user must get through to its directory; every file inside is private.
  fs.chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  return dataDir;
}

// Next reads .env for the web process; the worker must see the same. FERRY_ENV_FILE names another file, or none.
function loadEnvFile() {
  const file = inRoot(process.env.FERRY_ENV_FILE ?? ".env");
  if (process.env.FERRY_ENV_FILE === "" || !fs.existsSync(file)) return;
  if (!process.loadEnvFile)
    throw new Error(`Settings from ${file} need Node 20.12; set them in the environment.`);
  process.loadEnvFile(file);
}

function assertNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 9)) return;
  throw new Error(`Ferry needs Node 20.9 or newer; this is ${process.versions.node}.`);
}

/** @returns {AbortSignal} aborted when the process is asked to end */
function stopSignal() {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => controller.abort());
  return controller.signal;
}

function announce({ url, demo, dataDir, database }, tookMs) {
  say(`\nFerry is ready at ${url} (after ${(tookMs / 1000).toFixed(1)} s)`);
  if (demo) say(`  demo account   ${demo.email}   password  ${demo.password}`);
  say(`  data           ${dataDir}`);
  if (database.directory && !database.directory.startsWith(dataDir))
    say(`  database       ${database.directory}`);
  say(`  logs           ${path.join(dataDir, "logs")}`);
  say("Stop it with Ctrl+C.");
}

const say = (line) => console.log(line);
