import type { RestoreView } from "@/lib/contracts/restores";
import { problem } from "@/lib/http/problem";
import { json } from "@/lib/http/route";
import { preferenceApplied, preferWaitSeconds } from "@/lib/http/wait";
import type { ServiceContext } from "@/lib/services/context";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { getRestore } from "@/lib/services/restores/view";

const BEING_PLANNED: readonly RestoreView["state"][] = ["pending", "reading"];
const AT_WORK: readonly RestoreView["state"][] = [
  "pending",
  "reading",
  "saving",
  "restoring",
  "undoing",
  "redoing",
];

/**
 * The answer to the question for a plan: 200 and the plan once it is ready, 202 and where to ask for it when that takes
 * longer than the caller waits, 422 and why when the backup is not one that can be restored.
 */
export async function answerPlan(
  ctx: ServiceContext,
  asked: { id: string; jobId: string },
  waitSeconds: number,
): Promise<Response> {
  if (waitSeconds > 0) await waitForJob(ctx, asked.jobId, waitSeconds);
  const view = await getRestore(ctx, asked.id);
  const headers = { location: `/api/v1/restores/${view.id}` };
  if (BEING_PLANNED.includes(view.state)) {
    const { id, planId, jobId, state } = view;
    return json({ id, planId, jobId, state }, 202, headers);
  }
  if (view.state !== "failed") return json(view, 200, headers);
  const { code = "failed", message = "The backup cannot be restored." } = view.failure ?? {};
  return problem(422, code, message, undefined, headers, {
    id: view.id,
    planId: view.planId,
    jobId: view.jobId,
    state: view.state,
    validation: view.validation,
  });
}

/** The answer to what sets a restore, its undo or its redo going: 202 while it works, 200 when it has ended. */
export async function answerWork(
  ctx: ServiceContext,
  request: Request,
  { id, jobId }: { id: string; jobId: string },
): Promise<Response> {
  const seconds = preferWaitSeconds(request);
  if (seconds > 0) await waitForJob(ctx, jobId, seconds);
  const view = await getRestore(ctx, id);
  const headers = { location: `/api/v1/restores/${id}`, ...preferenceApplied(seconds) };
  return json({ ...view, restoreId: id, jobId }, AT_WORK.includes(view.state) ? 202 : 200, headers);
}
