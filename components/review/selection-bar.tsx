"use client";

import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { formatCount } from "@/components/format";
import type { ConflictView, Resolution } from "@/lib/contracts/review";
import { DecisionButtons } from "./decision-buttons";
import { asDecision, type Change } from "./decisions";
import { allConflicts } from "./queries";
import { NOTHING, selectedCount, useReview, useReviewStore } from "./review-store";
import classes from "./review.module.css";
import { useDecide } from "./use-decisions";

interface SelectionBarProps {
  importId: string;
  conflicts: readonly ConflictView[];
  matching: number;
}

/** One decision about everything that is ticked. */
export function SelectionBar({ importId, conflicts, matching }: SelectionBarProps) {
  const store = useReviewStore();
  const decide = useDecide();
  const selection = useReview((s) => s.selection);
  const [gathering, setGathering] = useState(false);
  const count = selectedCount(selection, matching);
  if (count === 0) return null;

  async function apply(resolution: Resolution | null) {
    setGathering(true);
    try {
      for (const change of await changes(resolution)) await decide(change);
      store.getState().set({ selection: NOTHING, anchorId: null });
    } catch (error) {
      store.getState().set({ saveError: error });
    } finally {
      setGathering(false);
    }
  }

  async function changes(resolution: Resolution | null): Promise<Change[]> {
    if (selection.kind === "ids") return [specific([...selection.ids], resolution)];
    const { filter } = store.getState();
    const { state, ...where } = filter;
    // The server knows no rule for "all that are decided": those are named one by one.
    if (state === "resolved") {
      const found = await allConflicts(importId, filter);
      const ids = found.map((c) => c.id).filter((id) => !selection.except.has(id));
      return [specific(ids, resolution)];
    }
    if (resolution === null && state === "unresolved") {
      // Listed as open, and decided since; what is not loaded is open still.
      const since = conflicts.filter((c) => c.resolution !== null && !selection.except.has(c.id));
      return since.length > 0
        ? [
            specific(
              since.map((c) => c.id),
              null,
            ),
          ]
        : [];
    }
    const bulk = { where: { ...where, unresolvedOnly: state === "unresolved" }, resolution };
    const excepted = conflicts.filter((c) => selection.except.has(c.id)).map(asDecision);
    return [
      { kind: "bulk", bulk },
      ...(excepted.length > 0 ? [{ kind: "specific" as const, decisions: excepted }] : []),
    ];
  }

  return (
    <div className={classes.selection} role="group" aria-label="Selected conflicts" aria-busy={gathering}>
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Text size="sm" fw={600} role="status" className="tabular">
          {formatCount(count)} selected
        </Text>
        <Group gap={4} wrap="nowrap">
          <Button size="compact-sm" variant="subtle" onClick={() => void apply(null)}>
            Take back
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => store.getState().set({ selection: NOTHING, anchorId: null })}
          >
            Clear
          </Button>
        </Group>
      </Group>
      <DecisionButtons
        label="Decision about all that are selected"
        value={null}
        onDecide={(resolution) => void apply(resolution)}
      />
    </div>
  );
}

function specific(ids: readonly string[], resolution: Resolution | null): Change {
  return { kind: "specific", decisions: ids.map((conflictId) => ({ conflictId, resolution })) };
}
