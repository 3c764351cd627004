import { ExactNumber } from "../../../../core/exact-number.ts";
import type { EventValue } from "../event.ts";
import type { Expression, Readable } from "./readable.ts";

/** A call with its argument, an operator or bracket, or anything else that stands together. */
const TOKEN = /\s*(getMetadata\([^)]*\)|==|!=|[()*+-]|"[^"]*"|[^\s()*+=!]+)/gy;

type ReadTerm = (text: string) => Expression | undefined;

/**
 * Reads what is calculated or compared: `(a - 1) * 1000`, `a == "x"`, of whole numbers and texts. Calculated as Java does
 * with a Long, without its overflow.
 *
 * @param readTerm - reads what stands between operators
 * @returns undefined when it is something else
 * @see https://github.com/opensearch-project/data-prepper `data-prepper-expression/src/main/antlr/DataPrepperExpression.g4`
 */
export function readCalculation(text: string, readTerm: ReadTerm): Expression | undefined {
  const tokens = toTokens(text);
  if (tokens === undefined) return undefined;
  const reader = new Reader(tokens, readTerm);
  const read = reader.comparison();
  return reader.isAtEnd() ? read : undefined;
}

function toTokens(text: string): readonly string[] | undefined {
  const found = [...text.matchAll(TOKEN)];
  const length = found.reduce((sum, [whole]) => sum + whole.length, 0);
  return length === text.trimEnd().length ? found.map(([, token = ""]) => token) : undefined;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #readTerm: ReadTerm;
  #place = 0;

  constructor(tokens: readonly string[], readTerm: ReadTerm) {
    this.#tokens = tokens;
    this.#readTerm = readTerm;
  }

  isAtEnd(): boolean {
    return this.#place === this.#tokens.length;
  }

  comparison(): Expression | undefined {
    const left = this.#sum();
    const operator = this.#take("==", "!=");
    if (operator === undefined) return left;
    return join(left, this.#sum(), (one, other) => (String(one) === String(other)) === (operator === "=="));
  }

  #sum(): Expression | undefined {
    let left = this.#product();
    for (let operator = this.#take("+", "-"); operator !== undefined; operator = this.#take("+", "-")) {
      const sign = operator === "+" ? 1n : -1n;
      left = join(left, this.#product(), (one, other) => toNumber(toLong(one) + sign * toLong(other)));
    }
    return left;
  }

  #product(): Expression | undefined {
    let left = this.#term();
    while (this.#take("*") !== undefined) {
      left = join(left, this.#term(), (one, other) => toNumber(toLong(one) * toLong(other)));
    }
    return left;
  }

  #term(): Expression | undefined {
    if (this.#take("(") === undefined) {
      const token = this.#tokens[this.#place];
      this.#place += 1;
      return token === undefined ? undefined : this.#readTerm(token);
    }
    const inner = this.#sum();
    return this.#take(")") === undefined ? undefined : inner;
  }

  #take(...wanted: readonly string[]): string | undefined {
    const token = this.#tokens[this.#place];
    if (token === undefined || !wanted.includes(token)) return undefined;
    this.#place += 1;
    return token;
  }
}

function join(
  left: Expression | undefined,
  right: Expression | undefined,
  combine: (one: EventValue, other: EventValue) => EventValue,
): Expression | undefined {
  if (left === undefined || right === undefined) return undefined;
  return (event: Readable) => combine(left(event), right(event));
}

/** @throws SyntaxError when it is no whole number */
function toLong(value: EventValue): bigint {
  return BigInt(String(value));
}

function toNumber(value: bigint): ExactNumber {
  return new ExactNumber(String(value));
}
