import type { UserRow } from "@/db/queries/accounts";
import type { User } from "@/lib/contracts/accounts";

export function userView(row: UserRow): User {
  return { id: row.id, email: row.email, name: row.name, createdAt: row.createdAt.toISOString() };
}
