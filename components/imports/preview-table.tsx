"use client";

import { ScrollArea, Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconWand } from "@tabler/icons-react";
import { formatCount } from "@/components/format";
import { valueText } from "@/components/records/value-text";
import type { Field } from "@/lib/core/fields/types";
import { useRowNumber } from "./row-names";
import classes from "./imports.module.css";
import type { ImportPreview, PreviewCell } from "@/lib/contracts/import-view";

/** The first rows as they will be stored. What was corrected and what is wrong stands in the cell, in words. */
export function PreviewTable({ preview }: { preview: ImportPreview }) {
  const numberOf = useRowNumber();
  return (
    <ScrollArea
      className={classes.preview}
      viewportProps={{ tabIndex: 0, "aria-label": "First rows", role: "group" }}
    >
      <Table verticalSpacing="xs" horizontalSpacing="sm" striped={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={classes.rowNumber}>Row</Table.Th>
            {preview.fields.map((field) => (
              <Table.Th key={field.name}>{field.label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.rows.map((row) => {
            const cells = new Map(row.cells.map((cell) => [cell.field, cell]));
            return (
              <Table.Tr key={row.number}>
                <Table.Th scope="row" className={classes.rowNumber} fw={400}>
                  <span className="tabular">{formatCount(numberOf(row.number))}</span>
                </Table.Th>
                {preview.fields.map((field) => (
                  <Cell key={field.name} field={field} cell={cells.get(field.name)} />
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function Cell({ field, cell }: { field: Field; cell: PreviewCell | undefined }) {
  if (cell?.error) {
    return (
      <Table.Td className={classes.cellError}>
        {cell.raw === "" ? (
          <Text span c="dimmed" size="sm">
            (empty)
          </Text>
        ) : (
          cell.raw
        )}
        <Text span className={classes.mark} c="var(--mantine-color-red-light-color)">
          <IconAlertTriangle size={14} aria-label="Invalid:" />
          {cell.error.message}
        </Text>
      </Table.Td>
    );
  }
  return (
    <Table.Td className={cell?.correction ? classes.cellCorrected : undefined}>
      <span className={field.type === "text" ? "tabular" : `tabular ${classes.short ?? ""}`}>
        {valueText(field, cell?.value)}
      </span>
      {cell?.correction ? (
        <Text span className={classes.mark} c="dimmed" title={`In the file: ${cell.raw}`}>
          <IconWand size={14} aria-label="Corrected:" />
          {cell.correction.message}
        </Text>
      ) : null}
    </Table.Td>
  );
}
