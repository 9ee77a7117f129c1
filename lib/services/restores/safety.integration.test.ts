import { afterAll, beforeAll, expect, it } from "vitest";
import { advanceJob } from "@/db/queries/jobs";
import { findBackup } from "@/db/queries/backups";
import { PreviewRestoreBody } from "@/lib/contracts/restores";
import { runBackup } from "@/lib/services/backups/run-backup";
import { makeBackup } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";
import { getJob } from "@/lib/services/jobs/get-job";
import { openPlan } from "@/lib/services/restores/await-decision";
import { openRestore } from "@/lib/services/restores/open-restore";
import { planParts } from "@/lib/services/restores/plan-parts";
import { previewBackup } from "@/lib/services/restores/preview";
import { runRestore } from "@/lib/services/restores/run-restore";
import { saveFirst } from "@/lib/services/restores/safety";
import { stageRestore } from "@/lib/services/restores/stage-restore";
import { requireRestore } from "@/lib/services/restores/view";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const RECORDS = 40;

async function fill({ ownerId, db: { sql } }: ServiceContext): Promise<void> {
  await sql`
    insert into collections (id, owner_id, name, fields, key_fields, record_count)
    values (gen_random_uuid(), ${ownerId}, 'Things', '[{"name":"title","type":"text"}]', '{}', ${RECORDS})`;
  await sql`
    insert into records (collection_id, id, owner_id, data)
    select id, gen_random_uuid(), ${ownerId}, jsonb_build_object('title', 'record ' || n)
    from collections, generate_series(1, ${RECORDS}::int) n where owner_id = ${ownerId}`;
}

/** A restore whose person has just said go. */
async function going(ctx: ServiceContext): Promise<{ id: string; jobId: string }> {
  await fill(ctx);
  const backup = await makeBackup(ctx);
  const { id, jobId } = await previewBackup(ctx, backup.id, PreviewRestoreBody.parse({}));
  await openRestore(ctx, id);
  await stageRestore(ctx, id);
  await planParts(ctx, id, 0);
  await openPlan(ctx, id);
  await runRestore(ctx, await requireRestore(ctx, id), {});
  return { id, jobId };
}

it("shows people how far the safety backup is, while it is made and when it is", async () => {
  const ctx = await bench.newUser();
  const { id, jobId } = await going(ctx);
  expect(await getJob(ctx, jobId)).toMatchObject({
    phase: "saving",
    counts: { total: null },
    percentage: 45,
  });
  expect(await saveFirst(ctx, id)).toEqual({ outcome: "making" });
  const { safety } = await requireRestore(ctx, id);
  const backup = (await findBackup(ctx.db.sql, safety.backupId!))!;
  for (const [processed, percentage] of [
    [16, 47],
    [32, 49],
  ] as const) {
    const phase = { name: "writing", total: RECORDS };
    await advanceJob(ctx.db.sql, backup.job_id, { event: "progress", phase, processed });
    expect(await saveFirst(ctx, id)).toEqual({ outcome: "making" });
    expect(await getJob(ctx, jobId)).toMatchObject({
      state: "processing",
      phase: "saving",
      counts: { total: RECORDS, processed },
      percentage,
    });
  }
  await runBackup(ctx, backup.id);
  expect(await saveFirst(ctx, id)).toEqual({ outcome: "done" });
  const all = (await findBackup(ctx.db.sql, backup.id))!.counts!.records;
  expect(await getJob(ctx, jobId)).toMatchObject({ phase: "saving", counts: { total: all, processed: all } });
});
