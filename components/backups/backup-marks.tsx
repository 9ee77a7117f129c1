import { Alert, Group, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconLock,
  IconShieldCheck,
  IconShieldOff,
  IconTestPipe,
} from "@tabler/icons-react";
import { formatAgo, formatMoment } from "@/components/format";
import type { Backup } from "@/lib/contracts/backups";
import classes from "./backups.module.css";
import { encryptionWords, isEndToEnd, markWords, unsoundMark } from "./words";

/** How a backup is encrypted, and what was found when it was read again. */
export function BackupMarks({ backup, now }: { backup: Backup; now: number }) {
  return (
    <Group gap="xs" mt={2} style={{ columnGap: "1rem", rowGap: 2 }}>
      <Text size="sm" component="span" className={classes.mark}>
        <IconLock size={15} aria-hidden />
        Encrypted {encryptionWords(backup)}
      </Text>
      {backup.state === "completed" ? (
        <>
          <Mark
            kind="verified"
            mark={backup.lastVerified}
            now={now}
            without={isEndToEnd(backup) ? "Not verified yet: needs your key" : "Not verified yet"}
          />
          {backup.lastDrilled ? <Mark kind="drilled" mark={backup.lastDrilled} now={now} without="" /> : null}
        </>
      ) : null}
    </Group>
  );
}

interface MarkProps {
  kind: "verified" | "drilled";
  mark: Backup["lastVerified"];
  now: number;
  without: string;
}

function Mark({ kind, mark, now, without }: MarkProps) {
  if (!mark) {
    return (
      <Text size="sm" c="dimmed" component="span" className={classes.mark}>
        <IconShieldOff size={15} aria-hidden />
        {without}
      </Text>
    );
  }
  const Icon =
    mark.outcome === "unsound" ? IconAlertTriangle : kind === "verified" ? IconShieldCheck : IconTestPipe;
  return (
    <Text
      size="sm"
      component="span"
      className={classes.mark}
      data-tone={mark.outcome === "sound" ? "good" : "bad"}
      title={formatMoment(mark.at)}
    >
      <Icon size={15} aria-hidden />
      {markWords(kind, mark)} {formatAgo(mark.at, now)}
    </Text>
  );
}

/** Says loudly that a backup is damaged, and what to do. */
export function UnsoundNote({ backup }: { backup: Backup }) {
  const found = unsoundMark(backup);
  if (!found) return null;
  return (
    <Alert
      role="note"
      color="red"
      mt="xs"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title="Do not rely on this backup"
    >
      {found.message ?? "It could not be read whole."} Make a new full backup, and keep this one only if you
      have nothing better.
    </Alert>
  );
}
