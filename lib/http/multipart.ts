import { Readable } from "node:stream";
import busboy from "busboy";
import { TooLargeError, ValidationError } from "@/lib/platform/errors";
import { bodyOf } from "./body";

const FIELD_BYTES_MAX = 1024 * 1024;

/**
 * Reads a form of one `file` and one JSON field `options`, in either order, handing the file on as it arrives.
 * @throws ValidationError when a part is missing, TooLargeError when the file passes `fileBytesMax`
 */
export async function readFileForm<T>(
  request: Request,
  fileBytesMax: number,
  onFile: (file: { name: string; body: AsyncIterable<Uint8Array> }) => Promise<T>,
): Promise<{ file: T; options: unknown }> {
  let form: busboy.Busboy;
  try {
    form = busboy({
      headers: Object.fromEntries(request.headers),
      defParamCharset: "utf8",
      limits: { files: 1, fields: 10, fieldSize: FIELD_BYTES_MAX, fileSize: fileBytesMax + 1 },
    });
  } catch {
    throw new ValidationError(
      "The form cannot be read: its Content-Type names no boundary.",
      undefined,
      "invalid-form",
    );
  }
  let file: Promise<T> | undefined;
  let options: unknown;
  const parsed = new Promise<void>((resolve, reject) => {
    form.on("file", (field, stream, { filename }) => {
      if (field !== "file" || file) {
        stream.resume();
        return;
      }
      const body = limited(stream, fileBytesMax);
      file = onFile({ name: filename || "file", body });
      // Its failure is reported below; the rest of the form is still read to its end.
      file.catch(() => stream.resume());
    });
    form.on("field", (field, value, { valueTruncated }) => {
      if (field !== "options") return;
      try {
        if (valueTruncated) throw new Error("too long");
        options = value.trim() === "" ? {} : JSON.parse(value);
      } catch {
        reject(
          new ValidationError("The form field “options” is not JSON.", [
            { path: "options", message: "not JSON" },
          ]),
        );
      }
    });
    form.on("close", resolve);
    form.on("error", () => reject(new ValidationError("The form breaks off.", undefined, "invalid-form")));
    Readable.from(bodyOf(request)).on("error", reject).pipe(form);
  });
  try {
    await parsed;
  } catch (error) {
    await file?.catch(() => undefined);
    throw error;
  }
  if (!file) {
    throw new ValidationError(
      "The form has no file.",
      [{ path: "file", message: "is missing" }],
      "file-missing",
    );
  }
  return { file: await file, options: options ?? {} };
}

async function* limited(stream: Readable, bytesMax: number): AsyncIterable<Uint8Array> {
  let bytes = 0;
  // Leaving the loop must not destroy the stream: the parser waits for ever for one that was destroyed.
  for await (const read of stream.iterator({ destroyOnReturn: false })) {
    const chunk = read as Uint8Array;
    bytes += chunk.byteLength;
    if (bytes > bytesMax) {
      throw new TooLargeError(
        "file-too-large",
        `A file sent with the form may have at most ${Math.round(bytesMax / 1024 / 1024)} MiB. Upload larger ones in parts.`,
      );
    }
    yield chunk;
  }
}
