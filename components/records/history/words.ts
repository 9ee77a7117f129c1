import { formatAgo } from "@/components/format";
import type { HistoryItem, ValueOrigin } from "@/lib/contracts/record-history";

/** What happened, as a headline. `file` is the name of the import or the restore in it, to be linked. */
export interface Headline {
  text: string;
  file?: string;
}

/** @param older the change before it, which tells whether there was a record to change */
export function headlineOf(item: HistoryItem, older: HistoryItem | undefined): Headline {
  const file = item.by.label;
  const isGone = item.data === null && !item.gap;
  const wasGone = older?.data === null && !older.gap;
  const what = item.by.restoreId === undefined ? "import" : "restore";
  switch (item.kind) {
    case "created":
      return item.by.importId ? { text: "Added by the import of", file } : { text: "Added by hand" };
    case "edit":
      return { text: "Edited by hand" };
    case "delete":
      return { text: "Deleted by hand" };
    case "revert":
      return { text: wasGone ? "Put back by hand" : "Set back by hand" };
    case "import":
      return { text: isGone ? "Removed by the import of" : "Updated by the import of", file };
    case "restore":
      return { text: `${verb(isGone, wasGone, older?.gap ? "Set" : "Updated")} by the restore of`, file };
    case "undo":
      return { text: `${verb(isGone, wasGone, "Set back")} by undoing the ${what} of`, file };
    case "redo":
      return { text: `${verb(isGone, wasGone, "Updated again")} by redoing the ${what} of`, file };
  }
}

function verb(isGone: boolean, wasGone: boolean, otherwise: string): string {
  if (isGone) return "Removed";
  return wasGone ? "Put back" : otherwise;
}

/** Under a field: what set the value that is there now. */
export function originText(origin: ValueOrigin, now: number): string {
  const ago = formatAgo(origin.at, now);
  const { kind, by } = origin;
  if (by.importId === undefined) return `${kind === "revert" ? "Set back by hand" : "By hand"}, ${ago}`;
  if (kind === "undo") return `By undoing ${by.label}, ${ago}`;
  return `From ${by.label}, ${ago}`;
}

/** What the history says at its end when it does not reach back to the beginning. */
export const TRUNCATED = {
  "journal-expired":
    "Some earlier changes are no longer known: what an import replaced is kept for a limited time only.",
  "not-recorded": "Some earlier changes were not recorded, so they are not shown.",
} as const;
