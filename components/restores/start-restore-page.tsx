"use client";

import { Alert, Anchor, Skeleton, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ProblemError } from "@/components/api";
import { backupQuery } from "@/components/backups/queries";
import { contentWords, encryptionWords, momentOf, unsoundMark } from "@/components/backups/words";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { NotFoundPage } from "@/components/shell/not-found-page";
import { PageHeader } from "@/components/ui/page-header";
import type { Backup } from "@/lib/contracts/backups";
import { useRestoreDraft } from "./draft-context";
import { RestoreForm } from "./restore-form";
import { RestoreSteps } from "./restore-steps";

/** The first step of a restore from one of the account's backups. */
export function StartRestorePage({ backupId }: { backupId: string }) {
  const backup = useQuery(backupQuery(backupId));
  const [draft, setDraft] = useRestoreDraft(backupId);
  if (backup.error instanceof ProblemError && backup.error.status === 404) return <NotFoundPage />;
  return (
    <>
      <PageHeader
        title="Restore from a backup"
        description={backup.data ? aboutText(backup.data) : "Bring back what was there."}
        before={
          <Anchor component={Link} href="/backups" size="sm">
            Backups
          </Anchor>
        }
      />
      <Stack gap="xl" maw={760}>
        <RestoreSteps step="choose" />
        {backup.isPending ? <Skeleton height={320} radius="lg" role="status" aria-label="Loading…" /> : null}
        {backup.isError && !backup.data ? (
          <ProblemAlert
            error={backup.error}
            title="The backup could not be loaded"
            onRetry={() => void backup.refetch()}
          />
        ) : null}
        {backup.data ? (
          <>
            <Notes backup={backup.data} />
            {backup.data.state === "completed" ? (
              <RestoreForm
                source={{ kind: "backup", backupId }}
                encryption={backup.data.encryption}
                draft={draft}
                onChange={setDraft}
              />
            ) : null}
          </>
        ) : null}
      </Stack>
    </>
  );
}

function Notes({ backup }: { backup: Backup }) {
  const unsound = unsoundMark(backup);
  if (backup.state !== "completed") {
    return (
      <Alert role="note" color="yellow">
        This backup has no file yet. It can be restored when it is made.
      </Alert>
    );
  }
  if (!unsound) return null;
  return (
    <Alert
      role="note"
      color="red"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title="This backup was found to be damaged"
    >
      {unsound.message} Ferry reads all of it before anything is changed, and will refuse what is not whole.
    </Alert>
  );
}

function aboutText(backup: Backup): string {
  const held = !backup.counts
    ? ""
    : backup.type === "full"
      ? `: ${contentWords(backup).join(", ")}`
      : ", with all that it goes on from";
  return `The state of ${formatMoment(momentOf(backup))}${held}. Encrypted ${encryptionWords(backup)}.`;
}
