import { and, asc, eq, inArray, lt, or, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { imports, uploadParts, uploads } from "@/db/schema";

export type UploadRow = typeof uploads.$inferSelect;
export type UploadPartRow = typeof uploadParts.$inferSelect;

export interface UploadWithParts {
  upload: UploadRow;
  /** In the order of their numbers. */
  parts: UploadPartRow[];
}

export async function insertUpload(db: Database, row: typeof uploads.$inferInsert): Promise<void> {
  await db.orm.insert(uploads).values(row);
}

/** An upload that has not been aborted. `ownerId` undefined = whoever holds a signed part URL. */
export async function findUpload(db: Database, id: string, ownerId?: string): Promise<UploadRow | undefined> {
  const [row] = await db.orm.select().from(uploads).where(eq(uploads.id, id));
  if (!row || row.state === "aborted" || (ownerId !== undefined && row.ownerId !== ownerId)) return undefined;
  return row;
}

export async function findUploadWithParts(
  db: Database,
  id: string,
  ownerId: string,
): Promise<UploadWithParts | undefined> {
  const upload = await findUpload(db, id, ownerId);
  if (!upload) return undefined;
  const parts = await db.orm
    .select()
    .from(uploadParts)
    .where(eq(uploadParts.uploadId, id))
    .orderBy(asc(uploadParts.number));
  return { upload, parts };
}

/**
 * Makes an object that is down the upload's part of that number, and keeps the upload from expiring. Answers the key
 * of the object it replaces, or "closed" when the upload takes no parts any more.
 */
export async function switchPart(
  db: Database,
  part: { uploadId: string; number: number; etag: string; sizeBytes: number; storageKey: string },
  expiresAt: Date,
): Promise<{ replacedKey?: string } | "closed"> {
  return db.orm.transaction(async (tx) => {
    // The row lock orders this with completing and removing the upload, and with the same part sent twice.
    const [upload] = await tx
      .update(uploads)
      .set({ expiresAt })
      .where(and(eq(uploads.id, part.uploadId), eq(uploads.state, "uploading")))
      .returning({ id: uploads.id });
    if (!upload) return "closed";
    const here = and(eq(uploadParts.uploadId, part.uploadId), eq(uploadParts.number, part.number));
    const [old] = await tx.select({ key: uploadParts.storageKey }).from(uploadParts).where(here);
    await tx
      .insert(uploadParts)
      .values(part)
      .onConflictDoUpdate({
        target: [uploadParts.uploadId, uploadParts.number],
        set: {
          etag: part.etag,
          sizeBytes: part.sizeBytes,
          storageKey: part.storageKey,
          createdAt: sql`now()`,
        },
      });
    return { replacedKey: old?.key };
  });
}

/** Closes an upload whose parts are still these; false when one was replaced meanwhile or it was aborted. */
export async function closeUpload(
  db: Database,
  id: string,
  parts: readonly UploadPartRow[],
  done: { sha256: string; sizeBytes: number },
): Promise<boolean> {
  return db.orm.transaction(async (tx) => {
    const [upload] = await tx.select().from(uploads).where(eq(uploads.id, id)).for("update");
    if (!upload || upload.state === "aborted") return false;
    if (upload.state === "complete") return upload.sha256 === done.sha256;
    const now = await tx
      .select({ key: uploadParts.storageKey })
      .from(uploadParts)
      .where(eq(uploadParts.uploadId, id));
    const keys = new Set(now.map((p) => p.key));
    if (keys.size !== parts.length || !parts.every((p) => keys.has(p.storageKey))) return false;
    await tx
      .update(uploads)
      .set({ state: "complete", ...done })
      .where(eq(uploads.id, id));
    return true;
  });
}

export async function saveDetection(db: Database, id: string, detected: unknown): Promise<void> {
  await db.orm.update(uploads).set({ detected }).where(eq(uploads.id, id));
}

/** Marks an upload as going away: from now on it takes no part and nobody finds it. False when there is none. */
export async function abortUpload(db: Database, id: string, ownerId: string): Promise<boolean> {
  const rows = await db.orm
    .update(uploads)
    .set({ state: "aborted" })
    .where(and(eq(uploads.id, id), eq(uploads.ownerId, ownerId)))
    .returning({ id: uploads.id });
  return rows.length > 0;
}

/** Forgets an aborted upload and its parts: the last step, when its objects are gone. */
export async function deleteUpload(db: Database, id: string): Promise<void> {
  await db.orm.delete(uploads).where(and(eq(uploads.id, id), eq(uploads.state, "aborted")));
}

/** Keeps an upload that is still being sent until at least that moment. */
export async function extendUpload(db: Database, id: string, expiresAt: Date): Promise<void> {
  await db.orm
    .update(uploads)
    .set({ expiresAt })
    .where(and(eq(uploads.id, id), eq(uploads.state, "uploading"), lt(uploads.expiresAt, expiresAt)));
}

/** Which of these uploads take parts. */
export async function findOpenUploads(db: Database, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.orm
    .select({ id: uploads.id })
    .from(uploads)
    .where(and(inArray(uploads.id, [...ids]), eq(uploads.state, "uploading")));
  return new Set(rows.map((row) => row.id));
}

const WORKING = ["draft", "pending", "staging", "awaiting_review", "applying"] as const;

/**
 * Uploads to clear away: aborted ones whose removal was interrupted, and those past their time that no import still
 * reads from.
 */
export async function findAbandonedUploads(
  db: Database,
  now: Date,
  limit: number,
): Promise<{ id: string; ownerId: string }[]> {
  const inUse = db.orm
    .select({ one: sql`1` })
    .from(imports)
    .where(and(eq(imports.uploadId, uploads.id), inArray(imports.state, [...WORKING])));
  return db.orm
    .select({ id: uploads.id, ownerId: uploads.ownerId })
    .from(uploads)
    .where(or(eq(uploads.state, "aborted"), and(lt(uploads.expiresAt, now), sql`not exists (${inUse})`)))
    .orderBy(asc(uploads.id))
    .limit(limit);
}
