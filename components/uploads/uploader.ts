import AwsS3 from "@uppy/aws-s3";
import Uppy, { type Meta, type UppyFile } from "@uppy/core";
import { api, messageOf, ProblemError } from "@/components/api";
import type { CompletedUpload, Upload } from "@/lib/contracts/uploads";
import { forgetUpload, rememberedUpload, rememberUpload } from "./remembered";

/** Uppy cuts before the server is asked, so this must be the server's own part size. */
const PART_BYTES = 5 * 1024 * 1024;
const PARTS_AT_ONCE = 3;
const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000];

export interface UploaderEvents {
  onProgress: (id: string, sentBytes: number, allSent: boolean) => void;
  onComplete: (id: string, upload: CompletedUpload) => void;
  onError: (id: string, message: string) => void;
  onResumed: (id: string) => void;
}

/** What goes wrong is shown where the file stands; the console has no reader. */
const SILENT = { debug: () => undefined, warn: () => undefined, error: () => undefined };

type Answer = Record<string, unknown>;
type QueuedFile = UppyFile<Meta, Answer>;
interface MultipartState {
  s3Multipart?: { key: string; uploadId: string };
}

/** Sends files in signed parts, three at a time over all files, each part retried; an upload survives a reload. */
export class Uploader {
  private readonly uppy: Uppy<Meta, Answer>;
  /** Part URLs by upload id, from the answer that began or resumed it. */
  private readonly partUrls = new Map<string, Map<number, string>>();
  /** Files the person gave up: only for these is the upload removed from the server. */
  private readonly cancelled = new Set<string>();

  constructor(private readonly events: UploaderEvents) {
    this.uppy = new Uppy<Meta, Answer>({ autoProceed: false, logger: SILENT });
    this.uppy.use(AwsS3, {
      shouldUseMultipart: true,
      limit: PARTS_AT_ONCE,
      retryDelays: RETRY_DELAYS_MS,
      getChunkSize: () => PART_BYTES,
      createMultipartUpload: (file) => this.begin(file),
      signPart: (_file, { uploadId, partNumber }) => this.partUrl(uploadId, partNumber),
      listParts: (_file, { uploadId }) => this.listParts(uploadId ?? ""),
      completeMultipartUpload: (file, { uploadId, parts }) => this.complete(file, uploadId, parts),
      abortMultipartUpload: (file, { uploadId }) => this.abort(file, uploadId ?? ""),
    });
    this.listen();
  }

  /** Begins, or continues what an earlier visit of the page began. Answers the id of the file in this queue. */
  add(file: File): string {
    const id = this.uppy.addFile({ name: file.name, type: file.type, data: file });
    const earlier = rememberedUpload(file, Date.now());
    if (earlier) void this.resumeOrBegin(id, file, earlier.uploadId);
    else void this.uppy.upload();
    return id;
  }

  pauseOrResume(id: string): void {
    this.uppy.pauseResume(id);
  }

  retry(id: string): void {
    const file = this.uppy.getFile(id);
    const earlier = rememberedUpload(fileOf(file), Date.now());
    if (earlier) this.useUpload(id, earlier.uploadId);
    void this.uppy.retryUpload(id);
  }

  cancel(id: string): void {
    this.cancelled.add(id);
    const file = this.uppy.getFile(id) as QueuedFile | undefined;
    if (!file) return;
    forgetUpload(fileOf(file));
    this.uppy.removeFile(id);
  }

  destroy(): void {
    this.uppy.destroy();
  }

  private listen(): void {
    this.uppy.on("upload-progress", (file, progress) => {
      if (!file) return;
      const sent = typeof progress.bytesUploaded === "number" ? progress.bytesUploaded : 0;
      this.events.onProgress(file.id, sent, sent >= (file.size ?? 0));
    });
    this.uppy.on("upload-success", (file, response) => {
      if (!file) return;
      this.events.onComplete(file.id, response.body as unknown as CompletedUpload);
      this.uppy.removeFile(file.id);
    });
    this.uppy.on("upload-error", (file, error) => {
      if (file) this.events.onError(file.id, uploadMessage(error));
    });
  }

