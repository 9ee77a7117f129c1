import { RetryAfterError } from "inngest";
import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { RETRIES, retryDelayMs } from "@/lib/services/jobs/note-retry";
import { mailDueNotices, mailNotice } from "@/lib/services/notifications/mail-notice";

/** Mails one notice at once; when the server does not take it, again after 2, 4 and 8 seconds, then with the rounds. */
export const mailToldNotice = inngest.createFunction(
  {
    id: "mail-notice",
    triggers: [{ event: "notice/told" }],
    retries: RETRIES,
    concurrency: [{ limit: 2 }],
  },
  async ({ event, step, attempt }) => {
    const { noticeId } = event.data as { noticeId: string };
    const outcome = await step.run("mail", async () => {
      const found = await mailNotice(systemContext(), noticeId);
      const again = (found === "deferred" || found === "unavailable") && attempt < RETRIES;
      if (again) throw new RetryAfterError(`the mail server: ${found}`, retryDelayMs(attempt));
      return found;
    });
    return { outcome };
  },
);

/** Every five minutes: mails what is due, because it is to be tried again or because its event was lost. */
export const mailDue = inngest.createFunction(
  { id: "mail-due-notices", triggers: [{ cron: "*/5 * * * *" }], retries: 3, concurrency: [{ limit: 1 }] },
  async ({ step }) => ({ sent: await step.run("mail", () => mailDueNotices(systemContext())) }),
);
