import { describe, expect, it } from "vitest";
import { readFileForm } from "@/lib/http/multipart";
import { collect } from "@/lib/storage/testing";

const KIB = 1024;

function formRequest(file: Buffer, options?: string): Request {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(file)]), "tríps.csv");
  if (options !== undefined) form.set("options", options);
  return new Request("http://localhost/imports", { method: "POST", body: form });
}

const read = (request: Request, bytesMax = 512 * KIB) =>
  readFileForm(request, bytesMax, async ({ name, body }) => ({ name, bytes: await collect(body) }));

describe("a form with a file", () => {
  it("hands on the file and the options", async () => {
    const content = Buffer.alloc(300 * KIB, "a,b\n");
    const { file, options } = await read(formRequest(content, '{"collectionId":"x"}'));
    expect([file.name, file.bytes.equals(content), options]).toEqual([
      "tríps.csv",
      true,
      { collectionId: "x" },
    ]);
  });

  it("is answered, not left hanging, when the file is far too large", async () => {
    const request = formRequest(Buffer.alloc(4_000 * KIB, "a,b\n"), "{}");
    await expect(read(request)).rejects.toMatchObject({ status: 413, code: "file-too-large" });
  });

  it("is answered when the file is refused in its middle", async () => {
    const refuse = readFileForm(
      formRequest(Buffer.alloc(4_000 * KIB, "x"), "{}"),
      8_000 * KIB,
      async ({ body }) => {
        for await (const _ of body) throw new Error("no more");
      },
    );
    await expect(refuse).rejects.toThrow("no more");
  });

  it("is refused when the options are not JSON", async () => {
    await expect(read(formRequest(Buffer.from("a"), "{"))).rejects.toMatchObject({ status: 422 });
  });
});
