import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type { Job } from "@/lib/contracts/jobs";
import { isActive } from "./states";

interface JobPage {
  items: Job[];
  nextCursor: string | null;
}

const POLL_ACTIVE_MS = 3_000;
const POLL_IDLE_MS = 30_000;

/** The newest jobs, newest first; asked for more often while something is going on. */
export const jobsQuery = (limit = 20) =>
  queryOptions({
    queryKey: ["jobs", "list", limit],
    queryFn: ({ signal }) => api<JobPage>(`/api/v1/jobs${query({ limit })}`, { signal }),
    refetchInterval: (q) =>
      q.state.data?.items.some((job) => isActive(job)) ? POLL_ACTIVE_MS : POLL_IDLE_MS,
  });

export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ["jobs", "one", jobId],
    queryFn: ({ signal }) => api<Job>(`/api/v1/jobs/${jobId}`, { signal }),
  });

type Control =
  { verb: "pause" | "resume"; body: Record<string, never> } | { verb: "cancel"; body: CancelChoice };

export interface CancelChoice {
  leave: "nothing" | "applied";
}

/** Pauses, resumes or cancels a job; the answer is the job as it is then. */
export function useControlJob(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, body }: Control) =>
      api<Job>(`/api/v1/jobs/${jobId}/${verb}`, { method: "POST", body }),
    onSuccess: (job) => client.setQueryData(jobQuery(jobId).queryKey, job),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ["jobs"] });
      await client.invalidateQueries({ queryKey: ["imports"] });
    },
  });
}

/** Runs an import that has ended once more, all of it or its failed rows; answers the new import. */
export function useRetryJob(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { failedRows: boolean }) =>
      api<{ id: string; jobId: string }>(`/api/v1/jobs/${jobId}/retry`, { body: input }),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
