import { randomBytes } from "node:crypto";
import { Inngest, type InngestFunction } from "inngest";
import { connect, type Database } from "@/db/client";
import { enqueueEvents } from "@/db/engine/events";
import { createTestDatabase } from "@/db/testing";
import type { Logger } from "@/lib/platform/logger";
import { startEngine, type Engine, type EngineOptions } from "../engine";
import { createTransport, EMBEDDED_BASE_URL, type Transport } from "../transport";

const silent = () => undefined;
const quiet: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/** A client like the product's, whose requests go to the engine of its process. */
export function embeddedClient(
  intake?: () => Database,
  id = "test",
): { client: Inngest; transport: Transport } {
  const transport = createTransport({
    sendEvents: (events, seed) => {
      if (!intake) throw new Error("no engine runs");
      return enqueueEvents(intake().sql, events, seed);
    },
  });
  const client = new Inngest({
    id,
    isDev: false,
    aiMetadata: false,
    baseUrl: EMBEDDED_BASE_URL,
    fetch: transport.fetch,
    eventKey: "embedded",
    signingKey: `signkey-prod-${randomBytes(32).toString("hex")}`,
    logger: quiet,
  });
  return { client, transport };
}

export interface RunRow {
  id: string;
  functionId: string;
  status: string;
  output: unknown;
}

export interface Harness {
  client: Inngest;
  transport: Transport;
  database: Database;
  start(functions: InngestFunction.Like[], options?: Partial<EngineOptions>): Promise<Engine>;
  /** Start an engine for these functions, do `test`, stop it. */
  during(
    functions: InngestFunction.Like[],
    test: () => Promise<void>,
    options?: Partial<EngineOptions>,
  ): Promise<void>;
  runs(functionId: string): Promise<RunRow[]>;
  /** The one run of a function, when it has ended. */
  ended(functionId: string): Promise<RunRow>;
  close(): Promise<void>;
}

/** An engine on a database of its own, for one test file. */
export async function createHarness(): Promise<Harness> {
  const test = await createTestDatabase();
  const database = connect(test.url, { poolSize: 3 });
  const { client, transport } = embeddedClient(() => database);
  const engines = new Set<Engine>();
  const start: Harness["start"] = async (functions, options) => {
    const engine = await startEngine({
      databaseUrl: test.url,
      client,
      transport,
      functions,
      log: quiet,
      backoffMs: () => 20,
      ...options,
    });
    engines.add(engine);
    return engine;
  };
  const runs = async (functionId: string) => [
    ...(await database.sql<RunRow[]>`
      select id, function_id as "functionId", status, output from engine.run
      where function_id = ${`${client.id}-${functionId}`} order by created_at, id`),
  ];
  return {
    client,
    transport,
    database,
    start,
    during: async (functions, body, options) => {
      const engine = await start(functions, options);
      try {
        await body();
      } finally {
        engines.delete(engine);
        await engine.stop(1_000);
      }
    },
    runs,
    ended: (functionId) =>
      until(async () => (await runs(functionId)).find((run) => run.status !== "running")),
    close: async () => {
      await Promise.all([...engines].map((engine) => engine.stop(1_000)));
      await database.close();
      await test.drop();
    },
  };
}

/** Wait until `look` finds something. @throws Error after `ms` */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined, ms = 15_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("What was waited for did not happen");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
