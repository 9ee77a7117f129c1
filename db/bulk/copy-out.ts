import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type postgres from "postgres";
import { giveBack } from "@/db/copy-joiner";

/** A connection of one's own, on which statements follow each other. */
export type ReservedConnection = postgres.ReservedSql<{ bigint: number }>;

/** COPY's own options besides the encoding, which is UTF-8, and how the pieces are handed over. */
export interface CopyForm {
  format: string;
  /** Whoever reads looks at a piece only until they ask for the next one: its memory is used again. */
  transient?: boolean;
}

/**
 * What a query answers, streamed as COPY writes it: rows ended by LF, in pieces of any size. A reader that stops early
 * stops the query, and the connection can be used again.
 * @param stop makes the server end what the connection is doing; asked over another one
 */
export async function* copyOut(
  connection: ReservedConnection,
  query: string,
  { format, transient = false }: CopyForm,
  stop: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const rows: Readable = await connection
    .unsafe(`copy (${query}) to stdout (${format}, encoding 'UTF8')`)
    .readable();
  let complete = false;
  try {
    // The driver pauses its socket for a stream that takes no more, and for ever when that stream was destroyed.
    for await (const chunk of rows.iterator({ destroyOnReturn: false })) {
      yield chunk as Buffer;
      if (transient) giveBack(chunk as Buffer);
    }
    complete = true;
  } finally {
    if (!complete && !rows.destroyed) {
      const drained = finished(rows).catch(() => undefined);
      rows.resume();
      await stop();
      await drained;
    }
    resumeSocket(rows);
  }
}

/**
 * A last row that fills the stream pauses the driver's socket, and a stream that has ended never resumes it: the
 * answer to the connection's next query would not be read.
 */
function resumeSocket(rows: Readable): void {
  try {
    rows._read(0);
  } catch {
    // There is no socket any more: the connection was lost, and the query has said so.
  }
}
