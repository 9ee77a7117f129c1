"use client";

import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { countOf, formatMoment } from "@/components/format";
import { EditRuleButton } from "@/components/matching/edit-rule-button";
import { ProblemAlert } from "@/components/problem-alert";
import { ConfirmRemoval } from "@/components/review/confirm-removal";
import { ReviewPage } from "@/components/review/review-page";
import type { PlanCounts } from "@/lib/contracts/imports";
import { CancelImport } from "./cancel-import";
import { FailedRows } from "./failed-rows";
import { PlanCountsView } from "./plan-counts";
import { useMoveImport } from "./queries";
import { useRowName } from "./row-names";
import { RowsByKind } from "./rows-by-kind";
import type { ImportView } from "@/lib/contracts/import-view";

interface ReviewStepProps {
  view: ImportView;
  counts: PlanCounts;
  onCancel: () => void;
}

/** Every row has been read and compared. What will happen is known exactly; what clashes is decided here. */
export function ReviewStep({ view, counts, onCancel }: ReviewStepProps) {
  const again = useMoveImport(view.id);
  const [cancelling, setCancelling] = useState(false);
  const askToCancel = () => setCancelling(true);
  const until = view.expiresAt ? `until ${formatMoment(view.expiresAt)}` : "for 7 days";
  return (
    <Stack gap="xl">
      <Stack gap="sm" component="section" aria-labelledby="plan-title">
        <Title order={2} id="plan-title">
          What will happen
        </Title>
        <Text size="sm" c="dimmed">
          All {countOf(counts.total, "row")} were read and compared with what you have. Nothing has been
          written yet; the rows are kept {until}.
        </Text>
        <PlanCountsView counts={counts} />
        <ProblemAlert error={again.error} title="The rows were not compared again" />
        {view.collectionId ? (
          <div>
            <EditRuleButton
              collectionId={view.collectionId}
              importId={view.id}
              onSaved={() => again.mutate({ verb: "match", body: {} })}
            />
          </div>
        ) : null}
        {view.fileProblem ? (
          <Alert color="yellow" title="The file could only be read in part">
            {view.fileProblem.message} What stands before that can be imported.
          </Alert>
        ) : null}
        {counts.toDelete > 0 ? <RemovalNote count={counts.toDelete} /> : null}
        {keepsWhatIsGone(view, counts) ? <NoRemovalNote view={view} counts={counts} /> : null}
        {counts.danglingReferences?.length > 0 ? <DanglingNote view={view} counts={counts} /> : null}
        <RowsByKind
          importId={view.id}
          fields={view.fields}
          kinds={[
            { status: "updated", label: "To update", count: counts.toUpdate },
            { status: "new", label: "New", count: counts.new },
            { status: "unchanged", label: "Unchanged", count: counts.unchanged },
          ]}
        />
      </Stack>
      {counts.invalid > 0 || (view.failedRows?.fixed ?? 0) > 0 ? (
        <FailedRows view={view} count={counts.invalid} future />
      ) : null}
      {counts.clashes > 0 ? (
        // A row that was mended may clash as well: then the list is another one.
        <ReviewPage key={counts.clashes} view={view} counts={counts} onCancel={askToCancel} />
      ) : (
        <GoOn importId={view.id} counts={counts} onCancel={askToCancel} />
      )}
      {cancelling ? (
        <CancelImport
          counts={counts}
          onClose={() => setCancelling(false)}
          onConfirm={() => {
            setCancelling(false);
            onCancel();
          }}
        />
      ) : null}
    </Stack>
  );
}

function RemovalNote({ count }: { count: number }) {
  return (
    <Alert color="red" title={`${countOf(count, "record")} will be removed`}>
      You chose to replace the collection by the file, and the file does not have{" "}
      {count === 1 ? "this record" : "these records"}. Undoing the import brings {count === 1 ? "it" : "them"}{" "}
      back.
    </Alert>
  );
}

/** A replacing import removes nothing while a record could be taken for gone whose row just could not be read. */
function keepsWhatIsGone(view: ImportView, counts: PlanCounts): boolean {
  return view.options.strategy === "replace" && (counts.invalid > 0 || view.fileProblem !== null);
}

function NoRemovalNote({ view, counts }: { view: ImportView; counts: PlanCounts }) {
  return (
    <Alert color="yellow" title="No record will be removed">
      You chose to replace the collection by the file, but{" "}
      {view.fileProblem
        ? "the file could only be read in part"
        : `${countOf(counts.invalid, "row")} cannot be stored`}
      : a record that seems to be gone may just be one of{" "}
      {view.fileProblem ? "those that are missing" : "them"}.
      {view.fileProblem ? "" : " Correct the rows below; you are asked again before any record is removed."}
    </Alert>
  );
}

/** Rows that name what is nowhere, by field, with one of the names each. Plans of older versions do not know them. */
function DanglingNote({ view, counts }: { view: ImportView; counts: PlanCounts }) {
  const rowName = useRowName();
  const labels = new Map(view.fields.map((field) => [field.name, field.label]));
  return (
    <Alert color="yellow" title="Some references lead nowhere">
      {counts.danglingReferences.map(({ field, rows, samples }) => (
        <Text key={field} size="sm">
          {labels.get(field) ?? field}: {countOf(rows, "row")} {rows === 1 ? "names" : "name"} what neither
          your records nor the file have
          {samples[0]
            ? `, for example “${samples[0].value}” in ${rowName(samples[0].row).toLowerCase()}`
            : ""}
          .
        </Text>
      ))}
    </Alert>
  );
}

interface GoOnProps {
  importId: string;
  counts: PlanCounts;
  onCancel: () => void;
}

/** Nothing clashes: one click makes it so. */
function GoOn({ importId, counts, onCancel }: GoOnProps) {
  const move = useMoveImport(importId);
  const [confirming, setConfirming] = useState(false);
  const go = () => move.mutate({ verb: "start", body: { stopBeforeApply: false } });
  return (
    <>
      <ProblemAlert error={move.error} title="The import did not go on" />
      <Group justify="space-between">
        <Button variant="subtle" color="gray" c="dimmed" onClick={onCancel}>
          Cancel the import
        </Button>
        <Button onClick={() => (counts.toDelete > 0 ? setConfirming(true) : go())} loading={move.isPending}>
          {goLabel(counts)}
        </Button>
      </Group>
      {confirming ? (
        <ConfirmRemoval
          count={counts.toDelete}
          onClose={() => setConfirming(false)}
          onConfirm={() => {
            setConfirming(false);
            go();
          }}
        />
      ) : null}
    </>
  );
}

function goLabel(counts: PlanCounts): string {
  const writes = counts.new + counts.toUpdate;
  if (writes > 0) return `Import ${countOf(writes, "row")}`;
  return counts.toDelete > 0 ? `Remove ${countOf(counts.toDelete, "record")}` : "Finish without changes";
}
