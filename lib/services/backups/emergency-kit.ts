import type { EmergencyKit } from "@/lib/contracts/backup-keys";
import { env } from "@/lib/platform/env";
import { confirmPassword } from "@/lib/services/accounts/confirm-password";
import { keptKeys, presentKey } from "@/lib/services/backups/keys";
import { listKeys } from "@/lib/services/backups/list-keys";
import type { ServiceContext } from "@/lib/services/context";

/**
 * Everything that opens the user's server-encrypted backups without Ferry: the keys with their secret halves. Made for
 * somebody who has no backup yet as well, so that the kit can be printed first.
 * @throws ForbiddenError `wrong-password`
 * @throws TooManyRequestsError after too many wrong ones, counted together with failed sign-ins
 */
export async function openEmergencyKit(
  ctx: ServiceContext,
  given: { password: string; ip: string },
): Promise<EmergencyKit> {
  const { email } = await confirmPassword(ctx, given);
  await presentKey(ctx, ctx.ownerId);
  const identities = new Map((await keptKeys(ctx, ctx.ownerId)).map((key) => [key.id, key.identity]));
  const { items } = await listKeys(ctx);
  ctx.log.info({ ownerId: ctx.ownerId, keys: identities.size }, "the emergency kit of backups was opened");
  return {
    email,
    address: env().APP_URL,
    madeAt: ctx.now().toISOString(),
    keys: items.flatMap((key) => {
      const identity = identities.get(key.id);
      return identity === undefined ? [] : [{ ...key, identity }];
    }),
  };
}
