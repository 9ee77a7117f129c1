/** A stretch of a text; `changed` when the other text does not have it in this place. */
export interface TextPart {
  text: string;
  changed: boolean;
}

export interface TextDiff {
  before: TextPart[];
  after: TextPart[];
}

/** Tokens of one side × tokens of the other: beyond it what differs is marked as one stretch. */
const CELLS_MAX = 250_000;
/** Longer stretches are not taken apart into words. */
const LENGTH_MAX = 20_000;
/** Two words that are longer together are marked as a whole. */
const WORD_LENGTH_MAX = 200;
/** Two words of which at least this part is alike at both ends are marked inside; others as a whole. */
const ALIKE_WITHIN_WORD = 0.5;

const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const LETTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * What differs between two texts, in words: the longest common sequence of words stays unmarked. A word that became a
 * similar one is marked in its middle only ("colo[u]r"). Letters are never split from their accents. The parts of a
 * side, joined, are that side's text; the unmarked parts, joined, are the same on both sides.
 */
export function diffText(before: string, after: string): TextDiff {
  if (before === after) return { before: parts([before], () => false), after: parts([after], () => false) };
  const { start, end } = sameEnds(before, after);
  const a = tokens(before, start, end);
  const b = tokens(after, start, end);
  const kept = keptTokens(a.slice(1, -1), b.slice(1, -1));
  const isChanged = (side: ReadonlySet<number>, count: number) => (index: number) =>
    index > 0 && index < count - 1 && !side.has(index - 1);
  return refined({
    before: parts(a, isChanged(kept.a, a.length)),
    after: parts(b, isChanged(kept.b, b.length)),
  });
}

/** How many letters at the start and at the end are the same in both, counted up to a blank. */
function sameEnds(a: string, b: string): { start: number; end: number } {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start += 1;
  while (start > 0 && a[start - 1] !== " ") start -= 1;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  while (end > 0 && a[a.length - end] !== " ") end -= 1;
  return { start, end };
}

/** The first and the last token are what both sides begin and end with, possibly "". */
function tokens(text: string, start: number, end: number): string[] {
  const middle = text.slice(start, text.length - end);
  return [
    text.slice(0, start),
    ...(middle.length > LENGTH_MAX ? [middle] : segments(WORDS, middle)),
    text.slice(text.length - end),
  ];
}

function segments(by: Intl.Segmenter, text: string): string[] {
  return Array.from(by.segment(text), (s) => s.segment);
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}

function commonEnd(a: readonly string[], b: readonly string[], start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let length = 0;
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1;
  return length;
}

/** Indices of the tokens that are in the longest common subsequence. */
function keptTokens(
  a: readonly string[],
  b: readonly string[],
): { a: ReadonlySet<number>; b: ReadonlySet<number> } {
  const kept = { a: new Set<number>(), b: new Set<number>() };
  const columns = b.length + 1;
  if (a.length * b.length > CELLS_MAX) return kept;
  // lengths[i * columns + j]: the longest common subsequence of a from i and b from j.
  const lengths = new Uint32Array((a.length + 1) * columns);
  const at = (i: number, j: number) => lengths[i * columns + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * columns + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      kept.a.add(i);
      kept.b.add(j);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return kept;
}

function parts(tokens: readonly string[], isChanged: (index: number) => boolean): TextPart[] {
  const joined: TextPart[] = [];
  tokens.forEach((text, index) => add(joined, { text, changed: isChanged(index) }));
  return joined;
}

function add(to: TextPart[], part: TextPart): void {
  if (part.text === "") return;
  const last = to.at(-1);
  if (last?.changed === part.changed) last.text += part.text;
  else to.push({ ...part });
}

/** Marks only the middle of a word that became a similar one: where both sides have one changed part between the same. */
function refined(diff: TextDiff): TextDiff {
  const pairs = changedPairs(diff);
  if (pairs.length === 0) return diff;
  const before = new Map(pairs.map(({ from, to }) => [from, to]));
  const after = new Map(pairs.map(({ from, to }) => [to, from]));
  return {
    before: diff.before.reduce<TextPart[]>((done, part) => marked(done, part, before.get(part)), []),
    after: diff.after.reduce<TextPart[]>((done, part) => marked(done, part, after.get(part)), []),
  };
}

/** Changed parts that stand in the same place: after the same number of unmarked letters. */
function changedPairs(diff: TextDiff): { from: TextPart; to: TextPart }[] {
  const places = new Map(changesByPlace(diff.after));
  return changesByPlace(diff.before).flatMap(([place, from]) => {
    const to = places.get(place);
    return to && isAlike(from.text, to.text) ? [{ from, to }] : [];
  });
}

function changesByPlace(side: readonly TextPart[]): [place: number, part: TextPart][] {
  let place = 0;
  return side.flatMap((part) => {
    if (part.changed) return [[place, part] as [number, TextPart]];
    place += part.text.length;
    return [];
  });
}

function isAlike(a: string, b: string): boolean {
  // Half a number says nothing.
  if (/^[\d.,]+$/.test(a) || /^[\d.,]+$/.test(b)) return false;
  if (a.length + b.length > WORD_LENGTH_MAX || /\s/.test(a) || /\s/.test(b)) return false;
  const [one, other] = [segments(LETTERS, a), segments(LETTERS, b)];
  const start = commonStart(one, other);
  const same = start + commonEnd(one, other, start);
  return same >= ALIKE_WITHIN_WORD * Math.max(one.length, other.length);
}

function marked(done: TextPart[], part: TextPart, counterpart: TextPart | undefined): TextPart[] {
  if (!counterpart) {
    add(done, part);
    return done;
  }
  const [own, other] = [segments(LETTERS, part.text), segments(LETTERS, counterpart.text)];
  const start = commonStart(own, other);
  const end = commonEnd(own, other, start);
  add(done, { text: own.slice(0, start).join(""), changed: false });
  add(done, { text: own.slice(start, own.length - end).join(""), changed: true });
  add(done, { text: own.slice(own.length - end).join(""), changed: false });
  return done;
}

/** Letters that are shown on each side of a mark when a long text is shortened. */
const CONTEXT = 60;

/** The parts of a long text with what is far from any mark left out, so that the marks are in sight. */
export function shortened(parts: readonly TextPart[]): TextPart[] {
  if (!parts.some((part) => part.changed)) return [...parts];
  return parts.map((part, index) => {
    if (part.changed) return part;
    const head = index === 0 ? "" : firstWords(part.text);
    const tail = index === parts.length - 1 ? "" : lastWords(part.text);
    return head.length + tail.length + 1 < part.text.length
      ? { text: `${head}…${tail}`, changed: false }
      : part;
  });
}

function firstWords(text: string): string {
  if (text.length <= CONTEXT) return text;
  const end = text.lastIndexOf(" ", CONTEXT);
  return end > 0 ? text.slice(0, end + 1) : "";
}

function lastWords(text: string): string {
  if (text.length <= CONTEXT) return text;
  const start = text.indexOf(" ", text.length - CONTEXT);
  return start >= 0 ? text.slice(start) : "";
}
