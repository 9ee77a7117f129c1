import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Decrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeBech32 } from "@/lib/platform/age/bech32";
import { newX25519Identity, recipientOf } from "@/lib/platform/age/x25519";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { runCheck } from "@/lib/services/backups/run-check";
import { makeBackup } from "@/lib/services/backups/testing";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

async function verify(ctx: ServiceContext, id: string, given: { identity?: string } = {}) {
  const { checkJobId } = await checkBackup(ctx, id, given);
  await runCheck(ctx, id, checkJobId!);
  return (await getBackup(ctx, id)).lastVerified;
}

it("of post-quantum keys is for them alone, and opens with one of them", async () => {
  const ctx = await bench.newUser();
  await createCollection(ctx, { name: "Trips", fields: [{ name: "title", type: "text" }] });
  const identity = await generateHybridIdentity();
  const recipient = await identityToRecipient(identity);
  const row = await makeBackup(ctx, { encryption: { mode: "recipients", recipients: [recipient] } });
  expect(await verify(ctx, row.id)).toMatchObject({ outcome: "sound", depth: "stored-bytes" });
  expect(await verify(ctx, row.id, { identity })).toMatchObject({ outcome: "sound", depth: "content" });
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const parts: Uint8Array[] = [];
  for await (const part of ctx.storage.read(row.storage_key)) parts.push(part);
  const file = await decrypter.decrypt(Buffer.concat(parts));
  expect(gunzipSync(file).includes("ferry-backup.json")).toBe(true);
  const wrong = { identity: await generateHybridIdentity() };
  await expect(checkBackup(ctx, row.id, wrong)).rejects.toMatchObject({ code: "wrong-key" });
  const classic = recipientOf(newX25519Identity(randomBytes));
  const mixed = { mode: "recipients", recipients: [recipient, classic] };
  await expect(makeBackup(ctx, { encryption: mixed })).rejects.toMatchObject({
    message: expect.stringMatching(/post-quantum keys .* must not be for other keys/) as string,
    details: [{ path: "encryption.recipients.1" }],
  });
  const noKey = encodeBech32("age1pq", Buffer.alloc(1216, 0xff));
  const spelt = { mode: "recipients", recipients: [recipient, noKey] };
  await expect(makeBackup(ctx, { encryption: spelt })).rejects.toMatchObject({
    details: [{ path: "encryption.recipients.1" }],
  });
});
