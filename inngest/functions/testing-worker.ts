import { type ChildProcess, spawn } from "node:child_process";
import net from "node:net";
import { once } from "node:events";

/** Worker processes of their own, to be killed. */
export class WorkerProcesses {
  private readonly running = new Set<ChildProcess>();

  constructor(private readonly environment: Record<string, string>) {}

  /** Starts a worker and resolves when it takes events. */
  async start(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ["--import", "tsx", "inngest/worker.ts"], {
      env: { ...process.env, ...this.environment, LOG_LEVEL: "info" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    let output = "";
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.includes("worker ready")) break;
    }
    // Leaving the loop closed the pipe; a worker that logs on must not stumble over that.
    return child;
  }

  async kill(child: ChildProcess): Promise<void> {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running].map((child) => this.kill(child)));
  }
}

/** A way to the database server that can be cut: while it is, open connections are reset and new ones refused. */
export class DatabaseLine {
  private readonly server = net.createServer((client) => this.join(client));
  private readonly sockets = new Set<net.Socket>();
  private port = 0;

  constructor(private readonly target: { host: string; port: number }) {}

  async open(): Promise<number> {
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as net.AddressInfo).port;
    return this.port;
  }

  async cut(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(client: net.Socket): void {
    const upstream = net.connect(this.target.port, this.target.host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
