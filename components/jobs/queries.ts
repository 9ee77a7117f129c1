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

export function useCancelJob(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<Job>(`/api/v1/jobs/${jobId}/cancel`, { method: "POST" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
