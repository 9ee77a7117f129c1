import { type APIRequestContext, expect, test } from "@playwright/test";

/** The HTTP contract as a program meets it: one account per test, nothing shared. */

const PART_BYTES = 5 * 1024 * 1024;

interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  token: string;
}
interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

function client(request: APIRequestContext, token: string): Client {
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await request.fetch(path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { data: body }),
      timeout: 90_000,
    });
    const text = await response.text();
    const isJson = (response.headers()["content-type"] ?? "").includes("json");
    return {
      status: response.status(),
      headers: response.headers(),
      body: isJson ? (JSON.parse(text) as Answer["body"]) : { text },
    };
  };
  return { get: (path, headers) => call("GET", path, undefined, headers), send: call, token };
}

async function newAccount(request: APIRequestContext): Promise<Client> {
  const email = `api-${Date.now()}-${Math.random().toString(36).slice(2)}@example.org`;
  const password = "a long enough password";
  const signUp = await request.post("/api/v1/auth/sign-up", { data: { email, password, name: "API" } });
  expect(signUp.status()).toBe(201);
  const signedUp = (await signUp.json()) as { user: { id: string; email: string } };
  expect(signedUp.user.email).toBe(email);
  const token = await request.post("/api/v1/auth/token", { data: { email, password } });
  expect(token.status()).toBe(200);
  const { accessToken, refreshToken, expiresIn } = (await token.json()) as Record<string, unknown>;
  expect(expiresIn).toBe(900);
  expect(typeof refreshToken).toBe("string");
  return client(request, String(accessToken));
}

async function uploadFile(
  request: APIRequestContext,
  api: Client,
  name: string,
  bytes: Buffer,
): Promise<string> {
  const created = await api.send("POST", "/api/v1/uploads", { name, size: bytes.length });
  expect(created.status).toBe(201);
  const { id, partSize, parts } = created.body as {
    id: string;
    partSize: number;
    parts: { number: number; url: string }[];
  };
  expect(partSize).toBe(PART_BYTES);
  const done: { number: number; etag: string }[] = [];
  for (const { number, url } of parts) {
    // The signed address needs no session.
    const put = await request.fetch(url, {
      method: "PUT",
      data: bytes.subarray((number - 1) * PART_BYTES, number * PART_BYTES),
      headers: { "content-type": "application/octet-stream" },
    });
    expect(put.status()).toBe(200);
    done.push({ number, etag: put.headers().etag! });
  }
  const complete = await api.send("POST", `/api/v1/uploads/${id}/complete`, { parts: done });
  expect(complete.status).toBe(200);
  expect(complete.body).toMatchObject({ id, size: bytes.length });
  expect(complete.body.sha256).toMatch(/^[0-9a-f]{64}$/);
  return id;
}

const HEADER = "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Duration,Notes\n";

test("accounts: refresh tokens rotate, and a second use ends the whole family", async ({ request }) => {
  const email = `api-${Date.now()}@example.org`;
  const password = "a long enough password";
  await request.post("/api/v1/auth/sign-up", { data: { email, password } });
  const token = await request.post("/api/v1/auth/token", { data: { email, password } });
  const first = (await token.json()) as { refreshToken: string };
  const second = await request.post("/api/v1/auth/refresh", { data: { refreshToken: first.refreshToken } });
  expect(second.status()).toBe(200);
  const rotated = (await second.json()) as { refreshToken: string };
  expect(rotated.refreshToken).not.toBe(first.refreshToken);
  const reused = await request.post("/api/v1/auth/refresh", { data: { refreshToken: first.refreshToken } });
  expect(reused.status()).toBe(401);
  const family = await request.post("/api/v1/auth/refresh", { data: { refreshToken: rotated.refreshToken } });
  expect(family.status()).toBe(401);
  const anonymous = await request.get("/api/v1/collections");
  expect(anonymous.status()).toBe(401);
  expect(anonymous.headers()["content-type"]).toContain("application/problem+json");
});

