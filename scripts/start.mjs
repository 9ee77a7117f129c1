// npm start: everything, on a machine that has Node alone.
import { runFerry } from "./lib/run.mjs";

process.exitCode = await runFerry("production");
