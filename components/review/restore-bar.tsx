"use client";

import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { countOf } from "@/components/format";
import type { PlanCounts } from "@/lib/contracts/imports";
import { NO_FILTER, NOTHING, useReview, useReviewStore } from "./review-store";
import classes from "./review.module.css";
import { SaveError } from "./save-error";

interface RestoreBarProps {
  counts: PlanCounts;
  onBack: () => void;
  /** What stands above the totals: the decisions about a selection. */
  children?: ReactNode;
}

/** Always in sight: how many are open, whether everything is saved, and the way back to the restore. */
export function RestoreBar({ counts, onBack, children }: RestoreBarProps) {
  const store = useReviewStore();
  const unsaved = useReview((s) => s.unsaved);
  const open = counts.conflicts;
  const showOpen = () =>
    store
      .getState()
      .set({ filter: { ...NO_FILTER, state: "unresolved" }, selection: NOTHING, activeId: null });
  return (
    <div className={classes.bar} role="region" aria-label="Restore">
      {children}
      <SaveError />
      <div className={classes.barLine}>
        <div className={classes.totals}>
          <Text size="sm" fw={600} role="status" aria-label="Totals" className="tabular">
            {open > 0 ? `${countOf(open, "record")} open` : "Every record is decided"}
          </Text>
          <Text size="xs" c="dimmed" role="status">
            {unsaved > 0 ? "Saving…" : "Saved."}
          </Text>
        </div>
        <Group gap="xs" className={classes.barButtons}>
          {open > 0 ? (
            <Button variant="default" onClick={showOpen}>
              Show open
            </Button>
          ) : null}
          <Button disabled={unsaved > 0} onClick={onBack}>
            Back to the restore
          </Button>
        </Group>
      </div>
    </div>
  );
}
