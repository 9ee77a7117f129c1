import type { ExportRow } from "@/db/queries/exports";
import type { Export } from "@/lib/contracts/exports";
import type { ExportWish } from "@/lib/services/exports/piece";
import { downloadLink } from "@/lib/services/exports/download-link";
import { privacyMode } from "@/lib/services/exports/plan-privacy";

/** An export as its owner sees it; the download address is signed anew each time. */
export function exportView(row: ExportRow, now: Date): Export {
  const request = row.request as ExportWish;
  const ready = row.state === "completed" && row.storage_key !== null && row.expires_at > now;
  return {
    id: row.id,
    jobId: row.job_id,
    state: row.state,
    format: request.format,
    fileName: row.file_name,
    contentType: row.content_type,
    size: row.size_bytes,
    sha256: row.sha256,
    request: {
      collections: request.collections.length,
      categories: request.categories ?? [],
      privacy: privacyMode(request.privacy) ?? null,
      filtered:
        request.fields !== undefined || request.dateRange !== undefined || request.filter !== undefined,
    },
    downloadUrl: ready ? downloadLink(row.id, row.expires_at, now) : null,
    failure: row.failure,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
  };
}
