import { ExpressionError, parseExpression, type BinaryOperator, type Expression } from "./expression-parser";

/** `event` triggered the run; `async` is the event that has just arrived (in waits and cancellations). */
export interface ExpressionScope {
  event: unknown;
  async?: unknown;
}

const parsed = new Map<string, Expression>();

/** Check an expression without evaluating it. @throws ExpressionError with the place of the mistake */
export function checkExpression(source: string): void {
  parse(source);
}

/**
 * The value of a CEL expression over JSON events. A path that does not exist is null; comparing different types with
 * `<` or adding them is null, so that a condition never throws: it does not hold.
 * @throws ExpressionError if the text is not an expression
 */
export function evaluate(source: string, scope: ExpressionScope): unknown {
  return valueOf(parse(source), scope) ?? null;
}

/** Whether the condition holds; no condition always does. */
export function holds(source: string | null | undefined, scope: ExpressionScope): boolean {
  return source === null || source === undefined || evaluate(source, scope) === true;
}

function parse(source: string): Expression {
  let tree = parsed.get(source);
  if (!tree) {
    tree = parseExpression(source);
    // Expressions come from code, not from events; the bound is for code that builds them from data.
    if (parsed.size > 1_000) parsed.clear();
    parsed.set(source, tree);
  }
  return tree;
}

function valueOf(tree: Expression, scope: ExpressionScope): unknown {
  switch (tree.kind) {
    case "literal":
      return tree.value;
    case "list":
      return tree.items.map((item) => valueOf(item, scope));
    case "name":
      return tree.name === "event" ? scope.event : scope.async;
    case "member":
      return member(valueOf(tree.of, scope), valueOf(tree.key, scope));
    case "not":
      return valueOf(tree.of, scope) !== true;
    case "negate": {
      const value = valueOf(tree.of, scope);
      return typeof value === "number" ? -value : null;
    }
    case "choice":
      return valueOf(valueOf(tree.condition, scope) === true ? tree.then : tree.otherwise, scope);
    case "call":
      return call(
        tree.name,
        tree.args.map((arg) => valueOf(arg, scope)),
      );
    case "binary":
      if (tree.op === "&&") return valueOf(tree.left, scope) === true && valueOf(tree.right, scope) === true;
      if (tree.op === "||") return valueOf(tree.left, scope) === true || valueOf(tree.right, scope) === true;
      return binary(tree.op, valueOf(tree.left, scope) ?? null, valueOf(tree.right, scope) ?? null);
  }
}

function member(of: unknown, key: unknown): unknown {
  if (typeof of !== "object" || of === null) return null;
  if (typeof key !== "string" && typeof key !== "number") return null;
  return Object.hasOwn(of, key) ? (of as Record<string | number, unknown>)[key] : null;
}

function call(name: string, [first, second]: unknown[]): unknown {
  switch (name) {
    case "has":
      return (first ?? null) !== null;
    case "size":
      if (typeof first === "string" || Array.isArray(first)) return first.length;
      return typeof first === "object" && first !== null ? Object.keys(first).length : null;
    case "string":
      return typeof first === "string" ? first : JSON.stringify(first ?? null);
    case "contains":
      return typeof first === "string" && typeof second === "string" && first.includes(second);
    case "startsWith":
      return typeof first === "string" && typeof second === "string" && first.startsWith(second);
    case "endsWith":
      return typeof first === "string" && typeof second === "string" && first.endsWith(second);
  }
  return null;
}

function binary(op: BinaryOperator, left: unknown, right: unknown): unknown {
  switch (op) {
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "in":
      if (Array.isArray(right)) return right.some((item) => isEqual(left, item));
      return (
        typeof right === "object" && right !== null && typeof left === "string" && Object.hasOwn(right, left)
      );
    case "+":
      if (typeof left === "string" && typeof right === "string") return left + right;
  }
  if (typeof left === "string" && typeof right === "string") return compare(op, left, right);
  if (typeof left !== "number" || typeof right !== "number") return null;
  return arithmetic(op, left, right) ?? compare(op, left, right);
}

function arithmetic(op: BinaryOperator, left: number, right: number): number | undefined {
  if (op === "+") return left + right;
  if (op === "-") return left - right;
  if (op === "*") return left * right;
  if (op === "/") return left / right;
  if (op === "%") return left % right;
  return undefined;
}

function compare<T extends string | number>(op: BinaryOperator, left: T, right: T): boolean | null {
  if (op === "<") return left < right;
  if (op === "<=") return left <= right;
  if (op === ">") return left > right;
  if (op === ">=") return left >= right;
  return null;
}

function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => isEqual(member(left, key), member(right, key)))
  );
}

export { ExpressionError };
