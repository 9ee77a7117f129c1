import { Readable } from "node:stream";
import type { Engine } from "@/inngest/embedded/engine";
import type { ImportView } from "@/lib/contracts/import-view";
import type { StartImport } from "@/lib/contracts/imports";
import { ImportOptionsShape } from "@/lib/contracts/imports";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import { createImport } from "@/lib/services/imports/create";
import { getImport } from "@/lib/services/imports/view";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { createUploadFromStream } from "@/lib/services/uploads/create-from-stream";

export interface TestApp {
  bench: TestBench;
  newUser(): Promise<ServiceContext>;
  /** Uploads `content` and imports it as a client of the API would, until it ends or needs a decision. */
  importFile(ctx: ServiceContext, content: string | Buffer, input: ImportInput): Promise<ImportView>;
  upload(
    ctx: ServiceContext,
    content: string | Buffer | AsyncIterable<Uint8Array>,
    name?: string,
  ): Promise<string>;
  settled(ctx: ServiceContext, id: string): Promise<ImportView>;
  close(): Promise<void>;
}

type ImportInput = Omit<StartImport, "uploadId" | "options"> & {
  options?: Parameters<typeof ImportOptionsShape.parse>[0];
  name?: string;
};

const SECONDS_MAX = 60;

/** A database, a store, and the real engine with the product's functions, in this process. */
export async function startTestApp({ mailer }: Pick<SystemContext, "mailer"> = {}): Promise<TestApp> {
  const bench = await createTestBench();
  const owner = await bench.newUser();
  process.env.DATABASE_URL = owner.db.url;
  process.env.APP_SECRET ??= "a secret for tests that is long enough";
  // Imported late: the client reads the settings when it is loaded.
  const [{ inngest, transport }, { functions }, { startEngine }] = await Promise.all([
    import("@/inngest/client"),
    import("@/inngest/functions"),
    import("@/inngest/embedded/engine"),
  ]);
  if (!transport) throw new Error("the tests run on the embedded engine");
  const system: SystemContext = {
    ...owner,
    mailer,
    sendEvents: async (events) => {
      await inngest.send(events);
    },
  };
  (globalThis as { ferrySystemContext?: SystemContext }).ferrySystemContext = system;
  const engine: Engine = await startEngine({
    databaseUrl: owner.db.url,
    client: inngest,
    transport,
    functions,
    log: owner.log,
  });

  const upload: TestApp["upload"] = async (ctx, content, name = "file") => {
    const body =
      typeof content === "string" || Buffer.isBuffer(content)
        ? Readable.from([Buffer.from(content)])
        : content;
    return (await createUploadFromStream(ctx, { name, body })).id;
  };
  const settled: TestApp["settled"] = async (ctx, id) => {
    const { jobId } = await getImport(ctx, id);
    await waitForJob(ctx, jobId, SECONDS_MAX);
    return await getImport(ctx, id);
  };
  return {
    bench,
    newUser: async () => ({ ...(await bench.newUser()), sendEvents: system.sendEvents }),
    upload,
    settled,
    importFile: async (ctx, content, { name, options, ...input }) => {
      const uploadId = await upload(ctx, content, name);
      const view = await createImport(ctx, {
        ...input,
        uploadId,
        options: ImportOptionsShape.parse(options ?? {}),
      });
      return view.state === "draft" ? view : await settled(ctx, view.id);
    },
    close: async () => {
      await engine.stop(5_000);
      await bench.close();
    },
  };
}
