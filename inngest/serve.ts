import { serve } from "inngest/next";
import { inngest, transport } from "./client";
import { functions } from "./functions";

type Handlers = ReturnType<typeof serve>;

/**
 * The handlers of the public route. An Inngest server signs its calls; while the embedded engine runs the functions
 * nobody has reason to call, and the route must not run a function for whoever does.
 */
export function serveFunctions(): Pick<Handlers, "GET" | "POST" | "PUT"> {
  if (!transport) return serve({ client: inngest, functions });
  const absent = () => Promise.resolve(new Response(null, { status: 404 }));
  return { GET: absent, POST: absent, PUT: absent };
}
