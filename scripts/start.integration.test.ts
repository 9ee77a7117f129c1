import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

type Identity = { name: string; pid: number; startedAt: string };
type Run = { supervisor: Identity; children: Identity[]; url?: string };

const START_MS = 300_000;
const RECOVERY_MS = 30_000;

/** One data directory for all cases: each starts on what the one before has left behind. */
const parent = path.resolve(".ferry-test", String(process.pid));
let dataDir: string;
let port: number;
let ferry: { process: ChildProcess; output: () => string };

beforeAll(async () => {
  mkdirSync(parent, { recursive: true });
  dataDir = mkdtempSync(path.join(parent, "start-"));
  port = await freePort();
  ferry = await start();
}, START_MS);

afterAll(async () => {
  ferry.process.kill("SIGTERM");
  await eventually(() => expect(ferry.process.exitCode).not.toBeNull());
  const place = JSON.parse(readFileSync(path.join(dataDir, "postgres-place.json"), "utf8")) as {
    directory: string;
  };
  for (const directory of [place.directory, parent]) rmSync(directory, { recursive: true, force: true });
}, RECOVERY_MS);

describe("npm start", () => {
  it("answers under the address it prints", async () => {
    expect(ferry.output()).toContain(`http://localhost:${port}`);
    expect(await status("/healthz", "localhost")).toBe(200);
    expect(await status("/healthz", "127.0.0.1")).toBe(200);
    expect(await status("/readyz")).toBe(200);
  });

  it("keeps its secrets for the owner alone", () => {
    for (const file of ["secrets.json", "postgres.json", "demo-account.json"]) {
      expect(statSync(path.join(dataDir, file)).mode & 0o077, file).toBe(0);
    }
  });

  it.each(["worker", "PostgreSQL", "web"])("starts %s again after kill -9", async (name) => {
    const before = child(name);
    process.kill(before.pid, "SIGKILL");
    await eventually(() => expect(child(name).pid).not.toBe(before.pid));
    await eventually(async () => expect(await status("/readyz")).toBe(200));
    expect(ferry.output()).toContain(`${name} ended (SIGKILL)`);
  });

  it("refuses a second start on the same data directory and names the first", async () => {
    const second = launch({ PORT: String(await freePort()) });
    const [code] = (await once(second.process, "exit")) as [number];
    expect(code).toBe(1);
    expect(second.output()).toContain(`already runs on this data directory at http://localhost:${port}`);
  });

  it("says so when the port that was asked for is taken", async () => {
    const other = mkdtempSync(path.join(parent, "other-"));
    const second = launch({ FERRY_DATA_DIR: other });
    const [code] = (await once(second.process, "exit")) as [number];
    rmSync(other, { recursive: true, force: true });
    expect(code).toBe(1);
    expect(second.output()).toContain(`Port ${port} is taken`);
  });

  it("leaves nothing running when the supervisor is killed with -9, and starts again after that", async () => {
    const { children } = run();
    ferry.process.kill("SIGKILL");
    for (const { pid } of children) await eventually(() => expect(isAlive(pid)).toBe(false));
    const demo = readFileSync(path.join(dataDir, "demo-account.json"), "utf8");
    ferry = await start();
    expect(await status("/readyz")).toBe(200);
    expect(readFileSync(path.join(dataDir, "demo-account.json"), "utf8")).toBe(demo);
  }, 90_000);

  it("starts again after every one of its processes was killed with -9 at once", async () => {
    const { children } = run();
    for (const pid of [ferry.process.pid ?? 0, ...children.map((c) => c.pid)]) process.kill(pid, "SIGKILL");
    ferry = await start();
    expect(await status("/readyz")).toBe(200);
  }, 90_000);

  it("stops everything on SIGTERM, with exit code 0 and no process left", async () => {
    const { children } = run();
    expect(children.map((c) => c.name).sort()).toEqual(["PostgreSQL", "web", "worker"]);
    ferry.process.kill("SIGTERM");
    await eventually(() => expect(ferry.process.exitCode).toBe(0));
    expect(children.filter((c) => isAlive(c.pid))).toEqual([]);
    expect(() => run()).toThrow();
  });
});

function launch(env: Record<string, string>) {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    env: {
      ...inherited,
      NODE_ENV: "production",
      FERRY_ENV_FILE: "",
      PORT: String(port),
      FERRY_DATA_DIR: dataDir,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { process: child, output: () => output };
}

async function start() {
  const started = launch({});
  while (!started.output().includes("Ferry is ready")) {
    if (started.process.exitCode !== null) throw new Error(`Ferry did not start: ${started.output()}`);
    await sleep(50);
  }
  return started;
}

function run(): Run {
  return JSON.parse(readFileSync(path.join(dataDir, "run.json"), "utf8")) as Run;
}

function child(name: string): Identity {
  const found = run().children.find((c) => c.name === name);
  if (!found) throw new Error(`${name} does not run`);
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

// A process whose parent was killed may wait for an init that does not come.
function isZombie(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function status(route: string, host = "127.0.0.1"): Promise<number> {
  try {
    return (await fetch(`http://${host}:${port}${route}`, { signal: AbortSignal.timeout(10_000) })).status;
  } catch {
    return 0;
  }
}

async function eventually(assertion: () => unknown): Promise<void> {
  const end = Date.now() + RECOVERY_MS;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}
