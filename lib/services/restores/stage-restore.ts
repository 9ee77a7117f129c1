import { CopyText } from "@/db/bulk/copy-text";
import {
  countStaged,
  keepMatching,
  layOver,
  settleStaged,
  stageRestored,
  takeOut,
} from "@/db/bulk/restore-staging";
import type { SqlTransaction } from "@/db/client";
import type { ImportRow } from "@/db/queries/imports";
import { advanceJob } from "@/db/queries/jobs";
import { findParts, findRestore, noteStaged, patchRestore, type RestoreRow } from "@/db/queries/restores";
import { damaged } from "@/lib/core/backups/errors";
import { parseLines } from "@/lib/core/backups/lines";
import type { ReadPiece } from "@/lib/core/backups/read";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "@/lib/services/imports/errors";
import { throwIfCancelled } from "@/lib/services/imports/running";
import { refusal } from "./errors";
import { copyText } from "./copy-records";
import { PieceReader } from "./piece-reader";
import { RestoredLines } from "./restored-lines";
import { checkedPieces, type SourceFile, sourceFiles } from "./source-files";

const PROGRESS_EVERY_MS = 400;
/** Small collections share a transaction: each costs a table, not a commit. */
const TABLES_AT_ONCE = 100;
const ROWS_AT_ONCE = 50_000;

/** What is read into, collection by collection. */
interface Staging {
  row: RestoreRow;
  /** By the id that the backup knows the collection by. */
  parts: Map<string, { part: ImportRow; lines: RestoredLines | undefined }>;
  recordIds: ReadonlySet<string> | null;
  /** One for all: ten thousand small collections need no memory of their own. */
  text: CopyText;
  /** Lines read so far, of all there are. */
  onProgress(lines: number): Promise<void>;
}

/**
 * Reads the backup a second time, now with its records: decrypted whole, each byte compared with the manifest, each value
 * checked, and what differs from today staged. Begins anew when it was interrupted. The given keys are forgotten after it.
 * @throws PermanentImportError when something is wrong with the backup
 */
export async function stageRestore(ctx: SystemContext, restoreId: string): Promise<{ rows: number }> {
  const row = await findRestore(ctx.db, restoreId);
  if (!row?.plan)
    throw new PermanentImportError({ code: "restore-gone", message: "The restore has been deleted." });
  if (row.plan.checkedAt) return { rows: 0 };
  const files = await sourceFiles(ctx, row);
  const parts = await findParts(ctx.db, restoreId);
  const staging: Staging = {
    row,
    parts: new Map(parts.map((part) => [part.restored!.backupCollectionId, { part, lines: undefined }])),
    recordIds: row.scope.recordIds && new Set(row.scope.recordIds.map((id) => id.toLowerCase())),
    text: new CopyText(),
    onProgress: await progressOf(ctx, row),
  };
  try {
    for (const [position, { id, manifestSha256 }] of row.plan.files.entries()) {
      const file = files.find((one) => one.id === id);
      if (!file)
        throw new PermanentImportError({ code: "missing", message: "A file of this backup is gone." });
      await stageFile(ctx, staging, { file, manifestSha256, isFirst: position === 0 });
    }
    await close(ctx, staging);
  } catch (error) {
    throw refusal(error);
  }
  const plan = { ...row.plan, checkedAt: ctx.now().toISOString() };
  await patchRestore(ctx.db, restoreId, { plan, sealedFileKeys: null });
  return {
    rows: [...staging.parts.values()].reduce((sum, { lines }) => sum + (lines?.summary.rows ?? 0), 0),
  };
}

async function stageFile(
  ctx: SystemContext,
  staging: Staging,
  { file, manifestSha256, isFirst }: { file: SourceFile; manifestSha256: string; isFirst: boolean },
): Promise<void> {
  const reader = new PieceReader(checkedPieces(file, manifestSha256));
  try {
    for (let piece = await reader.peek(); piece; piece = await reader.peek()) {
      if (piece.kind === "part" && piece.part.kind === "records") {
        await ctx.db.sql.begin((tx) => stageSome(tx, staging, reader, isFirst));
      } else {
        if (piece.kind === "part" && piece.part.kind === "deletions") await takeOutAll(ctx, staging, piece);
        reader.take();
      }
    }
  } finally {
    await reader.close();
  }
  if (isFirst) await stageEmpty(ctx, staging);
}

