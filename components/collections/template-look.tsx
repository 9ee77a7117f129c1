import { ThemeIcon } from "@mantine/core";
import {
  IconCards,
  IconPlaneDeparture,
  IconRepeat,
  IconStack2,
  IconTable,
  type Icon,
} from "@tabler/icons-react";
import type { TemplateId } from "@/lib/core/templates/types";

const LOOKS: Record<TemplateId | "table", { icon: Icon; color: string }> = {
  trips: { icon: IconPlaneDeparture, color: "harbour" },
  "study-sets": { icon: IconStack2, color: "indigo" },
  cards: { icon: IconCards, color: "grape" },
  "study-cycles": { icon: IconRepeat, color: "orange" },
  table: { icon: IconTable, color: "gray" },
};

/** The sign of a template; `null` is a table of the person's own. */
export function TemplateIcon({ template, size = 38 }: { template: TemplateId | null; size?: number }) {
  const look = LOOKS[template ?? "table"];
  return (
    <ThemeIcon variant="light" color={look.color} size={size} radius="md" aria-hidden>
      <look.icon size={size * 0.55} stroke={1.7} />
    </ThemeIcon>
  );
}
