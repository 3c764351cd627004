import { join, resolve } from "node:path";

/** The checkout. */
export const projectRoot = resolve(import.meta.dirname, "../..");

/** What is downloaded or unpacked once and used by every run; safe to delete when nothing runs. */
export const cacheFolder = join(projectRoot, ".trueup/cache");

/** Where npm puts the commands of packages, the project's own Node among them. */
export const binariesFolder = join(projectRoot, "node_modules/.bin");
