// npm run build: the web application and the worker, when their sources have changed.
import { ensureBuilt } from "./lib/build.mjs";
import { ensureInstalled } from "./lib/install.mjs";

try {
  await ensureInstalled(console.log);
  await ensureBuilt(console.log);
  console.log("Built.");
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
