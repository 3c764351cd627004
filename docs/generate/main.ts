import { writeFile } from "node:fs/promises";
import { drawArchitecture } from "./architecture.ts";

await writeFile("docs/architecture.md", await drawArchitecture());
