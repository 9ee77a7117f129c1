import { InngestCommHandler, type Inngest, type InngestFunction } from "inngest";
import { EMBEDDED_BASE_URL } from "./transport";
import type { CallBody, CallResponse } from "./protocol";

interface HandlerRequest {
  method: "POST" | "PUT";
  query: Record<string, string>;
  body?: CallBody;
}

/**
 * The SDK's handler, called in this process without sockets and without serializing requests. It does not check
 * signatures, and therefore must never be reachable from outside: the public route has a handler of its own.
 */
export function createHandler(client: Inngest.Any, functions: InngestFunction.Like[]) {
  const handler = new InngestCommHandler({
    frameworkName: "ferry-embedded",
    client,
    functions,
    skipSignatureValidation: true,
    handler: ({ method, query, body }: HandlerRequest) => ({
      body: () => body ?? "",
      headers: () => null,
      method: () => method,
      url: () => new URL(`/api/inngest?${new URLSearchParams(query)}`, EMBEDDED_BASE_URL),
      transformResponse: (response): CallResponse => ({
        status: response.status,
        headers: response.headers,
        body: response.body,
      }),
    }),
  }).createHandler();

  return {
    /** Make the SDK send the configuration of its functions to the transport. */
    register: async (): Promise<void> => {
      const response = await handler({ method: "PUT", query: {} });
      if (response.status !== 200) throw new Error(messageOf(response));
    },
    call: (functionId: string, stepId: string, body: CallBody): Promise<CallResponse> =>
      handler({ method: "POST", query: { fnId: functionId, stepId }, body }),
  };
}

function messageOf(response: CallResponse): string {
  const { message } = JSON.parse(response.body) as { message?: string };
  return message ?? `Registration was answered with status ${response.status}`;
}
