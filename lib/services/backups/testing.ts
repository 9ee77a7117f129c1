import { findBackup, findChain, type BackupRow } from "@/db/queries/backups";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { checkChain } from "@/lib/core/backups/chain";
import { parseLines, type BackedRecord } from "@/lib/core/backups/lines";
import type { BackupManifest } from "@/lib/core/backups/manifest";
import type { ReadPiece } from "@/lib/core/backups/read";
import type { Identity } from "@/lib/platform/age/recipients";
import { createBackup, type BackupOptions } from "@/lib/services/backups/create-backup";
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
    const content: Content = { ...piece, collections: new Map(), records: new Map(), deleted: [] };
    for (const { part, bytes } of parts) {
      const { name, kind, collectionId } = part;
      if (kind === "collections") {
        for (const line of parseLines(kind, name, bytes)) content.collections.set(line.id, line.name);
      } else if (kind === "deletions") {
        for (const line of parseLines(kind, name, bytes))
          content.deleted.push(`${line.collectionId}/${line.id}`);
      } else {
        for (const line of parseLines(kind, name, bytes))
          content.records.set(`${collectionId}/${line.id}`, line);
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
