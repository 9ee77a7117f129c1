import { z } from "zod";
import { NewPassword } from "@/lib/contracts/accounts";
import { Moment, pageQuery } from "@/lib/contracts/common";
import type { EXPORT_FORMATS } from "@/lib/contracts/exports";
import type { ShortStatement } from "@/lib/core/privacy/handling";

export const SHARE_HOURS = 7 * 24;
export const SHARE_HOURS_MAX = 90 * 24;
const DOWNLOADS_MAX = 10_000;

/** `POST /api/v1/exports/{id}/shares`: a link to the file for people without an account. */
export const CreateShareBody = z.object({
  /** The link ends with the file in any case. */
  expiresInHours: z.number().int().min(1).max(SHARE_HOURS_MAX).default(SHARE_HOURS),
  password: NewPassword.optional(),
  /** As many downloads may be begun; any number when left out. */
  downloadsMax: z.number().int().min(1).max(DOWNLOADS_MAX).optional(),
});
export type CreateShare = z.output<typeof CreateShareBody>;
export type CreateShareInput = z.input<typeof CreateShareBody>;

export const ShareShape = z.object({
  id: z.uuid(),
  exportId: z.uuid(),
  state: z.enum(["open", "expired", "used-up", "revoked"]),
  hasPassword: z.boolean(),
  downloadsMax: z.number().int().nullable(),
  /** Downloads that were begun; going on with one is not another. */
  downloadCount: z.number().int(),
  /** How often somebody saw what the link leads to. */
  openCount: z.number().int(),
  createdAt: Moment,
  expiresAt: Moment,
  lastAccessAt: Moment.nullable(),
  revokedAt: Moment.nullable(),
});
export type Share = z.output<typeof ShareShape>;

/** `url`, from the root of this Ferry on, is told this once: only a hash of its token is kept. */
export const NewShareShape = ShareShape.extend({ url: z.string() });
export type NewShare = z.output<typeof NewShareShape>;

export const ListSharesQuery = z.object(pageQuery({ max: 200, standard: 50 }));
export type ListShares = z.output<typeof ListSharesQuery>;

/** When a link was used, and how; nothing of who used it. The newest 500 of a link are kept. */
export const ShareAccessShape = z.object({
  id: z.uuid(),
  kind: z.enum(["opened", "downloaded", "wrong-password"]),
  at: Moment,
});
export type ShareAccess = z.output<typeof ShareAccessShape>;

/** `POST /api/v1/shares/open` and `…/downloads`: by whoever has the link. A token stands in no address of the API. */
export const EnterShareBody = z.object({
  token: z.string().max(200),
  password: z.string().min(1).max(1_000).optional(),
});
export type EnterShare = z.output<typeof EnterShareBody>;

/** The file behind a link, as whoever opened it sees it. */
export interface SharedFile {
  fileName: string;
  size: number;
  format: (typeof EXPORT_FORMATS)[number];
  /** When the link ends. */
  expiresAt: string;
  downloadsLeft: number | null;
  /** What the file says that it withholds; null when nothing was to be withheld. */
  privacy: ShortStatement | null;
}

/** What a link leads to; nothing of it before the password, where there is one. */
export type OpenedShare = { state: "password-needed" } | { state: "open"; file: SharedFile };

/** A download that was counted: its address is good for an hour, also for going on with it (`Range`). */
export interface SharedDownload {
  downloadUrl: string;
  expiresAt: string;
}

/** The signature of a counted download. */
export const SharedDownloadQuery = z.object({
  expires: z.string().max(20).optional(),
  signature: z.string().max(100).optional(),
});
