import type { Database } from "@/db/client";
import { accountOf, activityOf, figuresOf, type CategoryRow } from "@/db/bulk/export-categories";
import { cellsSelect, countSelect, jsonSelect, type JsonShape } from "@/db/bulk/export-select";
import { KEY_SETTINGS, type ExportColumn } from "@/db/bulk/export-values";
import type { ExportSelection } from "@/db/bulk/export-where";
import { beginSnapshot, type ReadSnapshot } from "@/db/bulk/snapshot";
import { exportableCollections, type ExportableCollection } from "@/db/queries/exports";

/** One unchanging view of the database, whatever others commit meanwhile. One thing at a time. */
export interface ExportSnapshot {
  /** The key of pseudonyms, as lib/core/privacy/pseudonym.ts halves it; before the first column that needs it. */
  usePseudonymKey(halves: { inner: string; outer: string }): Promise<void>;
  /** The user's collections of these ids, or all, oldest first. */
  collections(ownerId: string, ids: readonly string[] | "all"): Promise<ExportableCollection[]>;
  /** Rows of the account's other data, as objects whose members are in the order of their columns. */
  category(name: "preferences" | "notifications" | "analytics", ownerId: string): Promise<CategoryRow[]>;
  count(selection: ExportSelection): Promise<number>;
  /** Rows of CSV in UTF-8, each ended by LF. `delimiter` is one ASCII character. */
  csvRows(
    selection: ExportSelection,
    columns: readonly ExportColumn[],
    delimiter: string,
  ): AsyncIterable<Uint8Array>;
  /** Rows in the text form of COPY: cells between tabs, backslash escapes, \\N where there is no value. */
  textRows(selection: ExportSelection, columns: readonly ExportColumn[]): AsyncIterable<Uint8Array>;
  /** Lines of `{"id":…,"data":{…}}`, each with `before` in front of it. */
  jsonRows(selection: ExportSelection, shape: JsonShape, before: "," | ""): AsyncIterable<Uint8Array>;
}

/**
 * Hands a snapshot to `use` and streams what that yields, over one connection that is held until the end. A reader
 * that stops early stops the query too.
 */
export async function* withExportSnapshot<T>(
  db: Database,
  use: (snapshot: ExportSnapshot) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const snapshot = await beginSnapshot(db);
  try {
    yield* use(exportsFrom(snapshot));
  } finally {
    await snapshot.end();
  }
}

function exportsFrom({ connection, copy }: ReadSnapshot): ExportSnapshot {
  return {
    usePseudonymKey: async ({ inner, outer }) => {
      await connection`select set_config(${KEY_SETTINGS.inner}, ${inner}, true),
                              set_config(${KEY_SETTINGS.outer}, ${outer}, true)`;
    },
    collections: (ownerId, ids) => exportableCollections(connection, ownerId, ids),
    category: (name, ownerId) => CATEGORY_QUERIES[name](connection, ownerId),
    count: async (selection) => {
      const [row] = await connection.unsafe<{ count: number }[]>(countSelect(selection));
      return row?.count ?? 0;
    },
    csvRows: (selection, columns, delimiter) =>
      copy(cellsSelect(selection, columns), { format: `format csv, delimiter '${delimiter}'` }),
    textRows: (selection, columns) => copy(cellsSelect(selection, columns), { format: "format text" }),
    // Neither character occurs in JSON text, so that COPY neither quotes nor escapes anything.
    jsonRows: (selection, shape, before) =>
      copy(jsonSelect(selection, shape, before), {
        format: String.raw`format csv, quote e'\x01', delimiter e'\x02'`,
      }),
  };
}

const CATEGORY_QUERIES = { preferences: accountOf, notifications: activityOf, analytics: figuresOf };