test("collections and records: created, paged, changed under If-Match, deleted", async ({ request }) => {
  const api = await newAccount(request);
  const created = await api.send("POST", "/api/v1/collections", { name: "Trips", template: "trips" });
  expect(created.status).toBe(201);
  const id = String(created.body.id);
  const path = `/api/v1/collections/${id}/records`;
  for (const country of ["Laos", "Peru", "Chile"]) {
    const record = await api.send("POST", path, {
      data: { country, entryDate: "2024-01-05", visaType: "Tourist" },
    });
    expect(record.status).toBe(201);
    expect(record.body).toMatchObject({ version: 1, data: { country, entryDate: "2024-01-05" } });
  }
  const invalid = await api.send("POST", path, { data: { country: "Laos", entryDate: "soon" } });
  expect(invalid.status).toBe(422);
  expect(JSON.stringify(invalid.body.errors)).toContain("entryDate");
  const page = await api.get(`${path}?limit=2&sort=country`);
  const items = page.body.items as { id: string; data: { country: string } }[];
  expect(items.map((i) => i.data.country)).toEqual(["Chile", "Laos"]);
  const rest = await api.get(
    `${path}?limit=2&sort=country&cursor=${encodeURIComponent(String(page.body.nextCursor))}`,
  );
  expect((rest.body.items as typeof items).map((i) => i.data.country)).toEqual(["Peru"]);
  const target = `${path}/${items[0]!.id}`;
  const changed = await api.send("PATCH", target, { data: { notes: "south" } }, { "if-match": '"1"' });
  expect(changed.body).toMatchObject({ version: 2, data: { country: "Chile", notes: "south" } });
  expect((await api.send("PATCH", target, { data: { notes: "x" } }, { "if-match": '"1"' })).status).toBe(412);
  expect((await api.send("DELETE", target, undefined, { "if-match": '"2"' })).status).toBe(204);
  expect((await api.get(`/api/v1/collections/${id}`)).body.recordCount).toBe(2);
  const stranger = await newAccount(request);
  expect((await stranger.get(`/api/v1/collections/${id}`)).status).toBe(404);
});

test("an import by upload: counts, failed rows, undo, and the same again", async ({ request }) => {
  const api = await newAccount(request);
  const csv = Buffer.from(
    `${HEADER}Viet Nam,2024-01-05,current,Tourist,30,Germany,,"a, b"\nPeru,2024-13-45,,Tourist,,,,\n`,
  );
  const uploadId = await uploadFile(request, api, "trips.csv", csv);
  const body = { uploadId, newCollection: { name: "Trips", template: "trips" } };
  const key = { "idempotency-key": "one-import", prefer: "wait=60" };
  const done = await api.send("POST", "/api/v1/imports", body, key);
  expect(done.status).toBe(200);
  expect(done.body).toMatchObject({
    state: "completed_with_errors",
    result: { summary: { totalRecords: 2, imported: 1, updated: 0, skipped: 0, failed: 1 } },
  });
  expect((await api.send("POST", "/api/v1/imports", body, key)).body.id).toBe(done.body.id);
  const id = String(done.body.id);
  const rows = await api.get(`/api/v1/imports/${id}/rows?status=invalid`);
  expect(rows.body.items).toMatchObject([
    { number: 2, errors: [{ field: "entryDate", value: "2024-13-45" }] },
  ]);
  const errors = await api.get(`/api/v1/imports/${id}/errors.csv`);
  expect(String(errors.body.text)).toContain("Peru,2024-13-45");
  const records = await api.get(`/api/v1/collections/${String(done.body.collectionId)}/records`);
  expect((records.body.items as { source: unknown }[])[0]!.source).toMatchObject({ kind: "import" });
  expect((await api.get(`/api/v1/imports/${id}/undo`)).body).toMatchObject({
    toRemove: 1,
    toRestore: 0,
    changedSince: [],
  });
  const undone = await api.send("POST", `/api/v1/imports/${id}/undo`, {}, { prefer: "wait=30" });
  expect(undone.status).toBe(200);
  expect((await api.get(`/api/v1/collections/${String(done.body.collectionId)}`)).status).toBe(404);
});

