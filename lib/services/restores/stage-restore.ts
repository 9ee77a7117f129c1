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
import { advanceOpenJob } from "@/db/queries/jobs";
import { findParts, findRestore, noteStaged, type RestoreRow } from "@/db/queries/restores";
import {
  beginStaging,
  endStaging,
  holdStaging,
  isStagingOver,
  type StagingAttempt,
} from "@/db/queries/staging-attempts";
import { damaged } from "@/lib/core/backups/errors";
import { parseLines } from "@/lib/core/backups/lines";
import type { BackupManifest } from "@/lib/core/backups/manifest";
import type { ReadPiece } from "@/lib/core/backups/read";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "@/lib/services/imports/errors";
import { throwIfCancelled } from "@/lib/services/imports/running";
import { refusal } from "./errors";
import { copyText } from "./copy-records";
import { inAttempt } from "./in-attempt";
import { PieceReader } from "./piece-reader";
import { RestoredLines } from "./restored-lines";
import { CategoryStaging, type Compared, WITHOUT_CATEGORIES } from "./stage-categories";
import { checkedPieces, type SourceFile, sourceFiles } from "./source-files";

const PROGRESS_EVERY_MS = 400;
/** Small collections share a transaction: each costs a table, not a commit. */
const TABLES_AT_ONCE = 100;
const ROWS_AT_ONCE = 50_000;

interface StagedCollection {
  part: ImportRow;
  lines: RestoredLines | undefined;
}

interface FileToStage {
  file: SourceFile;
  manifestSha256: string;
  isFirst: boolean;
  /** Of a chain only the newest says what the categories were. */
  isNewest: boolean;
}

/** What is read into, collection by collection. */
interface Staging {
  row: RestoreRow;
  attempt: StagingAttempt;
  /** By the id that the backup knows the collection by. */
  parts: Map<string, StagedCollection>;
  recordIds: ReadonlySet<string> | null;
  /** One for all: ten thousand small collections need no memory of their own. */
  text: CopyText;
  categories: CategoryStaging;
  /** Lines read so far, of all there are. */
  onProgress(lines: number): Promise<void>;
}

/**
 * Reads the backup a second time, now with its records: decrypted whole, each byte compared with the manifest, each value
 * checked, and what differs from today staged. Begins anew when it was interrupted; an attempt that hung meanwhile and
 * wakes up beside a later one writes nothing any more. The given keys are forgotten after it.
 * @throws PermanentImportError when something is wrong with the backup
 */
export async function stageRestore(ctx: SystemContext, restoreId: string): Promise<{ rows: number }> {
  const row = await findRestore(ctx.db, restoreId);
  if (!row?.plan)
    throw new PermanentImportError({ code: "restore-gone", message: "The restore has been deleted." });
  if (row.plan.checkedAt) return { rows: 0 };
  const attempt = await beginStaging(ctx.db.sql, restoreId);
  if (!attempt) return { rows: 0 };
  try {
    return await stageAll(ctx, row, attempt);
  } catch (error) {
    // Whatever a later attempt does to its tables, this one stumbles over: that is no fault of the restore's.
    if (await isStagingOver(ctx.db.sql, attempt)) return { rows: 0 };
    throw refusal(error);
  }
}

async function stageAll(
  ctx: SystemContext,
  row: RestoreRow,
  attempt: StagingAttempt,
): Promise<{ rows: number }> {
  const plan = row.plan!;
  const files = await sourceFiles(ctx, row);
  const parts = await findParts(ctx.db, row.id);
  const staging: Staging = {
    row,
    attempt,
    parts: new Map(parts.map((part) => [part.restored!.backupCollectionId, { part, lines: undefined }])),
    recordIds: row.scope.recordIds && new Set(row.scope.recordIds.map((id) => id.toLowerCase())),
    text: new CopyText(),
    categories: await CategoryStaging.begin(ctx, row, { parts, attempt }),
    onProgress: await progressOf(ctx, row, attempt),
  };
  let compared: Compared | undefined;
  for (const [position, { id, manifestSha256 }] of plan.files.entries()) {
    const file = files.find((one) => one.id === id);
    if (!file) throw new PermanentImportError({ code: "missing", message: "A file of this backup is gone." });
    const isNewest = position === plan.files.length - 1;
    const manifest = await stageFile(ctx, staging, {
      file,
      manifestSha256,
      isFirst: position === 0,
      isNewest,
    });
    if (isNewest && manifest) compared = await staging.categories.end(manifest);
  }
  await close(ctx, staging);
  const isAskedInVain = !compared && (row.categories?.length ?? 0) > 0;
  await endStaging(ctx.db.sql, attempt, {
    plan: {
      ...plan,
      checkedAt: ctx.now().toISOString(),
      categories: compared?.planned,
      warnings: isAskedInVain ? [...plan.warnings, WITHOUT_CATEGORIES] : plan.warnings,
    },
    categories: compared ? (row.categories ?? compared.proposed) : [],
  });
  return {
    rows: [...staging.parts.values()].reduce((sum, { lines }) => sum + (lines?.summary.rows ?? 0), 0),
  };
}

