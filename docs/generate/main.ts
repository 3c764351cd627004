import { mkdir, writeFile } from "node:fs/promises";
import { drawArchitecture } from "./architecture.ts";
import { tabulateConfiguration } from "./configuration.ts";
import { tabulateArguments } from "./reference.ts";

await mkdir("docs/reference", { recursive: true });
await writeFile("docs/architecture.md", await drawArchitecture());
await writeFile("docs/reference/components.md", await tabulateArguments("components"));
await writeFile("docs/reference/configuration.md", await tabulateConfiguration());
