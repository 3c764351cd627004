import fc from "fast-check";
import type { AttributeMap, AttributeValue } from "../../core/attribute-value.ts";
import { toDocumentText } from "../../core/document.ts";
import { canonicalNumber } from "../../core/fingerprint.ts";
import { parseExact } from "../../core/parse-exact.ts";
import {
  type ExactJson,
  type ExactObject,
  fingerprintPlainRecord,
  fingerprintSent,
} from "../../core/plain-fingerprint.ts";
import { SENT_MEMBERS } from "../../core/sent-line.ts";
import { anyRecord } from "../support/any-record.ts";

const OURS: ReadonlySet<string> = new Set(Object.values(SENT_MEMBERS));
const ADDED = '"_trueup_id":"a","_trueup_version":1764000000000123,"_trueup_action":"index","_trueup_time":1';

/** The record as a pipeline sends it; undefined where a number in it is none. */
function toSent(record: AttributeMap): ExactObject | undefined {
  try {
    const text = toDocumentText(record);
    return parseObject(text === "{}" ? `{${ADDED}}` : `${text.slice(0, -1)},${ADDED}}`);
  } catch {
    return undefined;
  }
}

function parseObject(text: string): ExactObject {
  const value = parseExact(text);
  if (!isObject(value)) throw new Error(`no object: ${text}`);
  return value;
}

function isObject(value: ExactJson): value is ExactObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** DynamoDB has no set with one member twice. */
function hasRealSets(record: AttributeMap): boolean {
  return Object.values(record).every(isReal);
}

function isReal(value: AttributeValue): boolean {
  if ("M" in value) return hasRealSets(value.M);
  if ("L" in value) return value.L.every(isReal);
  const members =
    "SS" in value ? value.SS : "BS" in value ? value.BS : "NS" in value ? value.NS.map(canonicalNumber) : [];
  return new Set(members).size === members.length;
}

/** Turns every set around, and the members of maps. */
function turn(record: AttributeMap): AttributeMap {
  const turned = Object.entries(record).map(([name, value]) => [name, turnValue(value)] as const);
  return Object.fromEntries(turned.reverse());
}

function turnValue(value: AttributeValue): AttributeValue {
  if ("SS" in value) return { SS: value.SS.toReversed() };
  if ("NS" in value) return { NS: value.NS.toReversed() };
  if ("BS" in value) return { BS: value.BS.toReversed() };
  if ("L" in value) return { L: value.L.map(turnValue) };
  return "M" in value ? { M: turn(value.M) } : value;
}

const ofJson = (text: string) => fingerprintSent(parseObject(text), OURS);

describe("the digest of a record as plain JSON", () => {
  it("is the same of the record and of what was sent of it, with our members in it", () => {
    fc.assert(
      fc.property(anyRecord.filter(hasRealSets), (record) => {
        const sent = toSent(record);
        fc.pre(sent !== undefined);
        expect(fingerprintSent(sent, OURS)).toBe(fingerprintPlainRecord(record));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same however sets and maps are ordered", () => {
    fc.assert(
      fc.property(anyRecord.filter(hasRealSets), (record) => {
        expect(fingerprintPlainRecord(turn(record))).toBe(fingerprintPlainRecord(record));
      }),
      { numRuns: 500 },
    );
  });

  it("is the same of a set that was sent in any order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), fc.infiniteStream(fc.nat()), (SS, lots) => {
        const sent = SS.map((text) => ({ text, lot: lots.next().value })).sort((a, b) => a.lot - b.lot);
        const text = JSON.stringify({ set: sent.map((one) => one.text) });
        expect(ofJson(text)).toBe(fingerprintPlainRecord({ set: { SS } }));
      }),
    );
    expect(ofJson('{"n":[3,1e1,2.50]}')).toBe(fingerprintPlainRecord({ n: { NS: ["2.5", "3", "10"] } }));
    expect(ofJson('{"b":["Yg==","YQ=="]}')).toBe(fingerprintPlainRecord({ b: { BS: ["YQ==", "Yg=="] } }));
  });

  it("is another when a value, a type, a digit or a name is another", () => {
    const texts = [
      "{}",
      '{"a":1}',
      '{"a":"1"}',
      '{"a":true}',
      '{"a":false}',
      '{"a":null}',
      '{"a":{}}',
      '{"a":[]}',
      '{"a":[1]}',
      '{"a":{"a":1}}',
      '{"b":1}',
      '{"a":1,"b":1}',
      '{"a":12345678901234567890123456789012345678}',
      '{"a":12345678901234567890123456789012345679}',
      '{"a":[1,true]}',
      '{"a":[true,1]}',
      '{"a":["x","x","y"]}',
      '{"a":["x","y","x"]}',
      '{"a":["x,y"]}',
      '{"a":["x","y"]}',
    ];
    expect(new Set(texts.map(ofJson)).size).toBe(texts.length);
  });

  it("leaves our members out at the top, and nowhere else", () => {
    expect(ofJson(`{${ADDED}}`)).toBe(ofJson("{}"));
    expect(ofJson(`{"map":{${ADDED}}}`)).not.toBe(ofJson('{"map":{}}'));
  });

  it("does not see that a list of distinct texts was only re-ordered, which may have been a set", () => {
    expect(ofJson('{"a":["x","y"]}')).toBe(ofJson('{"a":["y","x"]}'));
    expect(ofJson('{"a":[["x"],["y"]]}')).not.toBe(ofJson('{"a":[["y"],["x"]]}'));
  });

  it("does not mind a member that is there without a value", () => {
    const record: Record<string, AttributeValue | undefined> = { a: { S: "x" }, b: undefined };
    const sent: Record<string, ExactJson | undefined> = { a: "x", b: undefined };
    expect(fingerprintPlainRecord(Object(record))).toBe(fingerprintSent(Object(sent), OURS));
  });
});
