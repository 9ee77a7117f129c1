// Run before web and worker start: the newest schema, and the demo account where there is to be one.
import { readFileSync } from "node:fs";
import { connect } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { env } from "@/lib/platform/env";
import { ensureDemoAccount } from "@/lib/services/accounts/ensure-demo";

const { DATABASE_URL, FERRY_EMBEDDED } = env();
await migrateDatabase(DATABASE_URL);

// Set by the start script. Never on a database that somebody brought along: it may be reachable by others.
const demoFile = process.env.FERRY_DEMO_ACCOUNT_FILE;
if (demoFile && FERRY_EMBEDDED) {
  const db = connect(DATABASE_URL, { poolSize: 1, applicationName: "ferry-prepare" });
  await ensureDemoAccount(
    { db },
    JSON.parse(readFileSync(demoFile, "utf8")) as { email: string; password: string },
  );
  await db.close();
}
