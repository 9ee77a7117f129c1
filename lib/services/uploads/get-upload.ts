import { findUploadWithParts } from "@/db/queries/uploads";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { viewWithIncoming } from "@/lib/services/uploads/incoming";
import type { UploadView } from "@/lib/services/uploads/parts";

export async function getUpload(ctx: ServiceContext, id: string): Promise<UploadView> {
  const found = await findUploadWithParts(ctx.db, id, ctx.ownerId);
  if (!found) throw new NotFoundError("upload");
  return viewWithIncoming(ctx, found);
}
