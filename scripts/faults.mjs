// npm run faults -- --runs 200 --seed 1: imports that are broken into, again and again (see faults/main.ts). It starts
// a PostgreSQL server of its own, on a small disk of its own where one can be had.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { ensureInstalled } from "./lib/install.mjs";
import { inRoot, ROOT } from "./lib/paths.mjs";

await ensureInstalled(console.error);
const args = ["--import", "tsx", inRoot("faults/main.ts"), ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
const [code] = await once(child, "exit");
process.exitCode = code ?? 1;
