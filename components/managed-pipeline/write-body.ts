import { Document, isScalar, parse, type Tags, visit } from "yaml";
import { LONGEST_BODY, type PipelineBody, toPlainBody } from "../../core/ingestion/pipeline-body.ts";
import { type Fault, refuseFaults } from "../faults.ts";
import { findBodyFaults } from "./find-body-faults.ts";

/** A key that needs no quotes where it is no word of YAML's own. */
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;
/** The key `<<` is one as any other, and quoted: without quotes it merges what stands under it. */
const withoutMerges: { readonly customTags: (tags: Tags) => Tags } = {
  customTags: (tags) =>
    tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:merge"),
};

/**
 * Writes a body as the document OpenSearch Ingestion takes: the same text for the same body, every text quoted, because
 * Data Prepper reads YAML 1.1, where `yes` and `1_000` are no texts.
 *
 * @throws pulumi.InputPropertiesError listing every fault of the body by path
 */
export function writeBody(subject: string, body: PipelineBody): string {
  const plain = toPlainBody(body);
  const written = stringify(plain);
  refuseFaults(subject, [...findBodyFaults(plain), ...lengthFaults(written)]);
  return written;
}

/** Reads a document as Data Prepper does. */
export function readBody(written: string): unknown {
  return parse(written, { version: "1.1" });
}

function stringify(plain: Readonly<Record<string, unknown>>): string {
  const document = new Document(plain, { ...withoutMerges, version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_place, { key }) => {
      if (isScalar(key) && !PLAIN_KEY.test(String(key.value))) key.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
}

function lengthFaults({ length }: string): readonly Fault[] {
  if (length <= LONGEST_BODY) return [];
  return [{ propertyPath: "", reason: `must have ${LONGEST_BODY} characters at the most; has ${length}` }];
}
