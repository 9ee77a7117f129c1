"use client";

import { Button, Group, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { formatCount } from "@/components/format";
import type { PlanCounts } from "@/lib/contracts/imports";
import { ConfirmRemoval } from "./confirm-removal";
import { NO_FILTER, NOTHING, useReview, useReviewStore } from "./review-store";
import classes from "./review.module.css";
import { SaveError } from "./save-error";

interface ImportBarProps {
  counts: PlanCounts;
  isStarting: boolean;
  onImport: () => void;
  onCancel: () => void;
  /** What stands above the totals: the decisions about a selection. */
  children?: ReactNode;
}

/** Always in sight: what would happen now, whether everything is saved, and the way on. */
export function ImportBar({ counts, isStarting, onImport, onCancel, children }: ImportBarProps) {
  const store = useReviewStore();
  const unsaved = useReview((s) => s.unsaved);
  const [confirming, setConfirming] = useState(false);
  const open = counts.conflicts;

  return (
    <div className={classes.bar} role="region" aria-label="Import">
      {children}
      <SaveError />
      <div className={classes.barLine}>
        <div className={classes.totals}>
          <Text size="sm" fw={600} role="status" aria-label="Totals" className="tabular">
            {totalsText(counts)}
          </Text>
          <Text size="xs" c="dimmed" id="import-state" role="status">
            {unsaved > 0
              ? "Saving…"
              : open > 0
                ? "Saved. Import waits until no row is open; a rule for the rest will do."
                : "Saved. Every row is decided."}
          </Text>
        </div>
        <Group gap="xs" className={classes.barButtons}>
          <Button variant="subtle" color="gray" c="dimmed" onClick={onCancel}>
            Cancel
          </Button>
          {open > 0 ? (
            <Button
              variant="default"
              onClick={() =>
                store
                  .getState()
                  .set({ filter: { ...NO_FILTER, state: "unresolved" }, selection: NOTHING, activeId: null })
              }
            >
              Show open
            </Button>
          ) : null}
          <Button
            disabled={open > 0 || unsaved > 0}
            loading={isStarting}
            aria-describedby="import-state"
            onClick={() => (counts.toDelete > 0 ? setConfirming(true) : onImport())}
          >
            Import now
          </Button>
        </Group>
      </div>
      {confirming ? (
        <ConfirmRemoval
          count={counts.toDelete}
          onClose={() => setConfirming(false)}
          onConfirm={() => {
            setConfirming(false);
            onImport();
          }}
        />
      ) : null}
    </div>
  );
}

function totalsText(counts: PlanCounts): string {
  const parts: [count: number, what: string][] = [
    [counts.new, "new"],
    [counts.toUpdate, "to update"],
    [counts.toDelete, "to remove"],
    [counts.skipped, "passed over"],
    [counts.unchanged, "unchanged"],
  ];
  const shown = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return [`${formatCount(counts.conflicts)} open`, ...shown].join(" · ");
}
