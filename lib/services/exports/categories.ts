import type { CategoryRow } from "@/db/bulk/export-categories";
import type { ExportSnapshot } from "@/db/bulk/export-snapshot";
import type { ExportCategory } from "@/lib/contracts/exports";
import type { PrivacyMode } from "@/lib/core/privacy/handling";

/** Data of the account besides its collections, as a small table. */
export interface CategoryTable {
  name: ExportCategory;
  columns: readonly string[];
  rows: CategoryRow[];
}

const COLUMNS: Record<ExportCategory, readonly string[]> = {
  preferences: ["setting", "collection", "value"],
  notifications: ["at", "kind", "title", "state", "succeeded", "failed", "notice"],
  analytics: ["collection", "fields", "records", "imported", "byHand", "firstRecordAt", "lastChangeAt"],
};

export interface CategoryPrivacy {
  mode: PrivacyMode | undefined;
  pseudonymOf: (text: string) => string;
}

/** The categories asked for, each once. Who the person is counts as personal here, and so do the names of their files. */
export async function categoryTables(
  snapshot: ExportSnapshot,
  ownerId: string,
  names: readonly ExportCategory[],
  privacy: CategoryPrivacy,
): Promise<CategoryTable[]> {
  const tables: CategoryTable[] = [];
  for (const name of new Set(names)) {
    const rows = await snapshot.category(name, ownerId);
    tables.push({ name, columns: COLUMNS[name], rows: withoutPerson(name, rows, privacy) });
  }
  return tables;
}

function withoutPerson(
  name: ExportCategory,
  rows: CategoryRow[],
  { mode, pseudonymOf }: CategoryPrivacy,
): CategoryRow[] {
  if (!mode) return rows;
  const isPerson = (row: CategoryRow) => row.setting === "name" || row.setting === "email";
  if (name === "preferences") {
    if (mode === "exclude") return rows.filter((row) => !isPerson(row));
    return rows.map((row) => (isPerson(row) ? { ...row, value: pseudonymOf(String(row.value)) } : row));
  }
  return name === "notifications" ? rows.map((row) => ({ ...row, title: null, notice: null })) : rows;
}

/** The categories as members of a JSON export: lists of objects, without the columns that are empty. */
export function categoryValues(tables: readonly CategoryTable[]): Record<string, object[]> {
  return Object.fromEntries(
    tables.map(({ name, columns, rows }) => [
      name,
      rows.map((row) =>
        Object.fromEntries(
          columns.flatMap((c) => (row[c] === null || row[c] === undefined ? [] : [[c, row[c]]])),
        ),
      ),
    ]),
  );
}
