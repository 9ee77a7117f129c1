import type { z } from "zod";
import { authenticate } from "@/lib/auth/authenticate";
import { systemContext } from "@/lib/composition/context";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import { AppError, ValidationError } from "@/lib/platform/errors";
import { bodyOf, lengthOf } from "./body";
import { withIdempotency } from "./idempotency";
import { problemResponse } from "./problem";

type Schema = z.ZodType | undefined;
type Output<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;
interface NextRouteArgs {
  params: Promise<Record<string, string | string[] | undefined>>;
}

interface Definition<P extends Schema, Q extends Schema, B extends Schema> {
  params?: P;
  query?: Q;
  body?: B;
  /** Honour Idempotency-Key: for POSTs that start or create something. */
  idempotent?: boolean;
  /** The route also takes multipart/form-data: `body` is then not read, and the handler reads the request itself. */
  multipart?: boolean;
}

export interface RouteInput<P extends Schema, Q extends Schema, B extends Schema, C> {
  ctx: C;
  params: Output<P>;
  query: Output<Q>;
  body: Output<B>;
  request: Request;
}

type Answer = Response | object | null | undefined;
type Handler<P extends Schema, Q extends Schema, B extends Schema, C> = (
  input: RouteInput<P, Q, B, C>,
) => Promise<Answer> | Answer;

/**
 * A route of a signed-in user: authenticates, parses params, query and body, calls one verb, answers. A returned
 * object is sent as JSON with 200, null as 204; a Response goes out as it is. Errors become problem+json in one place.
 */
export function route<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(definition: Definition<P, Q, B>, handler: Handler<P, Q, B, ServiceContext>) {
  return async (request: Request, args: NextRouteArgs): Promise<Response> => {
    try {
      const { ownerId } = await authenticate(request);
      const ctx: ServiceContext = { ...systemContext(), ownerId };
      const run = async (body: unknown) => {
        const input = await parse(definition, request, args, body);
        return toResponse(await handler({ ...input, ctx, request }));
      };
      const body = await readBody(definition, request);
      if (definition.idempotent) return await withIdempotency(ctx, request, body, () => run(body));
      return await run(body);
    } catch (error) {
      return problemResponse(error, request);
    }
  };
}

/** A route that anybody may call: sign-up, tokens, health. */
export function publicRoute<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(definition: Definition<P, Q, B>, handler: Handler<P, Q, B, SystemContext>) {
  return async (request: Request, args: NextRouteArgs): Promise<Response> => {
    try {
      const body = await readBody(definition, request);
      const input = await parse(definition, request, args, body);
      return toResponse(await handler({ ...input, ctx: systemContext(), request }));
    } catch (error) {
      return problemResponse(error, request);
    }
  };
}

async function parse<P extends Schema, Q extends Schema, B extends Schema>(
  definition: Definition<P, Q, B>,
  request: Request,
  args: NextRouteArgs,
  body: unknown,
) {
  // A malformed id in the path names nothing: that is 404, not 422 (and it tells a stranger nothing).
  const params = definition.params?.safeParse(await args.params);
  if (params && !params.success) throw new AppError(404, "not-found", "There is nothing at this address.");
  const query = definition.query?.parse(Object.fromEntries(new URL(request.url).searchParams));
  return {
    params: params?.data as Output<P>,
    query: query as Output<Q>,
    body: (definition.multipart && isMultipart(request)
      ? undefined
      : definition.body?.parse(body)) as Output<B>,
  };
}

const JSON_BODY_BYTES_MAX = 10 * 1024 * 1024;

export function isMultipart(request: Request): boolean {
  return (request.headers.get("content-type") ?? "").toLowerCase().startsWith("multipart/form-data");
}

async function readBody(
  definition: { body?: Schema; multipart?: boolean },
  request: Request,
): Promise<unknown> {
  if (!definition.body || (definition.multipart && isMultipart(request))) return undefined;
  const text = await readText(request, JSON_BODY_BYTES_MAX);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ValidationError("The request body is not JSON.", undefined, "invalid-json");
  }
}

/** The body as text; refused at the first byte too many, also where its length was not announced. */
async function readText(request: Request, bytesMax: number): Promise<string> {
  const tooLarge = () => new AppError(413, "body-too-large", "A JSON body may hold at most 10 MB.");
  if ((lengthOf(request) ?? 0) > bytesMax) throw tooLarge();
  const decoder = new TextDecoder();
  let text = "";
  let sizeBytes = 0;
  for await (const chunk of bodyOf(request)) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > bytesMax) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function toResponse(answer: Answer): Response {
  if (answer instanceof Response) return answer;
  if (answer === null || answer === undefined) return new Response(null, { status: 204 });
  return json(answer);
}

/** JSON with a status and headers; nothing of a user's may be kept by a cache. */
export function json(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
