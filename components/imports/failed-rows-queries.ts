import { type InfiniteData, infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import { importQuery } from "./queries";
import type { FailedRow, FailedRowCounts } from "@/lib/contracts/import-view";

const ROWS_AT_ONCE = 50;

interface FailedRowsPage {
  items: FailedRow[];
  nextCursor: string | null;
  counts?: FailedRowCounts;
}

/** Rows that could not be stored: those still to fix, or those fixed. */
export const failedRowsQuery = (id: string, status: "invalid" | "fixed") =>
  infiniteQueryOptions({
    queryKey: ["imports", id, "rows", status],
    queryFn: ({ signal, pageParam }) => {
      const parameters = query({ status, limit: ROWS_AT_ONCE, cursor: pageParam });
      return api<FailedRowsPage>(`/api/v1/imports/${id}/rows${parameters}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    // A row that has been fixed stays where it is until the person leaves: rows that move away confuse.
    refetchOnWindowFocus: false,
  });

/** Saves how a failed row should read; the answer says what is still wrong with it. */
export function useFixRow(id: string, status: "invalid" | "fixed") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ number, values }: { number: number; values: Record<string, string> }) =>
      api<FailedRow & { counts: FailedRowCounts }>(`/api/v1/imports/${id}/rows/${number}`, {
        method: "PATCH",
        body: { values },
      }),
    onSuccess: ({ counts, ...row }) => {
      client.setQueryData<InfiniteData<FailedRowsPage>>(failedRowsQuery(id, status).queryKey, (data) =>
        data === undefined
          ? data
          : {
              ...data,
              pages: data.pages.map((page) => ({
                ...page,
                counts,
                items: page.items.map((item) => (item.number === row.number ? row : item)),
              })),
            },
      );
      const other = status === "invalid" ? "fixed" : "invalid";
      void client.invalidateQueries({ queryKey: failedRowsQuery(id, other).queryKey });
      void client.invalidateQueries({ queryKey: importQuery(id).queryKey });
    },
  });
}
