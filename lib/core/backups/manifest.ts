import { BackupProblem, damaged } from "./errors";
import { isMoment } from "./moments";
import { isRecordOf, isText, isUuidText, isWhole } from "./shapes";

/** The newest format that this version writes and reads; every older one is read as well. */
export const BACKUP_FORMAT_VERSION = 2;
/** Since this one a backup holds the account's categories besides its collections. */
const FIRST_WITH_CATEGORIES = 2;
export const OPENING_NAME = "ferry-backup.json";
export const MANIFEST_NAME = "manifest.json";
const FORMAT = "ferry-backup";

export type BackupKind = "full" | "incremental";

/** Data of the account besides its collections, in the order of the file. */
export const BACKUP_CATEGORIES = ["preferences", "notifications", "analytics"] as const;
export type BackupCategory = (typeof BACKUP_CATEGORIES)[number];

const COLLECTION_KINDS = ["collections", "records", "deletions"] as const;
export const PART_KINDS = [...COLLECTION_KINDS, ...BACKUP_CATEGORIES] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** What a backup goes on from: the state it was made after. */
export interface BackupParent {
  backupId: string;
  /** SHA-256 of its manifest, hex: a chain names its members by content. */
  manifestSha256: string;
}

/** The first thing in a backup: what it is. */
export interface BackupOpening {
  format: typeof FORMAT;
  formatVersion: number;
  backupId: string;
  ownerId: string;
  kind: BackupKind;
  /** Null in a full one. */
  parent: BackupParent | null;
  /** The moment whose state it holds, ISO 8601 UTC. */
  snapshotAt: string;
  app: { name: "Ferry"; version: string };
}

/** A part as the manifest lists it, in the order of the file. */
export interface ManifestPart {
  name: string;
  kind: PartKind;
  /** Of a part with records: all are of this collection. */
  collectionId?: string;
  /** Lines. */
  count: number;
  sizeBytes: number;
  /** Hex. */
  sha256: string;
}

/** What a collection holds after this backup and those before it in its chain. */
export interface ManifestCollection {
  id: string;
  recordCount: number;
  /** XOR of a 64-bit hash of every record, as the database that made it counts them; compares states, proves nothing. */
  fingerprint: string;
}

/** What a category holds in this backup: whole in each of a chain. */
export interface ManifestCategory {
  category: BackupCategory;
  count: number;
  /** XOR of a 64-bit hash of every entry, as that of a collection. */
  fingerprint: string;
}

/** Lines of each kind. Those of the categories are there in every backup that holds categories, be they none. */
export type BackupCounts = Record<(typeof COLLECTION_KINDS)[number], number> &
  Partial<Record<BackupCategory, number>>;

/** The last thing in a backup: what there must have been before it. */
export interface BackupManifest extends BackupOpening {
  counts: BackupCounts;
  collections: ManifestCollection[];
  /** All of them; left out in format 1. */
  categories?: ManifestCategory[];
  parts: ManifestPart[];
}

export function newOpening(
  of: Pick<BackupOpening, "backupId" | "ownerId" | "kind" | "parent" | "snapshotAt"> & { appVersion: string },
): BackupOpening {
  const { appVersion, ...rest } = of;
  return {
    format: FORMAT,
    formatVersion: BACKUP_FORMAT_VERSION,
    ...rest,
    app: { name: "Ferry", version: appVersion },
  };
}

/** Whether backups of this format hold the account's categories. */
export function holdsCategories({ formatVersion }: Pick<BackupOpening, "formatVersion">): boolean {
  return formatVersion >= FIRST_WITH_CATEGORIES;
}

/** The kinds of parts that there can be in backups of this format. */
export function kindsOf(opening: Pick<BackupOpening, "formatVersion">): readonly PartKind[] {
  return holdsCategories(opening) ? PART_KINDS : COLLECTION_KINDS;
}

/** @throws BackupProblem when this is no opening, or of a format that is not known yet */
export function parseOpening(bytes: Uint8Array): BackupOpening {
  const json = parseJson(bytes, OPENING_NAME);
  if (!isRecordOf(json, { format: (v) => v === FORMAT, formatVersion: isWhole })) {
    throw new BackupProblem("not-a-backup", "This file is not a backup that Ferry made.");
  }
  if ((json.formatVersion as number) > BACKUP_FORMAT_VERSION) {
    throw new BackupProblem(
      "newer-format",
      `This backup was made by a newer Ferry (format ${String(json.formatVersion)}; this one reads up to ` +
        `${BACKUP_FORMAT_VERSION}). Update Ferry, then try again.`,
    );
  }
  if (!isOpening(json)) throw damaged("its opening is not complete");
  return json;
}

/** @throws BackupProblem when it is not a manifest */
export function parseManifest(bytes: Uint8Array): BackupManifest {
  const kinds = kindsOf(parseOpening(bytes));
  const json = parseJson(bytes, MANIFEST_NAME);
  const complete =
    isRecordOf(json, {
      counts: (v) => isRecordOf(v, Object.fromEntries(kinds.map((kind) => [kind, isWhole]))),
      collections: (v) => Array.isArray(v) && v.every(isManifestCollection),
      categories: (v) => isCategories(v, kinds),
      parts: (v) => Array.isArray(v) && v.every(isPart),
    }) && isOpening(json);
  if (!complete) throw damaged("its manifest is not complete");
  return json as unknown as BackupManifest;
}

function isOpening(json: unknown): json is BackupOpening {
  return (
    isRecordOf(json, {
      backupId: isUuidText,
      ownerId: isUuidText,
      kind: (v) => v === "full" || v === "incremental",
      parent: (v) => v === null || isRecordOf(v, { backupId: isUuidText, manifestSha256: isSha256 }),
      snapshotAt: isMoment,
      app: (v) => isRecordOf(v, { name: isText, version: isText }),
    }) && (json.kind === "full") === (json.parent === null)
  );
}

function isManifestCollection(json: unknown): boolean {
  return isRecordOf(json, { id: isUuidText, recordCount: isWhole, fingerprint: isText });
}

/** Each category that there can be, once. */
function isCategories(json: unknown, kinds: readonly PartKind[]): boolean {
  const expected = BACKUP_CATEGORIES.filter((category) => kinds.includes(category));
  if (expected.length === 0) return json === undefined;
  return (
    Array.isArray(json) &&
    json.length === expected.length &&
    expected.every((category, at) =>
      isRecordOf(json[at], { category: (v) => v === category, count: isWhole, fingerprint: isText }),
    )
  );
}

function isPart(json: unknown): boolean {
  return isRecordOf(json, {
    name: isText,
    kind: (v) => PART_KINDS.some((kind) => kind === v),
    count: isWhole,
    sizeBytes: isWhole,
    sha256: isSha256,
    collectionId: (v) => v === undefined || isUuidText(v),
  });
}

const isSha256 = (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw damaged(`its ${name} is not JSON`);
  }
}
