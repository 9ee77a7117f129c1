import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@/lib/platform/errors";

/** Once all runs again, work has to come to an end by itself within this time. */
const DEADLINE_MS = 150_000;
const AGAIN_MS = 250;
const LOOK_MS = 60;

/** As somebody at the page does: again, when the answer was an error that passes. @throws AppError, which is an answer */
export async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + DEADLINE_MS; ; await delay(AGAIN_MS)) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError || Date.now() > end) throw error;
    }
  }
}

/** Looks until there is something to be seen. @throws Error `stuck`, with what `stillIs` says of it */
export async function awaited<T>(
  look: () => Promise<T | undefined>,
  stillIs: () => string,
): Promise<NonNullable<T>> {
  for (const end = Date.now() + DEADLINE_MS; ; await delay(LOOK_MS)) {
    const found = await look();
    if (found !== undefined && found !== null) return found;
    if (Date.now() > end) throw new Error(`stuck: ${stillIs()}`);
  }
}
