import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/db/client";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { beginSnapshot } from "./snapshot";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const ENDLESS = "select generate_series(1, 1000000000)";

let test: TestDatabase;
let db: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  db = connect(test.url, { poolSize: 2 });
});
afterAll(async () => {
  await db.close();
  await test.drop();
});

/** `transient`: with memory that is used again for what comes. */
async function copied(
  query: string,
  format: string,
  { slowly = false, transient = false } = {},
): Promise<Buffer> {
  const snapshot = await beginSnapshot(db);
  const pieces = [];
  try {
    for await (const piece of snapshot.copy(query, { format, transient })) {
      pieces.push(transient ? Buffer.from(piece) : piece);
      if (slowly) await pause(2);
    }
    // The connection answers on.
    expect(await snapshot.connection`select 1 as one`).toEqual([{ one: 1 }]);
  } finally {
    await snapshot.end();
  }
  return Buffer.concat(pieces);
}

/** Rows of every length from nothing to more than is read at once, of which each holds every byte it has room for. */
const SIZES = [0, 1, 2, 255, 256, 8_191, 65_535, 65_536, 300_000, 1, 0];
const valueOf = (size: number, shift: number) =>
  Buffer.from(Array.from({ length: size }, (_, n) => (n + shift) % 256));

describe("a COPY to the client", () => {
  it("brings every byte, in its place", async () => {
    const values = Array.from({ length: 60 }, (_, n) => valueOf(SIZES[n % SIZES.length]!, n));
    await db.sql`create table bytes_out (n int, value bytea)`;
    for (const [n, value] of values.entries()) await db.sql`insert into bytes_out values (${n}, ${value})`;
    const field = (bytes: Buffer) => Buffer.concat([int32(bytes.length), bytes]);
    const expected = Buffer.concat([
      Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"),
      int32(0),
      int32(0),
      ...values.map((value) => Buffer.concat([Buffer.from([0, 1]), field(value)])),
      Buffer.from([0xff, 0xff]),
    ]);
    for (const how of [{}, { slowly: true }, { transient: true }, { slowly: true, transient: true }]) {
      const query = "select value from bytes_out order by n";
      expect((await copied(query, "format binary", how)).equals(expected)).toBe(true);
    }
  });

  it("brings many short rows whole, however they are cut on the way", async () => {
    const query = "select n from generate_series(1, 200000) n";
    const bytes = await copied(query, "format text");
    expect((await copied(query, "format text", { transient: true })).equals(bytes)).toBe(true);
    expect(bytes.equals(Buffer.from(Array.from({ length: 200_000 }, (_, n) => `${n + 1}\n`).join("")))).toBe(
      true,
    );
  });

  it("ends for whoever asks the driver itself, although the last data fills its stream", async () => {
    const one = connect(test.url, { poolSize: 1 });
    const stream = await one.sql.unsafe("copy (select repeat('x', 30000)) to stdout").readable();
    let size = 0;
    for await (const chunk of stream) size += (chunk as Buffer).length;
    expect(size).toBe(30_001);
    expect(await one.sql`select 1 as one`).toEqual([{ one: 1 }]);
    await one.close();
  });

  it("brings nothing of a query that answers nothing", async () => {
    expect(await copied("select 1 where false", "format text")).toHaveLength(0);
  });

  it("ends with the error of a query that fails on the way", async () => {
    const failing = copied("select 1 / (50000 - n) from generate_series(1, 90000) n", "format text");
    await expect(failing).rejects.toMatchObject({ code: "22012" });
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it("stops a query whose reader has enough", async () => {
    const snapshot = await beginSnapshot(db);
    const [{ pid }] = await snapshot.connection<[{ pid: number }]>`select pg_backend_pid() as pid`;
    for await (const piece of snapshot.copy(ENDLESS, { format: "format text" })) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    const [{ state }] = await db.sql<
      [{ state: string }]
    >`select state from pg_stat_activity where pid = ${pid}`;
    expect(state).toBe("idle in transaction (aborted)");
    await snapshot.end();
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it("ends with the server's word when the session is ended on the way", async () => {
    const snapshot = await beginSnapshot(db);
    const [{ pid }] = await snapshot.connection<[{ pid: number }]>`select pg_backend_pid() as pid`;
    const reading = (async () => {
      let pieces = 0;
      for await (const piece of snapshot.copy(ENDLESS, { format: "format text" })) {
        if (++pieces === 3) await db.sql`select pg_terminate_backend(${pid})`;
        expect(piece.length).toBeGreaterThan(0);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "57P01" });
    await snapshot.end();
    await pause(1_300);
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }]);
  });
});

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