/** Stages collections from where the reader is, until there are enough for one transaction. */
async function stageSome(
  tx: SqlTransaction,
  staging: Staging,
  reader: PieceReader,
  isFirst: boolean,
): Promise<void> {
  let rows = 0;
  for (let tables = 0; tables < TABLES_AT_ONCE && rows < ROWS_AT_ONCE; tables++) {
    const piece = await reader.peek();
    if (piece?.kind !== "part" || piece.part.kind !== "records") return;
    const { collectionId } = piece.part;
    const found = staging.parts.get(collectionId!);
    const batches = reader.recordsOf(collectionId!);
    if (!found) {
      for await (const passed of batches) await staging.onProgress(passed.part.count);
      continue;
    }
    const before = found.lines?.summary.lastRow ?? 0;
    const lines = new RestoredLines(found.part.restored!, staging.recordIds, before);
    const text = copyText(batches, lines, staging.text, (count) => staging.onProgress(count));
    if (isFirst) await stageRestored(tx, placeOf(found.part), text);
    else await layOver(tx, found.part.id, text);
    found.lines = lines;
    rows += lines.summary.rows;
  }
}

/** Collections of which the first file holds no record have their table, too. */
async function stageEmpty(ctx: SystemContext, staging: Staging): Promise<void> {
  const open = [...staging.parts.values()].filter(({ lines }) => lines === undefined);
  for (let at = 0; at < open.length; at += TABLES_AT_ONCE) {
    await ctx.db.sql.begin(async (tx) => {
      for (const one of open.slice(at, at + TABLES_AT_ONCE)) {
        await stageRestored(tx, placeOf(one.part), nothing());
        one.lines = new RestoredLines(one.part.restored!, null, 0);
      }
    });
  }
}

async function takeOutAll(
  ctx: SystemContext,
  staging: Staging,
  { part, bytes }: Extract<ReadPiece, { kind: "part" }>,
): Promise<void> {
  const byCollection = new Map<string, string[]>();
  for (const { collectionId, id } of parseLines("deletions", part.name, bytes)) {
    if (!staging.parts.has(collectionId)) continue;
    const ids = byCollection.get(collectionId);
    if (ids) ids.push(id);
    else byCollection.set(collectionId, [id]);
  }
  for (const [collectionId, ids] of byCollection) {
    await takeOut(ctx.db.sql, staging.parts.get(collectionId)!.part.id, ids);
  }
}

/** Keeps what there is of each collection in the end; it must be as much as the manifest says. */
async function close(ctx: SystemContext, { row, parts }: Staging): Promise<void> {
  const expected = new Map(row.plan!.collections.map((one) => [one.backupCollectionId, one.records]));
  const { search, recordIds } = row.scope;
  const all = [...parts];
  for (let at = 0; at < all.length; at += TABLES_AT_ONCE) {
    const some = all.slice(at, at + TABLES_AT_ONCE);
    const ids = some.map(([, { part }]) => part.id);
    let staged = await countStaged(ctx.db.sql, ids);
    for (const [id, { part }] of recordIds === null ? some : []) {
      const { rows } = staged.get(part.id)!;
      if (rows === expected.get(id)) continue;
      const { name } = part.restored!;
      throw damaged(`of its collection "${name}" ${rows} of ${expected.get(id)} records are there`);
    }
    if (search !== null) {
      for (const id of ids) await keepMatching(ctx.db.sql, id, search);
      staged = await countStaged(ctx.db.sql, ids);
    }
    await settleStaged(ctx.db.sql, staged);
    await noteStaged(
      ctx.db.sql,
      some.map(([, { part, lines }]) => ({
        id: part.id,
        staged: { ...lines!.summary, ...staged.get(part.id)! },
      })),
    );
  }
}

async function progressOf(ctx: SystemContext, row: RestoreRow): Promise<(lines: number) => Promise<void>> {
  const total = row.plan!.collections.reduce((sum, one) => sum + one.records, 0);
  const tell = (processed: number) =>
    advanceJob(ctx.db.sql, row.jobId, {
      event: "progress",
      phase: { name: "reading", total },
      processed: Math.min(processed, total),
      range: [5, 40],
    });
  await tell(0);
  let processed = 0;
  let toldAt = Date.now();
  return async (lines) => {
    processed += lines;
    if (Date.now() - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = Date.now();
    await throwIfCancelled(ctx, row.jobId);
    await tell(processed);
  };
}

function placeOf(part: ImportRow) {
  const { criteria } = (part.options as { matching: { criteria: string[] } }).matching;
  return { importId: part.id, keyFields: criteria };
}

async function* nothing(): AsyncGenerator<Buffer> {
  // A table without rows.
}
