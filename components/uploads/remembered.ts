/** An upload that was begun in this browser and may be continued after a reload. */
export interface RememberedUpload {
  uploadId: string;
  name: string;
  sizeBytes: number;
  lastModified: number;
  expiresAt: string;
}

const PREFIX = "ferry:upload:";

type FileIdentity = Pick<File, "name" | "size" | "lastModified">;

function keyOf(file: FileIdentity): string {
  return `${PREFIX}${file.size}:${file.lastModified}:${file.name}`;
}

/** Storage may be full or forbidden; then a reload simply starts the upload anew. */
export function rememberUpload(file: FileIdentity, uploadId: string, expiresAt: string): void {
  const upload: RememberedUpload = {
    uploadId,
    name: file.name,
    sizeBytes: file.size,
    lastModified: file.lastModified,
    expiresAt,
  };
  try {
    localStorage.setItem(keyOf(file), JSON.stringify(upload));
  } catch {
    return;
  }
}

export function forgetUpload(file: FileIdentity): void {
  localStorage.removeItem(keyOf(file));
}

export function rememberedUpload(file: FileIdentity, now: number): RememberedUpload | undefined {
  return parse(localStorage.getItem(keyOf(file)), now);
}

/** All uploads that wait for their file, oldest entry first; those that have expired are dropped. */
export function rememberedUploads(now: number): RememberedUpload[] {
  const found: RememberedUpload[] = [];
  for (const key of Object.keys(localStorage).filter((k) => k.startsWith(PREFIX))) {
    const upload = parse(localStorage.getItem(key), now);
    if (upload) found.push(upload);
    else localStorage.removeItem(key);
  }
  return found;
}

function parse(text: string | null, now: number): RememberedUpload | undefined {
  if (text === null) return undefined;
  try {
    const upload = JSON.parse(text) as RememberedUpload;
    return new Date(upload.expiresAt).getTime() > now ? upload : undefined;
  } catch {
    return undefined;
  }
}
