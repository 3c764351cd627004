import fc from "fast-check";
import {
  makeAcknowledgementSet,
  NO_RECEIPT,
} from "../../../../local/stand-ins/ingestion/acknowledgement-set.ts";

describe("an acknowledgement set", () => {
  it("tells once, when everybody gave his receipt back, or at once when one was refused", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 8 }), fc.nat(8), (answers, completesAfter) => {
        const told: boolean[] = [];
        const set = makeAcknowledgementSet((taken) => told.push(taken));
        set.hold(answers.length);
        const place = Math.min(completesAfter, answers.length);
        for (const answer of answers.slice(0, place)) set.release(answer);
        expect(told).toEqual(answers.slice(0, place).includes(false) ? [false] : []);
        set.complete();
        for (const answer of answers.slice(place)) set.release(answer);
        expect(told).toEqual([!answers.includes(false)]);
      }),
    );
  });

  it("is taken when nothing came into it", () => {
    const settle = jest.fn();
    makeAcknowledgementSet(settle).complete();
    expect(settle).toHaveBeenCalledWith(true);
    NO_RECEIPT.hold(1);
    NO_RECEIPT.release(false);
  });
});
