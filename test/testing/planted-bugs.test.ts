import { checkTransform, inspectTransform } from "../../testing/index.ts";
import { expectGolden } from "../support/golden.ts";
import { ORDERS, type PlantedBug, plantedBugs } from "./planted-bugs.ts";

const optionsFor = ({ fetch }: PlantedBug) => ({
  records: ORDERS,
  key: { partitionKey: "id" },
  ...(fetch === undefined ? {} : { fetch }),
});

/** What a user's test fails with. */
async function messageOf(bug: PlantedBug): Promise<string> {
  const failure: unknown = await checkTransform(bug.make(), optionsFor(bug)).catch((cause: unknown) => cause);
  return failure instanceof Error ? failure.message : "nothing was found";
}

describe("the test kit", () => {
  it.each(plantedBugs.map((bug) => [bug.name, bug] as const))("finds %s", async (_name, bug) => {
    const { broken } = await inspectTransform(bug.make(), optionsFor(bug));
    expect(broken.map(({ promise }) => promise)).toEqual([bug.breaks]);
  });

  it("tells each in words that show the record, what became of it, and what to do", async () => {
    const lines: string[] = [];
    for (const bug of plantedBugs) lines.push(`# ${bug.name}`, ...(await messageOf(bug)).split("\n"), "");
    expectGolden("planted-bugs.txt", lines);
  });
});
