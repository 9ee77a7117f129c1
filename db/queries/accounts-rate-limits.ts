import type { Sql } from "@/db/client";

interface Query {
  text: string;
  values?: (string | number | null)[];
}

/**
 * The part of a `pg` pool that rate-limiter-flexible's PostgreSQL store uses, on our own client: its drizzle store
 * imports drizzle by a computed name, which a bundled server cannot follow.
 */
export function rateLimitClient(sql: Sql) {
  return {
    query: async ({ text, values = [] }: Query) => {
      const rows = await sql.unsafe(text, values, { prepare: true });
      return { rows: [...rows], rowCount: rows.count };
    },
  };
}

export const RATE_LIMIT_TABLE = "rate_limits";
