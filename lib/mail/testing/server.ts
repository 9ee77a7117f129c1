import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body, as they came. */
  raw: string;
}

/** What the server is to answer instead of taking a mail; undefined = take it. */
type Fault = (stage: "recipient" | "data", address: string) => { reply: number; text: string } | undefined;

export interface TestSmtpServer {
  /** SMTP_URL of this server, with the only login that it knows. */
  url: string;
  password: string;
  /** Mails that were taken, in order. */
  mails: ReceivedMail[];
  /** Recipients that were named, whether or not they were taken. */
  tries: string[];
  fault: Fault | undefined;
  close(): Promise<void>;
}

/** A real SMTP server on a loopback port, which wants a login. `port`: the one of an earlier server, to come back. */
export async function startSmtpServer(port = 0): Promise<TestSmtpServer> {
  const password = "p@ss/word:of-the-mail-server";
  const state: Pick<TestSmtpServer, "mails" | "tries" | "fault"> = { mails: [], tries: [], fault: undefined };
  const faultOf = (stage: "recipient" | "data", address: string) => {
    const fault = state.fault?.(stage, address);
    return fault ? Object.assign(new Error(fault.text), { responseCode: fault.reply }) : null;
  };
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth: (login, _session, done) => {
      const known = login.username === "ferry" && login.password === password;
      if (known) done(null, { user: "ferry" });
      else done(Object.assign(new Error("Who are you?"), { responseCode: 535 }));
    },
    onRcptTo: ({ address }, _session, done) => {
      state.tries.push(address);
      done(faultOf("recipient", address));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        const fault = faultOf("data", to[0] ?? "");
        const from = envelope.mailFrom ? envelope.mailFrom.address : "";
        if (!fault) state.mails.push({ from, to, raw: Buffer.concat(chunks).toString() });
        done(fault);
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: listeningAt } = server.server.address() as AddressInfo;
  return Object.assign(state, {
    url: `smtp://ferry:${encodeURIComponent(password)}@127.0.0.1:${listeningAt}`,
    password,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  });
}
