/** The bytes of a request as they arrive; an absent body is an empty one. */
export async function* bodyOf(request: Request): AsyncIterable<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Left early: the rest is not wanted, and a sender that is still at it is told so by the closed connection.
    await reader.cancel().catch(() => undefined);
  }
}

/** What the sender announced with Content-Length, when it is a number. */
export function lengthOf(request: Request): number | undefined {
  const text = request.headers.get("content-length");
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}