test("multipart imports: 200 with the result, 409 with the conflicts, 422 in strict mode", async ({
  request,
}) => {
  const api = await newAccount(request);
  const send = async (csv: string, options: unknown) => {
    const response = await request.post("/api/v1/imports", {
      headers: { authorization: `Bearer ${api.token}`, prefer: "wait=60" },
      multipart: {
        file: { name: "trips.csv", mimeType: "text/csv", buffer: Buffer.from(csv) },
        options: JSON.stringify(options),
      },
      timeout: 90_000,
    });
    return { status: response.status(), body: (await response.json()) as Record<string, unknown> };
  };
  const first = await send(`${HEADER}Laos,2024-01-05,,Tourist,30,,,\n`, {
    newCollection: { name: "Trips", template: "trips" },
  });
  expect(first.status).toBe(200);
  const collectionId = String(first.body.collectionId);
  // Changed by hand as well as in the file: what only the file changes needs no decision.
  const records = `/api/v1/collections/${collectionId}/records`;
  const [record] = (await api.get(records)).body.items as { id: string }[];
  const edited = await api.send("PATCH", `${records}/${record!.id}`, { data: { maxDays: 45 } });
  expect(edited.status).toBe(200);
  const clash = await send(`${HEADER}Laos,2024-01-05,,Tourist,60,,,\n`, { collectionId });
  expect(clash.status).toBe(409);
  expect(clash.body.conflicts).toMatchObject([{ incoming: { maxDays: 60 }, differingFields: ["maxDays"] }]);
  const resolved = await api.send(
    "POST",
    `/api/v1/imports/${String(clash.body.id)}/resolve`,
    { globalStrategy: "overwrite" },
    { prefer: "wait=60" },
  );
  expect(resolved.status).toBe(200);
  expect(resolved.body).toMatchObject({ result: { summary: { updated: 1 } } });
  const strict = await send(`${HEADER}Peru,never,,Tourist,,,,\n`, {
    collectionId,
    options: { validation: { strict: true } },
  });
  expect(strict.status).toBe(422);
  expect(strict.body.errors).toMatchObject([{ row: 1, path: "entryDate" }]);
});

test("exports: JSON comes back as unchanged, CSV is guarded, downloads honour Range", async ({ request }) => {
  const api = await newAccount(request);
  const csv = Buffer.from("Ref,Text\n1,=1+1\n2,plain\n");
  const uploadId = await uploadFile(request, api, "table.csv", csv);
  const wait = { prefer: "wait=60" };
  const imported = await api.send(
    "POST",
    "/api/v1/imports",
    { uploadId, newCollection: { name: "Table" } },
    wait,
  );
  expect(imported.status).toBe(200);
  const collectionId = String(imported.body.collectionId);
  const download = async (format: string, headers: Record<string, string> = {}) => {
    const made = await api.send("POST", "/api/v1/exports", { format, collections: [collectionId] }, wait);
    expect(made.status).toBe(200);
    return await api.get(`/api/v1/exports/${String(made.body.id)}/download`, headers);
  };
  expect(String((await download("csv")).body.text)).toContain("'=1+1");
  const part = await download("csv", { range: "bytes=0-2" });
  expect(part.status).toBe(206);
  expect(part.body.text).toBe("Ref");
  const json = (await download("json")).body;
  const again = await uploadFile(request, api, "export.json", Buffer.from(JSON.stringify(json)));
  const back = await api.send("POST", "/api/v1/imports", { uploadId: again, collectionId }, wait);
  expect(back.body).toMatchObject({
    result: { summary: { totalRecords: 2, imported: 0, updated: 0, unchanged: 2 } },
  });
});

test("a job's events are numbered without a gap and come again from Last-Event-ID", async ({
  request,
  baseURL,
}) => {
  const api = await newAccount(request);
  const lines = Array.from({ length: 30_000 }, (_, i) => `Japan,2024-02-01,,Visa ${i},,,,\n`).join("");
  const uploadId = await uploadFile(request, api, "trips.csv", Buffer.from(HEADER + lines));
  const started = await api.send("POST", "/api/v1/imports", {
    uploadId,
    newCollection: { name: "Trips", template: "trips" },
  });
  expect(started.status).toBe(202);
  expect(started.headers.location).toBe(`/api/v1/imports/${String(started.body.id)}`);
  const events = async (lastEventId: string) => {
    const response = await fetch(`${baseURL}/api/v1/jobs/${String(started.body.jobId)}/events`, {
      headers: {
        authorization: `Bearer ${api.token}`,
        "last-event-id": lastEventId,
      },
      signal: AbortSignal.timeout(60_000),
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    // The stream ends with the job.
    const blocks = (await response.text()).split("\n\n");
    return blocks.flatMap((block) => {
      const id = /^id: ?(\d+)$/m.exec(block)?.[1];
      const event = /^event: ?(\w+)$/m.exec(block)?.[1];
      return event && event !== "connected" && id ? [{ id: Number(id), event }] : [];
    });
  };
  const all = await events("0");
  expect(all.map((e) => e.id)).toEqual(all.map((_, i) => i + 1));
  expect(all.at(-1)!.event).toBe("completed");
  expect(await events("2")).toEqual(all.slice(2));
  const job = await api.get(`/api/v1/jobs/${String(started.body.jobId)}`);
  expect(job.body).toMatchObject({
    state: "completed",
    percentage: 100,
    counts: { succeeded: 30_000, failed: 0 },
  });
});
