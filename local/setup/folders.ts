import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The checkout: the nearest folder with a `Pulumi.yaml`, from the working directory upwards. */
export const projectRoot = findProjectRoot(process.cwd());

/** What is downloaded or unpacked once and used by every run; safe to delete when nothing runs. */
export const cacheFolder = join(projectRoot, ".trueup/cache");

/** Where npm puts the commands of packages, the project's own Node among them. */
export const binariesFolder = join(projectRoot, "node_modules/.bin");

function findProjectRoot(folder: string): string {
  if (existsSync(join(folder, "Pulumi.yaml")) || dirname(folder) === folder) return folder;
  return findProjectRoot(dirname(folder));
}
