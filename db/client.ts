import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "./schema";
import { steady } from "./steady-socket";

export type Orm = PostgresJsDatabase<typeof schema>;
/** What a drizzle transaction callback receives. */
export type OrmTransaction = Parameters<Parameters<Orm["transaction"]>[0]>[0];
/** postgres.js client, or a transaction of it. int8 arrives as number (row counts stay far below 2^53). */
export type Sql = postgres.Sql<{ bigint: number }>;
export type SqlTransaction = postgres.TransactionSql<{ bigint: number }>;
export type AnySql = Sql | SqlTransaction;

/**
 * One process's access to PostgreSQL: `orm` for ordinary queries, `sql` for COPY, set-based statements and
 * notifications. They are two pools because drizzle replaces the JSON and date codecs of the client it is given.
 */
export interface Database {
  readonly orm: Orm;
  readonly sql: Sql;
  readonly url: string;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Connections of each of the two pools. */
  poolSize?: number;
  applicationName?: string;
}

export function connect(
  url: string,
  { poolSize = 10, applicationName = "ferry" }: ConnectOptions = {},
): Database {
  const common = {
    ...steady(),
    max: poolSize,
    idle_timeout: 60,
    connect_timeout: 15,
    onnotice: () => undefined,
    connection: { application_name: applicationName },
  };
  const ormClient = postgres(url, common);
  const sql = postgres(url, {
    ...common,
    types: {
      bigint: { to: 20, from: [20], serialize: (n: number) => String(n), parse: (t: string) => Number(t) },
    },
  });
  return {
    orm: drizzle(ormClient, { schema }),
    sql,
    url,
    close: async () => {
      await Promise.all([ormClient.end({ timeout: 5 }), sql.end({ timeout: 5 })]);
    },
  };
}
