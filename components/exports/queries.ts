import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/components/api";
import type { Export, ExportFormat } from "@/lib/contracts/exports";

export interface ExportRequest {
  format: ExportFormat;
  collections: string[];
  csv?: { bom: boolean; delimiter: "," | ";" | "\t" | "|"; formulaSafe: boolean };
  compression?: { algorithm: "gzip" | "zip" };
}

const POLL_MS = 2_000;

export const exportQuery = (id: string) =>
  queryOptions({
    queryKey: ["exports", id],
    queryFn: ({ signal }) => api<Export>(`/api/v1/exports/${id}`, { signal }),
    refetchInterval: (q) => {
      const state = q.state.data?.state;
      return state === "pending" || state === "processing" || state === undefined ? POLL_MS : false;
    },
  });

export function useStartExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ExportRequest) => api<{ id: string; jobId: string }>("/api/v1/exports", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
