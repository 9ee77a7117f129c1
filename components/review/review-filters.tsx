"use client";

import {
  Button,
  Checkbox,
  Collapse,
  Group,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Text,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconKeyboard } from "@tabler/icons-react";
import { useId, useState } from "react";
import { countOf, formatCount } from "@/components/format";
import { CONFLICT_KINDS, type ConflictKind, type ConflictsFilter } from "@/lib/contracts/review";
import type { Field } from "@/lib/core/fields/types";
import { NO_FILTER, NOTHING, selectedCount, useReview, useReviewStore } from "./review-store";
import classes from "./review.module.css";
import { KINDS } from "./words";

interface ReviewFiltersProps {
  fields: readonly Field[];
  /** How many meet the filter; undefined until it is known. */
  matching: number | undefined;
  total: number;
  open: number;
}

/** Which conflicts are listed, how many they are, and the box that ticks them all. */
export function ReviewFilters({ fields, matching, total, open }: ReviewFiltersProps) {
  const store = useReviewStore();
  const filter = useReview((s) => s.filter);
  const [shown, { toggle }] = useDisclosure(false);
  const more = useId();
  const narrowed = [filter.kind, filter.field, filter.minConfidence, filter.maxConfidence].filter(
    (part) => part !== undefined,
  ).length;
  // Another list: what was ticked or open in the old one may not be in it.
  const change = (part: Partial<ConflictsFilter>) =>
    store.getState().set({
      filter: { ...store.getState().filter, ...part },
      selection: NOTHING,
      anchorId: null,
      activeId: null,
      mergingId: null,
    });

  return (
    <section aria-label="Filter the conflicts" className={classes.filters}>
      <Group gap="sm" justify="space-between">
        <SegmentedControl
          aria-label="Which conflicts"
          value={filter.state}
          onChange={(state) => change({ state: state })}
          data={[
            { value: "all", label: `All ${formatCount(total)}` },
            { value: "unresolved", label: `Open ${formatCount(open)}` },
            { value: "resolved", label: "Decided" },
          ]}
        />
        <Group gap="xs">
          <Button
            variant="default"
            aria-expanded={shown}
            aria-controls={more}
            leftSection={<IconAdjustmentsHorizontal size={17} aria-hidden />}
            onClick={toggle}
          >
            Filter{narrowed > 0 ? ` (${narrowed})` : ""}
          </Button>
          <Button
            variant="subtle"
            visibleFrom="sm"
            leftSection={<IconKeyboard size={18} aria-hidden />}
            onClick={() => store.getState().set({ helpOpen: true })}
          >
            Keys
          </Button>
        </Group>
      </Group>
      <Collapse expanded={shown} id={more}>
        <div className={classes.filterFields}>
          <NativeSelect
            label="Kind"
            value={filter.kind ?? ""}
            onChange={(event) => change({ kind: kindOf(event.currentTarget.value) })}
            data={[
              { value: "", label: "Every kind" },
              ...CONFLICT_KINDS.map((kind) => ({ value: kind, label: KINDS[kind].label })),
            ]}
          />
          <NativeSelect
            label="Field that clashes"
            value={filter.field ?? ""}
            onChange={(event) => change({ field: event.currentTarget.value || undefined })}
            data={[
              { value: "", label: "Any field" },
              ...fields.map((field) => ({ value: field.name, label: field.label })),
            ]}
          />
          <PercentInput
            label="Confidence from"
            value={filter.minConfidence}
            onChange={(minConfidence) => change({ minConfidence })}
          />
          <PercentInput
            label="Confidence up to"
            value={filter.maxConfidence}
            onChange={(maxConfidence) => change({ maxConfidence })}
          />
          {narrowed > 0 ? (
            <Button variant="subtle" onClick={() => change({ ...EMPTY, state: filter.state })}>
              Clear
            </Button>
          ) : null}
        </div>
      </Collapse>
      <SelectAll matching={matching} />
    </section>
  );
}

const EMPTY: ConflictsFilter = {
  ...NO_FILTER,
  kind: undefined,
  field: undefined,
  minConfidence: undefined,
  maxConfidence: undefined,
};

function SelectAll({ matching }: { matching: number | undefined }) {
  const store = useReviewStore();
  const selection = useReview((s) => s.selection);
  const ticked = selectedCount(selection, matching ?? 0);
  const all = matching !== undefined && matching > 0 && ticked === matching;
  return (
    <Group justify="space-between" gap="xs">
      <Checkbox
        label={matching === undefined ? "Select all" : `Select all ${formatCount(matching)}`}
        disabled={!matching}
        checked={all}
        indeterminate={ticked > 0 && !all}
        onChange={() =>
          store.getState().set({ selection: all ? NOTHING : { kind: "matching", except: new Set() } })
        }
      />
      <Text size="sm" c="dimmed" role="status" className="tabular">
        {matching === undefined ? "Loading…" : `${countOf(matching, "conflict")} listed`}
      </Text>
    </Group>
  );
}

interface PercentInputProps {
  label: string;
  /** A share from 0 to 1. */
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

/** A share in percent, taken over when the person has finished typing. */
function PercentInput({ label, value, onChange }: PercentInputProps) {
  const [text, setText] = useState<string | number>(value === undefined ? "" : Math.round(value * 100));
  const take = () => {
    const next = text === "" ? undefined : Math.min(100, Math.max(0, Number(text))) / 100;
    setText(next === undefined ? "" : Math.round(next * 100));
    if (next !== value) onChange(next);
  };
  return (
    <NumberInput
      // Another value from outside begins the typing anew.
      key={value ?? ""}
      label={label}
      value={text}
      onChange={setText}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
      }}
      min={0}
      max={100}
      step={5}
      suffix=" %"
      allowDecimal={false}
      placeholder="any"
    />
  );
}

function kindOf(value: string): ConflictKind | undefined {
  return CONFLICT_KINDS.find((kind) => kind === value);
}
