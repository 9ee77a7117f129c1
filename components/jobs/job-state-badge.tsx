import { Badge } from "@mantine/core";
import type { Job } from "@/lib/contracts/jobs";
import { stateWords } from "./states";

export function JobStateBadge({ state }: { state: Job["state"] }) {
  const words = stateWords(state);
  // Its words are the state: a narrow page must not cut them off.
  return (
    <Badge color={words.color} style={{ flex: "none" }}>
      {words.label}
    </Badge>
  );
}
