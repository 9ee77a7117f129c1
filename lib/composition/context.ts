import { connect, type Database } from "@/db/client";
import { inngest } from "@/inngest/client";
import { env } from "@/lib/platform/env";
import { logger } from "@/lib/platform/logger";
import type { SystemContext } from "@/lib/services/context";
import { openStore } from "@/lib/storage/open";

// Next's development server reloads modules; the pool must survive it.
const holder = globalThis as { ferrySystemContext?: SystemContext };

/** The one place where the parts of a process are put together. Made on first use, then shared. */
export function systemContext(): SystemContext {
  return (holder.ferrySystemContext ??= build());
}

function build(): SystemContext {
  const db: Database = connect(env().DATABASE_URL, {
    applicationName: `ferry-${process.env.FERRY_PROCESS ?? "web"}`,
  });
  return {
    db,
    storage: openStore(env().storageUrl),
    log: logger,
    now: () => new Date(),
    sendEvents: async (events) => {
      if (events.length > 0) await inngest.send(events);
    },
  };
}
