import { setTimeout as delay } from "node:timers/promises";
import { CreateBackupBody, type CreateBackup } from "@/lib/contracts/backups";
import { newId } from "@/lib/platform/ids";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import type { ServiceContext } from "@/lib/services/context";
import { awaited, persistently } from "../persist";

/** More than a disk that is full for long needs, tried again as somebody does who reads why it failed. */
export const TRIES = 15;
export const TRY_AGAIN_MS = 2_000;

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

  async function ended(jobId: string): Promise<Ended> {
    let job: { state: Ended; finished: boolean } | undefined;
    return await awaited(
      async () => {
        [job] = await persistently(
          () => sql<{ state: Ended; finished: boolean }[]>`
            select state, finished_at is not null as finished from jobs where id = ${jobId}`,
        );
        return job?.finished ? job.state : undefined;
      },
      () => `the job is still ${job?.state ?? "not there"}`,
    );
  }

  const backups = () => sql<{ id: string; jobId: string }[]>`
    select id, job_id as "jobId" from backups where owner_id = ${ctx.ownerId}`;

  /** Makes a backup, tried again by hand where it failed; answers it, and how often it failed before. */
  async function backUp(
    type: "full" | "incremental",
    encryption: CreateBackup["encryption"] = { mode: "server" },
  ): Promise<{ id: string; failures: number }> {
    for (let failures = 0; failures < TRIES; failures++) {
      const before = new Set((await persistently(backups)).map(({ id }) => id));
      const { id, jobId } = await persistently(async () => {
        // A call whose answer was lost may have asked for one all the same.
        const [made] = (await backups()).filter(({ id: one }) => !before.has(one));
        return made ?? (await createBackup(ctx, CreateBackupBody.parse({ type, encryption })));
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
