import { storedUse } from "@/db/queries/storage-use";
import type { StorageInfo } from "@/lib/contracts/storage";
import { env } from "@/lib/platform/env";
import type { ServiceContext } from "@/lib/services/context";

/** Where files rest, and how much of it is the user's. */
export async function describeStorage(ctx: ServiceContext): Promise<StorageInfo> {
  return {
    kind: /^s3:/i.test(env().storageUrl) ? "s3" : "disk",
    directUploads: ctx.storage.incoming !== undefined,
    use: await storedUse(ctx.db.sql, ctx.ownerId),
  };
}
