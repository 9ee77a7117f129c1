import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type { Page } from "@/lib/contracts/common";
import type {
  RestoreRedoPreview,
  RestoreSummary,
  RestoreUndo,
  RestoreUndoPreview,
  RestoreView,
} from "@/lib/contracts/restores";
import { bodyOf, type PlanRequest, type RunRequest } from "./draft";
import { isAtWork } from "./words";

const POLL_MS = 2_000;

/** Restores of the account, newest first: planned, under way, done. */
export const restoresQuery = (limit: number) =>
  queryOptions({
    queryKey: ["restores", "list", limit],
    queryFn: ({ signal }) => api<Page<RestoreSummary>>(`/api/v1/restores${query({ limit })}`, { signal }),
    refetchInterval: (q) => (q.state.data?.items.some(isAtWork) ? POLL_MS : false),
  });

/** One restore with its plan; asked for again while it is at work, so that the page moves on by itself. */
export const restoreQuery = (id: string) =>
  queryOptions({
    queryKey: ["restores", "one", id],
    queryFn: ({ signal }) => api<RestoreView>(`/api/v1/restores/${id}`, { signal }),
    refetchInterval: (q) => (q.state.data && isAtWork(q.state.data) ? POLL_MS : false),
  });

/** Begins a plan; its page shows how far it is. A wrong key is answered at once. */
export function usePlanRestore() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ source, ...request }: PlanRequest) =>
      api<{ planId: string }>(
        source.kind === "backup" ? `/api/v1/backups/${source.backupId}/preview` : "/api/v1/restores",
        {
          body: {
            ...bodyOf(request),
            ...(source.kind === "upload" ? { uploadIds: source.uploadIds } : {}),
            waitSeconds: 0,
          },
        },
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["restores", "list"] });
      void client.invalidateQueries({ queryKey: ["jobs", "list"] });
    },
  });
}

/** What every change of a restore answers: the restore as it is then. */
function useChangeRestore<T>(id: string, send: (input: T) => Promise<RestoreView>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (view) => client.setQueryData(restoreQuery(id).queryKey, view),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ["restores"] });
      void client.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}

export function useRunRestore(id: string) {
  return useChangeRestore(id, (body: RunRequest) =>
    api<RestoreView>(`/api/v1/restores/${id}/restore`, { body }),
  );
}

/** Discards a plan, or cancels a restore under way. */
export function useDiscardRestore(id: string) {
  return useChangeRestore(id, () => api<RestoreView>(`/api/v1/restores/${id}`, { method: "DELETE" }));
}

export function useUndoRestore(id: string) {
  return useChangeRestore(id, (body: RestoreUndo) =>
    api<RestoreView>(`/api/v1/restores/${id}/undo`, { body }),
  );
}

export function useRedoRestore(id: string) {
  return useChangeRestore(id, () => api<RestoreView>(`/api/v1/restores/${id}/redo`, { body: {} }));
}

/** Always asked anew: records may have been edited a moment ago. */
export const restoreUndoQuery = (id: string) =>
  queryOptions({
    queryKey: ["restore-undo", id],
    queryFn: ({ signal }) => api<RestoreUndoPreview>(`/api/v1/restores/${id}/undo`, { signal }),
    staleTime: 0,
    gcTime: 0,
  });

export const restoreRedoQuery = (id: string) =>
  queryOptions({
    queryKey: ["restore-redo", id],
    queryFn: ({ signal }) => api<RestoreRedoPreview>(`/api/v1/restores/${id}/redo`, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
