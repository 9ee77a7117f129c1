import { findUserByEmail, insertUser, markAsDemo, updatePasswordHash } from "@/db/queries/accounts";
import { insertCollection } from "@/db/queries/collections";
import { TRIPS } from "@/lib/core/templates/trips";
import { newId } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import { hashPassword, passwordMatches } from "./password";

/**
 * The account a newcomer tries Ferry with: made with an empty Trips collection if it is missing, otherwise only its
 * password is set to the one given. Safe to call at every start.
 */
export async function ensureDemoAccount(
  ctx: Pick<SystemContext, "db">,
  input: { email: string; password: string },
): Promise<{ created: boolean }> {
  const { orm } = ctx.db;
  const present = await findUserByEmail(orm, input.email);
  if (present && !present.isDemo) await markAsDemo(orm, present.id);
  if (present && (await passwordMatches(present.passwordHash, input.password))) return { created: false };
  const passwordHash = await hashPassword(input.password);
  if (present) {
    await updatePasswordHash(orm, present.id, passwordHash);
    return { created: false };
  }
  return orm.transaction(async (tx) => {
    const account = { id: newId(), email: input.email, name: "Demo", passwordHash, isDemo: true };
    const user = await insertUser(tx, account);
    if (!user) return { created: false };
    const { id: template, fields, keyFields } = TRIPS;
    await insertCollection(tx, {
      id: newId(),
      ownerId: user.id,
      name: "My trips",
      template,
      fields,
      keyFields,
    });
    return { created: true };
  });
}
