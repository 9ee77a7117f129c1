"use client";

import { Alert, Button, Card, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconShieldOff } from "@tabler/icons-react";
import { useState } from "react";
import { ProblemError } from "@/components/api";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { RestoreView } from "@/lib/contracts/restores";
import { categoriesChange } from "./category-words";
import type { RunRequest } from "./draft";
import { useDiscardRestore, useRunRestore } from "./queries";
import type { useReplan } from "./use-replan";
import classes from "./restores.module.css";
import { countsSentence } from "./words";

interface RunBarProps {
  view: RestoreView;
  /** The categories that were chosen, where there is a choice. */
  choice: Pick<RunRequest, "categories">;
  replan: ReturnType<typeof useReplan>;
}

/** The way on from a plan: to carry it out, to look again when it is stale, or to leave everything as it is. */
export function RunBar({ view, choice, replan }: RunBarProps) {
  const [confirming, setConfirming] = useState(false);
  const run = useRunRestore(view.id);
  const discard = useDiscardRestore(view.id);
  const open = view.counts?.conflicts ?? 0;
  const changes = changesOf(view);
  const others = categoriesChange(view.categories ?? [], choice.categories ?? []);
  const unsound = view.validation?.outcome === "unsound";
  const stale = run.error instanceof ProblemError && run.error.code === "plan-stale";

  if (stale) {
    return (
      <Alert color="yellow" role="alert" title="Your data changed since">
        <Stack gap="sm" align="flex-start">
          <Text size="sm">
            Somebody, or an import, changed records after this was counted. Nothing was restored. Look again,
            to see what would happen now.
          </Text>
          <Button loading={replan.isPending} onClick={() => replan.replan(choice)}>
            Look again
          </Button>
        </Stack>
      </Alert>
    );
  }
  if (view.safetySnapshot.state === "failed") {
    return <SafetyFailed view={view} choice={choice} run={run} onDiscard={() => discard.mutate(undefined)} />;
  }
  return (
    <>
      <ProblemAlert error={run.error} title="The restore did not begin" />
      <ProblemAlert error={discard.error} title="It was not discarded" />
      <Group justify="space-between" gap="sm">
        <Button
          variant="subtle"
          color="gray"
          c="dimmed"
          loading={discard.isPending}
          onClick={() => discard.mutate(undefined)}
        >
          Leave everything as it is
        </Button>
        <Group gap="sm">
          {open > 0 ? (
            <Text size="sm" id="restore-waits">
              {countOf(open, "record")} to decide first, above.
            </Text>
          ) : null}
          <Button
            disabled={open > 0 || unsound || (changes === 0 && others === "")}
            aria-describedby={open > 0 ? "restore-waits" : undefined}
            className={classes.go}
            classNames={{ label: classes.goLabel }}
            onClick={() => setConfirming(true)}
          >
            {runLabel(changes, others, open)}
          </Button>
        </Group>
      </Group>
      {confirming ? (
        <ConfirmDialog
          view={view}
          others={others}
          busy={run.isPending}
          onClose={() => setConfirming(false)}
          onConfirm={() => run.mutate(choice, { onSettled: () => setConfirming(false) })}
        />
      ) : null}
    </>
  );
}

/** Records that a restore touches; a collection that comes back empty is a change as well. */
function changesOf({ counts, perCollection }: RestoreView): number {
  if (!counts) return 0;
  const touched = counts.add + counts.change + counts.delete;
  return touched === 0 && perCollection.some(({ status }) => status === "missing") ? 1 : touched;
}

function runLabel(changes: number, others: string, open: number): string {
  const records = changes > 0 || open > 0 ? countOf(changes, "record") : "";
  const all = [records, others].filter((part) => part !== "");
  return all.length > 0 ? `Restore ${all.join(", ")}` : "Nothing to restore";
}

interface ConfirmDialogProps {
  view: RestoreView;
  /** What changes besides records, in words. */
  others: string;
  busy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

function ConfirmDialog({ view, others, busy, onClose, onConfirm }: ConfirmDialogProps) {
  const removed = view.counts?.delete ?? 0;
  const changes = changesOf(view);
  return (
    <Modal opened onClose={onClose} title="Restore now?">
      <Stack gap="md">
        {view.counts && (changes > 0 || others === "") ? (
          <Text fw={600}>{countsSentence(view.counts)}.</Text>
        ) : null}
        {others === "" ? null : (
          <Text fw={600}>
            {changes > 0 ? "Also restored" : "Restored"}: {others}.
          </Text>
        )}
        {removed > 0 ? (
          <Text size="sm" c="var(--mantine-color-error)">
            {countOf(removed, "record")} that you have now {removed === 1 ? "is" : "are"} removed.
          </Text>
        ) : null}
        <Text size="sm">
          First a safety backup of what you have now is made. Then all of it happens, or nothing. You can undo
          it afterwards, and leave this page meanwhile.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Not yet
          </Button>
          <Button color={removed > 0 ? "red" : undefined} loading={busy} onClick={onConfirm}>
            Restore
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface SafetyFailedProps extends Pick<RunBarProps, "choice"> {
  view: RestoreView;
  run: ReturnType<typeof useRunRestore>;
  onDiscard: () => void;
}

const REASON_CHARS_MIN = 3;

/** The safety backup could not be made: try again, or go on without it for a reason that is written down. */
function SafetyFailed({ view, choice, run, onDiscard }: SafetyFailedProps) {
  const [overriding, setOverriding] = useState(false);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const tooShort = reason.trim().length < REASON_CHARS_MIN;
  return (
    <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
      <Stack gap="md">
        <Alert
          color="red"
          role="alert"
          icon={<IconShieldOff size={18} aria-hidden />}
          title="The safety backup could not be made"
        >
          {view.safetySnapshot.failure?.message ?? view.failure?.message} So nothing was restored: what you
          have now would have had no backup. Mend that and try again.
        </Alert>
        <ProblemAlert error={run.error} title="The restore did not begin" />
        <Group gap="sm">
          <Button loading={run.isPending && !overriding} onClick={() => run.mutate(choice)}>
            Try again
          </Button>
          {overriding ? null : (
            <Button variant="default" onClick={() => setOverriding(true)}>
              Go on without a safety backup
            </Button>
          )}
          <Button variant="subtle" color="gray" c="dimmed" onClick={onDiscard}>
            Leave everything as it is
          </Button>
        </Group>
        {overriding ? (
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              setTried(true);
              if (tooShort) return;
              run.mutate({ ...choice, safetySnapshot: { override: true, reason: reason.trim() } });
            }}
          >
            <Stack gap="sm">
              <Textarea
                label="Why without a safety backup?"
                description="Is kept with the restore. The undo still works; but should that fail too, nothing else leads back."
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                maxLength={500}
                autosize
                minRows={2}
                data-autofocus
                error={tried && tooShort ? "Give the reason in a few words." : undefined}
              />
              <Group justify="flex-end">
                <Button type="submit" color="red" loading={run.isPending}>
                  Restore without a safety backup
                </Button>
              </Group>
            </Stack>
          </form>
        ) : null}
      </Stack>
    </Card>
  );
}
