"use client";

import { Badge, Checkbox, Group, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { memo, useEffect, useRef } from "react";
import { formatMoment } from "@/components/format";
import { useRowName } from "@/components/imports/row-names";
import { valueText } from "@/components/records/value-text";
import type { ConflictView, Resolution } from "@/lib/contracts/review";
import type { Field } from "@/lib/core/fields/types";
import { ComparisonTable } from "./comparison-table";
import { DecisionButtons } from "./decision-buttons";
import { Evidence } from "./evidence";
import { MergeForm } from "./merge-form";
import { useReviewWords } from "./review-of";
import { isSelected, toggled, useReview, useReviewStore } from "./review-store";
import classes from "./review.module.css";
import { useDecide } from "./use-decisions";
import { KINDS, percentText } from "./words";

interface ConflictCardProps {
  conflict: ConflictView;
  fields: readonly Field[];
  /** Names of the fields by which the person knows a record. */
  titleFields: readonly string[];
  rule: Resolution | null;
  /** Place in the list, from 0, and how many there are. */
  index: number;
  count: number;
  /** This one is reached by the Tab key. */
  isTabStop: boolean;
  onTick: (id: string, on: boolean, range: boolean) => void;
}

/** One conflict: who it is about, both sides, what has been decided and what can be. */
export const ConflictCard = memo(function ConflictCard(props: ConflictCardProps) {
  const { conflict, fields, titleFields, rule, index, count, isTabStop, onTick } = props;
  const { id } = conflict;
  const card = useRef<HTMLElement>(null);
  const store = useReviewStore();
  const decide = useDecide();
  const rowName = useRowName();
  const { hasRows } = useReviewWords();
  const isActive = useReview((s) => s.activeId === id);
  const isTicked = useReview((s) => isSelected(s.selection, id));
  const isExpanded = useReview((s) => s.expanded.has(id));
  const isMerging = useReview((s) => s.mergingId === id);
  const wantsFocus = useReview((s) => s.focusId === id);

  useEffect(() => {
    if (!wantsFocus) return;
    card.current?.focus({ preventScroll: true });
    store.getState().set({ focusId: null });
  }, [wantsFocus, store]);

  const byName = new Map(fields.map((field) => [field.name, field]));
  const title = titleOf(conflict, titleFields, byName, rowName(conflict.row));
  const tabIndex = isTabStop ? 0 : -1;
  const own = conflict.resolution?.resolution ?? null;

  const choose = (resolution: Resolution | null) => {
    store.getState().set({ activeId: id });
    if (resolution === "merge") store.getState().set({ mergingId: id });
    else {
      // What could not be saved is said by the bar at the bottom.
      void decide({ kind: "specific", decisions: [{ conflictId: id, resolution }] }).catch(() => undefined);
    }
  };

  return (
    <article
      ref={card}
      className={classes.card}
      tabIndex={tabIndex}
      data-active={isActive || undefined}
      data-decided={own !== null || rule !== null || undefined}
      data-ticked={isTicked || undefined}
      aria-labelledby={`title-${id}`}
      aria-describedby={`state-${id}`}
      aria-posinset={index + 1}
      aria-setsize={count}
      onFocus={() => {
        if (store.getState().activeId !== id) store.getState().set({ activeId: id });
      }}
    >
      <header className={classes.head}>
        <Checkbox
          checked={isTicked}
          tabIndex={tabIndex}
          aria-label={`Select ${rowName(conflict.row)}: ${title}`}
          onChange={() => undefined}
          onClick={(event) => onTick(id, !isTicked, event.shiftKey)}
        />
        <div className={classes.title}>
          <Text component="h3" id={`title-${id}`} fw={620} m={0}>
            {title}
          </Text>
          <Text size="xs" c="dimmed" className="tabular">
            {hasRows ? `${rowName(conflict.row)} · ${KINDS[conflict.kind].label} · ` : ""}yours changed{" "}
            {formatMoment(conflict.existing.updatedAt)}
          </Text>
        </div>
        <Group gap={6} id={`state-${id}`} className={classes.badges}>
          {hasRows ? (
            <Badge color="gray" title="How sure Ferry is that both are the same thing">
              {percentText(conflict.confidence)} sure
            </Badge>
          ) : null}
          <StateBadge own={own} rule={rule} />
        </Group>
      </header>
      {isMerging ? (
        <MergeForm
          conflict={conflict}
          fields={mergeFields(conflict, byName)}
          onClose={() => store.getState().set({ mergingId: null, focusId: id })}
        />
      ) : (
        <>
          <ComparisonTable
            conflict={conflict}
            fields={fields}
            rule={rule}
            all={isExpanded}
            labelledBy={`title-${id}`}
          />
          {isExpanded ? <Evidence conflict={conflict} fields={byName} /> : null}
          <footer className={classes.actions}>
            <DecisionButtons
              label={`Decision about ${rowName(conflict.row)}`}
              value={own ?? rule}
              tabIndex={tabIndex}
              onDecide={choose}
              onTakeBack={own ? () => choose(null) : undefined}
            />
            <UnstyledButton
              className={classes.more}
              tabIndex={tabIndex}
              aria-expanded={isExpanded}
              onClick={() => store.getState().set({ expanded: toggled(store.getState().expanded, id) })}
            >
              Details <IconChevronDown size={16} aria-hidden data-open={isExpanded || undefined} />
            </UnstyledButton>
          </footer>
        </>
      )}
    </article>
  );
});

function StateBadge({ own, rule }: { own: Resolution | null; rule: Resolution | null }) {
  const { decided } = useReviewWords();
  if (own) return <Badge color="green">Decided: {decided[own]}</Badge>;
  if (rule) return <Badge color="harbour">By rule: {decided[rule]}</Badge>;
  return <Badge color="yellow">Open</Badge>;
}

const TITLE_FIELDS_MAX = 3;

/** The record by its key, or by its first fields. */
function titleOf(
  conflict: ConflictView,
  names: readonly string[],
  fields: ReadonlyMap<string, Field>,
  rowName: string,
): string {
  const values = names.flatMap((name) => {
    const field = fields.get(name);
    const text = field ? valueText(field, conflict.existing.data[name]) : "";
    return text === "" ? [] : [text];
  });
  return values.length > 0 ? values.slice(0, TITLE_FIELDS_MAX).join(" · ") : rowName;
}

function mergeFields(conflict: ConflictView, fields: ReadonlyMap<string, Field>): Field[] {
  const clashing = new Set(conflict.clashingFields);
  const names = [
    ...conflict.clashingFields,
    ...conflict.differingFields.filter((name) => !clashing.has(name)),
  ];
  return names.flatMap((name) => fields.get(name) ?? []);
}
