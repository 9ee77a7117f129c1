import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { findBackup, findChain, type BackupRow } from "@/db/queries/backups";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { checkChain } from "@/lib/core/backups/chain";
import { parseLines, type BackedRecord } from "@/lib/core/backups/lines";
import {
  BACKUP_CATEGORIES,
  MANIFEST_NAME,
  type BackupCategory,
  type BackupManifest,
} from "@/lib/core/backups/manifest";
import { gunzipped, type ReadPiece } from "@/lib/core/backups/read";
import { readTar, tarEnd, tarHeader, tarPadding } from "@/lib/core/backups/tar";
import { gzipped } from "@/lib/core/backups/write";
import { decrypt } from "@/lib/platform/age/decrypt";
import { encrypt, prepareHeader } from "@/lib/platform/age/encrypt";
import type { Identity } from "@/lib/platform/age/recipients";
import { x25519Recipient } from "@/lib/platform/age/x25519";
import { newId } from "@/lib/platform/ids";
import { createBackup, type BackupOptions } from "@/lib/services/backups/create-backup";
import { presentKey } from "@/lib/services/backups/keys";
import { isStored, openBackup, serverIdentities, type StoredBackup } from "@/lib/services/backups/open-file";
import { runBackup } from "@/lib/services/backups/run-backup";
import type { ServiceContext } from "@/lib/services/context";

/** Asks for a backup and makes it, without an engine. */
export async function makeBackup(
  ctx: ServiceContext,
  input: Parameters<typeof CreateBackupBody.parse>[0] = {},
  options: BackupOptions = {},
): Promise<StoredBackup> {
  const { id } = await createBackup(ctx, CreateBackupBody.parse(input), options);
  await runBackup(ctx, id);
  return stored(ctx, id);
}

export async function stored(ctx: ServiceContext, id: string): Promise<StoredBackup> {
  const row = await findBackup(ctx.db.sql, id, ctx.ownerId);
  if (!row || !isStored(row))
    throw new Error(`the backup ended ${row?.state} (${row?.failure?.message ?? ""})`);
  return row;
}

interface Content {
  manifest: BackupManifest;
  manifestSha256: string;
  collections: Map<string, string>;
  records: Map<string, BackedRecord>;
  deleted: string[];
  categories: Record<BackupCategory, object[]>;
}

/** All that a backup holds, by "collection/record". */
export async function contentOf(
  ctx: ServiceContext,
  row: StoredBackup,
  parent?: BackupRow,
  identities?: readonly Identity[],
): Promise<Content> {
  const keys = identities ?? (await serverIdentities(ctx, row));
  const parts: Extract<ReadPiece, { kind: "part" }>[] = [];
  for await (const piece of openBackup(ctx, row, parent, keys)) {
    if (piece.kind === "part") parts.push(piece);
    if (piece.kind !== "manifest") continue;
    const content: Content = {
      ...piece,
      collections: new Map(),
      records: new Map(),
      deleted: [],
      categories: { preferences: [], notifications: [], analytics: [] },
    };
    for (const { part, bytes } of parts) {
      const { name, kind, collectionId } = part;
      if (kind === "collections") {
        for (const line of parseLines(kind, name, bytes)) content.collections.set(line.id, line.name);
      } else if (kind === "deletions") {
        for (const line of parseLines(kind, name, bytes))
          content.deleted.push(`${line.collectionId}/${line.id}`);
      } else if (kind === "records") {
        for (const line of parseLines(kind, name, bytes))
          content.records.set(`${collectionId}/${line.id}`, line);
      } else {
        content.categories[kind].push(...parseLines(kind, name, bytes));
      }
    }
    return content;
  }
  throw new Error("there was no manifest");
}

/** The records that a chain up to this backup leads to. */
export async function stateOf(ctx: ServiceContext, id: string): Promise<Map<string, BackedRecord>> {
  const state = new Map<string, BackedRecord>();
  const links = [];
  let parent: BackupRow | undefined;
  for (const { id: linkId } of await findChain(ctx.db.sql, id)) {
    const row = await stored(ctx, linkId);
    const content = await contentOf(ctx, row, parent);
    for (const key of content.deleted) state.delete(key);
    for (const [key, record] of content.records) state.set(key, record);
    for (const key of state.keys()) if (!content.collections.has(key.slice(0, 36))) state.delete(key);
    links.push(content);
    parent = row;
  }
  checkChain(links);
  return state;
}

