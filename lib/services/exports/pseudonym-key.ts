import { createHmac } from "node:crypto";
import { derivedKey } from "@/lib/platform/env";

/** A user's own key of pseudonyms: no two users' pseudonyms are alike, and APP_SECRET stands behind all of them. */
export function pseudonymKey(ownerId: string): Buffer {
  return createHmac("sha256", derivedKey("pseudonym")).update(`user ${ownerId}`).digest();
}
