import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type { Page } from "@/lib/contracts/common";
import type { DeletedRecord } from "@/lib/contracts/deleted-records";
import type { InputData, RecordView } from "@/lib/contracts/records";

export const PAGE_ROWS = 100;
const PAGE_FRESH_MS = 60_000;

/** What is listed, and in which order. */
export interface Selection {
  q: string;
  sort: string | undefined;
}

/** Rows [page × 100, page × 100 + 100) of a selection. */
export const recordPageQuery = (collectionId: string, selection: Selection, page: number) =>
  queryOptions({
    queryKey: ["records", collectionId, selection, page],
    queryFn: ({ signal }) => {
      const parameters = query({
        limit: PAGE_ROWS,
        offset: page * PAGE_ROWS,
        sort: selection.sort,
        q: selection.q,
        total: selection.q === "" || page > 0 ? undefined : "true",
      });
      return api<Page<RecordView>>(`/api/v1/collections/${collectionId}/records${parameters}`, { signal });
    },
    staleTime: PAGE_FRESH_MS,
  });

export const recordQuery = (collectionId: string, recordId: string) =>
  queryOptions({
    queryKey: ["record", collectionId, recordId],
    queryFn: ({ signal }) => api<RecordView>(recordPath(collectionId, recordId), { signal }),
    staleTime: 0,
  });

export interface RecordChange {
  record: RecordView;
  data: InputData;
}

/** Changes fields of a record, provided it is still the version that was seen; else ProblemError 412. */
export function useChangeRecord(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ record, data }: RecordChange) =>
      api<RecordView>(recordPath(collectionId, record.id), {
        method: "PATCH",
        body: { data },
        headers: { "if-match": `"${record.version}"` },
      }),
    onSuccess: async (changed) => {
      void client.invalidateQueries({ queryKey: historyKey(collectionId, changed.id) });
      await replaceInPages(client, collectionId, changed);
    },
  });
}

export function useAddRecord(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (data: InputData) =>
      api<RecordView>(`/api/v1/collections/${collectionId}/records`, { body: { data } }),
    onSuccess: () => refreshRecords(client, collectionId),
  });
}

export function useDeleteRecord(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (record: RecordView) =>
      api<undefined>(recordPath(collectionId, record.id), {
        method: "DELETE",
        headers: { "if-match": `"${record.version}"` },
      }),
    onSuccess: () => refreshRecords(client, collectionId),
  });
}

/** Puts a record's newest version where it is shown, without moving any row. */
export function useReplaceRecord(collectionId: string) {
  const client = useQueryClient();
  return (record: RecordView) => void replaceInPages(client, collectionId, record);
}

/**
 * Pages that are on their way may have been read before the record changed, and would take the change back where it is
 * shown: they are asked for again.
 */
export async function replaceInPages(
  client: QueryClient,
  collectionId: string,
  record: RecordView,
): Promise<void> {
  const queryKey = ["records", collectionId];
  const asked = new Set(client.getQueryCache().findAll({ queryKey, fetchStatus: "fetching" }));
  await client.cancelQueries({ queryKey });
  client.setQueriesData<Page<RecordView>>({ queryKey }, (page) =>
    page?.items.some((item) => item.id === record.id)
      ? { ...page, items: page.items.map((item) => (item.id === record.id ? record : item)) }
      : page,
  );
  void client.invalidateQueries({ queryKey, predicate: (query) => asked.has(query) });
}

/** Asks anew for what is listed and counted, after records came or went. */
export async function refreshRecords(client: QueryClient, collectionId: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ["records", collectionId] }),
    client.invalidateQueries({ queryKey: deletedKey(collectionId) }),
    client.invalidateQueries({ queryKey: ["collections"] }),
  ]);
}

const DELETED_AT_ONCE = 50;

/** Records that were deleted by hand, the last deleted first. */
export const deletedQuery = (collectionId: string) =>
  infiniteQueryOptions({
    queryKey: deletedKey(collectionId),
    queryFn: ({ signal, pageParam }) => {
      const parameters = query({ limit: DELETED_AT_ONCE, cursor: pageParam });
      return api<Page<DeletedRecord>>(`/api/v1/collections/${collectionId}/deleted${parameters}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  });

function deletedKey(collectionId: string) {
  return ["records-deleted", collectionId] as const;
}

/** What everything that is known of a record's past is kept under. */
export function historyKey(collectionId: string, recordId: string) {
  return ["record-history", collectionId, recordId] as const;
}

export function recordPath(collectionId: string, recordId: string): string {
  return `/api/v1/collections/${collectionId}/records/${recordId}`;
}
