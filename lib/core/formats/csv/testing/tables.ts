import type { Random } from "./random";

/** A made-up table, before it is written in a dialect. */
export interface Table {
  header: string[];
  rows: string[][];
}

type Column = { name: string; cell: (random: Random, row: number) => string };

const FIRST = [
  "Anna",
  "Bob",
  "Chloé",
  "Đức",
  "Erik",
  "Fatima",
  "민수",
  "Łukasz",
  "O'Neil",
  "Jürgen",
  "Mei",
  "太郎",
];
const LAST = [
  "Smith",
  "García",
  "Nguyễn",
  "Müller",
  "van den Berg",
  "Kim",
  "Dubois",
  "Rossi",
  "Novák",
  "Lee",
];
const CITIES = [
  "Paris",
  "New York",
  "São Paulo",
  "Hà Nội",
  "Seoul",
  "Berlin",
  "Kraków",
  "Rio de Janeiro",
  "Hue",
  "Lyon",
];
const NOUNS = [
  "the boots",
  "a light jacket",
  "it's an offer",
  "two bowls",
  "our cap",
  "warm socks",
  "Kids' hat",
];
const SENTENCES = [
  "Light, warm and dry; made to last.",
  "See the manual, page 12, for details",
  'He said "hello" and left',
  'Round 48" table, oak',
  "No show",
  "Great grip: ideal for warm, dry conditions.",
  "Don't feed the birds",
  "a | b or c",
  "first line\nsecond line, with comma",
  "50% off, today only!",
  "colour=red; size=XL",
];

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

const COLUMNS: Column[] = [
  { name: "id", cell: (_, row) => String(row + 1) },
  { name: "Name", cell: (random) => `${random.pick(FIRST)} ${random.pick(LAST)}` },
  { name: "first_name", cell: (random) => random.pick(FIRST) },
  { name: "City", cell: (random) => random.pick(CITIES) },
  { name: "Country", cell: (random) => random.pick(["France", "Viet Nam", "South Korea", "Poland", "USA"]) },
  { name: "Entry Date", cell: (random) => `2024-${pad(random.int(1, 12))}-${pad(random.int(1, 28))}` },
  {
    name: "date",
    cell: (random) => `${pad(random.int(1, 28))}/${pad(random.int(1, 12))}/20${random.int(10, 24)}`,
  },
  { name: "Datum", cell: (random) => `${pad(random.int(1, 28))}.${pad(random.int(1, 12))}.2023` },
  { name: "Time", cell: (random) => `${pad(random.int(0, 23))}:${pad(random.int(0, 59))}` },
  {
    name: "created_at",
    cell: (random) =>
      `2023-0${random.int(1, 9)}-1${random.int(0, 9)} ${pad(random.int(0, 23))}:${pad(random.int(0, 59))}:${pad(random.int(0, 59))}`,
  },
  { name: "Price", cell: (random) => `$${random.int(1, 99)}.${pad(random.int(0, 99))}` },
  { name: "Preis", cell: (random) => `${random.int(1, 999)},${pad(random.int(0, 99))}` },
  { name: "amount", cell: (random) => (random.next() * 1000).toFixed(random.int(1, 4)) },
  { name: "Population", cell: (random) => `${random.int(1, 99)},${random.int(100, 999)}` },
  { name: "Qty", cell: (random) => String(random.int(0, 40)) },
  { name: "share", cell: (random) => `${random.int(0, 100)}%` },
  { name: "Email", cell: (random) => `user${random.int(1, 999)}@example.com` },
  {
    name: "URL",
    cell: (random) => `https://www.example.com/p/${random.int(1, 999)}?a=1&b=${random.int(1, 9)}`,
  },
  { name: "code", cell: (random) => `${random.pick(["MG", "RI", "CC", "YY"])}-${random.int(1000, 9999)}` },
  { name: "active", cell: (random) => random.pick(["true", "false"]) },
  { name: "Notes", cell: (random) => (random.chance(0.2) ? "" : random.pick(SENTENCES)) },
  { name: "Product", cell: (random) => random.pick(NOUNS) },
  { name: "tags", cell: (random) => random.pick(["a;b;c", "x", "red;green", "", "news"]) },
  { name: "json", cell: (random) => `{"a":${random.int(1, 9)},"b":["x","y"]}` },
  {
    name: "Phone",
    cell: (random) => `+84 ${random.int(100, 999)} ${random.int(100, 999)} ${random.int(100, 999)}`,
  },
  { name: "lat", cell: (random) => `-${random.int(1, 89)}.${random.int(10000, 99999)}` },
  { name: "comment", cell: (random) => (random.chance(0.7) ? "" : "ok") },
];

/** A table of `columns` different columns. */
export function randomTable(random: Random, columns: number, rows: number): Table {
  const left = [...COLUMNS];
  const chosen = Array.from(
    { length: columns },
    () => left.splice(random.int(0, left.length - 1), 1)[0],
  ).filter((column): column is Column => column !== undefined);
  return {
    header: chosen.map(({ name }) => name),
    rows: Array.from({ length: rows }, (_, row) => chosen.map(({ cell }) => cell(random, row))),
  };
}
