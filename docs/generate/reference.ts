import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";

interface Argument {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly meaning: string;
  readonly defaultValue: string;
}

/** The members of one exported `…Args` interface. */
export interface ArgumentTable {
  readonly name: string;
  readonly purpose: string;
  readonly file: string;
  readonly rows: readonly Argument[];
}

const HEADER = `# Arguments of the components

Made from the doc comments by \`npm run docs\`; CI makes it again and compares.
`;

/**
 * Collects every exported \`…Args\` interface under \`folder\` into one page of tables.
 *
 * @returns the whole of \`docs/reference/components.md\`
 */
export async function tabulateArguments(folder: string): Promise<string> {
  const tables = await readArguments(folder);
  return `${HEADER}\n${tables.map(renderTable).join("\n")}`;
}

/** Reads every exported `…Args` interface under a folder, file by file. */
export async function readArguments(folder: string): Promise<readonly ArgumentTable[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts")).sort();
  const tables = await Promise.all(files.map((file) => readTables(join(folder, file))));
  return tables.flat();
}

async function readTables(file: string): Promise<readonly ArgumentTable[]> {
  const source = ts.createSourceFile(file, await readFile(file, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((statement) => ts.isInterfaceDeclaration(statement))
    .filter((declaration) => declaration.name.text.endsWith("Args") && isExported(declaration))
    .map((declaration) => toTable(declaration, source, file));
}

function toTable(declaration: ts.InterfaceDeclaration, source: ts.SourceFile, file: string): ArgumentTable {
  const rows = declaration.members
    .filter((member) => ts.isPropertySignature(member))
    .map((member) => toArgument(member, source));
  return { name: declaration.name.text, purpose: commentOf(declaration), file, rows };
}

function toArgument(member: ts.PropertySignature, source: ts.SourceFile): Argument {
  const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "default");
  return {
    name: member.name.getText(source),
    type: oneLine(member.type?.getText(source) ?? "unknown"),
    optional: member.questionToken !== undefined,
    meaning: commentOf(member),
    defaultValue: oneLine(ts.getTextOfJSDocComment(tag?.comment) ?? ""),
  };
}

function renderTable({ name, purpose, file, rows }: ArgumentTable): string {
  const lines = rows.map(
    (row) =>
      `| \`${row.name}\`${row.optional ? "" : " *"} | \`${escapeCell(row.type)}\` | ${escapeCell(row.meaning)} | ${escapeCell(row.defaultValue)} |`,
  );
  const head = ["| argument (* required) | type | meaning | default |", "|---|---|---|---|"];
  return `## ${name}\n\n${purpose} (\`${file}\`)\n\n${[...head, ...lines].join("\n")}\n`;
}

function isExported(node: ts.InterfaceDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function commentOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter((comment) => ts.isJSDoc(comment));
  return oneLine(comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join(" "));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Makes a text fit for a cell of a markdown table. */
export function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
