import { randomUUID } from "node:crypto";
import Table from "cli-table3";
import { toRecordId } from "../../core/document-id.ts";
import { groupLetters } from "../../core/letter-groups.ts";
import type { DeadLetter, ReindexRequest } from "../../core/reindex-request.ts";
import type { GenerationDescriptor, TableDescriptor } from "../../core/table-descriptor.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { findTable } from "../find-table.ts";
import type { ReceivedLetter, StackClient } from "../stack-client.ts";
import type { Terminal } from "../terminal.ts";

export interface DeadLetterOptions {
  readonly table: string;
  readonly json: boolean;
}

/**
 * `trueup dead-letters list TABLE`: what can never be indexed as it is, by cause and field, with what to do about each. Nothing is
 * taken off its queue. `--json` has every letter.
 */
export async function listDeadLetters(
  client: StackClient,
  terminal: Terminal,
  { table, json }: DeadLetterOptions,
): Promise<ExitCode> {
  const letters: DeadLetter[] = [];
  for (const { deadLetterQueueUrl } of findTable(client.descriptor, table).generations) {
    const received = await receiveAll(client, deadLetterQueueUrl);
    await client.giveBack(deadLetterQueueUrl, received);
    letters.push(...received.map(({ letter }) => letter));
  }
  terminal.print(json ? JSON.stringify(letters, null, 2) : render(letters));
  return exitCodes.done;
}

/**
 * `trueup dead-letters replay TABLE`: asks for every letter's record to be read again and indexed as it is now.
 *
 * Old content is never written: a letter of a record deleted since resurrects nothing. A letter leaves its
 * queue after its request was taken; one without a key stays.
 */
export async function replayDeadLetters(
  client: StackClient,
  terminal: Terminal,
  { table: name, json }: DeadLetterOptions,
): Promise<ExitCode> {
  const table = findTable(client.descriptor, name);
  let [replayed, kept] = [0, 0];
  for (const generation of table.generations) {
    const counts = await replayGeneration(client, terminal, table, generation);
    replayed += counts.replayed;
    kept += counts.kept;
  }
  const left = kept === 0 ? "" : ` ${kept} have no readable key and stay.`;
  terminal.print(json ? JSON.stringify({ replayed, kept }) : `${replayed} letters are replayed.${left}`);
  return exitCodes.done;
}

async function replayGeneration(
  client: StackClient,
  terminal: Terminal,
  table: TableDescriptor,
  { deadLetterQueueUrl, reindexQueueUrl }: GenerationDescriptor,
) {
  const kept: ReceivedLetter[] = [];
  let replayed = 0;
  for (let batch = await client.receiveLetters(deadLetterQueueUrl); batch.length > 0; ) {
    const requests = batch.map(({ letter }) => toRequest(letter, table, terminal.now()));
    const able = batch.filter((_letter, place) => requests[place] !== undefined);
    kept.push(...batch.filter((_letter, place) => requests[place] === undefined));
    await client.requestReindex(
      reindexQueueUrl,
      requests.filter((request) => request !== undefined),
    );
    await client.removeLetters(deadLetterQueueUrl, able);
    replayed += able.length;
    batch = await client.receiveLetters(deadLetterQueueUrl);
  }
  await client.giveBack(deadLetterQueueUrl, kept);
  return { replayed, kept: kept.length };
}

async function receiveAll(client: StackClient, queueUrl: string): Promise<readonly ReceivedLetter[]> {
  const letters: ReceivedLetter[] = [];
  for (let batch = await client.receiveLetters(queueUrl); batch.length > 0; ) {
    letters.push(...batch);
    batch = await client.receiveLetters(queueUrl);
  }
  return letters;
}

function toRequest(letter: DeadLetter, { source }: TableDescriptor, now: number): ReindexRequest | undefined {
  const recordId = letter.recordId || tryRecordId(letter, source.key);
  if (recordId === undefined) return undefined;
  return {
    requestId: randomUUID(),
    reason: "dead-letter",
    recordId,
    key: letter.key,
    ...(letter.documentId === undefined ? {} : { documentId: letter.documentId }),
    attempt: 1,
    notBefore: now,
  };
}

function tryRecordId(letter: DeadLetter, key: TableDescriptor["source"]["key"]): string | undefined {
  try {
    return toRecordId(letter.key, key);
  } catch {
    return undefined;
  }
}

function render(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return "There are no dead letters.";
  const groups = groupLetters(letters);
  const table = new Table({
    head: ["", "generation", "cause", "field", "letters", "records", "reason", "since"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, null, null, 24, 48, null],
  });
  for (const [place, group] of groups.entries()) {
    const { generation, cause, field, count, examples, reason, since } = group;
    const records = examples.join(", ") + (count > examples.length ? ", …" : "");
    table.push([place + 1, generation, cause, field, count, records, reason, since]);
  }
  const fixes = groups.map(({ fix }, place) => `${place + 1}. ${fix}.`);
  return [table.toString(), `${letters.length} letters. What to do:`, ...fixes].join("\n");
}
