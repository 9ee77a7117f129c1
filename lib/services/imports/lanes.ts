import { ConcurrentEditError } from "@/db/bulk/import-apply";
import type { SqlTransaction } from "@/db/client";
import type { SystemContext } from "@/lib/services/context";

/** Two connections work side by side: more only wait for each other (bench/README.md). */
const LANES = 2;
/** A step ends after about this long, so that what it did is memoised and a hang is noticed. */
const STEP_MS = 20_000;
const EDIT_RETRIES = 5;

/**
 * Works through the chunks from…count−1 on two connections, until all are done, one fails, or the step has lasted long
 * enough. Answers the first chunk that nobody has taken. Throws what the first to fail threw, once both have come to
 * rest: nothing of the step is still writing then.
 */
export async function inLanes(
  from: number,
  count: number,
  work: (chunk: number) => Promise<void>,
): Promise<number> {
  const startedAt = Date.now();
  let next = from;
  let failed = false;
  const lane = async () => {
    while (next < count && !failed && Date.now() - startedAt < STEP_MS) {
      // Taken before anything is awaited, or both lanes would go past the last one.
      await work(next++);
    }
  };
  const lanes = await Promise.allSettled(
    Array.from({ length: LANES }, () =>
      lane().catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const result of lanes) if (result.status === "rejected") throw result.reason;
  return next;
}

/** One chunk's transaction, begun again when somebody edits a record in the very moment it is changed. */
export async function inChunk(
  ctx: SystemContext,
  work: (tx: SqlTransaction) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await ctx.db.sql.begin(work);
      return;
    } catch (error) {
      if (!(error instanceof ConcurrentEditError) || attempt >= EDIT_RETRIES) throw error;
    }
  }
}
