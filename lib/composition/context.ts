import { connect, type Database } from "@/db/client";
import { inngest } from "@/inngest/client";
import { openMailer } from "@/lib/mail/open";
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
  const { DATABASE_URL, storageUrl, SMTP_URL, MAIL_FROM, APP_URL } = env();
  const db: Database = connect(DATABASE_URL, {
    applicationName: `ferry-${process.env.FERRY_PROCESS ?? "web"}`,
  });
  return {
    db,
    storage: openStore(storageUrl),
    log: logger,
    now: () => new Date(),
    sendEvents: async (events) => {
      if (events.length > 0) await inngest.send(events);
    },
    mailer: openMailer({ smtpUrl: SMTP_URL, from: MAIL_FROM, appUrl: APP_URL }),
  };
}
