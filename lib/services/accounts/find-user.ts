import { findUser as findUserRow } from "@/db/queries/accounts";
import type { User } from "@/lib/contracts/accounts";
import type { SystemContext } from "@/lib/services/context";
import { userView } from "./view";

/** The account of that id, or undefined when it has been deleted. */
export async function findUser(ctx: SystemContext, userId: string): Promise<User | undefined> {
  const row = await findUserRow(ctx.db.orm, userId);
  return row && userView(row);
}
