import { countLivingWorkers } from "@/db/queries/operation";
import { env } from "@/lib/platform/env";
import type { SystemContext } from "@/lib/services/context";

const CHECK_TIMEOUT_MS = 3_000;

export interface Readiness {
  status: "ok" | "unavailable";
  /** "ok", or in a few words what is wrong. */
  checks: { database: string; engine: string; storage: string };
}

/** Whether this instance can do its work: the database and the store answer, and somebody runs the functions. */
export async function checkReadiness(ctx: SystemContext): Promise<Readiness> {
  const [database, engine, storage] = await Promise.all([
    outcome(ctx, "database", () => ctx.db.sql`select 1`),
    outcome(ctx, "engine", () => checkEngine(ctx)),
    outcome(ctx, "storage", () => ctx.storage.stat("readiness/none")),
  ]);
  const checks = { database, engine, storage };
  return { status: Object.values(checks).every((c) => c === "ok") ? "ok" : "unavailable", checks };
}

async function checkEngine(ctx: SystemContext): Promise<void> {
  const { INNGEST_DEV, INNGEST_EVENT_KEY, INNGEST_SIGNING_KEY } = env();
  const devServer = INNGEST_DEV && INNGEST_DEV !== "0" && INNGEST_DEV !== "false";
  // An Inngest server calls us; whether it is up is its own operator's page.
  if (devServer || (INNGEST_EVENT_KEY && INNGEST_SIGNING_KEY)) return;
  if ((await countLivingWorkers(ctx.db.sql)) === 0) throw new Error("no worker is running");
}

async function outcome(ctx: SystemContext, name: string, check: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return "ok";
  } catch (error) {
    ctx.log.warn({ check: name, reason: error instanceof Error ? error.message : "unknown" }, "not ready");
    return "unavailable";
  } finally {
    clearTimeout(timer);
  }
}
