import type { OpenLinkRow, ShareLinkRow } from "@/db/queries/share-links";
import type { Share, SharedFile } from "@/lib/contracts/shares";
import type { ExportWish } from "@/lib/services/exports/piece";

/** A link as its owner sees it. */
export function shareView(row: ShareLinkRow, now: Date): Share {
  return {
    id: row.id,
    exportId: row.export_id,
    state: stateOf(row, now),
    hasPassword: row.password_hash !== null,
    downloadsMax: row.downloads_max,
    downloadCount: row.download_count,
    openCount: row.open_count,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastAccessAt: row.last_access_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}

type Ends = Pick<ShareLinkRow, "revoked_at" | "expires_at" | "downloads_max" | "download_count">;

/** Why a link cannot be used; what its owner did goes first. */
export function stateOf(row: Ends, now: Date): Share["state"] {
  if (row.revoked_at !== null) return "revoked";
  if (row.expires_at <= now) return "expired";
  return downloadsLeft(row) === 0 ? "used-up" : "open";
}

/** Null = any number. */
function downloadsLeft(row: Pick<Ends, "downloads_max" | "download_count">): number | null {
  return row.downloads_max === null ? null : Math.max(0, row.downloads_max - row.download_count);
}

/** What a link leads to, as whoever opened it sees it: nothing of its owner. */
export function sharedFileView(row: OpenLinkRow): SharedFile {
  return {
    fileName: row.file_name,
    size: row.size_bytes,
    format: (row.request as ExportWish).format,
    expiresAt: row.expires_at.toISOString(),
    downloadsLeft: downloadsLeft(row),
    privacy: row.privacy as SharedFile["privacy"],
  };
}
