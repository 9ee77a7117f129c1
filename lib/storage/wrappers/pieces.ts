/**
 * The same bytes in pieces of exactly `pieceBytes`, the last one shorter. A piece that lies within one chunk is a view
 * of it; a piece is never reused, so a consumer may keep it, unless they give its memory out again by `memoryFor`.
 */
export async function* cutIntoPieces(
  body: AsyncIterable<Uint8Array>,
  pieceBytes: number,
  memoryFor: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes),
): AsyncIterable<Uint8Array> {
  let partial: Uint8Array | undefined;
  let filled = 0;
  for await (const chunk of body) {
    let offset = 0;
    if (partial) {
      const wanted = Math.min(pieceBytes - filled, chunk.length);
      partial.set(chunk.subarray(0, wanted), filled);
      filled += wanted;
      offset = wanted;
      if (filled < pieceBytes) continue;
      yield partial;
      partial = undefined;
    }
    for (; chunk.length - offset >= pieceBytes; offset += pieceBytes) {
      yield chunk.subarray(offset, offset + pieceBytes);
    }
    if (offset < chunk.length) {
      partial = memoryFor(pieceBytes);
      partial.set(chunk.subarray(offset));
      filled = chunk.length - offset;
    }
  }
  if (partial) yield partial.subarray(0, filled);
}
