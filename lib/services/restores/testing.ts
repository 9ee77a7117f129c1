import type { RestoreRow } from "@/db/queries/restores";
import type { RestoreView } from "@/lib/contracts/restores";
import type { ServiceContext } from "@/lib/services/context";
import { type ApplyCursor, applyParts } from "@/lib/services/restores/apply-parts";
import { openPlan } from "@/lib/services/restores/await-decision";
import { claimParts } from "@/lib/services/restores/claim-parts";
import { finishRestore } from "@/lib/services/restores/finish-restore";
import { openRestore } from "@/lib/services/restores/open-restore";
import { planParts } from "@/lib/services/restores/plan-parts";
import { runRestore } from "@/lib/services/restores/run-restore";
import { stageRestore } from "@/lib/services/restores/stage-restore";
import { claimForRestoreRun, finishRestoreRun, workRestoreRun } from "@/lib/services/restores/undo-work";
import { startRestoreRun } from "@/lib/services/restores/undo";
import { getRestore, requireRestore } from "@/lib/services/restores/view";

/** Makes the plan that was asked for, without an engine. */
export async function makePlan(ctx: ServiceContext, { id }: Pick<RestoreRow, "id">): Promise<RestoreView> {
  await openRestore(ctx, id);
  await stageRestore(ctx, id);
  for (let part = 0, done = false; !done;) ({ done, next: part } = await planParts(ctx, id, part));
  await openPlan(ctx, id);
  return await getRestore(ctx, id);
}

/** Carries a plan out, without an engine and without a safety backup. */
export async function carryOutPlan(ctx: ServiceContext, id: string): Promise<RestoreView> {
  const safetySnapshot = { override: true as const, reason: "measured without" };
  await runRestore(ctx, await requireRestore(ctx, id), { safetySnapshot });
  await claimParts(ctx, id);
  let next: ApplyCursor = { part: 0, chunk: 0 };
  for (let done = false; !done;) ({ done, next } = await applyParts(ctx, id, next));
  await finishRestore(ctx, id);
  return await getRestore(ctx, id);
}

/** Takes a restore back, without an engine. */
export async function takeBack(ctx: ServiceContext, id: string): Promise<RestoreView> {
  await startRestoreRun(ctx, await requireRestore(ctx, id), "undo");
  await claimForRestoreRun(ctx, id, "undo");
  for (let part = 0, done = false; !done;)
    ({ done, next: part } = await workRestoreRun(ctx, id, "undo", part));
  await finishRestoreRun(ctx, id, "undo");
  return await getRestore(ctx, id);
}
