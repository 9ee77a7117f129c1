import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SqlTransaction } from "./client";

/**
 * Sends lines to a `COPY … FROM STDIN`; resolves when the server has taken all of them.
 *
 * Once everything is sent, postgres.js 3.4 waits for the server's answer with a stream that nothing rejects any more: an
 * error that comes then, or the end of the connection, would leave the transaction waiting for ever. What the driver
 * still does is to reject the query, which has long been resolved with the stream; so that is where it is heard.
 */
export async function copyIn(
  tx: SqlTransaction,
  statement: string,
  lines: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const query = tx.unsafe(statement);
  const copy = await query.writable();
  const refused = new Promise<never>((_, reject) => void Object.assign(query, { reject }));
  await Promise.race([pipeline(Readable.from(lines, { objectMode: true, highWaterMark: 2 }), copy), refused]);
}
