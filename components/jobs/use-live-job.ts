import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useVisible } from "@/components/use-visible";
import type { Job } from "@/lib/contracts/jobs";
import { jobQuery } from "./queries";
import { isFinished } from "./states";

const EVENTS = [
  "connected",
  "progress",
  "batch_complete",
  "batch_partial",
  "retrying",
  "awaiting_review",
  "completed",
  "failed",
  "cancelled",
];
const POLL_MS = 2_000;

/**
 * A job as it is now: by its event stream, and by asking every two seconds while there is no stream (a proxy that
 * holds it back, too many tabs). A hidden tab holds no connection.
 */
export function useLiveJob(jobId: string) {
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  const visible = useVisible();
  const job = useQuery({
    ...jobQuery(jobId),
    refetchInterval: (q) => (live || (q.state.data && isFinished(q.state.data)) ? false : POLL_MS),
  });
  const finished = job.data !== undefined && isFinished(job.data);

  useEffect(() => {
    if (finished || !visible) return;
    const source = new EventSource(`/api/v1/jobs/${jobId}/events`);
    const take = (event: MessageEvent<string>) => {
      const change = JSON.parse(event.data) as Job;
      if (change.id !== jobId) return;
      setLive(true);
      client.setQueryData(jobQuery(jobId).queryKey, change);
      if (isFinished(change) || change.state === "awaiting_review")
        void client.invalidateQueries({ queryKey: ["imports"], predicate: isView });
      if (isFinished(change)) {
        source.close();
        void client.invalidateQueries({ queryKey: ["jobs", "list"] });
        void client.invalidateQueries({ queryKey: ["collections"] });
        void client.invalidateQueries({ queryKey: ["records"] });
        void client.invalidateQueries({ queryKey: ["exports"] });
        void client.invalidateQueries({ queryKey: ["backups"] });
        void client.invalidateQueries({ queryKey: ["backup-policy"] });
        void client.invalidateQueries({ queryKey: ["storage"] });
        void client.invalidateQueries({ queryKey: ["restores"] });
      }
    };
    for (const name of EVENTS) source.addEventListener(name, take);
    source.onerror = () => setLive(false);
    return () => {
      source.close();
      setLive(false);
    };
  }, [client, jobId, finished, visible]);

  return job;
}

/** How an import stands; its rows and previews are asked for by those who show them. */
function isView({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey[2] === "view";
}