  private async resumeOrBegin(id: string, file: File, uploadId: string): Promise<void> {
    try {
      const state = await api<Upload>(`/api/v1/uploads/${uploadId}`);
      if (state.state !== "uploading") throw new ProblemError(409, "not-resumable", "");
      this.useUpload(id, uploadId);
      this.events.onResumed(id);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 0) {
        this.events.onError(id, error.message);
        return;
      }
      forgetUpload(file);
    }
    await this.uppy.upload();
  }

  /** Makes Uppy continue an existing upload instead of beginning one. */
  private useUpload(id: string, uploadId: string): void {
    const state: MultipartState = { s3Multipart: { key: uploadId, uploadId } };
    this.uppy.setFileState(id, state as Partial<QueuedFile>);
  }

  private async begin(file: QueuedFile): Promise<{ uploadId: string; key: string }> {
    const body = { name: file.name, size: file.size ?? 0, ...(file.type ? { type: file.type } : {}) };
    const begun = await api<Upload>("/api/v1/uploads", { body });
    if (begun.partSize !== PART_BYTES)
      throw new ProblemError(409, "part-size", "This page is out of date. Reload it.");
    this.keepUrls(begun);
    rememberUpload(fileOf(file), begun.id, begun.expiresAt);
    return { uploadId: begun.id, key: begun.id };
  }

  private async partUrl(uploadId: string, partNumber: number): Promise<{ method: "PUT"; url: string }> {
    const url = this.partUrls.get(uploadId)?.get(partNumber) ?? (await this.reload(uploadId)).get(partNumber);
    if (url === undefined)
      throw new ProblemError(409, "no-such-part", "The upload does not fit this file. Start it again.");
    return { method: "PUT", url };
  }

  private async reload(uploadId: string): Promise<Map<number, string>> {
    return this.keepUrls(await api<Upload>(`/api/v1/uploads/${uploadId}`));
  }

  private keepUrls(upload: Upload): Map<number, string> {
    const urls = new Map(upload.parts.map((part) => [part.number, sameSite(part.url)]));
    this.partUrls.set(upload.id, urls);
    return urls;
  }

  private async listParts(uploadId: string) {
    const upload = await api<Upload>(`/api/v1/uploads/${uploadId}`);
    this.keepUrls(upload);
    return upload.uploadedParts.map((part) => ({
      PartNumber: part.number,
      Size: part.size,
      ETag: part.etag,
    }));
  }

  private async complete(
    file: QueuedFile,
    uploadId: string,
    parts: { PartNumber?: number; ETag?: string }[],
  ) {
    const body = { parts: parts.map((part) => ({ number: part.PartNumber, etag: part.ETag })) };
    this.events.onProgress(file.id, file.size ?? 0, true);
    const done = await api<CompletedUpload>(`/api/v1/uploads/${uploadId}/complete`, { body });
    forgetUpload(fileOf(file));
    this.partUrls.delete(uploadId);
    return done as unknown as { location?: string };
  }

  private async abort(file: QueuedFile, uploadId: string): Promise<void> {
    // Uppy also aborts after an error; then what was sent is kept, so that a second try continues.
    if (!this.cancelled.has(file.id)) return;
    await api<undefined>(`/api/v1/uploads/${uploadId}`, { method: "DELETE" });
  }
}

function fileOf(file: QueuedFile): Pick<File, "name" | "size" | "lastModified"> {
  const lastModified = file.data instanceof File ? file.data.lastModified : 0;
  return { name: file.name, size: file.size ?? 0, lastModified };
}

/**
 * A part address of Ferry itself is used on the site the page came from, whatever name the server knows itself by; one
 * of an object store stays as it is.
 */
function sameSite(url: string): string {
  const { pathname, search } = new URL(url, window.location.href);
  return pathname.startsWith("/api/v1/uploads/") ? pathname + search : url;
}

function uploadMessage(error: unknown): string {
  if (error instanceof ProblemError) return messageOf(error);
  const source = typeof error === "object" && error !== null && "source" in error ? error.source : undefined;
  if (source instanceof XMLHttpRequest && source.status > 0) return problemDetail(source.responseText);
  return "The connection was lost. What was sent is kept: try again to continue.";
}

function problemDetail(text: string): string {
  try {
    const body = JSON.parse(text) as { detail?: unknown };
    if (typeof body.detail === "string") return body.detail;
  } catch {
    // Not a problem of ours (a proxy's page): the general sentence serves better.
  }
  return "The server did not accept a part of the file. Try again to continue.";
}
