import { countNotices, stageNotices } from "@/db/bulk/restore-notices";
import { compareSettings, stageSettings, stageUnset } from "@/db/bulk/restore-settings";
import type { SqlTransaction } from "@/db/client";
import type { StagingAttempt } from "@/db/queries/staging-attempts";
import { forgetCategories } from "@/db/queries/restore-categories";
import type { ImportRow } from "@/db/queries/imports";
import { countCollections, findFields, type RestoreRow } from "@/db/queries/restores";
import type { PlannedCategories, RestorableCategory } from "@/db/schema";
import { parseLines } from "@/lib/core/backups/lines";
import { holdsCategories, type BackupManifest } from "@/lib/core/backups/manifest";
import type { ReadPiece } from "@/lib/core/backups/read";
import type { Field } from "@/lib/core/fields/types";
import type { SystemContext } from "@/lib/services/context";
import { inAttempt } from "./in-attempt";
import { noticeFor, settingFor, type RuleTargets } from "./restored-entries";

const LINES_AT_ONCE = 500;
const DIFFERENCES_LISTED_MAX = 50;

/** Lays the categories of a backup beside today's; to be given the parts of its newest file, then its manifest. */
export class CategoryStaging {
  private constructor(
    private readonly ctx: SystemContext,
    private readonly row: RestoreRow,
    private readonly attempt: StagingAttempt,
    private readonly rules: RuleTargets,
  ) {}

  /** Begins anew: what an earlier attempt had staged is forgotten. */
  static async begin(
    ctx: SystemContext,
    row: RestoreRow,
    { parts, attempt }: { parts: readonly ImportRow[]; attempt: StagingAttempt },
  ): Promise<CategoryStaging> {
    await inAttempt(ctx, attempt, (tx) => forgetCategories(tx, row.id));
    return new CategoryStaging(ctx, row, attempt, await ruleTargets(ctx, row, parts));
  }

  async add({ part, bytes }: Extract<ReadPiece, { kind: "part" }>): Promise<void> {
    const { id, ownerId, plan } = this.row;
    const { kind, name } = part;
    // Nothing else of a backup is kept for later.
    if (kind === "preferences") {
      await inAttempt(this.ctx, this.attempt, async (tx) => {
        for (const lines of batches(parseLines(kind, name, bytes))) {
          await stageSettings(
            tx,
            id,
            lines.flatMap((line) => settingFor(line, this.rules) ?? []),
          );
        }
      });
    } else if (kind === "notifications") {
      const of = { from: plan!.ownerId, ownerId };
      await inAttempt(this.ctx, this.attempt, async (tx) => {
        for (const lines of batches(parseLines(kind, name, bytes))) {
          await stageNotices(
            tx,
            id,
            lines.flatMap((line) => noticeFor(line, of) ?? []),
          );
        }
      });
    }
  }

  /** What there is beside today's; undefined when the backup holds no categories. */
  async end(manifest: BackupManifest): Promise<Compared | undefined> {
    if (!holdsCategories(manifest)) return undefined;
    return await inAttempt(this.ctx, this.attempt, (tx) => this.compare(tx, manifest));
  }

  private async compare(sql: SqlTransaction, manifest: BackupManifest): Promise<Compared> {
    const { id, ownerId } = this.row;
    // Only in the account it was made of does it mean something that a preference was not set.
    if (manifest.ownerId === ownerId) {
      const collectionIds = [...this.rules.values()].map(({ collectionId }) => collectionId);
      await stageUnset(sql, id, ownerId, collectionIds);
    }
    const { replacing, ...settings } = await compareSettings(sql, id, ownerId, DIFFERENCES_LISTED_MAX);
    const { preferences = 0, notifications = 0, analytics = 0 } = manifest.counts;
    const planned: PlannedCategories = {
      preferences: { inBackup: preferences, ...settings },
      notifications: { inBackup: notifications, ...(await countNotices(sql, id, ownerId)) },
      analytics: { inBackup: analytics, today: await countCollections(sql, ownerId) },
    };
    return { planned, proposed: proposal(this.row, replacing) };
  }
}

/** What a person is told who asks for categories of a backup that holds none. */
export const WITHOUT_CATEGORIES =
  "This backup holds collections alone: it was made before backups held anything else.";

export interface Compared {
  planned: PlannedCategories;
  proposed: RestorableCategory[];
}

/**
 * What is taken back without a word. Into the account that the backup is of, nothing: today's preferences are its person's
 * newer word, and what is missing of its history Ferry has forgotten as it does. Into another one, on a restore of
 * everything, what adds to it: its history, and preferences where none would be replaced.
 */
function proposal({ plan, ownerId, scope }: RestoreRow, replacing: number): RestorableCategory[] {
  const isWhole = scope.collections === "all" && scope.recordIds === null && scope.search === null;
  if (plan!.ownerId === ownerId || !isWhole) return [];
  return replacing === 0 ? ["preferences", "notifications"] : ["notifications"];
}

/** Collections that are there and in the scope: one that is made again comes with the rule it had. */
async function ruleTargets(
  ctx: SystemContext,
  row: RestoreRow,
  parts: readonly ImportRow[],
): Promise<RuleTargets> {
  const there = row.plan!.collections.filter(({ status }) => status !== "missing");
  const fields = await findFields(
    ctx.db.sql,
    row.ownerId,
    there.map(({ collectionId }) => collectionId),
  );
  for (const { restored } of parts) fields.set(restored!.collectionId, restored!.fields);
  return new Map(
    there.map(({ backupCollectionId, collectionId }) => [
      backupCollectionId,
      { collectionId, fields: (fields.get(collectionId) ?? []) as Field[] },
    ]),
  );
}

function* batches<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < LINES_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
