import { cruise } from "dependency-cruiser";

const FOLDERS = [
  "stacks",
  "components",
  "fallback-consumer",
  "drift-audit",
  "index-lifecycle",
  "adapters",
  "core",
  "transforms",
  "testing",
  "cli",
  "local",
  "bench",
];

const HEADER = `# Architecture

Drawn from the imports by \`npm run docs\`; CI draws it again and compares. An arrow means "imports".
\`npm run layers\` refuses an arrow that points the wrong way. The formats behind the arrows are in [internals.md](internals.md).
`;

/**
 * Draws the folders and the imports between them as a mermaid graph.
 *
 * @returns the whole of `docs/architecture.md`
 */
export async function drawArchitecture(): Promise<string> {
  const folders = `^(${FOLDERS.join("|")})`;
  const { output } = await cruise(
    FOLDERS,
    { includeOnly: folders, collapse: "^[^/]+", outputType: "mermaid", tsPreCompilationDeps: true },
    undefined,
    { tsConfig: { options: {} } },
  );
  if (typeof output !== "string") throw new TypeError("dependency-cruiser did not draw text");
  return `${HEADER}\n\`\`\`mermaid\n${output.trim()}\n\`\`\`\n`;
}
