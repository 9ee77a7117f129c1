import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Trusted extensions: the owner of a database may create them without being a superuser. */
const EXTENSIONS = ["pg_trgm", "unaccent", "pgcrypto", "fuzzystrmatch"];

/** Any number, the same in every instance: only one process at a time migrates a database. */
const MIGRATION_LOCK = 4_620_711;

/**
 * Bring a database to the newest schema: extensions, then every migration of `db/migrations` that it does not
 * have yet. Safe to run from several instances at once: the others wait and then find nothing to do.
 * @throws the driver's error when the server cannot be reached or a migration fails (that migration is rolled back).
 */
export async function migrateDatabase(
  databaseUrl: string,
  migrationsFolder = "db/migrations",
): Promise<void> {
  // One connection: the lock belongs to the session that also migrates.
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
    for (const extension of EXTENSIONS) await sql`create extension if not exists ${sql(extension)}`;
    await migrate(drizzle(sql), { migrationsFolder });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
