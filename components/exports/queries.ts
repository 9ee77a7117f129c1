import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type { Collection } from "@/lib/contracts/collections";
import type { CreateExportInput, Export } from "@/lib/contracts/exports";

interface ExportPage {
  items: Export[];
  nextCursor: string | null;
}

const POLL_MS = 2_000;

export function isBeingMade(one: Pick<Export, "state">): boolean {
  return one.state === "pending" || one.state === "processing";
}

/** The newest exports, newest first; asked for again while one is being made. */
export const exportsQuery = (limit: number) =>
  queryOptions({
    queryKey: ["exports", "list", limit],
    queryFn: ({ signal }) => api<ExportPage>(`/api/v1/exports${query({ limit })}`, { signal }),
    refetchInterval: (q) => (q.state.data?.items.some(isBeingMade) ? POLL_MS : false),
  });

export const exportQuery = (id: string) =>
  queryOptions({
    queryKey: ["exports", "one", id],
    queryFn: ({ signal }) => api<Export>(`/api/v1/exports/${id}`, { signal }),
    refetchInterval: (q) => (q.state.data === undefined || isBeingMade(q.state.data) ? POLL_MS : false),
  });

export function useStartExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateExportInput) => api<Export>("/api/v1/exports", { body }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["jobs"] });
      await client.invalidateQueries({ queryKey: ["exports", "list"] });
    },
  });
}

export function useDeleteExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<undefined>(`/api/v1/exports/${id}`, { method: "DELETE" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["exports", "list"] }),
  });
}

/** Cancels the job of an export that is being made. */
export function useCancelExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (jobId: string) => api(`/api/v1/jobs/${jobId}/cancel`, { method: "POST", body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ["exports", "list"] }),
  });
}

/** Marks fields of a collection as personal data, or takes the mark away. */
export function useMarkPersonal(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (fields: { name: string; personal: boolean }[]) =>
      api<Collection>(`/api/v1/collections/${collectionId}`, { method: "PATCH", body: { fields } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["collections"] }),
  });
}
