/** First bytes of files that are no table Ferry reads, and what to tell their owner. */
const MAGIC: { bytes: number[]; at?: number; kind: string; advice: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], kind: "a ZIP archive", advice: "Unpack it and bring the file inside." },
  {
    bytes: [0x50, 0x4b, 0x05, 0x06],
    kind: "an empty ZIP archive",
    advice: "Bring a CSV, Excel or JSON file.",
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    kind: "an old Excel file (.xls) or a protected workbook",
    advice: "Open it in a spreadsheet program and save it as .xlsx without a password.",
  },
  {
    bytes: [0x25, 0x50, 0x44, 0x46],
    kind: "a PDF document",
    advice: "Export the table as CSV or Excel instead.",
  },
  { bytes: [0x1f, 0x8b], kind: "a gzip archive", advice: "Unpack it and bring the file inside." },
  { bytes: ascii("ustar"), at: 257, kind: "a tar archive", advice: "Unpack it and bring the file inside." },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    kind: "a Zstandard archive",
    advice: "Unpack it and bring the file inside.",
  },
  { bytes: [0x42, 0x5a, 0x68], kind: "a bzip2 archive", advice: "Unpack it and bring the file inside." },
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    kind: "an xz archive",
    advice: "Unpack it and bring the file inside.",
  },
  {
    bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
    kind: "a 7-Zip archive",
    advice: "Unpack it and bring the file inside.",
  },
  {
    bytes: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07],
    kind: "a RAR archive",
    advice: "Unpack it and bring the file inside.",
  },
  { bytes: ascii("SQLite format 3"), kind: "an SQLite database", advice: "Export its tables as CSV." },
  { bytes: ascii("PAR1"), kind: "a Parquet file", advice: "Export it as CSV." },
  { bytes: [0x89, 0x50, 0x4e, 0x47], kind: "a PNG image", advice: "Bring a CSV, Excel or JSON file." },
  { bytes: [0xff, 0xd8, 0xff], kind: "a JPEG image", advice: "Bring a CSV, Excel or JSON file." },
  { bytes: ascii("GIF8"), kind: "a GIF image", advice: "Bring a CSV, Excel or JSON file." },
  { bytes: ascii("ftyp"), at: 4, kind: "a video", advice: "Bring a CSV, Excel or JSON file." },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], kind: "a program", advice: "Bring a CSV, Excel or JSON file." },
];

function ascii(text: string): number[] {
  return [...Buffer.from(text, "latin1")];
}

/** What kind of non-table the bytes are, as a sentence with advice; undefined when they may be a table. */
export function foreignFormat(head: Uint8Array): string | undefined {
  const found = MAGIC.find(({ bytes, at = 0 }) => bytes.every((byte, i) => head[at + i] === byte));
  if (found === undefined) return undefined;
  return `This is ${found.kind}, not a table Ferry can read. ${found.advice}`;
}
