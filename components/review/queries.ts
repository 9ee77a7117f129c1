import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ProblemError, query } from "@/components/api";
import type { ImportView } from "@/lib/contracts/import-view";
import type { ConflictPage, ConflictsFilter, ConflictView } from "@/lib/contracts/review";
import { saveBody, type Change } from "./decisions";

const CONFLICTS_AT_ONCE = 100;
const SAVE_TRIES_MAX = 4;
const SAVE_RETRY_MS = 500;

/**
 * The conflicts that meet a filter, page after page in the order of the file. They are loaded once: what is decided is
 * laid over the loaded pages, so that nothing leaves the list under the person's hands.
 */
export const conflictPagesQuery = (importId: string, filter: ConflictsFilter) =>
  infiniteQueryOptions({
    queryKey: ["imports", importId, "conflicts", "pages", filter],
    queryFn: ({ signal, pageParam }) =>
      api<ConflictPage>(
        `/api/v1/imports/${importId}/conflicts${query({ ...filter, limit: CONFLICTS_AT_ONCE, cursor: pageParam })}`,
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** How many conflicts meet a filter now. */
export const conflictCountQuery = (importId: string, filter: ConflictsFilter) =>
  queryOptions({
    queryKey: ["imports", importId, "conflicts", "count", filter],
    queryFn: async ({ signal }) => {
      const parameters = query({ ...filter, limit: 1 });
      return (await api<ConflictPage>(`/api/v1/imports/${importId}/conflicts${parameters}`, { signal }))
        .matching;
    },
    placeholderData: keepPreviousData,
  });

/** Saves one change without going on with the import; faults that pass are tried again. Answers the new counts. */
export async function saveChange(importId: string, change: Change): Promise<ImportView> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await api<ImportView>(`/api/v1/imports/${importId}/resolve`, { body: saveBody(change) });
    } catch (error) {
      const passes = error instanceof ProblemError && (error.status === 0 || error.status >= 500);
      if (!passes || tries >= SAVE_TRIES_MAX) throw error;
      await new Promise((resume) => setTimeout(resume, SAVE_RETRY_MS * 2 ** tries));
    }
  }
}

const CONFLICTS_AT_ONCE_MAX = 500;

/** Every conflict that meets a filter, for decisions that name each one. */
export async function allConflicts(importId: string, filter: ConflictsFilter): Promise<ConflictView[]> {
  const found: ConflictView[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const parameters: string = query({ ...filter, limit: CONFLICTS_AT_ONCE_MAX, cursor });
    const page: ConflictPage = await api(`/api/v1/imports/${importId}/conflicts${parameters}`);
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}
