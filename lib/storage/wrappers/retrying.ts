import { isTransient, RETRY_DELAYS_MS, waitBefore, withRetries } from "@/lib/storage/retries";
import type { IncomingArea, Store } from "@/lib/storage/store";

/**
 * Tries again what failed for a reason that may pass. A read goes on at the byte it had reached, and its attempts count
 * from the last byte that came. A put is not tried again as a whole, since its body is gone: a driver repeats the
 * requests that a put is made of.
 */
export function retryingStore(inner: Store, delaysMs: readonly number[] = RETRY_DELAYS_MS): Store {
  return {
    put: (key, body) => inner.put(key, body),
    read(key, { start = 0, end } = {}) {
      return resuming((position) => inner.read(key, { start: start + position, end }), delaysMs);
    },
    stat: (key) => withRetries(() => inner.stat(key), delaysMs),
    delete: (key) => withRetries(() => inner.delete(key), delaysMs),
    list: (prefix) =>
      restarting(
        () => inner.list(prefix),
        (key) => key,
        delaysMs,
      ),
    removeDrafts: (before) => withRetries(() => inner.removeDrafts(before), delaysMs),
    incoming: inner.incoming && retryingArea(inner.incoming, delaysMs),
  };
}

function retryingArea(inner: IncomingArea, delaysMs: readonly number[]): IncomingArea {
  return {
    putUrl: (key, sizeBytes, expiresAt) => inner.putUrl(key, sizeBytes, expiresAt),
    // Whoever takes bytes in compares them with the ETag: that no other object's end follows is seen there.
    read: (key) => resuming((position) => inner.read(key, position), delaysMs),
    list: (prefix) =>
      restarting(
        () => inner.list(prefix),
        (object) => object.key,
        delaysMs,
      ),
    delete: (key) => withRetries(() => inner.delete(key), delaysMs),
  };
}

async function* resuming(
  readFrom: (position: number) => AsyncIterable<Uint8Array>,
  delaysMs: readonly number[],
): AsyncIterable<Uint8Array> {
  let position = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const chunk of readFrom(position)) {
        position += chunk.byteLength;
        attempt = 1;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!isTransient(error) || attempt > delaysMs.length) throw error;
      await waitBefore(attempt, delaysMs);
    }
  }
}

/** Lists anew and leaves out what was given already. */
async function* restarting<T>(
  list: () => AsyncIterable<T>,
  keyOf: (item: T) => string,
  delaysMs: readonly number[],
): AsyncIterable<T> {
  const given = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const item of list()) {
        const key = keyOf(item);
        if (given.has(key)) continue;
        given.add(key);
        yield item;
      }
      return;
    } catch (error) {
      if (!isTransient(error) || attempt > delaysMs.length) throw error;
      await waitBefore(attempt, delaysMs);
    }
  }
}
