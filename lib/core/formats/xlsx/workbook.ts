import type { Archive } from "./archive";
import type { ArchiveEntry } from "./archive-entry";
import { tagsOf } from "./xml";

export interface WorkbookSheet {
  name: string;
  hidden: boolean;
  /** Undefined when the archive does not hold the sheet's part. */
  part: ArchiveEntry | undefined;
}

/** What workbook.xml and its relationships say. Parts that are named but missing are listed in `missing`. */
export interface Workbook {
  sheets: WorkbookSheet[];
  date1904: boolean;
  styles: ArchiveEntry | undefined;
  sharedStrings: ArchiveEntry | undefined;
  /** True when the styles, or the workbook part itself, are lost, so that no number can be told from a date. */
  stylesLost: boolean;
}

export interface Relationship {
  id: string;
  /** Last segment of the type, which transitional and strict files share: "worksheet", "styles"… */
  type: string;
  target: string;
}

export function relationshipsOf(xml: Uint8Array, sourcePart: string): Relationship[] {
  const found: Relationship[] = [];
  for (const { name, attributes } of tagsOf(xml)) {
    if (name !== "Relationship" || attributes.TargetMode === "External") continue;
    found.push({
      id: attributes.Id ?? "",
      type: (attributes.Type ?? "").split("/").at(-1) ?? "",
      target: resolveTarget(attributes.Target ?? "", sourcePart),
    });
  }
  return found;
}

/** A relationship's target as a part name, relative to the part that states it. */
function resolveTarget(target: string, sourcePart: string): string {
  const path = decodePath(target.replaceAll("\\", "/"));
  if (path.startsWith("/")) return path.slice(1);
  const segments = sourcePart.split("/").slice(0, -1);
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "." && segment !== "") segments.push(segment);
  }
  return segments.join("/");
}

function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

export function relationshipsPart(part: string): string {
  const slash = part.lastIndexOf("/") + 1;
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`;
}

/** Sheets in the order of their tabs, from the workbook part and its relationships. */
export function parseWorkbook(xml: Uint8Array, relationships: Relationship[], archive: Archive): Workbook {
  const byId = new Map(relationships.map((relationship) => [relationship.id, relationship]));
  const sheets: WorkbookSheet[] = [];
  let date1904 = false;
  for (const { kind, name, attributes } of tagsOf(xml)) {
    if (kind === "close") continue;
    if (name === "workbookPr") date1904 = attributes.date1904 === "1" || attributes.date1904 === "true";
    if (name !== "sheet") continue;
    const relationship = byId.get(attributes.id ?? "");
    // Chart and macro sheets hold no rows.
    if (relationship && relationship.type !== "worksheet") continue;
    const guessed = `xl/worksheets/sheet${sheets.length + 1}.xml`;
    sheets.push({
      name: attributes.name ?? `Sheet${sheets.length + 1}`,
      hidden: attributes.state === "hidden" || attributes.state === "veryHidden",
      part: archive.find(relationship?.target ?? guessed),
    });
  }
  const target = (type: string) => relationships.find((relationship) => relationship.type === type)?.target;
  const styles = archive.find(target("styles") ?? "xl/styles.xml");
  return {
    sheets,
    date1904,
    styles,
    sharedStrings: archive.find(target("sharedStrings") ?? "xl/sharedStrings.xml"),
    stylesLost:
      styles === undefined &&
      (target("styles") !== undefined || relationships.length === 0 || archive.cutOff),
  };
}

/** What can be made of an archive whose workbook part is lost: every worksheet part, by its file name. */
export function sheetsWithoutWorkbook(archive: Archive): Workbook {
  const parts = archive.entries.filter((entry) => /(^|\/)worksheets\/[^/]+\.xml$/i.test(entry.name));
  return {
    sheets: parts.map((part) => ({
      name: (part.name.split("/").at(-1) ?? "").replace(/\.xml$/i, ""),
      hidden: false,
      part,
    })),
    date1904: false,
    styles: undefined,
    sharedStrings: archive.find("xl/sharedStrings.xml"),
    stylesLost: true,
  };
}
