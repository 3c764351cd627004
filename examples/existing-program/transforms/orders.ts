import { defineTransform } from "../../../core/transform.ts";

/** What searches may see of an order: everything but how it was paid. Carts that were never placed are not searchable. */
export default defineTransform({
  documents: "one",
  transform(records) {
    return records.map(({ item }) => {
      const { payment: _, ...order } = item;
      return "placedAt" in order ? order : null;
    });
  },
});
