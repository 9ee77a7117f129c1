// npm run dev: the same with hot reload of pages and worker.
import { runFerry } from "./lib/run.mjs";

process.exitCode = await runFerry("development");
