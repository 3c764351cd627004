import { defineTransform } from "../../core/transform.ts";

/** From how many people on a place is a large one. */
const LARGE_POPULATION = 100_000;

/** The second revision's documents: every field of the record, a label to show, and whether the place is large. */
export default defineTransform({
  documents: "one",
  transform: (records) =>
    records.map(({ item }) => ({
      ...item,
      label: `${item["name"]} (${item["country"]})`,
      large: Number(item["population"]) >= LARGE_POPULATION,
    })),
});
