import { infiniteQueryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api, ProblemError, query } from "@/components/api";
import type { HistoryItem, RecordHistory, RevertedRecord } from "@/lib/contracts/record-history";
import type { RecordView } from "@/lib/contracts/records";
import { historyKey, recordPath, refreshRecords, replaceInPages } from "../queries";

const PAGE_ITEMS = 30;

/** A record's changes, newest first; the first page also tells what set each present value. */
export const historyQuery = (collectionId: string, recordId: string) =>
  infiniteQueryOptions({
    queryKey: historyKey(collectionId, recordId),
    queryFn: ({ signal, pageParam }) => {
      const parameters = query({ limit: PAGE_ITEMS, cursor: pageParam ?? undefined });
      return api<RecordHistory>(`${recordPath(collectionId, recordId)}/history${parameters}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // Imports and other windows change records, too.
    staleTime: 0,
  });

/** Sets a record back to one of its versions, provided that it is at the version that was seen; else ProblemError 412. */
export function useRevert(collectionId: string, recordId: string) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: historyKey(collectionId, recordId) });
  return useMutation({
    mutationFn: ({ to, seen }: { to: HistoryItem; seen: HistoryItem }) =>
      revert(collectionId, recordId, to.version, seen.version),
    onSuccess: (record) => {
      void replaceInPages(client, collectionId, record);
      return refresh();
    },
    onError: (error) => (error instanceof ProblemError && error.status === 412 ? refresh() : undefined),
  });
}

/** Puts a record back that was deleted at this version; it outlives the dialog that asked for the deletion. */
export async function putBack(
  client: QueryClient,
  collectionId: string,
  deleted: Pick<RecordView, "id" | "version">,
): Promise<void> {
  // Its deletion led to the next version.
  await revert(collectionId, deleted.id, deleted.version, deleted.version + 1);
  await refreshRecords(client, collectionId);
}

function revert(collectionId: string, recordId: string, version: number, seen: number) {
  return api<RevertedRecord>(`${recordPath(collectionId, recordId)}/revert`, {
    body: { version },
    headers: { "if-match": `"${seen}"` },
  });
}
