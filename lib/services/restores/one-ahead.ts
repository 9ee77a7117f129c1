/** Asks for the next item while the present one is being worked on: what one waits for, the other has time for. */
export async function* oneAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const source = items[Symbol.asyncIterator]();
  let coming: Promise<IteratorResult<T>> | undefined;
  const ask = () => {
    coming = source.next();
    // It is looked at when its turn comes; until then, or when nobody asks any more, it is nobody's.
    coming.catch(() => undefined);
    return coming;
  };
  try {
    for (let found = await ask(); !found.done;) {
      const next = ask();
      yield found.value;
      found = await next;
    }
  } finally {
    await coming?.catch(() => undefined);
    await source.return?.();
  }
}
