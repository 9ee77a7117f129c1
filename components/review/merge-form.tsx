"use client";

import { Button, Group, Radio, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { ProblemError } from "@/components/api";
import { useRowName } from "@/components/imports/row-names";
import { ProblemAlert } from "@/components/problem-alert";
import { FieldInput } from "@/components/records/field-input";
import { inputText, inputValue } from "@/components/records/field-values";
import { valueText } from "@/components/records/value-text";
import type { ConflictView } from "@/lib/contracts/review";
import type { Field } from "@/lib/core/fields/types";
import { DiffText } from "./diff-text";
import { fieldChoices, mergeOutcome, type MergeEntry } from "./outcome";
import { useReviewWords } from "./review-of";
import classes from "./review.module.css";
import { useDecide } from "./use-decisions";

interface MergeFormProps {
  conflict: ConflictView;
  /** The fields that differ, those that clash first. */
  fields: readonly Field[];
  onClose: () => void;
}

/** Field by field: mine, the other side's, or a typed value. What was chosen before, or needs no decision, is chosen already. */
export function MergeForm({ conflict, fields, onClose }: MergeFormProps) {
  const decide = useDecide();
  const rowName = useRowName();
  const form = useRef<HTMLFormElement>(null);
  const [entries, setEntries] = useState<Record<string, MergeEntry>>(() => initialEntries(conflict, fields));
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { byField, rest } = errorsByField(error, fields);

  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>("input:checked")?.focus();
  }, []);

  const set = (name: string, change: Partial<MergeEntry>) =>
    setEntries((before) => ({
      ...before,
      [name]: { from: "existing", text: "", ...before[name], ...change },
    }));

  async function submit(event: FormEvent) {
    event.preventDefault();
    setSaving(true);
    setError(null);
    const choices = fieldChoices(fields, entries, inputValue);
    const decisions = [{ conflictId: conflict.id, resolution: "merge" as const, fields: choices }];
    try {
      await decide({ kind: "specific", decisions }, { alone: true });
      onClose();
    } catch (problem) {
      setError(problem);
      setSaving(false);
    }
  }

  return (
    <form
      ref={form}
      data-keys="own"
      noValidate
      aria-label={`Merge ${rowName(conflict.row)}`}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <Stack gap="md">
        {fields.map((field) => (
          <FieldChoiceSet
            key={field.name}
            conflict={conflict}
            field={field}
            entry={entries[field.name] ?? { from: "existing", text: "" }}
            error={byField.get(field.name)}
            onChange={(change) => set(field.name, change)}
          />
        ))}
        <ProblemAlert error={rest} title="The merge was not saved" />
        <Group gap="xs">
          <Button type="submit" loading={saving}>
            Save the merge
          </Button>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldChoiceSetProps {
  conflict: ConflictView;
  field: Field;
  entry: MergeEntry;
  error?: string;
  onChange: (change: Partial<MergeEntry>) => void;
}

function FieldChoiceSet({ conflict, field, entry, error, onChange }: FieldChoiceSetProps) {
  const words = useReviewWords();
  const mine = valueText(field, conflict.existing.data[field.name]);
  const theirs = valueText(field, conflict.incoming[field.name]);
  const marked = mine !== "" && theirs !== "";
  return (
    <Radio.Group
      label={field.label}
      value={entry.from}
      onChange={(from) => onChange({ from: from })}
      classNames={{ label: classes.choiceLabel }}
    >
      <div className={classes.choices}>
        <Radio
          value="existing"
          classNames={{ root: classes.choice }}
          label={
            <Side name="Mine">
              <DiffText text={mine} against={marked ? theirs : null} side="existing" />
            </Side>
          }
        />
        <Radio
          value="incoming"
          classNames={{ root: classes.choice }}
          label={
            <Side name={words.theirs}>
              <DiffText text={theirs} against={marked ? mine : null} side="incoming" />
            </Side>
          }
        />
        <div className={classes.choice}>
          <Radio value="typed" label={<Side name="Another value" />} />
          {entry.from === "typed" ? (
            <FieldInput
              field={{ ...field, label: `Value for ${field.label}` }}
              value={entry.text}
              onChange={(text) => onChange({ text })}
              error={error}
            />
          ) : null}
        </div>
      </div>
      {error && entry.from !== "typed" ? (
        <Text size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      ) : null}
    </Radio.Group>
  );
}

function Side({ name, children }: { name: string; children?: React.ReactNode }) {
  return (
    <>
      <Text span size="xs" c="dimmed" display="block">
        {name}
      </Text>
      {children}
    </>
  );
}

function initialEntries(conflict: ConflictView, fields: readonly Field[]): Record<string, MergeEntry> {
  return Object.fromEntries(
    fields.map((field) => {
      const { from, value } = mergeOutcome(conflict, field.name, conflict.resolution);
      // Whoever wants another value mostly changes the present one.
      const text = inputText(from === "typed" ? value : conflict.existing.data[field.name]);
      return [field.name, { from, text }];
    }),
  );
}

/** The server's words about typed values, at their fields. */
function errorsByField(
  error: unknown,
  fields: readonly Field[],
): { byField: ReadonlyMap<string, string>; rest: unknown } {
  const byField = new Map<string, string>();
  if (!(error instanceof ProblemError)) return { byField, rest: error };
  const names = new Set(fields.map((field) => field.name));
  for (const { path, message } of error.errors) {
    const name = /^specificResolutions\.\d+\.fields\.([^.]+)/.exec(path)?.[1];
    if (name && names.has(name)) byField.set(name, message);
  }
  return { byField, rest: byField.size > 0 ? null : error };
}
