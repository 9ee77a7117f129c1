import { useDebouncedValue } from "@mantine/hooks";
import { useQueries } from "@tanstack/react-query";
import type { RecordView } from "@/lib/contracts/records";
import { PAGE_ROWS, recordPageQuery, type Selection } from "./queries";

/** While the scroll bar is dragged, pages that only fly by are not asked for. */
const SETTLE_MS = 90;

interface Options {
  collectionId: string;
  selection: Selection;
  first: number;
  last: number;
}

/** The records of rows [first, last], as far as they are there yet; page 0 also tells how many there are. */
export function useRecordRows({ collectionId, selection, first, last }: Options) {
  const wanted = pagesOf(first, last);
  const [settled] = useDebouncedValue(wanted, SETTLE_MS);
  const pages = [...new Set([0, ...settled.split(",").map(Number)])];
  const results = useQueries({
    queries: pages.map((page) => recordPageQuery(collectionId, selection, page)),
  });
  const byPage = new Map(pages.map((page, index) => [page, results[index]]));
  const head = byPage.get(0);
  return {
    total: head?.data?.total ?? (head?.data?.nextCursor === null ? head.data.items.length : undefined),
    isPending: head?.isPending ?? true,
    error: results.find((result) => result.isError && !result.data)?.error ?? null,
    retry: () => results.forEach((result) => (result.isError ? void result.refetch() : undefined)),
    rowAt: (index: number): RecordView | undefined => {
      const page = Math.floor(index / PAGE_ROWS);
      return byPage.get(page)?.data?.items[index - page * PAGE_ROWS];
    },
  };
}

function pagesOf(first: number, last: number): string {
  const from = Math.floor(Math.max(0, first) / PAGE_ROWS);
  const to = Math.floor(Math.max(first, last) / PAGE_ROWS);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).join(",");
}
