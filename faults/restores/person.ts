import { setTimeout as delay } from "node:timers/promises";
import type { RestoreState } from "@/db/schema";
import { PreviewRestoreBody } from "@/lib/contracts/restores";
import type { ServiceContext } from "@/lib/services/context";
import { cancelRestore } from "@/lib/services/restores/cancel";
import { previewBackup } from "@/lib/services/restores/preview";
import { runRestore } from "@/lib/services/restores/run-restore";
import { leftNothing, wasApplied } from "@/lib/services/restores/states";
import { startRestoreRun } from "@/lib/services/restores/undo";
import { requireRestore } from "@/lib/services/restores/view";
import { TRIES, TRY_AGAIN_MS } from "../backups/person";
import { awaited, persistently } from "../persist";
import { untilAnswered } from "../person";

/** A fault of this length at the wrong moment makes somebody press a button again, but not for ever. */
const TURNS_MAX = 6;

export interface HowToRestore {
  strategy: "overwrite" | "merge";
  passphrase: string | undefined;
}

/** Somebody at the page: calls, and calls again when the answer was an error that passes. */
export function restorePerson(ctx: ServiceContext) {
  const { sql } = ctx.db;

  const stateOf = async (id: string) => {
    const [row] = await persistently(
      () => sql<{ state: RestoreState; atWork: boolean }[]>`
        select r.state, exists (select from jobs j where j.subject_id = r.id and j.finished_at is null) as "atWork"
        from restores r where r.id = ${id}`,
    );
    return row;
  };

  /** Waits until it waits for a person, or has ended. */
  const rests = async (id: string): Promise<RestoreState> => {
    let now: Awaited<ReturnType<typeof stateOf>>;
    return await awaited(
      async () => {
        now = await stateOf(id);
        if (!now) return undefined;
        const ended = leftNothing(now.state) || wasApplied(now.state) || now.state === "undone";
        return now.state === "ready" || (ended && !now.atWork) ? now.state : undefined;
      },
      () => `the restore is still ${now?.state ?? "not there"}`,
    );
  };

  const restores = async () =>
    (await sql<{ id: string }[]>`select id from restores where owner_id = ${ctx.ownerId}`).map(
      ({ id }) => id,
    );

  const preview = async (backupId: string, { strategy, passphrase }: HowToRestore) => {
    const before = new Set(await persistently(restores));
    const body = PreviewRestoreBody.parse({ globalStrategy: strategy, passphrase });
    const { id } = await persistently(async () => {
      // A call whose answer was lost may have asked for one all the same.
      const [made] = (await restores()).filter((one) => !before.has(one));
      return made ? { id: made } : await previewBackup(ctx, backupId, body);
    });
    return { id, state: await rests(id) };
  };

  const go = (id: string) => untilAnswered(async () => runRestore(ctx, await requireRestore(ctx, id), {}));

  /** Carries a plan out; again when its safety backup could not be made. Answers how it ended. */
  const run = async (id: string): Promise<RestoreState> => {
    for (let tries = 0; tries < TRIES; tries++) {
      await go(id);
      const state = await rests(id);
      if (state !== "ready") return state;
      await delay(TRY_AGAIN_MS);
    }
    throw new Error(`the safety backup failed ${TRIES} times`);
  };

  const cancel = async (id: string) => {
    await untilAnswered(async () => cancelRestore(ctx, await requireRestore(ctx, id)));
    return await rests(id);
  };

  /** Carries it out, and cancels it when some of it is in. */
  const cancelHalfway = async (id: string): Promise<RestoreState> => {
    await go(id);
    await awaited(
      async () => {
        const [row] = await persistently(
          () => sql<{ begun: boolean }[]>`
            select exists (select from journal_chunks c join imports i on i.id = c.import_id where i.restore_id = r.id)
              or r.finished_at is not null as begun from restores r where r.id = ${id}`,
        );
        return row?.begun || undefined;
      },
      () => "nothing of the restore is in",
    );
    return await cancel(id);
  };

  const turn = async (id: string, kind: "undo" | "redo") => {
    for (let attempt = 1; attempt <= TURNS_MAX; attempt++) {
      await untilAnswered(async () => startRestoreRun(ctx, await requireRestore(ctx, id), kind));
      const state = await rests(id);
      if (kind === "undo" ? state === "undone" : wasApplied(state)) return;
      await delay(TRY_AGAIN_MS);
    }
    throw new Error(`the ${kind} failed ${TURNS_MAX} times`);
  };

  return { preview, run, cancel, cancelHalfway, turn };
}
