import { basename } from "node:path";
import type { CodeBuilder } from "../../components/index.ts";

/** Code that is never built: named after entry and transform, so that a test sees which one a function got. */
export const fakeCode: CodeBuilder = {
  build: (entry, transformFile) => {
    const name = `${basename(entry)}+${nameOf(transformFile)}`;
    return { file: `/built/${name}.zip`, sha256: `sha-of-${name}`, bytes: 1 };
  },
  transformHash: nameOf,
};

function nameOf(transformFile: string | undefined): string {
  return transformFile === undefined ? "identity" : basename(transformFile);
}
