import { setTimeout as delay } from "node:timers/promises";
import { isUnavailable } from "@/db/engine/transaction";

/** Longer than a server takes that was killed in the middle of much work. */
const AWAY_MS_MAX = 60_000;
const AGAIN_MS = 50;

/**
 * The observer's own connections break with the server like everybody's: look again until it can be seen.
 * @param look asked again from its beginning, so asking twice must be harmless
 */
export async function insist<T>(look: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + AWAY_MS_MAX; ; await delay(AGAIN_MS)) {
    try {
      return await look();
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > end) throw error;
    }
  }
}
