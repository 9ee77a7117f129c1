import { api, query } from "@/components/api";
import type { UploadTarget } from "@/components/uploads/store";
import type { Collection } from "@/lib/contracts/collections";
import { proposeTarget } from "./propose-target";

interface Uploaded {
  id: string;
  detected: { columns: string[] };
}

/** Makes the draft that the wizard works on, for where the person said the file goes, else for where it seems to fit. */
export async function createDraft(upload: Uploaded, fileName: string, target: UploadTarget): Promise<string> {
  const body = {
    uploadId: upload.id,
    ...(await chosenTarget(upload, fileName, target)),
    options: { autoStart: false },
  };
  return (await api<{ id: string }>("/api/v1/imports", { body })).id;
}

async function chosenTarget(upload: Uploaded, fileName: string, target: UploadTarget): Promise<object> {
  if (target.collectionId) return { collectionId: target.collectionId };
  if (target.newCollection) return { newCollection: target.newCollection };
  const page = await api<{ items: Collection[] }>(`/api/v1/collections${query({ limit: 1_000 })}`);
  return proposeTarget(fileName, upload.detected.columns, page.items);
}
