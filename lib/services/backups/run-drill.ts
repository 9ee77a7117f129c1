import {
  withDrillGround,
  type DrillGround,
  type DrilledCategory,
  type DrilledCollection,
} from "@/db/bulk/backup-drill";
import { findBackup, findChain, findDueDrills, noteDrill, type BackupRow } from "@/db/queries/backups";
import type { BackupCheck } from "@/db/schema";
import { checkChain } from "@/lib/core/backups/chain";
import type { BackupManifest } from "@/lib/core/backups/manifest";
import { isStored, openBackup, serverIdentities } from "@/lib/services/backups/open-file";
import { refuseIfEmptied } from "@/lib/services/backups/empty-store";
import { unsoundness } from "@/lib/services/backups/unsoundness";
import type { SystemContext } from "@/lib/services/context";

const AT_ONCE = 50;
const DRILL_DAYS = 7;
const DAY_MILLISECONDS = 24 * 3_600_000;

/**
 * The newest backup of each user that the server can open, unless it was drilled within the last week; at most fifty, those
 * whose turn is the longest overdue first.
 */
export async function dueDrills(ctx: SystemContext): Promise<string[]> {
  const now = ctx.now();
  const before = new Date(now.getTime() - DRILL_DAYS * DAY_MILLISECONDS);
  return findDueDrills(ctx.db.sql, { before, now }, AT_ONCE);
}

/**
 * Restores a backup, with all that it goes on from, to a place that nobody sees, compares what is there then with what was
 * there when it was made, and notes the outcome.
 * @throws whatever says nothing about the backup itself: a store that is away
 */
export async function runDrill(ctx: SystemContext, backupId: string): Promise<BackupCheck | undefined> {
  const row = await findBackup(ctx.db.sql, backupId);
  if (!row || !isStored(row) || row.encryption.mode !== "server") return undefined;
  const result = await outcomeOf(ctx, row);
  await noteDrill(ctx.db.sql, backupId, result, ctx.now());
  return result;
}

/** The same for one of many: what says nothing about the backup is logged, and its turn comes again tomorrow. */
export async function drillOnce(ctx: SystemContext, backupId: string): Promise<void> {
  try {
    await runDrill(ctx, backupId);
  } catch (error) {
    ctx.log.warn({ err: error, backupId }, "a backup could not be drilled");
  }
}

async function outcomeOf(ctx: SystemContext, row: BackupRow): Promise<BackupCheck> {
  try {
    const chain = await findChain(ctx.db.sql, row.id);
    const [expected, found] = await withDrillGround(ctx.db.sql, (ground) => restore(ctx, chain, ground));
    return compare(expected, found);
  } catch (error) {
    await refuseIfEmptied(ctx, error);
    return unsoundness(error, "content");
  }
}

interface Drilled {
  collections: DrilledCollection[];
  categories: DrilledCategory[];
}

async function restore(
  ctx: SystemContext,
  chain: readonly BackupRow[],
  ground: DrillGround,
): Promise<[expected: Drilled, found: Drilled]> {
  const links: { manifest: BackupManifest; manifestSha256: string }[] = [];
  for (const [position, row] of chain.entries()) {
    if (!isStored(row)) throw new Error("a backup of the chain has no file");
    const identities = await serverIdentities(ctx, row);
    for await (const piece of openBackup(ctx, row, chain[position - 1], identities)) {
      if (piece.kind === "manifest") links.push(piece);
      if (piece.kind !== "part") continue;
      const { kind, collectionId } = piece.part;
      if (kind === "records") await ground.addRecords(position, collectionId!, piece.bytes);
      else if (kind === "deletions") await ground.addDeletions(position, piece.bytes);
      else if (kind !== "collections" && position === chain.length - 1) {
        await ground.addCategory(kind, piece.bytes);
      }
    }
    await ground.endBackup(position);
  }
  checkChain(links);
  const { collections, categories = [] } = links.at(-1)!.manifest;
  const found = {
    collections: await ground.state(collections.map(({ id }) => id)),
    categories: await ground.categories(categories.map(({ category }) => category)),
  };
  return [{ collections, categories }, found];
}

function compare(expected: Drilled, found: Drilled): BackupCheck {
  const byId = new Map(found.collections.map((one) => [one.id, one]));
  const different = expected.collections.filter((one) => {
    const other = byId.get(one.id);
    return other?.recordCount !== one.recordCount || other.fingerprint !== one.fingerprint;
  });
  const others = expected.categories.filter(({ count, fingerprint }, at) => {
    const other = found.categories[at];
    return other?.count !== count || other.fingerprint !== fingerprint;
  });
  if (different.length + others.length === 0) return { outcome: "sound", depth: "content" };
  const what = [
    ...(different.length > 0 ? [`${different.length} of ${expected.collections.length} collections`] : []),
    ...others.map(({ category }) => category),
  ];
  return {
    outcome: "unsound",
    depth: "content",
    code: "restores-differently",
    message: `Restored for a trial, ${what.join(" and ")} were not what they had been.`,
  };
}
