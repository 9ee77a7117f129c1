import { formatMoment } from "@/components/format";
import type { EmergencyKit } from "@/lib/contracts/backup-keys";
import { KIT_STEPS } from "./kit-text";
import classes from "./kit.module.css";

/** The kit as a sheet of paper: black on white on the screen too, whatever the theme. */
export function KitSheet({ kit }: { kit: EmergencyKit }) {
  const [present, ...earlier] = kit.keys;
  return (
    <article className={classes.sheet} aria-labelledby="kit-title">
      <header className={classes.head}>
        <h2 id="kit-title">Ferry emergency kit</h2>
        <dl className={classes.facts}>
          <Fact name="Account" value={kit.email} />
          <Fact name="Ferry" value={kit.address} />
          <Fact name="Made" value={formatMoment(kit.madeAt)} />
        </dl>
      </header>
      <p className={classes.warning}>
        Whoever has this page can read the backups of this account. Keep it safe, and not on the server.
      </p>
      {present ? (
        <section className={classes.key} aria-labelledby="kit-key">
          <h3 id="kit-key">Secret key</h3>
          <p className={classes.secret}>{present.identity}</p>
          <dl className={classes.facts}>
            <Fact name="Public key" value={present.recipient} code />
            <Fact name="Fingerprint" value={present.fingerprint} code />
            <Fact name="Since" value={formatMoment(present.createdAt)} />
          </dl>
        </section>
      ) : null}
      <section aria-labelledby="kit-steps">
        <h3 id="kit-steps">How to open a backup without Ferry</h3>
        <ol className={classes.steps}>
          {KIT_STEPS.map((step) => (
            <li key={step.title}>
              <strong>{step.title}.</strong> {step.text}
              {step.command ? <code className={classes.command}>{step.command}</code> : null}
            </li>
          ))}
        </ol>
      </section>
      {earlier.length > 0 ? (
        <section aria-labelledby="kit-earlier">
          <h3 id="kit-earlier">Earlier secret keys, for backups made with them</h3>
          <ul className={classes.earlier}>
            {earlier.map((key) => (
              <li key={key.id}>
                <span className={classes.code}>{key.identity}</span>
                <span>
                  {formatMoment(key.createdAt)} to {key.retiredAt ? formatMoment(key.retiredAt) : "now"} ·
                  fingerprint {key.fingerprint}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </article>
  );
}

function Fact({ name, value, code = false }: { name: string; value: string; code?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={code ? classes.code : undefined}>{value}</dd>
    </div>
  );
}
