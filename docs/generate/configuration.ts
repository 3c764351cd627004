import * as z from "zod";
import { stackConfigSchema } from "../../stacks/config.ts";
import { argumentsAt, ownWords } from "./configuration-words.ts";
import { type ArgumentTable, escapeCell, readArguments } from "./reference.ts";

/** A member of the configuration. */
interface Row {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly meaning: string;
  readonly defaultValue: string;
}

/** What of a JSON schema is read here. */
type Schema = z.core.JSONSchema.JSONSchema;

const HEADER = `# Configuration of a stack

What \`stacks/Pulumi.<stack>.yaml\` may hold under \`trueup:\`; every fault in it is told by its path before any resource is made.
Made by \`npm run docs\` from the schema and the doc comments of the components; CI makes it again and compares.

A table has either \`mode\` with what describes one generation (\`revision\`, \`mapping\`, \`settings\`; \`transform\`, \`allowTransformChange\` in custom and \`pipeline\` in managed mode),
or \`generations\`, a list of one or two of the same, oldest first.
`;

const SECTIONS: readonly (readonly [title: string, prefix: string])[] = [
  ["The environment", ""],
  ["Where documents go: one of three forms", "target"],
  ["Where functions run", "network"],
  ["A database whose tables are synchronised", "sources"],
  ["A table", "tables"],
];

/**
 * Lists every path a stack file may set, with its type, meaning and default.
 *
 * @returns the whole of \`docs/reference/configuration.md\`
 * @throws TypeError when a path has no meaning written anywhere
 */
export async function tabulateConfiguration(): Promise<string> {
  const tables = await readArguments("components");
  const schema = z.toJSONSchema(stackConfigSchema, { unrepresentable: "any" });
  const rows = listMembers(schema, "", new Map(tables.map((table) => [table.name, table])));
  const sections = SECTIONS.map(([title, prefix]) => {
    const own = rows.filter(({ path }) => sectionOf(path) === prefix);
    return `## ${title}\n\n${renderRows(own)}`;
  });
  return [HEADER, ...sections].join("\n");
}

function sectionOf(path: string): string {
  const first = path.split(".")[0] ?? "";
  return SECTIONS.some(([, prefix]) => prefix === first) ? first : "";
}

function listMembers(schema: Schema, path: string, tables: ReadonlyMap<string, ArgumentTable>): Row[] {
  const found = new Map<string, Row>();
  for (const form of formsOf(schema)) {
    for (const [name, member] of Object.entries(form.properties ?? {})) {
      if (typeof member === "boolean") continue;
      const memberPath = path === "" ? name : `${path}.${name}`;
      const required = form.required?.includes(name) ?? false;
      const row = { path: memberPath, type: typeOf(member), required, ...meaningOf(path, name, tables) };
      for (const each of [row, ...listMembers(inside(member), below(member, memberPath), tables)]) {
        if (!found.has(each.path)) found.set(each.path, each);
        else if (each.type !== found.get(each.path)?.type) join(found, each);
      }
    }
  }
  return [...found.values()];
}

/** One member in two forms, such as a `kind`. */
function join(found: Map<string, Row>, { path, type }: Row): void {
  const known = found.get(path);
  if (known !== undefined) found.set(path, { ...known, type: `${known.type} or ${type}` });
}

function formsOf(schema: Schema): readonly Schema[] {
  const forms = schema.anyOf ?? schema.oneOf ?? [schema];
  return forms.filter((form) => typeof form !== "boolean");
}

/** What a list's items or a record's values are; the member itself otherwise. */
function inside(member: Schema): Schema {
  const { items, additionalProperties: values } = member;
  if (typeof items === "object" && !Array.isArray(items)) return items;
  return typeof values === "object" ? values : member;
}

function below(member: Schema, path: string): string {
  if (member.type === "array") return `${path}[]`;
  return typeof member.additionalProperties === "object" ? `${path}.<${nameOfOne(path)}>` : path;
}

/** What one of the values by name is: `table` of `tables`. */
function nameOfOne(path: string): string {
  return (path.split(".").at(-1) ?? "").replace(/s$/, "");
}

function typeOf(member: Schema): string {
  const forms = formsOf(member);
  if (forms.length > 1) return "one of its forms";
  if (member.type === "object" && typeof member.additionalProperties === "object") return "by name";
  if (member.const !== undefined) return `\`${String(member.const)}\``;
  if (member.enum !== undefined) return member.enum.map((value) => `\`${String(value)}\``).join(", ");
  switch (member.type) {
    case "array":
      return `list of ${typeOf(inside(member))}`;
    case "integer":
      return "whole number";
    case "string":
      return "text";
    case "object":
      return "members below";
    default:
      return String(member.type ?? "anything");
  }
}

function meaningOf(
  path: string,
  name: string,
  tables: ReadonlyMap<string, ArgumentTable>,
): Pick<Row, "meaning" | "defaultValue"> {
  const memberPath = path === "" ? name : `${path}.${name}`;
  const words = ownWords[memberPath.replace("generations[].", "")];
  if (words !== undefined) return { meaning: words[0], defaultValue: words[1] ?? "" };
  const rows = (argumentsAt[path] ?? []).flatMap((args) => tables.get(args)?.rows ?? []);
  const argument = rows.find((row) => row.name === name);
  if (argument === undefined || argument.meaning === "") {
    throw new TypeError(`nothing says what ${memberPath} means`);
  }
  const { meaning, defaultValue } = argument;
  return { meaning, defaultValue };
}

function renderRows(rows: readonly Row[]): string {
  const head = ["| path (* required) | type | meaning | default |", "|---|---|---|---|"];
  const lines = rows.map(
    ({ path, type, required, meaning, defaultValue }) =>
      `| \`${path}\`${required ? " *" : ""} | ${type} | ${escapeCell(meaning)} | ${escapeCell(defaultValue)} |`,
  );
  return `${[...head, ...lines].join("\n")}\n`;
}
