import { onceARole } from "../../adapters/assume-role.ts";

it("makes what belongs to a role once, and something else for each other role", () => {
  const asked: string[] = [];
  const accessAs = onceARole(
    (name: string) => name,
    (_name, roleArn) => {
      asked.push(roleArn);
      return { roleArn };
    },
  );
  expect(accessAs("a")).toBe(accessAs("a"));
  expect(accessAs("b")).toEqual({ roleArn: "b" });
  expect(asked).toEqual(["a", "b"]);
});
