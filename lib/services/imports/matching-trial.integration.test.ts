import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET, PUT, DELETE } from "@/app/api/v1/collections/[id]/matching/route";
import { POST } from "@/app/api/v1/imports/[id]/matching-trial/route";
import { ImportOptionsShape } from "@/lib/contracts/imports";
import type { MatchingTrialView, MatchingView } from "@/lib/contracts/matching";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { createRecord } from "@/lib/services/records/create";
import { createUploadFromStream } from "@/lib/services/uploads/create-from-stream";
import { beginImport } from "./begin";
import { createImport } from "./create";
import { stageImport } from "./stage";

let app: TestApp;
let user: TestUser;
let ctx: ServiceContext;
let collectionId: string;
let importId: string;

const HEADER = "Country,Entry Date,Exit Date,Visa Type,Passport Country\n";
const ROWS = [
  "Peru,2024-03-01,2024-03-09,tourist,France", // as it is
  "Japan,2024-05-02,2024-05-20,tourist,France", // entered a day later
  "Chile,2024-07-01,2024-08-30,tourist,Japan", // left on another day, another passport
  "Vietnam,2024-01-01,2024-01-03,tourist,France", // new
];

beforeAll(async () => {
  app = await startTestApp();
  user = await app.newUser();
  ctx = { ...app.ctx, ownerId: user.id, sendEvents: () => Promise.resolve() };
  ({ id: collectionId } = await createCollection(ctx, { name: "Trips", template: "trips" }));
  for (const data of [
    { country: "Peru", entryDate: "2024-03-01", exitDate: "2024-03-09", visaType: "tourist" },
    { country: "Japan", entryDate: "2024-05-01", exitDate: "2024-05-20", visaType: "tourist" },
    { country: "Chile", entryDate: "2024-07-01", exitDate: "2024-07-30", visaType: "tourist" },
  ]) {
    await createRecord(ctx, collectionId, { data: { ...data, passportCountry: "France" } });
  }
  const upload = await createUploadFromStream(ctx, {
    name: "trips.csv",
    body: Readable.from([Buffer.from(HEADER + ROWS.join("\n"))]),
  });
  const view = await createImport(ctx, {
    collectionId,
    uploadId: upload.id,
    mapping: undefined,
    options: ImportOptionsShape.parse({ autoStart: false }),
  });
  importId = view.id;
});
afterAll(() => app.stop());

async function tryOut(body: object): Promise<MatchingTrialView> {
  const response = await call(POST, { as: user, params: { id: importId }, body });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as MatchingTrialView;
}
const matching = async (response: Promise<Response>) => (await (await response).json()) as MatchingView;

describe("a matching trial", () => {
  it("is refused while the file has not been read", async () => {
    const response = await call(POST, { as: user, params: { id: importId }, body: {} });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: "not-staged" });
  });

  it("tells what each mode finds, and explains the doubtful pairs", async () => {
    await beginImport(ctx, importId, {});
    await stageImport(ctx, importId);
    expect(await tryOut({ mode: "off" })).toMatchObject({ new: 4, rows: 4, sampledRows: 4, records: 3 });
    expect(await tryOut({ mode: "strict" })).toMatchObject({
      new: 3,
      matched: { byId: 0, byKey: 1, fuzzy: 0 },
    });
    const fuzzy = await tryOut({});
    expect(fuzzy).toMatchObject({
      new: 1,
      matched: { byId: 0, byKey: 1, fuzzy: 2 },
      suggested: { skip: 0, ask: 2, overwrite: 0 },
    });
    expect(fuzzy.pairs.map((p) => [p.row, p.score, p.confidence, p.suggestedAction])).toEqual([
      [3, 0.8, 0.7, "ask"],
      [2, 0.85, 0.85, "ask"],
    ]);
    expect(fuzzy.pairs[1]!.existing.data.entryDate).toBe("2024-05-01");
    expect(fuzzy.pairs[1]!.evidence.find((e) => e.field === "entryDate")).toEqual({
      field: "entryDate",
      comparator: "days",
      weight: 0.3,
      confidenceWeight: 0.3,
      score: 0.5,
    });
  });

  it("takes a rule to try", async () => {
    const field = { field: "country", comparator: { kind: "folded" }, weight: 1, required: true };
    const found = await tryOut({ rule: { fields: [field] } });
    expect(found.matched.fuzzy).toBe(2);
    expect(found.suggested.skip).toBe(2);
    const wrong = { fields: [{ ...field, comparator: { kind: "days" } }] };
    const response = await call(POST, { as: user, params: { id: importId }, body: { rule: wrong } });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: "fields.0.comparator" }] });
  });
});

describe("a collection's matching rule", () => {
  it("is the template's until there is one of its own, and again afterwards", async () => {
    const request = { as: user, params: { id: collectionId } };
    const before = await matching(call(GET, request));
    expect(before.isDefault).toBe(true);
    expect(before.rule.fields[0]).toMatchObject({ field: "country", weight: 0.4, confidenceWeight: 0.3 });
    const saved = await matching(
      call(PUT, { ...request, method: "PUT", body: { ...before.rule, threshold: 0.95 } }),
    );
    expect(saved).toEqual({ isDefault: false, rule: { ...before.rule, threshold: 0.95 } });
    expect(await matching(call(GET, request))).toEqual(saved);
    expect((await tryOut({})).matched.fuzzy).toBe(0);
    expect(await matching(call(DELETE, { ...request, method: "DELETE" }))).toEqual(before);
  });

  it("is refused where it does not fit the fields", async () => {
    const body = { fields: [{ field: "nowhere", comparator: { kind: "exact" }, weight: 1 }] };
    const response = await call(PUT, { as: user, params: { id: collectionId }, method: "PUT", body });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: "fields.0.field" }] });
  });
});
