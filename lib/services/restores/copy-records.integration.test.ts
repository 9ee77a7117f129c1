import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CopyText } from "@/db/bulk/copy-text";
import { stageRestored } from "@/db/bulk/restore-staging";
import { stagingTable } from "@/db/bulk/staging";
import type { RestoredPart } from "@/db/schema";
import { UnchangedRecords } from "@/lib/core/backups/unchanged-records";
import { compileColumn } from "@/lib/core/fields/compile";
import { FIELD_TYPES, type Field } from "@/lib/core/fields/types";
import { newId } from "@/lib/platform/ids";
import { openBackup, serverIdentities } from "@/lib/services/backups/open-file";
import { makeBackup } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { copyText } from "./copy-records";
import type { RecordsPiece } from "./piece-reader";
import { RestoredLines } from "./restored-lines";

const ROWS = 3_000;
const FIELDS: Field[] = FIELD_TYPES.map((type) => ({
  name: type === "decimal" ? "Größe in m²" : type,
  label: type,
  type,
  required: false,
  ...(type === "enum" && { values: ["red", "Grün", 'a "b"'] }),
}));

let bench: TestBench;
let ctx: ServiceContext;
beforeAll(async () => {
  bench = await createTestBench();
  ctx = await bench.newUser();
});
afterAll(() => bench.close());

const date = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
const cell = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.string().map((text) => `line\n\t"${text}" \\ 東京 🧳`),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt().map(String),
  fc.integer().map(String),
  date.map((d) => d.toISOString()),
  date.map((d) => d.toISOString().slice(0, 10)),
  fc.constantFrom("true", "false", "red", "Grün", 'a "b"'),
  fc.webUrl(),
  fc.constant(""),
);

/** Records as an import stores them: each cell's canonical value, if its field has one for it. */
function canonicalRecords(): string[] {
  const columns = FIELDS.map((field) => ({
    name: JSON.stringify(field.name),
    column: compileColumn(field, {}),
  }));
  const rows = fc.sample(fc.tuple(...FIELDS.map(() => cell)), { numRuns: ROWS, seed: 7 });
  return rows.map((cells) => {
    const members = columns.map(({ name, column }, i) => {
      const json = column.encode(cells[i]!);
      return typeof json === "string" && json !== "" ? [`${name}:${json}`] : [];
    });
    return `{${members.flat().join()}}`;
  });
}

async function insert(records: readonly string[]): Promise<string> {
  const id = newId();
  await ctx.db.sql`
    insert into collections (id, owner_id, name, fields, key_fields)
    values (${id}, ${ctx.ownerId}, 'All types', ${JSON.stringify(FIELDS)}::text::jsonb, '{}')`;
  await ctx.db.sql`
    insert into records (collection_id, id, owner_id, data, version, created_at)
    select ${id}, gen_random_uuid(), ${ctx.ownerId}, r::jsonb, 1 + (random() * 1e6)::int, now() - random() * interval '20 years'
    from unnest(${records as string[]}::text[]) r`;
  return id;
}

it("stages records that PostgreSQL wrote into a backup by their bytes, as parsing each would", async () => {
  const id = await insert(canonicalRecords());
  const backup = await makeBackup(ctx);
  const parts: RecordsPiece[] = [];
  for await (const piece of openBackup(ctx, backup, undefined, await serverIdentities(ctx, backup)))
    if (piece.kind === "part" && piece.part.kind === "records" && piece.part.collectionId === id)
      parts.push(piece);

  let [recognised, count] = [0, 0];
  const scan = new UnchangedRecords(FIELDS);
  for (const { bytes } of parts) {
    for (let start = 0; start < bytes.length; count++) {
      if (scan.next(bytes, start) !== -1) recognised++;
      start = bytes.indexOf("\n", start) + 1;
    }
  }
  // The others have a number that PostgreSQL writes otherwise than a double is written, such as 1e21.
  expect(count).toBe(ROWS);
  expect(recognised).toBeGreaterThan(0.9 * ROWS);

  const part = { fields: FIELDS, filled: FIELDS.map(({ name }) => name) } as unknown as RestoredPart;
  const [copied, parsed] = [newId(), newId()];
  for (const importId of [copied, parsed]) {
    const lines = new RestoredLines(part, null, 0);
    if (importId === parsed) lines.unchanged = () => undefined;
    async function* batches() {
      for (const one of parts) yield await Promise.resolve(one);
    }
    const text = copyText(batches(), lines, new CopyText(), () => Promise.resolve());
    await ctx.db.sql.begin((tx) => stageRestored(tx, { importId, keyFields: ["text"] }, text));
    expect(lines.summary).toMatchObject({ rows: ROWS, lastRow: ROWS, invalid: 0 });
  }
  const [different] = await ctx.db.sql.unsafe<[{ count: number }]>(
    `select count(*)::int8 as count from ${stagingTable(copied)} a full join ${stagingTable(parsed)} b using (row_number)
     where a is distinct from b or a.data::text is distinct from b.data::text`,
  );
  expect(different.count).toBe(0);
  const [lost] = await ctx.db.sql.unsafe<[{ count: number }]>(
    `select count(*)::int8 as count from records r left join ${stagingTable(copied)} s on s.source_id = r.id
       and s.data::text = r.data::text and s.version = r.version and s.created_at = r.created_at
     where r.collection_id = '${id}' and s.row_number is null`,
  );
  expect(lost.count).toBe(0);
});
