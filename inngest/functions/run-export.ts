import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { failExport, runExport } from "@/lib/services/exports/run-export";

/** Makes the file of an export. One step: what a half-made file holds is of no use to the next attempt. */
export const exportData = inngest.createFunction(
  {
    id: "run-export",
    triggers: [{ event: "export/requested" }],
    retries: 3,
    concurrency: [{ limit: 2 }],
    onFailure: async ({ event, step }) => {
      const { exportId } = event.data.event.data as { exportId: string };
      await step.run("fail", () => failExport(systemContext(), exportId));
    },
  },
  async ({ event, step, attempt }) => {
    const { exportId } = event.data as { exportId: string };
    await step.run("export", () => runExport(systemContext(), exportId, attempt));
  },
);
