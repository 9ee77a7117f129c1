import type { ImportView } from "@/lib/contracts/import-view";
import { getImport } from "@/lib/services/imports/view";
import { listConflicts, rowsClash } from "@/lib/services/imports/conflicts";
import { hasEnded } from "@/lib/services/imports/states";
import { listRows } from "@/lib/services/imports/rows";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import type { ServiceContext } from "@/lib/services/context";
import { problem } from "@/lib/http/problem";
import { json } from "@/lib/http/route";
import { preferenceApplied, preferWaitSeconds } from "@/lib/http/wait";

const REPORTED_MAX = 100;

/**
 * The answer to a POST that sets an import going: 202 while it works; with `Prefer: wait` 200 and its result, 409 and
 * the conflicts when it needs a decision, 422 and what is wrong when nothing could be imported.
 */
export async function answerImport(
  ctx: ServiceContext,
  request: Request,
  started: ImportView,
): Promise<Response> {
  const seconds = preferWaitSeconds(request);
  const headers = { location: `/api/v1/imports/${started.id}`, ...preferenceApplied(seconds) };
  if (started.state === "draft") return json(started, 202, headers);
  if (seconds > 0) await waitForJob(ctx, started.jobId, seconds);
  const view = seconds > 0 ? await getImport(ctx, started.id) : started;
  if (view.state === "awaiting_review" && (view.counts?.conflicts ?? 0) > 0) {
    const conflicts = await listConflicts(ctx, view.id, { limit: REPORTED_MAX });
    const detail = `${rowsClash(conflicts.total)} Decide with POST /api/v1/imports/${view.id}/resolve.`;
    return problem(409, "conflicts", detail, undefined, headers, {
      id: view.id,
      jobId: view.jobId,
      state: view.state,
      importId: view.id,
      counts: view.counts,
      conflicts: conflicts.items,
      nextCursor: conflicts.nextCursor,
    });
  }
  if (seconds > 0 && (view.state === "failed" || view.state === "rolled_back")) {
    return await failure(ctx, view, headers);
  }
  const done = hasEnded(view.state) || view.state === "awaiting_review";
  return json({ ...view, ...view.result }, done ? 200 : 202, headers);
}

async function failure(
  ctx: ServiceContext,
  view: ImportView,
  headers: Record<string, string>,
): Promise<Response> {
  const rows =
    view.failure?.code === "validation-failed"
      ? (await listRows(ctx, view.id, { status: "invalid", limit: REPORTED_MAX })).items
      : [];
  const errors = rows.flatMap((r) =>
    r.errors.map((e) => ({ path: e.field, row: r.number, message: e.message })),
  );
  return problem(
    422,
    view.failure?.code ?? "failed",
    view.failure?.message ?? "The import failed.",
    errors,
    headers,
    {
      id: view.id,
      jobId: view.jobId,
      state: view.state,
      importId: view.id,
      counts: view.counts,
      where: view.failure?.where,
      rows,
    },
  );
}
