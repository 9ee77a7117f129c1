"use client";

import { Group, Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf, formatBytes } from "@/components/format";
import { jobsQuery } from "@/components/jobs/queries";
import { isFinished } from "@/components/jobs/states";
import type { Backup } from "@/lib/contracts/backups";
import { BackupRow } from "./backup-row";
import classes from "./backups.module.css";
import { chainsOf, dependentsOf, type Chain } from "./chains";
import { DeleteDialog } from "./delete-dialog";
import { VerifyDialog } from "./verify-dialog";

/** All kept backups, newest first, those that go on from one another together. */
export function BackupTimeline({ backups, now }: { backups: readonly Backup[]; now: number }) {
  const [verifying, setVerifying] = useState<Backup | null>(null);
  const [deleting, setDeleting] = useState<Backup | null>(null);
  const running = useRunningJobs();
  // Begun here: the list of jobs may not know them yet, or they may have ended before it asks again.
  const [begun, setBegun] = useState<ReadonlySet<string>>(new Set());
  const isChecked = ({ checkJobId }: Backup) =>
    checkJobId !== null && (begun.has(checkJobId) || running.has(checkJobId));
  const end = (jobId: string) => setBegun((now) => new Set([...now].filter((id) => id !== jobId)));
  const byId = new Map(backups.map((backup) => [backup.id, backup]));
  return (
    <>
      <Stack gap="md" component="ol" className={classes.list} aria-label="Backups">
        {chainsOf(backups).map((chain) => (
          <li key={chain.id}>
            <Paper withBorder radius="lg" className={classes.chain}>
              {chain.backups.length > 1 ? <ChainHead chain={chain} /> : null}
              <ol className={classes.list} reversed>
                {chain.backups.map((backup) => (
                  <BackupRow
                    key={backup.id}
                    backup={backup}
                    parent={backup.parentId ? byId.get(backup.parentId) : undefined}
                    isChecking={isChecked(backup)}
                    now={now}
                    onChecked={end}
                    onVerify={setVerifying}
                    onDelete={setDeleting}
                  />
                ))}
              </ol>
            </Paper>
          </li>
        ))}
      </Stack>
      {verifying ? (
        <VerifyDialog
          backup={verifying}
          onBegun={(jobId) => setBegun((now) => new Set([...now, jobId]))}
          onClose={() => setVerifying(null)}
        />
      ) : null}
      {deleting ? (
        <DeleteDialog
          backup={deleting}
          dependents={dependentsOf(backups, deleting.id)}
          onClose={() => setDeleting(null)}
        />
      ) : null}
    </>
  );
}

function ChainHead({ chain }: { chain: Chain }) {
  return (
    <Group justify="space-between" gap="xs" className={classes.chainHead}>
      <Text size="sm" fw={550} component="h2" m={0}>
        Chain of {countOf(chain.backups.length, "backup")}
      </Text>
      <Text size="sm" c="dimmed" className="tabular">
        {formatBytes(chain.sizeBytes)} together
      </Text>
    </Group>
  );
}

/** Jobs at work now; that of a verification is named by its backup, and stays named when it has ended. */
function useRunningJobs(): Set<string> {
  const { data } = useQuery(jobsQuery());
  const running = data?.items.filter((job) => job.kind === "backup" && !isFinished(job)) ?? [];
  return new Set(running.map(({ id }) => id));
}
