import { expect, it } from "vitest";
import type { HistoryItem } from "@/lib/contracts/record-history";
import { headlineOf, originText } from "./words";

const AT = "2026-05-01T12:00:00.000Z";
const NOW = Date.parse(AT) + 2 * 3_600_000;
const base: HistoryItem = {
  version: 2,
  at: AT,
  kind: "edit",
  by: { userId: "u", label: "ada@example.org" },
  changes: [],
  data: { a: 1 },
};
const byImport: Partial<HistoryItem> = { by: { importId: "i", jobId: "j", label: "trips.csv" } };
const byRestore: Partial<HistoryItem> = {
  by: { importId: "i", restoreId: "r", jobId: "j", label: "backup.age" },
};
const item = (more: Partial<HistoryItem>): HistoryItem => ({ ...base, ...more });
const gone = item({ kind: "delete", data: null });

it.each([
  [item({ kind: "created" }), undefined, "Added by hand"],
  [item({ kind: "created", ...byImport }), undefined, "Added by the import of trips.csv"],
  [item({}), base, "Edited by hand"],
  [gone, base, "Deleted by hand"],
  [item({ kind: "revert" }), base, "Set back by hand"],
  [item({ kind: "revert" }), gone, "Put back by hand"],
  [item({ kind: "import", ...byImport }), base, "Updated by the import of trips.csv"],
  [item({ kind: "import", ...byImport, data: null }), base, "Removed by the import of trips.csv"],
  [item({ kind: "import", ...byImport, data: null, gap: true }), base, "Updated by the import of trips.csv"],
  [item({ kind: "undo", ...byImport }), base, "Set back by undoing the import of trips.csv"],
  [item({ kind: "undo", ...byImport }), gone, "Put back by undoing the import of trips.csv"],
  [item({ kind: "undo", ...byImport, data: null }), base, "Removed by undoing the import of trips.csv"],
  [item({ kind: "redo", ...byImport }), gone, "Put back by redoing the import of trips.csv"],
  [item({ kind: "redo", ...byImport }), base, "Updated again by redoing the import of trips.csv"],
  [item({ kind: "restore", ...byRestore }), gone, "Put back by the restore of backup.age"],
  [item({ kind: "restore", ...byRestore }), base, "Updated by the restore of backup.age"],
  [
    item({ kind: "restore", ...byRestore }),
    item({ gap: true, data: null }),
    "Set by the restore of backup.age",
  ],
  [item({ kind: "restore", ...byRestore, data: null }), base, "Removed by the restore of backup.age"],
  [item({ kind: "undo", ...byRestore, data: null }), base, "Removed by undoing the restore of backup.age"],
] as const)("says what happened (%#)", (change, older, expected) => {
  const { text, file } = headlineOf(change, older);
  expect(file ? `${text} ${file}` : text).toBe(expected);
});

it.each([
  [item({}), "By hand, 2 hours ago"],
  [item({ kind: "created" }), "By hand, 2 hours ago"],
  [item({ kind: "revert" }), "Set back by hand, 2 hours ago"],
  [item({ kind: "import", ...byImport }), "From trips.csv, 2 hours ago"],
  [item({ kind: "undo", ...byImport }), "By undoing trips.csv, 2 hours ago"],
])("says where a value comes from (%#)", (origin, expected) => {
  expect(originText(origin, NOW)).toBe(expected);
});
