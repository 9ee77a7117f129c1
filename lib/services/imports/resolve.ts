import type { SqlTransaction } from "@/db/client";
import { type ConflictRow, decideConflicts, readConflicts } from "@/db/bulk/import-conflicts";
import {
  findImport,
  type ImportRow,
  patchImport,
  removeResolutions,
  type ResolutionRow,
  saveResolutions,
} from "@/db/queries/imports";
import { advanceJob } from "@/db/queries/jobs";
import type { ImportView } from "@/lib/contracts/import-view";
import type { ImportOptions } from "@/lib/contracts/imports";
import type { ResolveImport } from "@/lib/contracts/review";
import { explainCell } from "@/lib/core/fields/coerce";
import type { Field } from "@/lib/core/fields/types";
import { ConflictError, NotFoundError, ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { conflictSource, conflictWhere, rowsClash } from "./conflicts";
import { recountPlan } from "./plan";
import { loadImport, type RunningImport } from "./running";
import { importView } from "./view";

type Specific = NonNullable<ResolveImport["specificResolutions"]>[number];

/**
 * Takes a person's decisions: one for all, others for all conflicts of some kind, others for single ones. When nothing
 * is left open the plan is approved and the import goes on, unless `apply` is false; otherwise the decisions are kept
 * and it goes on waiting.
 */
export async function resolveImport(
  ctx: ServiceContext,
  id: string,
  input: ResolveImport,
): Promise<ImportView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  if (row.state !== "awaiting_review") {
    throw new ConflictError("not-in-review", "This import does not wait for a decision.");
  }
  if (row.restoreId !== null) refuseKeepBoth(input);
  const running = await loadImport(ctx, row);
  const decides = await takeDecisions(ctx, running, input);
  const counts = await recountPlan(ctx, running);
  // A restore goes on as a whole, when its person says so.
  if (input.apply === false || row.restoreId !== null) return await viewOf(ctx, row);
  if (counts.conflicts > 0) {
    if (!decides) {
      throw new ConflictError(
        "conflicts-open",
        `${rowsClash(counts.conflicts)} Decide about ${counts.conflicts === 1 ? "it" : "them"} first.`,
      );
    }
    await inReview(ctx, row, (tx) =>
      advanceJob(tx, row.jobId, { event: "awaiting_review", state: "awaiting_review" }),
    );
    return await viewOf(ctx, row);
  }
  await inReview(ctx, row, async (tx) => {
    await tx`update imports set state = 'staging', approved_revision = ${row.planRevision} where id = ${id}`;
    await advanceJob(tx, row.jobId, { event: "progress", state: "processing" });
  });
  await ctx.sendEvents([{ name: "import/decided", data: { importId: id, decision: "go" } }]);
  return await viewOf(ctx, row);
}

/** What a restore brings back has the id it had: there cannot be two of it. */
function refuseKeepBoth({
  globalStrategy,
  bulkResolutions = [],
  specificResolutions = [],
}: ResolveImport): void {
  const all = [globalStrategy, ...[...bulkResolutions, ...specificResolutions].map((one) => one.resolution)];
  if (!all.includes("keepBoth")) return;
  throw new ValidationError(
    "A restore brings a record back under its id, so the backup's and today's cannot both be kept.",
    [{ path: "resolution", message: "not possible in a restore" }],
    "keep-both-not-possible",
  );
}

/** In one transaction, in which the import stays in review: told later, the job might have ended meanwhile. */
async function inReview(
  ctx: ServiceContext,
  row: ImportRow,
  change: (tx: SqlTransaction) => Promise<unknown>,
): Promise<void> {
  await ctx.db.sql.begin(async (tx) => {
    const [found] =
      await tx`select from imports where id = ${row.id} and state = 'awaiting_review' for update`;
    if (!found) throw new ConflictError("not-in-review", "This import does not wait for a decision.");
    await change(tx);
  });
}

async function viewOf(ctx: ServiceContext, row: ImportRow): Promise<ImportView> {
  return await importView(ctx, (await findImport(ctx.db, row.id, ctx.ownerId)) ?? row);
}

