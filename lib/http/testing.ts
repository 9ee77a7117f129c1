import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTestDatabase } from "@/db/testing";
import { systemContext } from "@/lib/composition/context";
import { newId } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import { issueTokens } from "@/lib/services/accounts/tokens";
import { signUp } from "@/lib/services/accounts/sign-up";

type Handler = (request: Request, args: { params: Promise<Record<string, string>> }) => Promise<Response>;

export interface TestUser {
  id: string;
  email: string;
  password: string;
  accessToken: string;
}

export interface CallOptions {
  method?: string;
  /** Path and query; the host is localhost:3000. */
  url?: string;
  params?: Record<string, string>;
  body?: unknown;
  as?: TestUser;
  headers?: Record<string, string>;
}

export interface TestApp {
  ctx: SystemContext;
  newUser(): Promise<TestUser>;
  stop(): Promise<void>;
}

/**
 * What routes need, for real: a database of their own, a store in a temporary folder, settings. For tests that call
 * route handlers; one per test file, before the first call.
 */
export async function startTestApp(settings: Record<string, string> = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), "ferry-test-"));
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    FERRY_DATA_DIR: dataDir,
    APP_SECRET: "a secret that only tests use, long enough",
    ...settings,
  });
  const ctx = systemContext();
  return {
    ctx,
    newUser: async () => {
      const email = `${newId()}@example.test`;
      const password = "correct horse battery";
      const { user } = await signUp(ctx, { email, password, ip: newId() });
      const tokens = await issueTokens(ctx.db.orm, { userId: user.id, familyId: newId(), now: ctx.now() });
      return { id: user.id, email, password, accessToken: tokens.accessToken };
    },
    stop: async () => {
      await ctx.db.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Calls a route handler as HTTP would. */
export function call(handler: Handler, options: CallOptions = {}): Promise<Response> {
  const { body, as: user, headers = {} } = options;
  const request = new Request(`http://localhost:3000${options.url ?? "/"}`, {
    method: options.method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(user && { authorization: `Bearer ${user.accessToken}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return handler(request, { params: Promise.resolve(options.params ?? {}) });
}
