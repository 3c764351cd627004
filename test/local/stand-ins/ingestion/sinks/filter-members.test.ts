import fc from "fast-check";
import { writeMembers } from "../../../../../local/stand-ins/ingestion/sinks/filter-members.ts";

const names = ["_trueup_action", "_trueup_id", "_trueup_time", "_trueup_version"];

describe("what a sink writes of an event", () => {
  it("is all, all but some, or some alone", () => {
    const data = { _trueup_id: "1", a: 'x"', nested: { _trueup_id: "2" } };
    expect(writeMembers(data, { kind: "all" })).toBe(JSON.stringify(data));
    expect(writeMembers(data, { kind: "without", names })).toBe('{"a":"x\\"","nested":{"_trueup_id":"2"}}');
    expect(writeMembers(data, { kind: "only", names })).toBe('{"_trueup_id":"1"}');
  });

  it("is the event without the names, for members no name begins with", () => {
    const member = fc.stringMatching(/^[a-z]{1,5}$/);
    fc.assert(
      fc.property(
        fc.dictionary(
          member,
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (data) => {
          const sent = { ...data, _trueup_id: "1", _trueup_version: "2" };
          expect(JSON.parse(writeMembers(sent, { kind: "without", names }))).toEqual(
            JSON.parse(JSON.stringify(data)),
          );
        },
      ),
    );
  });

  it("loses the value of a member that begins a filtered name, as Data Prepper does", () => {
    expect(writeMembers({ _: "lost", _trueup: [1] }, { kind: "without", names })).toBe(
      '{"_":{},"_trueup":[{}]}',
    );
  });

  it("is no JSON where a name has a quote, as with Data Prepper", () => {
    expect(writeMembers({ 'a"': 1 }, { kind: "without", names })).toBe('{"a"":1}');
    expect(writeMembers({ 'a"': 1 }, { kind: "all" })).toBe('{"a\\"":1}');
  });
});