/** Stores what was decided, the broadest first, so that the more specific word stands. True when there was any. */
export async function takeDecisions(
  ctx: ServiceContext,
  running: RunningImport,
  input: ResolveImport,
): Promise<boolean> {
  const { row, options, rules } = running;
  if (input.globalStrategy) {
    options.onConflict = input.globalStrategy;
    rules.onConflict = input.globalStrategy;
    const changed: ImportOptions = options;
    await patchImport(ctx.db, row.id, { options: changed }, ["awaiting_review"]);
  }
  for (const { where, resolution } of input.bulkResolutions ?? []) {
    const { unresolvedOnly, ...filter } = where;
    const state = unresolvedOnly && resolution !== null ? "unresolved" : "all";
    await decideConflicts(
      ctx.db.sql,
      conflictSource(running),
      conflictWhere({ ...filter, state }),
      resolution,
    );
  }
  const specific = input.specificResolutions ?? [];
  if (specific.length > 0) {
    const { decided, takenBack } = await specificDecisions(ctx, running, specific);
    await ctx.db.sql.begin(async (tx) => {
      await saveResolutions(tx, row.id, decided);
      await removeResolutions(tx, row.id, takenBack);
    });
  }
  return (
    input.globalStrategy !== undefined || specific.length > 0 || (input.bulkResolutions ?? []).length > 0
  );
}

async function specificDecisions(
  ctx: ServiceContext,
  running: RunningImport,
  specific: Specific[],
): Promise<{ decided: ResolutionRow[]; takenBack: number[] }> {
  const numbers = specific.map((s) => (/^\d{1,9}$/.test(s.conflictId) ? Number(s.conflictId) : -1));
  const found = await readConflicts(
    ctx.db.sql,
    conflictSource(running),
    { rows: numbers },
    { afterRow: 0, limit: numbers.length },
  );
  const byRow = new Map(found.map((c) => [c.row, c]));
  const decided = new Map<number, ResolutionRow>();
  const takenBack = new Set<number>();
  specific.forEach((s, i) => {
    const conflict = byRow.get(numbers[i]!);
    if (!conflict) {
      throw new ValidationError(`There is no conflict “${s.conflictId}”.`, [
        { path: `specificResolutions.${i}.conflictId`, message: "There is no such conflict." },
      ]);
    }
    const { row } = conflict;
    decided.delete(row);
    takenBack.delete(row);
    if (s.resolution === null) {
      takenBack.add(row);
      return;
    }
    const patch =
      s.resolution === "merge" && s.fields ? patchOf(conflict, running.target.fields, s.fields, i) : null;
    decided.set(row, { rowNumber: row, resolution: s.resolution, patch });
  });
  return { decided: [...decided.values()], takenBack: [...takenBack] };
}

/**
 * The values to set over the merged record: what was chosen field by field. Clashing fields without a choice keep the
 * record's value, or fill its gap.
 */
function patchOf(
  conflict: ConflictRow,
  fields: Field[],
  choices: NonNullable<Specific["fields"]>,
  index: number,
): ResolutionRow["patch"] {
  const patch: NonNullable<ResolutionRow["patch"]> = {};
  for (const name of conflict.clashing) {
    const incoming = conflict.incoming[name];
    if (!(name in choices) && conflict.merged[name] === undefined && incoming !== undefined)
      patch[name] = incoming;
  }
  for (const [name, choice] of Object.entries(choices)) {
    const path = `specificResolutions.${index}.fields.${name}`;
    const field = fields.find((f) => f.name === name);
    if (!field)
      throw new ValidationError(`There is no field “${name}”.`, [{ path, message: "no such field" }]);
    if (choice === "existing") {
      // Also where only the file had changed it: the person's word goes before the silent rule.
      patch[name] = conflict.existing[name] ?? null;
    } else if (choice === "incoming") {
      // An empty cell of the file, chosen on purpose, empties the field.
      patch[name] = conflict.incoming[name] ?? null;
    } else {
      const raw = choice.value === null ? "" : String(choice.value);
      const outcome = explainCell(raw, field, {});
      if (outcome.error)
        throw new ValidationError(outcome.error.message, [{ path, message: outcome.error.message }]);
      patch[name] = outcome.value ?? null;
    }
    if (field.required && patch[name] === null) {
      throw new ValidationError(`“${field.label}” is required and cannot be left empty.`, [
        { path, message: "required" },
      ]);
    }
  }
  return patch;
}