/** Stages what one file holds; its manifest, which has vouched for all of it. */
async function stageFile(
  ctx: SystemContext,
  staging: Staging,
  { file, manifestSha256, isFirst, isNewest }: FileToStage,
): Promise<BackupManifest | undefined> {
  let manifest: BackupManifest | undefined;
  const reader = new PieceReader(checkedPieces(file, manifestSha256));
  try {
    for (let piece = await reader.peek(); piece; piece = await reader.peek()) {
      if (piece.kind === "part" && piece.part.kind === "records") {
        await inAttempt(ctx, staging.attempt, (tx) => stageSome(tx, staging, reader, isFirst));
      } else {
        if (piece.kind === "part" && piece.part.kind === "deletions") await takeOutAll(ctx, staging, piece);
        else if (piece.kind === "part" && isNewest) await staging.categories.add(piece);
        else if (piece.kind === "manifest") manifest = piece.manifest;
        reader.take();
      }
    }
  } finally {
    await reader.close();
  }
  if (isFirst) await stageEmpty(ctx, staging);
  return manifest;
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
    await inAttempt(ctx, staging.attempt, async (tx) => {
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
    await inAttempt(ctx, staging.attempt, (tx) => takeOut(tx, staging.parts.get(collectionId)!.part.id, ids));
  }
}

/** Keeps what there is of each collection in the end; it must be as much as the manifest says. */
async function close(ctx: SystemContext, { row, parts, attempt }: Staging): Promise<void> {
  const expected = new Map(row.plan!.collections.map((one) => [one.backupCollectionId, one.records]));
  const all = [...parts];
  for (let at = 0; at < all.length; at += TABLES_AT_ONCE) {
    const some = all.slice(at, at + TABLES_AT_ONCE);
    await inAttempt(ctx, attempt, (tx) => closeSome(tx, row.scope, some, expected));
  }
}

async function closeSome(
  tx: SqlTransaction,
  { recordIds, search }: RestoreRow["scope"],
  some: readonly (readonly [string, StagedCollection])[],
  expected: ReadonlyMap<string, number>,
): Promise<void> {
  const ids = some.map(([, { part }]) => part.id);
  let staged = await countStaged(tx, ids);
  for (const [id, { part }] of recordIds === null ? some : []) {
    const { rows } = staged.get(part.id)!;
    if (rows === expected.get(id)) continue;
    const { name } = part.restored!;
    throw damaged(`of its collection "${name}" ${rows} of ${expected.get(id)} records are there`);
  }
  if (search !== null) {
    for (const id of ids) await keepMatching(tx, id, search);
    staged = await countStaged(tx, ids);
  }
  await settleStaged(tx, staged);
  await noteStaged(
    tx,
    some.map(([, { part, lines }]) => ({
      id: part.id,
      staged: { ...lines!.summary, ...staged.get(part.id)! },
    })),
  );
}

async function progressOf(
  ctx: SystemContext,
  row: RestoreRow,
  attempt: StagingAttempt,
): Promise<(lines: number) => Promise<void>> {
  const total = row.plan!.collections.reduce((sum, one) => sum + one.records, 0);
  const tell = (processed: number) =>
    ctx.db.sql.begin(async (tx) => {
      await holdStaging(tx, attempt);
      await advanceOpenJob(tx, row.jobId, {
        event: "progress",
        phase: { name: "reading", total },
        processed: Math.min(processed, total),
        range: [5, 40],
      });
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
