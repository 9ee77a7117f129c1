/**
 * Restores a backup of N records into an empty account of another owner (uploaded, with the key of its maker), and one
 * over the very records that it holds after all have changed, by a worker process of its own; against the CSV import of
 * the same rows in the same run. Preview and restore are counted together, the safety snapshot left out by an override.
 *
 *   npm run bench -- restore [rows]        needs TEST_DATABASE_URL, which `npm run bench` sets
 */
import { createReadStream } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serverSeconds } from "@/bench/lib/server-cpu";
import { csvFile } from "@/bench/lib/trips-csv";
import { startWorker } from "@/bench/lib/worker";
import { connect } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";

const rows = Number(process.argv[2] ?? 1_000_000);

async function main(): Promise<void> {
  const csv = await csvFile(rows);
  const database = await createTestDatabase();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    FERRY_DATA_DIR: path.join(tmpdir(), `ferry-bench-${process.pid}`),
    APP_SECRET: "a secret of the benchmark, and of nobody else",
    LOG_LEVEL: "warn",
  });
  const db = connect(database.url);
  const [{ systemContext }, { createUploadFromStream }, { createImport }, { waitForJob }, { createBackup }] =
    await Promise.all([
      import("@/lib/composition/context"),
      import("@/lib/services/uploads/create-from-stream"),
      import("@/lib/services/imports/create"),
      import("@/lib/services/jobs/wait-for-job"),
      import("@/lib/services/backups/create-backup"),
    ]);
  const [{ previewBackup, previewUploaded }, { runRestore }, { getRestore, requireRestore }, { keptKeys }] =
    await Promise.all([
      import("@/lib/services/restores/preview"),
      import("@/lib/services/restores/run-restore"),
      import("@/lib/services/restores/view"),
      import("@/lib/services/backups/keys"),
    ]);
  const { cancelRestore } = await import("@/lib/services/restores/cancel");
  const { startRestoreRun } = await import("@/lib/services/restores/undo");
  const { findBackup } = await import("@/db/queries/backups");
  const { PreviewRestoreBody, PreviewUploadedBody } = await import("@/lib/contracts/restores");
  const { ImportOptionsShape } = await import("@/lib/contracts/imports");
  const { CreateBackupBody } = await import("@/lib/contracts/backups");

  const worker = startWorker();
  const newUser = async (): Promise<ServiceContext> => {
    const ownerId = newId();
    await db.orm.insert(users).values({ id: ownerId, email: `${ownerId}@example.org`, passwordHash: "-" });
    return { ...systemContext(), ownerId };
  };
  const ended = async (ctx: ServiceContext, jobId: string) => {
    for (;;) {
      const job = await waitForJob(ctx, jobId, 600);
      if (job.finishedAt !== null || job.state === "awaiting_review") return job;
    }
  };
  const measured = async (label: string, jobOf: () => Promise<string>, ctx: ServiceContext) => {
    const started = performance.now();
    const startedAt = new Date();
    const cpu = worker.cpuSeconds();
    const serverCpu = await serverSeconds(db.sql);
    const jobId = await jobOf();
    const job = await ended(ctx, jobId);
    const took = (performance.now() - started) / 1000;
    const phases = await db.sql<{ phase: string; s: number }[]>`
      select phase, extract(epoch from sum(took))::float8 as s from (
        select seq, data ->> 'phase' as phase,
          coalesce(lead(created_at) over (order by seq), created_at) - created_at as took
        from job_events where job_id = ${jobId} and created_at >= ${startedAt}) e
      where phase is not null group by 1 order by min(seq)`;
    const cpus = [worker.cpuSeconds() - cpu, (await serverSeconds(db.sql)) - serverCpu];
    console.log(
      `${label}: ${job.state}, ${took.toFixed(1)} s, CPU of worker and server ${cpus.map((s) => s.toFixed(1)).join(" / ")} s, peak RSS ${worker.peakMb()} MB; ${phases.map((p) => `${p.phase} ${p.s.toFixed(1)}`).join(", ")}`,
    );
    return took;
  };
  const override = { override: true as const, reason: "a benchmark" };
  const restore = async (
    label: string,
    ctx: ServiceContext,
    ask: () => Promise<{ id: string; jobId: string }>,
  ) => {
    let id = "";
    const planned = await measured(
      `${label}, preview`,
      async () => ((id = (await ask()).id), (await requireRestore(ctx, id)).jobId),
      ctx,
    );
    const done = await measured(
      `${label}, restore`,
      async () => {
        const row = await requireRestore(ctx, id);
        await runRestore(ctx, row, { safetySnapshot: override });
        return row.jobId;
      },
      ctx,
    );
    console.log(`${label}: ${JSON.stringify((await getRestore(ctx, id)).result)}`);
    return { took: planned + done, id };
  };

  try {
    const owner = await newUser();
    const upload = await createUploadFromStream(owner, { name: csv, body: createReadStream(csv) });
    const options = ImportOptionsShape.parse({});
    const imported = await measured(
      "CSV import",
      async () =>
        (
          await createImport(owner, {
            uploadId: upload.id,
            newCollection: { name: "Trips", template: "trips" },
            options,
          })
        ).jobId,
      owner,
    );
    const backup = await createBackup(owner, CreateBackupBody.parse({}));
    await measured("backup", () => Promise.resolve(backup.jobId), owner);
    const stored = await findBackup(db.sql, backup.id);
    const [key] = await keptKeys(owner, owner.ownerId);

    const other = await newUser();
    const body = owner.storage.read(stored!.storage_key!);
    const file = await createUploadFromStream(other, { name: "backup.age", body });
    const fresh = await restore("into an empty account", other, () =>
      previewUploaded(other, PreviewUploadedBody.parse({ uploadId: file.id, identity: key!.identity })),
    );
    const undone = await measured(
      "its undo",
      async () => (await startRestoreRun(other, await requireRestore(other, fresh.id), "undo")).jobId,
      other,
    );
    let sameId = "";
    await measured(
      "over the same records, preview",
      async () => {
        sameId = (await previewBackup(owner, backup.id, PreviewRestoreBody.parse({}))).id;
        return (await requireRestore(owner, sameId)).jobId;
      },
      owner,
    );
    await cancelRestore(owner, await requireRestore(owner, sameId));
    await db.sql`
      update records set data = data || '{"notes":"changed since"}', version = version + 1, source_import_id = null,
        changed_xid = pg_current_xact_id() where owner_id = ${owner.ownerId}`;
    await db.sql`update collections set revision = revision + 1 where owner_id = ${owner.ownerId}`;
    await db.sql`vacuum analyze records`;
    const over = await restore("over changed records", owner, () =>
      previewBackup(owner, backup.id, PreviewRestoreBody.parse({})),
    );
    const ratio = (took: number) => (took / imported).toFixed(2);
    console.log(
      `ratios to the CSV import: into an empty account ${ratio(fresh.took)}, its undo ${ratio(undone)}, over changed records ${ratio(over.took)}`,
    );
  } finally {
    worker.stop();
    await systemContext().db.close();
    await db.close();
    await database.drop();
  }
  process.exit(0);
}

void main();
