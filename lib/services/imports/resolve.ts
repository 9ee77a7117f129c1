import { readConflicts, type ConflictRow } from "@/db/bulk/import-plan";
import { findImport, patchImport, type ResolutionRow, saveResolutions } from "@/db/queries/imports";
import { advanceJob } from "@/db/queries/jobs";
import type { Field } from "@/lib/core/fields/types";
import { explainCell } from "@/lib/core/fields/coerce";
import type { ImportOptions } from "@/lib/contracts/imports";
import type { ResolveImport } from "@/lib/contracts/review";
import { ConflictError, NotFoundError, ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { recountPlan } from "./plan";
import { loadImport } from "./running";
import { type ImportView, importView } from "./view";

type Specific = NonNullable<ResolveImport["specificResolutions"]>[number];

/**
 * Takes a person's decisions: one for all, and others for single conflicts. When nothing is left open the plan is
 * approved and the import goes on; otherwise the decisions are kept and it goes on waiting.
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
  const running = await loadImport(ctx, row);
  if (input.specificResolutions?.length) {
    await saveResolutions(
      ctx.db.sql,
      id,
      await decisions(ctx, id, running.target.fields, input.specificResolutions),
    );
  }
  if (input.globalStrategy) running.options.onConflict = input.globalStrategy;
  running.rules.onConflict = running.options.onConflict;
  const options: ImportOptions = running.options;
  await patchImport(ctx.db, id, { options }, ["awaiting_review"]);
  const counts = await recountPlan(ctx, running);
  if (counts.conflicts > 0) {
    if (input.globalStrategy === undefined && !input.specificResolutions?.length) {
      throw new ConflictError(
        "conflicts-open",
        `${counts.conflicts} rows clash with records of the collection. Decide about them first.`,
      );
    }
    await advanceJob(ctx.db.sql, row.jobId, { event: "awaiting_review", state: "awaiting_review" });
    return await importView(ctx, (await findImport(ctx.db, id, ctx.ownerId)) ?? row);
  }
  const approved = await patchImport(ctx.db, id, { state: "staging", approvedRevision: row.planRevision }, [
    "awaiting_review",
  ]);
  if (!approved) throw new ConflictError("not-in-review", "This import does not wait for a decision.");
  await advanceJob(ctx.db.sql, row.jobId, { event: "progress", state: "processing" });
  await ctx.sendEvents([{ name: "import/decided", data: { importId: id, decision: "go" } }]);
  return await importView(ctx, approved);
}

async function decisions(
  ctx: ServiceContext,
  importId: string,
  fields: Field[],
  specific: Specific[],
): Promise<ResolutionRow[]> {
  const numbers = specific.map((s) => (/^\d{1,10}$/.test(s.conflictId) ? Number(s.conflictId) : -1));
  const found = await readConflicts(ctx.db.sql, importId, {
    afterRow: 0,
    limit: numbers.length,
    rows: numbers,
  });
  const byRow = new Map(found.map((c) => [c.row, c]));
  return specific.map((s, i) => {
    const conflict = byRow.get(numbers[i]!);
    if (!conflict) {
      throw new ValidationError(`There is no conflict “${s.conflictId}”.`, [
        { path: `specificResolutions.${i}.conflictId`, message: "There is no such conflict." },
      ]);
    }
    return {
      rowNumber: conflict.row,
      resolution: s.resolution ?? "skip",
      patch: s.resolution === "merge" && s.fields ? patchOf(conflict, fields, s.fields, i) : null,
    };
  });
}

/** The values to set: what was chosen field by field; fields without a choice keep the record's value, or fill its gap. */
function patchOf(
  conflict: ConflictRow,
  fields: Field[],
  choices: NonNullable<Specific["fields"]>,
  index: number,
): ResolutionRow["patch"] {
  const patch: NonNullable<ResolutionRow["patch"]> = {};
  for (const [name, value] of Object.entries(conflict.incoming)) {
    if (!(name in choices) && conflict.existing[name] === undefined) patch[name] = value;
  }
  for (const [name, choice] of Object.entries(choices)) {
    const path = `specificResolutions.${index}.fields.${name}`;
    const field = fields.find((f) => f.name === name);
    if (!field)
      throw new ValidationError(`There is no field “${name}”.`, [{ path, message: "no such field" }]);
    if (choice === "existing") continue;
    if (choice === "incoming") {
      // An empty cell of the file, chosen on purpose, empties the field.
      patch[name] = conflict.incoming[name] ?? null;
      continue;
    }
    const raw = choice.value === null ? "" : String(choice.value);
    const outcome = explainCell(raw, field, {});
    if (outcome.error)
      throw new ValidationError(outcome.error.message, [{ path, message: outcome.error.message }]);
    patch[name] = outcome.value ?? null;
  }
  return patch;
}
