import { Button } from "@mantine/core";
import {
  IconArrowBackUp,
  IconCopyPlus,
  IconFileImport,
  IconGitMerge,
  IconUserCheck,
} from "@tabler/icons-react";
import type { Resolution } from "@/lib/contracts/review";
import { useReviewWords } from "./review-of";
import classes from "./review.module.css";

const ICONS: Record<Resolution, typeof IconGitMerge> = {
  skip: IconUserCheck,
  overwrite: IconFileImport,
  merge: IconGitMerge,
  keepBoth: IconCopyPlus,
};

interface DecisionButtonsProps {
  /** What holds now, as far as there is one answer. */
  value: Resolution | null;
  onDecide: (resolution: Resolution) => void;
  /** Takes the decision back; left out where there is none to take back. */
  onTakeBack?: () => void;
  label: string;
  tabIndex?: number;
}

/** The decisions as buttons of which one is pressed, and the way back. */
export function DecisionButtons({ value, onDecide, onTakeBack, label, tabIndex }: DecisionButtonsProps) {
  const { decisions } = useReviewWords();
  return (
    <div role="group" aria-label={label} className={classes.decisions}>
      {decisions.map((decision) => {
        const Icon = ICONS[decision.value];
        const pressed = value === decision.value;
        return (
          <Button
            key={decision.value}
            size="sm"
            variant={pressed ? "filled" : "default"}
            aria-pressed={pressed}
            tabIndex={tabIndex}
            leftSection={<Icon size={16} stroke={1.8} aria-hidden />}
            onClick={() => onDecide(decision.value)}
          >
            <span className={classes.lead}>{decision.label.slice(0, -decision.short.length)}</span>
            <span className={classes.short}>{decision.short}</span>
          </Button>
        );
      })}
      {onTakeBack ? (
        <Button
          size="sm"
          variant="subtle"
          tabIndex={tabIndex}
          leftSection={<IconArrowBackUp size={16} stroke={1.8} aria-hidden />}
          onClick={onTakeBack}
        >
          Take back
        </Button>
      ) : null}
    </div>
  );
}
