/**
 * A worker process for the test that kills workers. Takes the database from DATABASE_URL, prints "ready", and records
 * each execution of a step (`chaos_start`) and each effect (`chaos_effect`, once by its key).
 */
import { connect } from "@/db/client";
import { startEngine } from "../engine";
import { embeddedClient } from "./harness";

const url = process.env.DATABASE_URL!;
const database = connect(url, { poolSize: 2 });
const { client, transport } = embeddedClient(undefined, "chaos");
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function effect(run: number, name: string, ms: number): Promise<string> {
  const key = `${run} ${name}`;
  await database.sql`insert into chaos_start (key, pid) values (${key}, ${process.pid})`;
  await pause(ms);
  await database.sql`insert into chaos_effect (key) values (${key}) on conflict do nothing`;
  return key;
}

const many = client.createFunction({ id: "many", triggers: [{ event: "many" }] }, async ({ event, step }) => {
  const { run } = event.data as { run: number };
  const one = (name: string, ms: number) => step.run(name, () => effect(run, name, ms));
  await one("a", 40);
  await one("b", 60);
  await Promise.all([one("p1", 50), one("p2", 90), one("p3", 20)]);
  await one("c", 40);
  return one("d", 10);
});

const long = client.createFunction({ id: "long", triggers: [{ event: "long" }] }, ({ event, step }) =>
  step.run("long", () => effect((event.data as { run: number }).run, "long", 1_500)),
);

const quiet = () => undefined;
await startEngine({
  databaseUrl: url,
  client,
  transport,
  functions: [many, long],
  log: {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (...entry: unknown[]) => process.stderr.write(`${JSON.stringify(entry)}\n`),
  },
  slots: 3,
  backoffMs: () => 50,
});
process.stdout.write("ready\n");
