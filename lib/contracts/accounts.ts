import { z } from "zod";
import { Moment } from "./common";

const EMAIL_CHARS_MAX = 254;

const Email = z.string().trim().max(EMAIL_CHARS_MAX).pipe(z.email("This is not an e-mail address."));

/** Length only: composition rules make passwords worse (NIST SP 800-63B, section 3.1.1.2). */
export const NewPassword = z
  .string()
  .min(8, "A password needs at least 8 characters.")
  .max(200, "A password may have at most 200 characters.");

export const SignUpBody = z.object({
  email: Email,
  password: NewPassword,
  name: z.string().trim().min(1).max(100).optional(),
});

/** Deliberately lax: a wrong password is answered by 401, whatever it looks like. */
export const TokenBody = z.object({
  email: z.string().trim().min(1).max(EMAIL_CHARS_MAX),
  password: z.string().min(1).max(1_000),
});

export const RefreshBody = z.object({ refreshToken: z.string().min(1).max(500) });

export const UserShape = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  createdAt: Moment,
});

/** `expiresIn`: seconds until the access token ends. The refresh token works once, within 7 days. */
export const TokensShape = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresIn: z.number().int(),
  tokenType: z.literal("Bearer"),
});

export type User = z.infer<typeof UserShape>;
export type Tokens = z.infer<typeof TokensShape>;
