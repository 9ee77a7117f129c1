import { expect, type APIRequestContext, type Locator, type Page } from "@playwright/test";

const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };

/** The pages of backups, in a person's words. */
export class BackupsPage {
  readonly list: Locator;

  constructor(readonly page: Page) {
    this.list = page.getByRole("list", { name: "Backups", exact: true });
  }

  async open(): Promise<void> {
    await this.page.goto("/backups");
    await expect(this.page.getByRole("heading", { name: "Backups", level: 1 })).toBeVisible();
    await expect(this.page.getByRole("status", { name: "Loading…" })).toHaveCount(0);
  }

  /** The newest backup in the list. */
  newest(): Locator {
    return this.list.getByRole("listitem", { name: /backup of/ }).first();
  }

  async choose(action: "Verify" | "Delete", backup: Locator): Promise<Locator> {
    await backup.getByRole("button", { name: /^More about/ }).click();
    await this.page.getByRole("menuitem", { name: action }).click();
    return this.page.getByRole("dialog");
  }
}

/** Makes a backup over the API, with the page's session, and waits until it is there. */
export async function makeBackup(request: APIRequestContext, body: object = {}): Promise<{ id: string }> {
  const headers = { ...SAME_ORIGIN, prefer: "wait=60" };
  const made = await request.post("/api/v1/backups", { headers, data: body, timeout: 90_000 });
  expect(made.status(), await made.text()).toBe(200);
  return (await made.json()) as { id: string };
}

export interface Guest {
  id: string;
  version: number;
  data: { name: string; city?: string };
}

/** A collection of guests; answers its id and the records as they are then. */
export async function inviteGuests(
  request: APIRequestContext,
  names: readonly string[],
): Promise<{ id: string; guests: Guest[] }> {
  const fields = [
    { name: "name", type: "text", required: true },
    { name: "city", type: "text" },
  ];
  const made = await request.post("/api/v1/collections", {
    headers: SAME_ORIGIN,
    data: { name: "Guests", fields },
  });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  for (const name of names) await addGuest(request, id, { name, city: "Rome" });
  return { id, guests: await guestsOf(request, id) };
}

export async function addGuest(
  request: APIRequestContext,
  collectionId: string,
  data: Guest["data"],
): Promise<void> {
  const path = `/api/v1/collections/${collectionId}/records`;
  const added = await request.post(path, { headers: SAME_ORIGIN, data: { data } });
  expect(added.status()).toBe(201);
}

export async function guestsOf(request: APIRequestContext, collectionId: string): Promise<Guest[]> {
  const answer = await request.get(`/api/v1/collections/${collectionId}/records?limit=100`);
  expect(answer.status()).toBe(200);
  return ((await answer.json()) as { items: Guest[] }).items;
}

/** Changes or, without data, deletes a guest. */
export async function changeGuest(
  request: APIRequestContext,
  collectionId: string,
  guest: Guest,
  data?: Partial<Guest["data"]>,
): Promise<void> {
  const path = `/api/v1/collections/${collectionId}/records/${guest.id}`;
  const headers = { ...SAME_ORIGIN, "if-match": `"${guest.version}"` };
  const answer = data
    ? await request.patch(path, { headers, data: { data } })
    : await request.delete(path, { headers });
  expect([200, 204]).toContain(answer.status());
}

/** Restores everything that a backup holds, over the API, and waits for the end; answers the restore's id. */
export async function restoreAll(request: APIRequestContext, backupId: string): Promise<string> {
  const headers = { ...SAME_ORIGIN, prefer: "wait=60" };
  const data = { waitSeconds: 60 };
  const planned = await request.post(`/api/v1/backups/${backupId}/preview`, {
    headers: SAME_ORIGIN,
    data,
    timeout: 90_000,
  });
  expect(planned.status(), await planned.text()).toBe(200);
  const { planId } = (await planned.json()) as { planId: string };
  const body = { headers, data: { planId }, timeout: 90_000 };
  const done = await request.post(`/api/v1/backups/${backupId}/restore`, body);
  expect(done.status(), await done.text()).toBe(200);
  return planId;
}
