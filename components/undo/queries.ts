import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api } from "@/components/api";
import { importQuery } from "@/components/imports/queries";
import type { UndoImport, UndoPreviewView } from "@/lib/contracts/imports";
import type { RedoPreviewView } from "@/lib/contracts/redo";

/** What an undo would do now. Always asked anew: records may have been edited a moment ago. */
export const undoPreviewQuery = (importId: string) =>
  queryOptions({
    queryKey: ["imports", importId, "undo"],
    queryFn: ({ signal }) => api<UndoPreviewView>(`/api/v1/imports/${importId}/undo`, { signal }),
    staleTime: 0,
    gcTime: 0,
  });

/** Begins the undo as a job; the import's view then names it. */
export function useUndoImport(importId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UndoImport) => api<{ jobId: string }>(`/api/v1/imports/${importId}/undo`, { body }),
    onSettled: () => refresh(client, importId),
  });
}

/** Takes an undo back, as a job. */
export function useRedoImport(importId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<{ jobId: string }>(`/api/v1/imports/${importId}/redo`, { body: {} }),
    onSettled: () => refresh(client, importId),
  });
}

async function refresh(client: QueryClient, importId: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: importQuery(importId).queryKey }),
    client.invalidateQueries({ queryKey: ["imports", "list"] }),
  ]);
  void client.invalidateQueries({ queryKey: ["jobs"] });
}

/** What taking an undo back would do now. */
export const redoPreviewQuery = (importId: string) =>
  queryOptions({
    queryKey: ["imports", importId, "redo"],
    queryFn: ({ signal }) => api<RedoPreviewView>(`/api/v1/imports/${importId}/redo`, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
