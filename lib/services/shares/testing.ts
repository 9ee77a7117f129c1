import { findExport } from "@/db/queries/exports";
import { CreateExportBody } from "@/lib/contracts/exports";
import { CreateShareBody, type CreateShareInput, type NewShare } from "@/lib/contracts/shares";
import type { ServiceContext } from "@/lib/services/context";
import { createExport } from "@/lib/services/exports/create-export";
import { runExport } from "@/lib/services/exports/run-export";
import { createShare } from "@/lib/services/shares/create-share";

/** A finished export; of nothing in particular unless told otherwise. */
export async function finishedExport(ctx: ServiceContext, request: object = {}): Promise<string> {
  const { id } = await createExport(ctx, CreateExportBody.parse({ format: "json", ...request }));
  await runExport(ctx, id);
  const row = await findExport(ctx.db.sql, id);
  if (row?.state !== "completed") throw new Error(`the export is ${row?.state}`);
  return id;
}

/** A new link, with its token. */
export async function shareOf(
  ctx: ServiceContext,
  exportId: string,
  input: CreateShareInput = {},
): Promise<NewShare & { token: string }> {
  const made = await createShare(ctx, exportId, CreateShareBody.parse(input));
  return { ...made, token: made.url.replace("/s/", "") };
}
