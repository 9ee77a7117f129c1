import { expect, type APIRequestContext } from "@playwright/test";
import { csvFile } from "./import-wizard";

const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };

export interface StoredRecord {
  id: string;
  version: number;
  data: Record<string, string | number | boolean>;
}

interface ImportRequest {
  fileName: string;
  csv: string;
  /** A new collection of trips when left out. */
  collectionId?: string;
  options?: object;
}

/** Imports a file over the API, with the page's session, and waits until it is done or needs a decision. */
export async function importFile(
  request: APIRequestContext,
  { fileName, csv, collectionId, options = {} }: ImportRequest,
): Promise<{ id: string; collectionId: string }> {
  const target = collectionId ? { collectionId } : { newCollection: { name: "Trips", template: "trips" } };
  const answer = await request.post("/api/v1/imports", {
    headers: { ...SAME_ORIGIN, prefer: "wait=60" },
    multipart: { file: csvFile(fileName, csv), options: JSON.stringify({ ...target, options }) },
    timeout: 90_000,
  });
  expect([200, 409]).toContain(answer.status());
  return (await answer.json()) as { id: string; collectionId: string };
}

/** The records of a collection by the text of one field. */
export async function recordsBy(
  request: APIRequestContext,
  collectionId: string,
  field: string,
): Promise<Map<string, StoredRecord>> {
  const answer = await request.get(`/api/v1/collections/${collectionId}/records?limit=100`);
  const { items } = (await answer.json()) as { items: StoredRecord[] };
  return new Map(items.map((record) => [String(record.data[field]), record]));
}

/** Changes a record by hand. */
export async function editRecord(
  request: APIRequestContext,
  collectionId: string,
  record: StoredRecord,
  data: object,
): Promise<void> {
  const answer = await request.patch(`/api/v1/collections/${collectionId}/records/${record.id}`, {
    headers: { ...SAME_ORIGIN, "if-match": `"${record.version}"` },
    data: { data },
  });
  expect(answer.status()).toBe(200);
}
