declare module "@20minutes/s3rver" {
  import type { AddressInfo } from "node:net";
  import type { IncomingMessage, Server, ServerResponse } from "node:http";

  /** What we use of Koa's context. */
  export interface S3rverContext {
    method: string;
    path: string;
    query: Record<string, string | undefined>;
    headers: Record<string, string | undefined>;
    status: number;
    type: string;
    body: unknown;
    etag: string;
    req: IncomingMessage;
    res: ServerResponse;
    response: { get(name: string): string };
    respond: boolean;
  }
  export type S3rverMiddleware = (ctx: S3rverContext, next: () => Promise<void>) => Promise<void>;

  export default class S3rver {
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      vhostBuckets?: boolean;
      configureBuckets: { name: string; configs?: (string | Buffer)[] }[];
    });
    middleware: S3rverMiddleware[];
    store: {
      listObjects(
        bucket: string,
        options: { prefix: string },
      ): Promise<{
        objects: { key: string; size: number; metadata: { etag: string }; lastModifiedDate: Date }[];
      }>;
    };
    httpServer: Server;
    run(): Promise<AddressInfo>;
    close(): Promise<void>;
    on(event: "error", listener: (error: Error) => void): this;
  }
}
