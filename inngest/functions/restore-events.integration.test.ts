import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { backUp, carryOut, plan, stagedTables } from "@/inngest/functions/testing/restores";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { resendEvents } from "@/lib/services/events/resend";
import { createRecord } from "@/lib/services/records/create";
import { deleteRecord } from "@/lib/services/records/delete";
import { cancelRestore } from "@/lib/services/restores/cancel";
import { decidedEvent } from "@/lib/services/restores/events";
import { runRestore } from "@/lib/services/restores/run-restore";
import { getRestore, requireRestore } from "@/lib/services/restores/view";

let app: TestApp;
let ctx: ServiceContext;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  ctx = await app.newUser();
});

/** A plan that brings one record back, and how to remove the other one meanwhile. */
async function waitingPlan(): Promise<{ id: string; removeAnother: () => Promise<void> }> {
  const fields = [{ name: "title", type: "text" as const }];
  const { id: collectionId } = await createCollection(ctx, { name: "Books", fields });
  const first = await createRecord(ctx, collectionId, { data: { title: "One" } });
  const second = await createRecord(ctx, collectionId, { data: { title: "Two" } });
  const backupId = await backUp(ctx);
  await deleteRecord(ctx, { collectionId, recordId: first.id }, undefined);
  const { id } = await plan(ctx, backupId);
  return { id, removeAnother: () => deleteRecord(ctx, { collectionId, recordId: second.id }, undefined) };
}

const steps = (restoreId: string) => ctx.db.sql`
  engine.step s join engine.run r on r.id = s.run_id join engine.event e on e.id = r.event_id
  where e.payload -> 'data' ->> 'restoreId' = ${restoreId}`;

describe("a plan that is over", () => {
  const lost = () => ({ ...ctx, sendEvents: () => Promise.reject(new Error("the engine is away")) });
  const ended = (id: string) =>
    vi.waitFor(async () => {
      expect(await ctx.db.sql`select from ${steps(id)} and r.status = 'running'`).toHaveLength(0);
    }, 20_000);

  it("is waited for by nobody, also when that could not be told at once", async () => {
    const { id } = await waitingPlan();
    await expect(cancelRestore(lost(), await requireRestore(ctx, id))).rejects.toThrow("away");
    await resendEvents(ctx);
    await ended(id);
    expect(await getRestore(ctx, id)).toMatchObject({ state: "cancelled", failure: { code: "cancelled" } });
    expect(await stagedTables(ctx)).toBe(0);
  });

  it("says that records have changed since, whoever ends it", async () => {
    const { id, removeAnother } = await waitingPlan();
    await removeAnother();
    await expect(runRestore(lost(), await requireRestore(ctx, id), {})).rejects.toThrow("away");
    await resendEvents(ctx);
    await ended(id);
    expect(await getRestore(ctx, id)).toMatchObject({ state: "cancelled", failure: { code: "plan-stale" } });
  });
});

it("a go that was sent twice does not carry out a plan that waits for its person again", async () => {
  const { id } = await waitingPlan();
  await ctx.sendEvents([decidedEvent(id, "go")]);
  await vi.waitFor(async () => {
    const asked = await ctx.db
      .sql`select from ${steps(id)} and s.name = 'open-plan-1' and s.memo is not null`;
    expect(asked).toHaveLength(1);
  }, 20_000);
  expect(await getRestore(ctx, id)).toMatchObject({ state: "ready", safetySnapshot: { state: "none" } });
  expect(await carryOut(ctx, id)).toMatchObject({ state: "completed", safetySnapshot: { state: "made" } });
});
