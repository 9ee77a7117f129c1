"use client";

import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useCallback, useState } from "react";
import { formatCount } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { MappingEntry } from "@/lib/contracts/imports";
import type { FieldType } from "@/lib/core/fields/types";
import { ColumnRow } from "./column-row";
import { DateOrderQuestion } from "./date-order-question";
import classes from "./imports.module.css";
import {
  choiceValue,
  CHOICE_IGNORE,
  existingFields,
  missingRequired,
  withChoice,
  withType,
} from "./mapping-edits";
import { useChangeDraft, useDraftIsChanging } from "./queries";
import { SourcePanel } from "./source-panel";
import { TargetPanel } from "./target-panel";
import type { ImportView } from "@/lib/contracts/import-view";

const SAMPLES_SHOWN = 3;
const COLUMNS_AT_ONCE = 100;

interface MapStepProps {
  view: ImportView;
  onContinue: () => void;
  onCancel: () => void;
}

/** What each column becomes. Everything is proposed; everything can be changed; nothing is written yet. */
export function MapStep({ view, onContinue, onCancel }: MapStepProps) {
  const change = useChangeDraft(view.id);
  const busy = useDraftIsChanging(view.id);
  const { mutate } = change;
  const { mapping, fields } = view;
  const existing = existingFields(fields, mapping);

  const choose = useCallback(
    (column: string, value: string) => {
      const taken = existingFields(fields, mapping).map((field) => field.name);
      mutate({ mapping: withChoice(mapping, column, value, taken) });
    },
    [mutate, mapping, fields],
  );
  const setType = useCallback(
    (column: string, type: FieldType) => mutate({ mapping: withType(mapping, column, type) }),
    [mutate, mapping],
  );

  const missing = missingRequired(existing, mapping);
  const imported = mapping.filter((entry) => choiceValue(entry) !== CHOICE_IGNORE).length;
  const empty = view.detection.rowEstimateExact && view.detection.rowEstimate === 0;
  return (
    <Stack gap="xl">
      <ProblemAlert error={change.error} title="The change was not accepted" />
      <SourcePanel view={view} />
      <TargetPanel view={view} />
      <DateOrderQuestion view={view} />
      <Stack gap="sm" component="section" aria-labelledby="columns-title">
        <Group justify="space-between" align="baseline">
          <Title order={2} id="columns-title">
            Columns
          </Title>
          <Text size="sm" c="dimmed" className="tabular" aria-live="polite">
            {formatCount(imported)} of {formatCount(view.detection.columns.length)} are imported
          </Text>
        </Group>
        <Columns view={view} existing={existing} onChoose={choose} onType={setType} />
      </Stack>
      {empty ? (
        <Alert color="red" role="alert" title="There are no rows below the column names">
          Nothing can be imported from this file. If its first row is data, say above that no row holds the
          names.
        </Alert>
      ) : null}
      {missing.length > 0 ? (
        <Alert color="red" role="alert" title="Required fields without a column">
          {new Intl.ListFormat("en").format(missing.map((field) => field.label))}: choose a column for{" "}
          {missing.length === 1 ? "it" : "each"}, or another collection. Without, no row could be stored.
        </Alert>
      ) : null}
      <Group justify="space-between">
        <Button variant="subtle" color="gray" c="dimmed" onClick={onCancel}>
          Cancel the import
        </Button>
        <Button onClick={onContinue} disabled={missing.length > 0 || imported === 0 || empty} loading={busy}>
          Continue to check
        </Button>
      </Group>
    </Stack>
  );
}

interface ColumnsProps {
  view: ImportView;
  existing: ReturnType<typeof existingFields>;
  onChoose: (column: string, value: string) => void;
  onType: (column: string, type: FieldType) => void;
}

function Columns({ view, existing, onChoose, onType }: ColumnsProps) {
  const [shown, setShown] = useState(COLUMNS_AT_ONCE);
  const entries = new Map<string, MappingEntry>(view.mapping.map((entry) => [entry.column, entry]));
  const problems = new Map(view.mappingProblems.map((problem) => [problem.column, problem.message]));
  const { columns, sampleRows } = view.detection;
  return (
    <>
      <ul className={classes.columns}>
        {columns.slice(0, shown).map((column, index) => (
          <ColumnRow
            key={column}
            column={column}
            samples={sampleRows
              .map((row) => row[index]?.trim() ?? "")
              .filter((text) => text !== "")
              .slice(0, SAMPLES_SHOWN)}
            entry={entries.get(column)}
            fields={existing}
            problem={problems.get(column)}
            onChoose={onChoose}
            onType={onType}
          />
        ))}
      </ul>
      {columns.length > shown ? (
        <Button variant="default" onClick={() => setShown(shown + COLUMNS_AT_ONCE)}>
          Show more of the {formatCount(columns.length)} columns
        </Button>
      ) : null}
    </>
  );
}
