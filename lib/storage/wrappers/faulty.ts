import type { Store } from "@/lib/storage/store";

export type StoreCall = "put" | "read" | "stat" | "delete" | "list";

/**
 * A store for tests whose calls fail when `shouldFail` says so: `number` counts the calls of one kind from 1. A put
 * fails after its body was consumed and a read after its first chunk, where a real one hurts most.
 */
export function faultyStore(
  inner: Store,
  shouldFail: (call: StoreCall, number: number) => boolean,
  fault: (call: StoreCall) => Error = (call) => new Error(`the ${call} failed, as the test asked`),
): Store {
  const calls = new Map<StoreCall, number>();
  const fails = (call: StoreCall) => {
    const number = (calls.get(call) ?? 0) + 1;
    calls.set(call, number);
    return shouldFail(call, number);
  };

  async function* thenFail(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    yield* body;
    throw fault("put");
  }

  return {
    put: (key, body) => inner.put(key, fails("put") ? thenFail(body) : body),
    async *read(key, range) {
      const broken = fails("read");
      for await (const chunk of inner.read(key, range)) {
        yield chunk;
        if (broken) throw fault("read");
      }
    },
    async stat(key) {
      if (fails("stat")) throw fault("stat");
      return inner.stat(key);
    },
    async delete(key) {
      if (fails("delete")) throw fault("delete");
      await inner.delete(key);
    },
    async *list(prefix) {
      if (fails("list")) throw fault("list");
      yield* inner.list(prefix);
    },
    removeDrafts: (before) => inner.removeDrafts(before),
    incoming: inner.incoming,
  };
}
