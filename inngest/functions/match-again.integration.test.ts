import { afterAll, beforeAll, expect, it } from "vitest";
import type { ServiceContext } from "@/lib/services/context";
import { getMatching, saveMatching } from "@/lib/services/collections/matching";
import { listConflicts } from "@/lib/services/imports/conflicts";
import { matchAgain } from "@/lib/services/imports/match-again";
import { resolveImport } from "@/lib/services/imports/resolve";
import { getImport } from "@/lib/services/imports/view";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
let ctx: ServiceContext;

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterAll(() => app.close());

const HEADER = "Country,Entry Date,Exit Date,Visa Type,Max Days,Notes\n";

it("compares a waiting import anew by the rule as it is now, and keeps what was decided", async () => {
  const first = await app.importFile(
    ctx,
    `${HEADER}Laos,2024-01-05,2024-02-05,Tourist,30,a\nPeru,2024-03-01,2024-03-09,Tourist,30,a\n`,
    { newCollection: { name: "Trips", template: "trips" } },
  );
  const collectionId = first.collectionId!;
  // Laos is a day later; Peru has another visa as well.
  const next = await app.importFile(
    ctx,
    `${HEADER}Laos,2024-01-06,2024-02-05,Tourist,30,b\n\nPeru,2024-03-02,2024-03-09,Business,30,b\n`,
    {
      name: "another.csv",
      collectionId,
      options: { matching: { mode: "fuzzy" }, onConflict: "ask" },
    },
  );
  expect(next).toMatchObject({ state: "awaiting_review", counts: { new: 1, clashes: 1 } });
  expect(next.fileRows).toEqual({ first: 2, passedOver: [{ before: 2, rows: 1 }] });
  const [laos] = (await listConflicts(ctx, next.id, { limit: 10 })).items;
  expect(laos).toMatchObject({ row: 1, kind: "fuzzy" });
  expect(laos!.evidence.find((part) => part.field === "passportCountry")).toMatchObject({
    weight: 0,
    confidenceWeight: 0.1,
  });
  await resolveImport(ctx, next.id, {
    specificResolutions: [{ conflictId: laos!.id, resolution: "skip" }],
    apply: false,
  });

  const { rule } = await getMatching(ctx, collectionId);
  await saveMatching(ctx, collectionId, { ...rule, threshold: 0.7 });
  await matchAgain(ctx, next.id);
  const again = await app.settled(ctx, next.id);
  expect(again).toMatchObject({
    state: "awaiting_review",
    counts: { new: 0, clashes: 2, conflicts: 1, skipped: 1 },
  });

  // Nothing clashes any more: it waits all the same, for somebody to look.
  await saveMatching(ctx, collectionId, { ...rule, threshold: 1 });
  await matchAgain(ctx, next.id);
  expect(await app.settled(ctx, next.id)).toMatchObject({
    state: "awaiting_review",
    counts: { new: 2, clashes: 0 },
  });
  await resolveImport(ctx, next.id, {});
  expect((await app.settled(ctx, next.id)).result?.summary).toMatchObject({ imported: 2, updated: 0 });
  await expect(matchAgain(ctx, next.id)).rejects.toMatchObject({ code: "not-in-review" });
  expect((await getImport(ctx, next.id)).state).toBe("completed");
});
