/** The tree of an expression. */
export type Expression =
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "list"; items: Expression[] }
  | { kind: "name"; name: string }
  | { kind: "member"; of: Expression; key: Expression }
  | { kind: "not" | "negate"; of: Expression }
  | { kind: "binary"; op: BinaryOperator; left: Expression; right: Expression }
  | { kind: "choice"; condition: Expression; then: Expression; otherwise: Expression }
  | { kind: "call"; name: FunctionName; args: Expression[] };

export type BinaryOperator =
  "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "+" | "-" | "*" | "/" | "%";
export type FunctionName = "size" | "has" | "string" | "contains" | "startsWith" | "endsWith";

/** The text is not an expression of the supported part of CEL. The message names the place. */
export class ExpressionError extends Error {
  constructor(source: string, at: number, problem: string) {
    super(`${problem} at character ${at + 1} of the expression "${source}"`);
    this.name = "ExpressionError";
  }
}

interface Token {
  kind: "number" | "string" | "name" | "symbol" | "end";
  text: string;
  at: number;
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<name>[A-Za-z_]\w*)|(?<symbol>\|\||&&|==|!=|<=|>=|[-+*/%<>!?:.,()[\]]))/y;

/** Lowest first; operators of one level associate to the left. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">=", "in"],
  ["+", "-"],
  ["*", "/", "%"],
];
const GLOBAL_FUNCTIONS = new Set(["size", "has", "string"]);
const METHODS = new Set(["contains", "startsWith", "endsWith", "size"]);
const ROOTS = new Set(["event", "async"]);

/** Parse the part of CEL (Common Expression Language) that triggers, waits and keys need. @throws ExpressionError */
export function parseExpression(source: string): Expression {
  return new Parser(source).parse();
}

class Parser {
  private readonly tokens: Token[];
  private next = 0;

  constructor(private readonly source: string) {
    this.tokens = tokenize(source);
  }

  parse(): Expression {
    const tree = this.choice();
    if (this.peek.kind !== "end") throw this.error(`Unexpected "${this.peek.text}"`);
    return tree;
  }

  private choice(): Expression {
    const condition = this.binary(0);
    if (!this.take("?")) return condition;
    const then = this.choice();
    this.expect(":");
    return { kind: "choice", condition, then, otherwise: this.choice() };
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const op = operators.find((candidate) => this.peek.kind !== "string" && this.peek.text === candidate);
      if (!op) return left;
      this.next++;
      left = { kind: "binary", op, left, right: this.binary(level + 1) };
    }
  }

  private unary(): Expression {
    if (this.take("!")) return { kind: "not", of: this.unary() };
    if (this.take("-")) return { kind: "negate", of: this.unary() };
    return this.members(this.primary());
  }

  private members(of: Expression): Expression {
    for (;;) {
      if (this.take("[")) {
        const key = this.choice();
        this.expect("]");
        of = { kind: "member", of, key };
      } else if (this.take(".")) {
        const token = this.advance();
        if (token.kind !== "name") throw this.error("A name is missing after the dot", token);
        of =
          this.peek.text === "(" && this.peek.kind === "symbol"
            ? this.method(token, of)
            : { kind: "member", of, key: { kind: "literal", value: token.text } };
      } else return of;
    }
  }

  private method(token: Token, of: Expression): Expression {
    if (!METHODS.has(token.text)) throw this.error(`Unknown method "${token.text}"`, token);
    const args = this.args();
    const wanted = token.text === "size" ? 0 : 1;
    if (args.length !== wanted) throw this.error(`${token.text}() takes ${wanted} argument(s)`, token);
    return { kind: "call", name: token.text as FunctionName, args: [of, ...args] };
  }

  private primary(): Expression {
    const token = this.advance();
    if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token.kind === "string") return { kind: "literal", value: unquote(token.text) };
    if (token.kind === "name") return this.named(token);
    if (token.text === "(") {
      const inner = this.choice();
      this.expect(")");
      return inner;
    }
    if (token.text === "[") return { kind: "list", items: this.items("]") };
    throw this.error(token.kind === "end" ? "Something is missing" : `Unexpected "${token.text}"`, token);
  }

  private named(token: Token): Expression {
    if (token.text === "true" || token.text === "false")
      return { kind: "literal", value: token.text === "true" };
    if (token.text === "null") return { kind: "literal", value: null };
    if (this.peek.kind === "symbol" && this.peek.text === "(") {
      if (!GLOBAL_FUNCTIONS.has(token.text)) throw this.error(`Unknown function "${token.text}"`, token);
      const args = this.args();
      if (args.length !== 1) throw this.error(`${token.text}() takes 1 argument`, token);
      return { kind: "call", name: token.text as FunctionName, args };
    }
    if (!ROOTS.has(token.text)) throw this.error(`Unknown name "${token.text}"`, token);
    return { kind: "name", name: token.text };
  }

  private args(): Expression[] {
    this.expect("(");
    return this.items(")");
  }

  private items(end: string): Expression[] {
    const items: Expression[] = [];
    if (this.take(end)) return items;
    do items.push(this.choice());
    while (this.take(","));
    this.expect(end);
    return items;
  }

  private get peek(): Token {
    return this.tokens[this.next]!;
  }

  private advance(): Token {
    const token = this.peek;
    if (token.kind !== "end") this.next++;
    return token;
  }

  private take(symbol: string): boolean {
    if (this.peek.kind !== "symbol" || this.peek.text !== symbol) return false;
    this.next++;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.take(symbol)) throw this.error(`"${symbol}" is missing`);
  }

  private error(problem: string, token = this.peek): ExpressionError {
    return new ExpressionError(this.source, token.at, problem);
  }
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (source.slice(pattern.lastIndex).trim() !== "") {
    const start = pattern.lastIndex;
    const match = pattern.exec(source);
    if (!match?.groups) throw new ExpressionError(source, start, "Unknown character");
    const [kind, text] = Object.entries(match.groups).find(([, value]) => value !== undefined)!;
    tokens.push({ kind: kind as Token["kind"], text, at: pattern.lastIndex - text.length });
  }
  tokens.push({ kind: "end", text: "", at: source.length });
  return tokens;
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

function unquote(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex: string | undefined, char: string) =>
      hex ? String.fromCharCode(parseInt(hex, 16)) : (ESCAPES[char] ?? char),
    );
}
