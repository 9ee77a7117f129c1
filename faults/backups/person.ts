import { setTimeout as delay } from "node:timers/promises";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { AppError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import type { ServiceContext } from "@/lib/services/context";

/** Once all runs again, work has to come to an end by itself within this time. */
const DEADLINE_MS = 150_000;
/** More than a disk that is full for long needs, tried again as somebody does who reads why it failed. */
const TRIES = 15;
const TRY_AGAIN_MS = 2_000;

type Ended = "completed" | "failed" | "cancelled";

/** An account with some collections and records, and none that another has. */
export async function fillAccount({ ownerId, db: { sql } }: ServiceContext, records: number): Promise<void> {
  for (const name of ["Trips", "Notes"]) {
    const id = newId();
    const fields = [{ name: "title", label: "Title", type: "text", required: false }];
    await sql`
      insert into collections (id, owner_id, name, fields, key_fields, record_count)
      values (${id}, ${ownerId}, ${name}, ${sql.json(fields)}, '{}', ${records})`;
    await sql`
      insert into records (id, owner_id, collection_id, data)
      select gen_random_uuid(), ${ownerId}, ${id}, jsonb_build_object('title', ${name}::text || ' ' || n || ' ' || md5(n::text))
      from generate_series(1, ${records}::int) n`;
  }
}

/** Changes, removes and adds some, so that an incremental backup has something to hold. */
export async function changeAccount({ ownerId, db: { sql } }: ServiceContext): Promise<void> {
  await sql`
    update records set data = data || '{"title":"changed"}', version = version + 1,
      changed_xid = pg_current_xact_id(), updated_at = now()
    where owner_id = ${ownerId} and right(id::text, 1) = '3'`;
  await sql`delete from records where owner_id = ${ownerId} and right(id::text, 1) = '7'`;
  await sql`
    insert into records (id, owner_id, collection_id, data)
    select gen_random_uuid(), ${ownerId}, id, '{"title":"added"}' from collections, generate_series(1, 200)
    where owner_id = ${ownerId}`;
}

/** Somebody at the page: calls, and calls again when the answer was an error that passes. */
export function backupPerson(ctx: ServiceContext) {
  const { sql } = ctx.db;

  async function persistently<T>(work: () => Promise<T>): Promise<T> {
    for (const end = Date.now() + DEADLINE_MS; ; await delay(250)) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof AppError || Date.now() > end) throw error;
      }
    }
  }

  async function ended(jobId: string): Promise<Ended> {
    for (const end = Date.now() + DEADLINE_MS; ; await delay(60)) {
      const [job] = await persistently(
        () => sql<{ state: Ended; finished: boolean }[]>`
          select state, finished_at is not null as finished from jobs where id = ${jobId}`,
      );
      if (job?.finished) return job.state;
      if (Date.now() > end) throw new Error(`stuck: the job is still ${job?.state ?? "not there"}`);
    }
  }

  const backups = () => sql<{ id: string; jobId: string }[]>`
    select id, job_id as "jobId" from backups where owner_id = ${ctx.ownerId}`;

  /** Makes a backup, tried again by hand where it failed; answers it, and how often it failed before. */
  async function backUp(type: "full" | "incremental"): Promise<{ id: string; failures: number }> {
    for (let failures = 0; failures < TRIES; failures++) {
      const before = new Set((await persistently(backups)).map(({ id }) => id));
      const { id, jobId } = await persistently(async () => {
        // A call whose answer was lost may have asked for one all the same.
        const [made] = (await backups()).filter(({ id: one }) => !before.has(one));
        return made ?? (await createBackup(ctx, CreateBackupBody.parse({ type })));
      });
      if ((await ended(jobId)) === "completed") return { id, failures };
      await delay(TRY_AGAIN_MS);
    }
    throw new Error(`a backup failed ${TRIES} times`);
  }

  async function verify(id: string): Promise<number> {
    for (let failures = 0; failures < TRIES; failures++) {
      const { checkJobId } = await persistently(() => checkBackup(ctx, id, {}));
      if (checkJobId && (await ended(checkJobId)) === "completed") return failures;
      await delay(TRY_AGAIN_MS);
    }
    throw new Error(`a verification failed ${TRIES} times`);
  }

  return { backUp, verify };
}
