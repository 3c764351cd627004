import type { AttributeValue } from "../../attribute-value.ts";

/** PostgreSQL's geometric types. */
export const SHAPES: ReadonlySet<string> = new Set([
  "point",
  "line",
  "lseg",
  "box",
  "path",
  "polygon",
  "circle",
]);

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A geometric value as well-known text with six decimals; a circle is an object. */
export function toManagedShape(text: string, typeName: string): AttributeValue {
  const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)].map(([number]) => Number(number));
  const points = toPoints(numbers);
  switch (typeName) {
    case "point":
      return { S: `POINT(${written(points)})` };
    case "line":
      return { S: `LINESTRING(${written(onLine(numbers))})` };
    case "lseg":
      return { S: `LINESTRING(${written(points)})` };
    case "box":
      return { S: `POLYGON((${written(cornersOf(points))}))` };
    case "circle":
      return toCircle(numbers);
    default:
      return {
        S: text.startsWith("[") ? `LINESTRING(${written(points)})` : `POLYGON((${written(closed(points))}))`,
      };
  }
}

function toPoints(numbers: readonly number[]): readonly Point[] {
  return Array.from({ length: Math.floor(numbers.length / 2) }, (_, place) => ({
    x: numbers[2 * place] ?? 0,
    y: numbers[2 * place + 1] ?? 0,
  }));
}

/** Java's `%f`. */
function written(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${x.toFixed(6)} ${y.toFixed(6)}`).join(", ");
}

/** Two points of the line Ax + By + C = 0. */
function onLine([a = 0, b = 0, c = 0]: readonly number[]): readonly Point[] {
  return b === 0
    ? [
        { x: -c / a, y: 0 },
        { x: -(c + b) / a, y: 1 },
      ]
    : [
        { x: 0, y: -c / b },
        { x: 1, y: -(c + a) / b },
      ];
}

function cornersOf([first = { x: 0, y: 0 }, second = { x: 0, y: 0 }]: readonly Point[]): readonly Point[] {
  return [first, { x: second.x, y: first.y }, second, { x: first.x, y: second.y }, first];
}

function closed(points: readonly Point[]): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || (first.x === last.x && first.y === last.y)) return points;
  return [...points, first];
}

function toCircle([x = 0, y = 0, radius = 0]: readonly number[]): AttributeValue {
  const center = { M: { x: { N: String(x) }, y: { N: String(y) } } };
  return { M: { center, radius: { N: String(radius) } } };
}
