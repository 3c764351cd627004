import { defineTransform } from "../core/transform.ts";

/**
 * An example of a transform: keeps every attribute, adds what searches want, and leaves drafts out of the index.
 *
 * It looks at nothing but the record, so the same record always gives the same document.
 */
export default defineTransform({
  documents: "one",
  transform(records) {
    return records.map(({ item }) => {
      if (item["draft"] === true) return null;
      const { name } = item;
      return typeof name === "string" ? { ...item, nameLength: name.length } : item;
    });
  },
});
