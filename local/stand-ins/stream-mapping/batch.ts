/** Records that go to the function together. */
export interface Batch<Record> {
  readonly records: readonly Record[];
  /**
   * How often just these records were sent and failed. AWS says no more than that splitting does not count; here a
   * batch that was split or got shorter counts anew.
   */
  readonly failures: number;
  /** Whether the last failure was an error of the function, and not what it answered. */
  readonly functionError: boolean;
}

/** A batch that was not sent as such yet. */
export function freshBatch<Record>(records: readonly Record[]): Batch<Record> {
  return { records, failures: 0, functionError: false };
}

/** What is sent again of a batch that failed whole, in order: the same one, or where the mapping bisects its halves. */
export function failBatch<Record>(
  { records, failures }: Batch<Record>,
  functionError: boolean,
  bisects: boolean,
): readonly Batch<Record>[] {
  if (!bisects || records.length === 1) return [{ records, failures: failures + 1, functionError }];
  const middle = Math.ceil(records.length / 2);
  return [freshBatch(records.slice(0, middle)), freshBatch(records.slice(middle))];
}
