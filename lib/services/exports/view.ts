import type { ExportRow } from "@/db/queries/exports";
import type { CreateExport, Export } from "@/lib/contracts/exports";

export function exportView(row: ExportRow): Export {
  return {
    id: row.id,
    jobId: row.job_id,
    state: row.state,
    format: (row.request as CreateExport).format,
    fileName: row.file_name,
    contentType: row.content_type,
    size: row.size_bytes,
    sha256: row.sha256,
    downloadUrl: row.state === "completed" ? `/api/v1/exports/${row.id}/download` : null,
    failure: row.failure,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
  };
}
