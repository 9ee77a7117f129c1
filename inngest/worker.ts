import { systemContext } from "@/lib/composition/context";
import { env } from "@/lib/platform/env";
import { logger } from "@/lib/platform/logger";
import { resendEvents } from "@/lib/services/events/resend";
import { inngest, transport } from "./client";
import { startEngine, type Engine } from "./embedded/engine";
import { functions } from "./functions";

const STOP_MS_MAX = 10_000;
const RESEND_EVERY_MS = 20_000;

/** The worker process: runs the embedded engine until it is told to stop. */
async function main(): Promise<void> {
  let engine: Engine | undefined;
  if (transport) {
    const { DATABASE_URL, WORKER_SLOTS, STEP_MINUTES_MAX } = env();
    engine = await startEngine({
      databaseUrl: DATABASE_URL,
      client: inngest,
      transport,
      functions,
      log: logger,
      slots: WORKER_SLOTS,
      stepSecondsMax: STEP_MINUTES_MAX * 60,
    });
    logger.info({ functions: functions.length, slots: WORKER_SLOTS }, "worker ready");
  } else {
    logger.info("worker ready: functions run on the Inngest server that calls /api/inngest");
  }
  // Also what keeps the process when there is no engine: whoever supervises it would start it again and again.
  const resending = setInterval(resend, RESEND_EVERY_MS);
  resend();

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, "worker stops");
    clearInterval(resending);
    setTimeout(() => process.exit(0), STOP_MS_MAX).unref();
    const stopped = engine?.stop(STOP_MS_MAX - 2_000) ?? Promise.resolve();
    stopped.then(() => process.exit(0), fatal);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** Events that a crash kept from being sent are sent by whichever worker looks next. */
function resend(): void {
  resendEvents(systemContext()).catch((error: unknown) =>
    logger.warn({ err: error }, "events could not be sent again"),
  );
}

function fatal(error: unknown): void {
  logger.error({ err: error }, "worker ends because of an error");
  process.exit(1);
}

process.on("uncaughtException", fatal);
// A promise that some step left behind must not take the steps of others with it.
process.on("unhandledRejection", (error) => logger.error({ err: error }, "a rejection was not handled"));
main().catch(fatal);
