import { findRestoresOf } from "@/db/queries/record-sources";
import type { RecordRow } from "@/db/queries/records";
import type { ListedRecord } from "@/db/queries/records-list";
import type { Orm, OrmTransaction } from "@/db/client";
import type { RecordView } from "@/lib/contracts/records";

export async function recordView(orm: Orm | OrmTransaction, row: RecordRow): Promise<RecordView> {
  const restores = await findRestoresOf(orm, [row.sourceImportId]);
  return {
    id: row.id,
    version: row.version,
    data: row.data,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    source: sourceOf(row.sourceImportId, restores),
  };
}

export async function listedViews(orm: Orm, rows: readonly ListedRecord[]): Promise<RecordView[]> {
  const restores = await findRestoresOf(
    orm,
    rows.map((row) => row.source_import_id),
  );
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    data: row.data,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    source: sourceOf(row.source_import_id, restores),
  }));
}

function sourceOf(importId: string | null, restores: ReadonlyMap<string, string>): RecordView["source"] {
  if (importId === null) return { kind: "hand" };
  const restoreId = restores.get(importId);
  return restoreId === undefined ? { kind: "import", importId } : { kind: "restore", restoreId };
}
