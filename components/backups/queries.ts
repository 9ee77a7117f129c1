import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type { Backup, CheckBackup, CreateBackup } from "@/lib/contracts/backups";
import type { Page } from "@/lib/contracts/common";
import { isBeingMade } from "./words";

const POLL_MS = 3_000;
const PAGE = 50;

/** The backups that are kept, newest first; asked for again while one is being made. */
export const backupsQuery = infiniteQueryOptions({
  queryKey: ["backups", "list", "kept"],
  queryFn: ({ signal, pageParam }) =>
    api<Page<Backup>>(`/api/v1/backups${query({ limit: PAGE, cursor: pageParam })}`, { signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
  refetchInterval: (q) =>
    q.state.data?.pages.some((page) => page.items.some(isBeingMade)) ? POLL_MS : false,
});

/** Those that are deleted and can still be taken back. */
export const deletedBackupsQuery = queryOptions({
  queryKey: ["backups", "list", "deleted"],
  queryFn: ({ signal }) =>
    api<Page<Backup>>(`/api/v1/backups${query({ limit: 200, deleted: "true" })}`, { signal }),
});

export const backupQuery = (id: string) =>
  queryOptions({
    queryKey: ["backups", "one", id],
    queryFn: ({ signal }) => api<Backup>(`/api/v1/backups/${id}`, { signal }),
    refetchInterval: (q) => (q.state.data && isBeingMade(q.state.data) ? POLL_MS : false),
  });

/** After every change: the lists, what it did to the schedule's state, and the jobs in the header. */
export function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [["backups"], ["backup-policy"], ["backup-keys"], ["storage"], ["jobs", "list"]].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
}

export function useCreateBackup() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: CreateBackup) => api<Backup>("/api/v1/backups", { body }),
    onSuccess: refresh,
  });
}

/** Reads a backup again from its first byte to its last; `jobId` of the answer is that of the verification. */
export function useVerifyBackup(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (given: CheckBackup) => api<Backup>(`/api/v1/backups/${id}/verify`, { body: given }),
    onSuccess: refresh,
  });
}

export function useDeleteBackup() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, dependents }: { id: string; dependents: boolean }) =>
      api<Backup>(`/api/v1/backups/${id}${query({ dependents: dependents ? "true" : undefined })}`, {
        method: "DELETE",
      }),
    onSettled: refresh,
  });
}

export function useUndeleteBackup() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => api<Backup>(`/api/v1/backups/${id}/undelete`, { method: "POST" }),
    onSettled: refresh,
  });
}

/** Cancels the job that makes or verifies a backup. */
export function useCancelBackupJob() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (jobId: string) => api(`/api/v1/jobs/${jobId}/cancel`, { method: "POST", body: {} }),
    onSettled: refresh,
  });
}
