import {
  infiniteQueryOptions,
  queryOptions,
  useIsMutating,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type { Page } from "@/lib/contracts/common";
import type { ChangeMapping } from "@/lib/contracts/imports";
import type { Resolution } from "@/lib/contracts/review";
import type { ImportPreview, ImportRowView, ImportSummary, ImportView } from "@/lib/contracts/import-view";

const PREVIEW_ROWS = 20;
const POLL_MOVING_MS = 2_000;
const POLL_IDLE_MS = 30_000;

/** States that a worker will end without the person: worth asking again soon. */
const MOVING: readonly ImportView["state"][] = ["pending", "staging", "applying", "undoing", "redoing"];

export function isMoving(view: Pick<ImportSummary, "state">): boolean {
  return MOVING.includes(view.state);
}

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", id, "view"],
    queryFn: ({ signal }) => api<ImportView>(`/api/v1/imports/${id}`, { signal }),
    refetchInterval: (q) => (q.state.data && isMoving(q.state.data) ? POLL_MOVING_MS : false),
  });

const LISTED_AT_ONCE = 20;

/** Imports into a collection, newest first; asked for again soon while one of them moves. */
export const collectionImportsQuery = (collectionId: string) =>
  infiniteQueryOptions({
    queryKey: ["imports", "list", collectionId],
    queryFn: ({ signal, pageParam }) => {
      const parameters = query({ collectionId, limit: LISTED_AT_ONCE, cursor: pageParam });
      return api<Page<ImportSummary>>(`/api/v1/imports${parameters}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (q) =>
      q.state.data?.pages.some((page) => page.items.some(isMoving)) ? POLL_MOVING_MS : false,
  });

const RECENT_MAX = 100;

/** The newest imports by the job that people see them as, for lists of jobs. */
export const recentImportsQuery = queryOptions({
  queryKey: ["imports", "list", "recent"],
  queryFn: ({ signal }) =>
    api<Page<ImportSummary>>(`/api/v1/imports${query({ limit: RECENT_MAX })}`, { signal }),
  refetchInterval: (q) => (q.state.data?.items.some(isMoving) ? POLL_MOVING_MS : POLL_IDLE_MS),
  select: (page): ReadonlyMap<string, ImportSummary> => new Map(page.items.map((view) => [view.jobId, view])),
});

const ROWS_AT_ONCE = 20;

export type RowKind = "new" | "imported" | "updated" | "unchanged";

/** Rows by what becomes or became of them, in the order of the file. */
export const rowsQuery = (id: string, status: RowKind) =>
  infiniteQueryOptions({
    queryKey: ["imports", id, "rows-by-kind", status],
    queryFn: ({ signal, pageParam }) => {
      const parameters = query({ status, limit: ROWS_AT_ONCE, cursor: pageParam });
      return api<Page<ImportRowView>>(`/api/v1/imports/${id}/rows${parameters}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    // Decisions and edits change what becomes of a row.
    staleTime: 0,
  });

export const previewQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", id, "preview"],
    queryFn: ({ signal }) =>
      api<ImportPreview>(`/api/v1/imports/${id}/preview${query({ limit: PREVIEW_ROWS })}`, { signal }),
  });

/**
 * Changes a draft. What the person chose shows at once; changes are sent one after the other, and the server's answer
 * is taken over when no further one waits.
 */
export function useChangeDraft(id: string) {
  const client = useQueryClient();
  const key = importQuery(id).queryKey;
  return useMutation({
    mutationKey: ["change-draft", id],
    scope: { id: `change-draft-${id}` },
    mutationFn: (change: ChangeMapping) =>
      api<ImportView>(`/api/v1/imports/${id}/mapping`, { method: "PUT", body: change }),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData(key);
      if (before) client.setQueryData(key, withChange(before, change));
      return { before };
    },
    onError: (_error, _change, context) => {
      if (context?.before) client.setQueryData(key, context.before);
    },
    onSuccess: (view) => {
      if (client.isMutating({ mutationKey: ["change-draft", id] }) > 1) return;
      client.setQueryData(key, view);
      void client.invalidateQueries({ queryKey: previewQuery(id).queryKey });
    },
  });
}

/** The draft as it will look; what only the server can tell (columns, fields) stays as it was until it has told. */
function withChange(view: ImportView, change: ChangeMapping): ImportView {
  const moves = change.collectionId !== undefined || change.newCollection !== undefined;
  return {
    ...view,
    mapping: change.mapping ?? view.mapping,
    source: change.source ? { ...view.source, ...change.source } : view.source,
    options: { ...view.options, ...change.options },
    ...(moves && {
      collectionId: change.collectionId ?? null,
      newCollection: change.newCollection ?? null,
    }),
  };
}

export function useDraftIsChanging(id: string): boolean {
  return useIsMutating({ mutationKey: ["change-draft", id] }) > 0;
}

type Step =
  | { verb: "start"; body: { stopBeforeApply: boolean } }
  | { verb: "resolve"; body: { globalStrategy?: Resolution } }
  | { verb: "cancel" | "match"; body: Record<string, never> };

/** Moves an import on: start, resolve, compare anew or cancel. */
export function useMoveImport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, body }: Step) => api<ImportView>(`/api/v1/imports/${id}/${verb}`, { body }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: importQuery(id).queryKey });
      await client.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}
