import { memo } from "react";
import classes from "./review.module.css";
import { diffText, shortened } from "./text-diff";

interface DiffTextProps {
  text: string;
  /** The other side's text; null leaves the whole unmarked. */
  against: string | null;
  side: "existing" | "incoming";
  /** Long texts without what is far from any mark. */
  short?: boolean;
}

/** One side of a difference, with the parts marked that the other side does not have. */
export const DiffText = memo(function DiffText({ text, against, side, short = false }: DiffTextProps) {
  if (text === "") return <span className={classes.empty}>(empty)</span>;
  if (against === null) return <>{text}</>;
  const diff = side === "existing" ? diffText(text, against).before : diffText(against, text).after;
  const parts = short ? shortened(diff) : diff;
  return (
    <>
      {parts.map((part, index) =>
        part.changed ? (
          <mark key={index} className={classes.mark} data-side={side}>
            {part.text}
          </mark>
        ) : (
          <span key={index}>{part.text}</span>
        ),
      )}
    </>
  );
});
