// npm run -s inspect: what the import wizard would see of a file. Standard output belongs to the answer alone.
import { ensureInstalled } from "./lib/install.mjs";

await ensureInstalled(console.error);
const { register } = await import("tsx/esm/api");
register();
await import("./inspect.ts");
