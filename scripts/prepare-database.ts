// Run before web and worker start: the newest schema, and the demo account where there is to be one.
import { migrateDatabase } from "@/db/migrate";
import { env } from "@/lib/platform/env";

await migrateDatabase(env().DATABASE_URL);
process.exit(0);
