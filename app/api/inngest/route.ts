import { serveFunctions } from "@/inngest/serve";

/** Functions for an Inngest server; 404 while the embedded engine runs them. */
export const { GET, POST, PUT } = serveFunctions();
export const dynamic = "force-dynamic";
