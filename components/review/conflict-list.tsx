"use client";

import { Button, Center, Loader } from "@mantine/core";
import { defaultRangeExtractor, useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import type { ConflictView, Resolution } from "@/lib/contracts/review";
import type { Field } from "@/lib/core/fields/types";
import { ConflictCard } from "./conflict-card";
import { useReview, useReviewStore, withSelected } from "./review-store";
import classes from "./review.module.css";
import { useReviewKeys } from "./use-review-keys";

const CARD_HEIGHT_GUESS = 250;
const GAP = 12;
/** What the page's header and the sticky bar of the review cover. */
const COVERED_TOP = 68;
const COVERED_BOTTOM = 190;
/** Further conflicts are asked for when this few are left below. */
const AHEAD = 20;

interface ConflictListProps {
  conflicts: readonly ConflictView[];
  /** How many meet the filter, loaded or not. */
  matching: number;
  fields: readonly Field[];
  titleFields: readonly string[];
  rule: Resolution | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  moreError: unknown;
  loadMore: () => void;
}

/** The conflicts, of which only those in sight are on the page; it scrolls with the window. */
export function ConflictList(props: ConflictListProps) {
  const { conflicts, matching, fields, titleFields, rule, hasMore, isLoadingMore, moreError, loadMore } =
    props;
  const store = useReviewStore();
  const list = useRef<HTMLDivElement>(null);
  const margin = useDistanceFromTop(list);
  const activeId = useReview((s) => s.activeId);
  const activeIndex = conflicts.findIndex((conflict) => conflict.id === activeId);
  const tabStop = Math.max(0, activeIndex);

  const virtualizer = useWindowVirtualizer({
    count: conflicts.length,
    estimateSize: () => CARD_HEIGHT_GUESS,
    getItemKey: (index) => conflicts[index]?.id ?? index,
    gap: GAP,
    overscan: 4,
    scrollMargin: margin,
    scrollPaddingStart: COVERED_TOP,
    scrollPaddingEnd: COVERED_BOTTOM,
    // The card with the focus stays on the page wherever it is scrolled to, and the first by which Tab comes in.
    rangeExtractor: (range: Range) => {
      const indices = defaultRangeExtractor(range);
      return indices.includes(tabStop) || tabStop >= range.count
        ? indices
        : [...indices, tabStop].sort((a, b) => a - b);
    },
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && !isLoadingMore && moreError === null && last >= conflicts.length - AHEAD) loadMore();
  }, [hasMore, isLoadingMore, moreError, last, conflicts.length, loadMore]);

  useReviewKeys({
    conflicts,
    scrollTo: useCallback(
      (index: number) => virtualizer.scrollToIndex(index, { align: "auto" }),
      [virtualizer],
    ),
  });

  const latest = useRef(conflicts);
  useLayoutEffect(() => {
    latest.current = conflicts;
  });
  const tick = useCallback(
    (id: string, on: boolean, range: boolean) => {
      const { anchorId, selection, set } = store.getState();
      const ids = range && anchorId ? between(latest.current, anchorId, id) : [id];
      set({ selection: withSelected(selection, ids, on), anchorId: id, activeId: id });
    },
    [store],
  );

  return (
    <>
      <div
        ref={list}
        role="feed"
        aria-label="Conflicts"
        aria-busy={isLoadingMore}
        className={classes.list}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map((item) => {
          const conflict = conflicts[item.index];
          if (!conflict) return null;
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={classes.slot}
              style={{ transform: `translateY(${item.start - margin}px)` }}
            >
              <ConflictCard
                conflict={conflict}
                fields={fields}
                titleFields={titleFields}
                rule={rule}
                index={item.index}
                count={matching}
                isTabStop={item.index === tabStop}
                onTick={tick}
              />
            </div>
          );
        })}
      </div>
      {moreError ? (
        <ProblemAlert error={moreError} title="Further conflicts could not be loaded" onRetry={loadMore} />
      ) : null}
      {hasMore && !moreError ? (
        <Center py="md">
          {isLoadingMore ? (
            <Loader size="sm" aria-label="Loading further conflicts" />
          ) : (
            <Button variant="subtle" onClick={loadMore}>
              Load more
            </Button>
          )}
        </Center>
      ) : null}
    </>
  );
}

/** Ids from one conflict to another, both included; the second alone when the first is not in the list. */
function between(conflicts: readonly ConflictView[], from: string, to: string): string[] {
  const [a, b] = [conflicts.findIndex((c) => c.id === from), conflicts.findIndex((c) => c.id === to)];
  if (a < 0 || b < 0) return [to];
  return conflicts.slice(Math.min(a, b), Math.max(a, b) + 1).map((c) => c.id);
}

/** Pixels from the top of the page to the element; what stands above it may change its height at any time. */
function useDistanceFromTop(element: React.RefObject<HTMLElement | null>): number {
  const [distance, setDistance] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const box = element.current?.getBoundingClientRect();
      if (box) setDistance(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return distance;
}
