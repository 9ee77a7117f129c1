declare module "smtp-server" {
  import type { Server } from "node:net";
  import type { Readable } from "node:stream";

  interface Session {
    envelope: { mailFrom: { address: string } | false; rcptTo: { address: string }[] };
  }
  type Done = (error?: Error | null) => void;

  export class SMTPServer {
    readonly server: Server;
    constructor(options: {
      disabledCommands?: string[];
      authOptional?: boolean;
      allowInsecureAuth?: boolean;
      logger?: boolean;
      closeTimeout?: number;
      onAuth?(
        login: { username: string; password: string },
        session: Session,
        done: (error: Error | null, answer?: { user: string }) => void,
      ): void;
      onRcptTo?(address: { address: string }, session: Session, done: Done): void;
      onData?(stream: Readable, session: Session, done: Done): void;
    });
    listen(port: number, host: string, listening: () => void): void;
    close(closed: () => void): void;
    on(event: "error", heard: (error: Error) => void): void;
  }
}
