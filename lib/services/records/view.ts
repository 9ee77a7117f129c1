import type { RecordRow } from "@/db/queries/records";
import type { ListedRecord } from "@/db/queries/records-list";
import type { RecordView } from "@/lib/contracts/records";

export function recordView(row: RecordRow): RecordView {
  return {
    id: row.id,
    version: row.version,
    data: row.data,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    source: sourceOf(row.sourceImportId),
  };
}

export function listedView(row: ListedRecord): RecordView {
  return {
    id: row.id,
    version: row.version,
    data: row.data,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    source: sourceOf(row.source_import_id),
  };
}

function sourceOf(importId: string | null): RecordView["source"] {
  return importId === null ? { kind: "hand" } : { kind: "import", importId };
}
