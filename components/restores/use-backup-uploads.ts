import { useEffect, useRef, useState } from "react";
import { newIdempotencyKey } from "@/components/api";
import { Uploader } from "@/components/uploads/uploader";

/** A backup file on its way to the server. */
export interface BackupUpload {
  id: string;
  name: string;
  sizeBytes: number;
  sentBytes: number;
  /** Set once the server has all of it. */
  uploadId?: string;
  /** Why it cannot be used or sent. */
  message?: string;
}

const AGE_MAGIC = "age-encryption.org/v1";

/** Sends backup files as uploads are sent everywhere, in parts; what is no backup is refused before a byte is sent. */
export function useBackupUploads() {
  const [files, setFiles] = useState<BackupUpload[]>([]);
  const uploader = useRef<Uploader | null>(null);
  /** The uploader's id of a file → ours. */
  const ids = useRef(new Map<string, string>());

  const change = (id: string | undefined, part: Partial<BackupUpload>) =>
    setFiles((now) => now.map((file) => (file.id === id ? { ...file, ...part } : file)));

  useEffect(() => {
    const known = ids.current;
    const created = new Uploader({
      onProgress: (fileId, sentBytes) => change(known.get(fileId), { sentBytes }),
      onComplete: (fileId, upload) => change(known.get(fileId), { uploadId: upload.id }),
      onError: (fileId, message) => change(known.get(fileId), { message }),
      onResumed: () => undefined,
    });
    uploader.current = created;
    return () => created.destroy();
  }, []);

  async function addOne(file: File) {
    const id = newIdempotencyKey();
    setFiles((now) => [...now, { id, name: file.name, sizeBytes: file.size, sentBytes: 0 }]);
    const refusal = await reasonToRefuse(file);
    if (refusal !== null) return change(id, { message: refusal });
    try {
      const fileId = uploader.current?.add(file);
      if (fileId !== undefined) ids.current.set(fileId, id);
    } catch {
      change(id, { message: "This file is in the list already." });
    }
  }

  return {
    files,
    add: (chosen: readonly File[]) => chosen.forEach((file) => void addOne(file)),
    remove: (id: string) => {
      const fileId = [...ids.current].find(([, own]) => own === id)?.[0];
      if (fileId !== undefined) uploader.current?.cancel(fileId);
      setFiles((now) => now.filter((file) => file.id !== id));
    },
  };
}

/** Why a file can be no backup, in words, by its first bytes; null when it may be one. */
async function reasonToRefuse(file: File): Promise<string | null> {
  try {
    const head = await file.slice(0, AGE_MAGIC.length).text();
    if (head === AGE_MAGIC) return null;
    if (head.startsWith("-----BEGIN AGE"))
      return "This is an armored age file. Ferry’s backups are binary ones.";
    return "This is not a backup of Ferry: those are encrypted files that end in .tar.gz.age.";
  } catch {
    return "This cannot be read: it may be a folder, or have been moved since it was chosen.";
  }
}
