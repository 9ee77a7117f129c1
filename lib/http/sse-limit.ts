import { TooManyRequestsError } from "@/lib/platform/errors";

/** A page that reloads opens its new stream before the old one is noticed to be gone. */
const PATIENCE_MILLISECONDS = 1_500;
const LOOK_AGAIN_MILLISECONDS = 50;

// On globalThis: Next may load this module more than once in a process. Each instance counts its own streams.
const holder = globalThis as { ferryStreams?: Map<string, number> };
const streams = (holder.ferryStreams ??= new Map<string, number>());

/**
 * Counts one more stream for `key`; the answer gives it back (once, however often it is called).
 * @throws TooManyRequestsError when `max` are open and none of them ends within a moment
 */
export async function takeStream(key: string, max: number): Promise<() => void> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while ((streams.get(key) ?? 0) >= max) {
    if (Date.now() > deadline) {
      throw new TooManyRequestsError(
        `Only ${max} streams of this kind may be open at once. Close one of them first.`,
        5,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MILLISECONDS));
  }
  streams.set(key, (streams.get(key) ?? 0) + 1);
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    const left = (streams.get(key) ?? 1) - 1;
    if (left > 0) streams.set(key, left);
    else streams.delete(key);
  };
}
