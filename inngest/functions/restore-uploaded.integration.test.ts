import { readFileSync } from "node:fs";
import path from "node:path";
import { generateHybridIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findBackup } from "@/db/queries/backups";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import {
  backUp,
  carryOut,
  contentOf,
  plan,
  planUploaded,
  run,
  stagedTables,
} from "@/inngest/functions/testing/restores";
import { keptKeys } from "@/lib/services/backups/keys";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { createRecord } from "@/lib/services/records/create";
import { listConflicts } from "@/lib/services/imports/conflicts";
import { deleteRecord } from "@/lib/services/records/delete";
import { updateRecord } from "@/lib/services/records/update";

const FIXTURES = path.resolve("lib/services/backups/fixtures/format-1");
const fixture = (name: string) => readFileSync(path.join(FIXTURES, name));
const IDENTITY = fixture("identity.txt").toString().trim();

let app: TestApp;
let ctx: ServiceContext;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  ctx = await app.newUser();
});

/** The bytes of a backup as its owner downloads them. */
async function fileOf(owner: ServiceContext, backupId: string): Promise<Buffer> {
  const row = await findBackup(owner.db.sql, backupId, owner.ownerId);
  const pieces: Uint8Array[] = [];
  for await (const piece of owner.storage.read(row!.storage_key!)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function recordsOf(owner: ServiceContext): Promise<unknown[]> {
  return [
    ...(await owner.db.sql`
    select c.name, r.id, r.data, r.version, to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as made
    from records r join collections c on c.id = r.collection_id where c.owner_id = ${owner.ownerId} order by r.id`),
  ];
}

async function study(owner: ServiceContext) {
  const sets = await createCollection(owner, { name: "Sets", fields: [{ name: "name", type: "text" }] });
  const cards = await createCollection(owner, {
    name: "Cards",
    fields: [
      { name: "front", type: "text" },
      { name: "set", type: "reference", references: sets.id },
    ],
  });
  const set = await createRecord(owner, sets.id, { data: { name: "Verbs" } });
  const card = await createRecord(owner, cards.id, { data: { front: "gehen", set: set.id } });
  return { sets, cards, set, card };
}

describe("a backup of format 1", () => {
  it("is restored into an empty account, to the moment of its last file", async () => {
    const uploadIds = [
      await app.upload(ctx, fixture("incremental.tar.gz.age"), "second.age"),
      await app.upload(ctx, fixture("full.tar.gz.age"), "first.age"),
    ];
    const preview = await planUploaded(ctx, { uploadIds, identity: IDENTITY });
    expect(preview.failure).toBeNull();
    const { records } = JSON.parse(fixture("state.json").toString()) as {
      records: Record<string, { id: string; data: object; version: number }[]>;
    };
    const expected = Object.values(records).flat();
    expect(preview.counts).toMatchObject({ add: expected.length, invalid: 0 });
    await carryOut(ctx, preview.id);
    const found = (await recordsOf(ctx)) as { id: string; data: object; version: number }[];
    expect(found.map(({ id, data, version }) => ({ id, data, version }))).toEqual(
      expected.map(({ id, data, version }) => ({ id, data, version })),
    );
  });

  it("opens with its passphrase, and says so at once when it is another", async () => {
    const uploadId = await app.upload(ctx, fixture("passphrase.tar.gz.age"), "b.age");
    await expect(planUploaded(ctx, { uploadId, identity: "not that one" })).rejects.toMatchObject({
      status: 403,
      code: "wrong-key",
    });
    await expect(planUploaded(ctx, { uploadId })).rejects.toMatchObject({ status: 422, code: "key-needed" });
    const preview = await planUploaded(ctx, { uploadId, identity: { passphrase: "correct horse battery" } });
    expect(preview.counts).toMatchObject({ add: 1 });
    const [row] = await ctx.db.sql`select sealed_file_keys from restores where id = ${preview.id}`;
    expect(row!.sealed_file_keys).toBeNull();
  });

  it("is refused in words when its parent is missing, or it is no backup", async () => {
    const alone = await app.upload(ctx, fixture("incremental.tar.gz.age"), "second.age");
    expect((await planUploaded(ctx, { uploadId: alone, identity: IDENTITY })).failure).toMatchObject({
      code: "parent-missing",
    });
    const other = await app.upload(ctx, "country,days\nLaos,3\n", "trips.csv");
    await expect(planUploaded(ctx, { uploadId: other, identity: IDENTITY })).rejects.toMatchObject({
      code: "not-a-backup",
    });
  });

  it("is refused when a byte of it is not what it was, and nothing is left of it", async () => {
    const whole = fixture("full.tar.gz.age");
    for (const at of [whole.length - 1, Math.floor(whole.length / 2), whole.length - 200]) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 4;
      const uploadId = await app.upload(ctx, bytes, "damaged.age");
      const preview = await planUploaded(ctx, { uploadId, identity: IDENTITY });
      expect(preview).toMatchObject({ state: "failed", validation: { outcome: "unsound" } });
      expect(preview.failure?.code).toMatch(/^(damaged|incomplete)$/);
    }
    await expect.poll(() => stagedTables(ctx), { timeout: 10_000 }).toBe(0);
    expect(await contentOf(ctx)).toEqual({});
  });
});

describe("a backup of another account", () => {
  it("comes with its references, whose collections get ids of their own there", async () => {
    const owner = await app.newUser();
    const { set, card, sets } = await study(owner);
    const file = await fileOf(owner, await backUp(owner));
    const [key] = await keptKeys(owner, owner.ownerId);
    const uploadId = await app.upload(ctx, file, "theirs.age");
    await expect(planUploaded(ctx, { uploadId })).rejects.toMatchObject({ code: "key-needed" });
    const preview = await planUploaded(ctx, { uploadId, identity: key!.identity });
    const done = await carryOut(ctx, preview.id);
    expect(done.result).toMatchObject({ added: 2, collectionsMade: 2 });
    expect(await recordsOf(ctx)).toEqual(await recordsOf(owner));

    const mine = await ctx.db.sql<{ id: string; name: string; fields: { references?: string }[] }[]>`
      select id, name, fields from collections where owner_id = ${ctx.ownerId} order by name`;
    expect(mine.map(({ name }) => name)).toEqual(["Cards", "Sets"]);
    expect(mine[1]!.id).not.toBe(sets.id);
    expect(mine[0]!.fields[1]!.references).toBe(mine[1]!.id);
    expect(((await recordsOf(ctx))[1] as { data: object }).data).toEqual({ front: "gehen", set: set.id });

    // A second time it finds what the first one made.
    await deleteRecord(ctx, { collectionId: mine[0]!.id, recordId: card.id }, undefined);
    const again = await planUploaded(ctx, {
      uploadId: await app.upload(ctx, file, "t.age"),
      identity: key!.identity,
    });
    expect(again.counts).toMatchObject({ add: 1, unchanged: 1 });
    await carryOut(ctx, again.id);
    expect(await recordsOf(ctx)).toHaveLength(2);
    expect(await recordsOf(owner)).toHaveLength(2);
  });

  it("opens with the post-quantum key it was made for, uploaded or not", async () => {
    const owner = await app.newUser();
    await study(owner);
    const identity = await generateHybridIdentity();
    const recipients = [await identityToRecipient(identity)];
    const backupId = await backUp(owner, { encryption: { mode: "recipients", recipients } });
    const uploadId = await app.upload(ctx, await fileOf(owner, backupId), "theirs.age");
    const other = await generateHybridIdentity();
    await expect(planUploaded(ctx, { uploadId, identity: other })).rejects.toMatchObject({
      code: "wrong-key",
    });
    await carryOut(ctx, (await planUploaded(ctx, { uploadId, identity })).id);
    expect(await recordsOf(ctx)).toEqual(await recordsOf(owner));
    await expect(plan(owner, backupId)).rejects.toMatchObject({ code: "key-needed" });
    expect((await plan(owner, backupId, { identity })).counts).toMatchObject({ add: 0, unchanged: 2 });
  });

  it("asks about records that both sides have changed, when it is merged", async () => {
    const owner = await app.newUser();
    const { card, cards } = await study(owner);
    const first = await app.upload(ctx, await fileOf(owner, await backUp(owner)), "1.age");
    const [key] = await keptKeys(owner, owner.ownerId);
    const identity = key!.identity;
    await carryOut(ctx, (await planUploaded(ctx, { uploadId: first, identity })).id);
    const [mine] = await ctx.db.sql<{ id: string }[]>`
      select id from collections where owner_id = ${ctx.ownerId} and name = 'Cards'`;
    const edit = (who: ServiceContext, collectionId: string, front: string) =>
      updateRecord(who, { collectionId, recordId: card.id }, { data: { front }, expected: undefined });
    await edit(owner, cards.id, "gehen, ging");
    await edit(ctx, mine!.id, "GEHEN");
    const second = await app.upload(ctx, await fileOf(owner, await backUp(owner)), "2.age");
    const preview = await planUploaded(ctx, { uploadId: second, identity, globalStrategy: "merge" });
    expect(preview.counts).toMatchObject({ add: 0, change: 0, unchanged: 1, conflicts: 1 });
    await expect(carryOut(ctx, preview.id)).rejects.toMatchObject({ status: 409, code: "conflicts-open" });
    const importId = preview.perCollection.find((one) => one.conflicts > 0)!.importId!;
    const { items } = await listConflicts(ctx, importId, { limit: 5 });
    expect(items).toMatchObject([{ clashingFields: ["front"] }]);
    const fields = { front: { value: "gehen / GEHEN" } };
    const done = await carryOut(ctx, preview.id, {
      specificResolutions: [{ importId, conflictId: items[0]!.id, resolution: "merge", fields }],
    });
    expect(done.result).toMatchObject({ changed: 1 });
    expect(((await recordsOf(ctx))[1] as { data: object }).data).toMatchObject({ front: "gehen / GEHEN" });
  });

  it("opens for its own account without a word, and can be undone to nothing", async () => {
    const owner = await app.newUser();
    await study(owner);
    const before = await contentOf(owner);
    const file = await fileOf(owner, await backUp(owner));
    await owner.db.sql`delete from collections where owner_id = ${owner.ownerId}`;
    const preview = await planUploaded(owner, { uploadId: await app.upload(owner, file, "mine.age") });
    await carryOut(owner, preview.id);
    expect(await contentOf(owner)).toEqual(before);
    await run(owner, preview.id, "undo");
    expect(await contentOf(owner)).toEqual({});
    await run(owner, preview.id, "redo");
    expect(await contentOf(owner)).toEqual(before);
  });
});

describe("an end-to-end encrypted backup", () => {
  it("opens with the key of its recipient only", async () => {
    const { card, cards } = await study(ctx);
    const before = await contentOf(ctx);
    const [other] = await otherKeys();
    const [server] = await otherKeys();
    const backupId = await backUp(ctx, {
      encryption: { mode: "recipients", recipients: [other!.recipient] },
    });
    await deleteRecord(ctx, { collectionId: cards.id, recordId: card.id }, undefined);
    await expect(plan(ctx, backupId)).rejects.toMatchObject({ code: "key-needed" });
    await expect(plan(ctx, backupId, { identity: server!.identity })).rejects.toMatchObject({ status: 403 });
    const preview = await plan(ctx, backupId, { identity: other!.identity });
    await carryOut(ctx, preview.id);
    expect(await contentOf(ctx)).toEqual(before);
  });

  async function otherKeys() {
    const somebody = await app.newUser();
    await createCollection(somebody, { name: "x", fields: [{ name: "a", type: "text" }] });
    await backUp(somebody);
    return await keptKeys(somebody, somebody.ownerId);
  }
});