/** The records that are there. */
export async function stateOfDatabase(ctx: ServiceContext): Promise<Map<string, BackedRecord>> {
  const iso = (column: string) =>
    ctx.db.sql.unsafe(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);
  const rows = await ctx.db.sql<(BackedRecord & { collectionId: string })[]>`
    select collection_id as "collectionId", id, version, ${iso("created_at")} as "createdAt",
      ${iso("updated_at")} as "updatedAt", source_import_id as "importId", data
    from records where owner_id = ${ctx.ownerId}`;
  return new Map(rows.map(({ collectionId, ...record }) => [`${collectionId}/${record.id}`, record]));
}

/** A matching rule of a collection with a field `title`. */
export const TITLE_RULE = {
  fields: [
    {
      field: "title",
      comparator: { kind: "exact" as const },
      weight: 1,
      confidenceWeight: 1,
      required: true,
    },
  ],
  threshold: 1,
  suggest: { skipFrom: 0.9, askFrom: 0.7 },
};

/** Gives an account what its categories hold: a name, how it is told of exports, and so many notifications. */
export async function fillCategories(ctx: ServiceContext, notices: number): Promise<void> {
  const { sql } = ctx.db;
  await sql`update users set name = 'Nguyễn "Ada"' where id = ${ctx.ownerId}`;
  await sql`insert into notification_preferences (owner_id, topic, in_app, by_mail)
            values (${ctx.ownerId}, 'export-finished', false, true)`;
  const rows = Array.from({ length: notices }, (_, n) => ({ id: newId(), day: n }));
  await sql`
    insert into notices (id, owner_id, kind, fact, title, message, created_at, resolved_at, mail_state)
    select id, ${ctx.ownerId}, 'backup-made', 'backup/' || id, 'A backup was made',
      E'It holds\ttabs,\nlines, "quotes" and \\\\ \x01 ' || md5(id::text), at, at, 'sent'
    from (select id, timestamptz '2026-01-01 00:00:00.123Z' + day * interval '1 day' as at
          from jsonb_to_recordset(${sql.json(rows)}) as r(id uuid, day int)) made`;
}

/**
 * Changes the files in a backup (undefined: leaves one out), encrypted to the same key, and notes it anew as if it had
 * been made like that.
 */
export async function rewriteBackup(
  ctx: ServiceContext,
  row: StoredBackup,
  change: (name: string, bytes: Buffer) => Buffer | undefined,
): Promise<StoredBackup> {
  const opened = decrypt(ctx.storage.read(row.storage_key), await serverIdentities(ctx, row));
  const written: Buffer[] = [];
  let manifest: Buffer = Buffer.alloc(0);
  for await (const { name, bytes: original } of readTar(gunzipped(opened), 1e9)) {
    const bytes = change(name, original);
    if (!bytes) continue;
    if (name === MANIFEST_NAME) manifest = bytes;
    written.push(tarHeader(name, bytes.length, 0), bytes, tarPadding(bytes.length));
  }
  const { recipient } = await presentKey(ctx, ctx.ownerId);
  const tar = Readable.from([Buffer.concat([...written, tarEnd()])]) as AsyncIterable<Buffer>;
  const pieces: Buffer[] = [];
  for await (const bytes of encrypt(gzipped(tar), await prepareHeader([x25519Recipient(recipient)]))) {
    pieces.push(Buffer.from(bytes));
  }
  const file = Buffer.concat(pieces);
  await ctx.storage.put(row.storage_key, Readable.from([file]) as AsyncIterable<Buffer>);
  const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  const { counts } = JSON.parse(manifest.toString()) as BackupManifest;
  await ctx.db.sql`
    update backups set sha256 = ${sha256(file)}, manifest_sha256 = ${sha256(manifest)}, size_bytes = ${file.length},
      counts = ${ctx.db.sql.json({ ...counts })} where id = ${row.id}`;
  return stored(ctx, row.id);
}

/** Turns a backup into what Ferry made before backups held categories. */
export async function intoFormat1(ctx: ServiceContext, row: StoredBackup): Promise<StoredBackup> {
  return rewriteBackup(ctx, row, (name, bytes) => {
    if (BACKUP_CATEGORIES.some((category) => name.startsWith(`${category}/`))) return undefined;
    return name.endsWith(".json") ? ofFormat1(bytes) : bytes;
  });
}

/** The opening or the manifest as format 1 had it. */
function ofFormat1(bytes: Buffer): Buffer {
  const { categories: _, ...json } = JSON.parse(bytes.toString()) as Partial<BackupManifest>;
  const isCategory = (kind: string) => BACKUP_CATEGORIES.some((category) => category === kind);
  const counts = json.counts && Object.entries(json.counts).filter(([kind]) => !isCategory(kind));
  return Buffer.from(
    JSON.stringify({
      ...json,
      formatVersion: 1,
      ...(counts && { counts: Object.fromEntries(counts) }),
      ...(json.parts && { parts: json.parts.filter(({ kind }) => !isCategory(kind)) }),
    }),
  );
}
