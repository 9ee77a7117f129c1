import type { AnySql } from "@/db/client";

export interface ExportRow {
  id: string;
  owner_id: string;
  job_id: string;
  request: unknown;
  state: "pending" | "processing" | "completed" | "failed" | "cancelled";
  file_name: string;
  content_type: string;
  storage_key: string | null;
  size_bytes: number | null;
  sha256: string | null;
  failure: { code: string; message: string } | null;
  created_at: Date;
  finished_at: Date | null;
  expires_at: Date;
}

/** Cancels an export that nobody has begun. */
export async function cancelPendingExport(sql: AnySql, id: string): Promise<boolean> {
  const changed = await sql`
    update exports set state = 'cancelled', finished_at = clock_timestamp() where id = ${id} and state = 'pending'`;
  return changed.count > 0;
}
