import Table from "cli-table3";
import type { GenerationStatus, TableStatus } from "../core/table-status.ts";

/** Tables and their generations for a person: one line a generation, the serving one marked. */
export function renderStatus(statuses: readonly TableStatus[]): string {
  const table = new Table({
    head: [
      "table",
      "generation",
      "phase",
      "documents",
      "lag",
      "dead letters",
      "last clean audit",
      "blocked by",
    ],
    colAligns: ["left", "left", "left", "right", "right", "right", "left", "left"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, null, null, null, null, 44],
  });
  for (const status of statuses) table.push(...toRows(status));
  return [table.toString(), ...statuses.flatMap(toRemarks)].join("\n");
}

function toRows(status: TableStatus): string[][] {
  const { table, generations } = status;
  if (generations.length === 0) return [[table, "(none)", "", "", "", "", "", ""]];
  return generations.map((generation, place) => [
    place === 0 ? table : "",
    generation.generation,
    generation.phase,
    generation.documents.toLocaleString("en"),
    toLag(generation),
    generation.deadLetters.toLocaleString("en"),
    (generation.lastCleanAudit ?? "never").replace(/\.\d+Z$/, "Z"),
    generation.blockedBy ?? "",
  ]);
}

function toLag({ lagSeconds }: GenerationStatus): string {
  return lagSeconds === undefined ? "unknown" : `${lagSeconds} s`;
}

function toRemarks({ table, pinned, retired }: TableStatus): string[] {
  return [
    ...(pinned === undefined
      ? []
      : [`${table} is pinned to ${pinned}; \`trueup cutover ${table}\` lifts it.`]),
    ...(retired ? [`${table} is retired: its alias is gone.`] : []),
  ];
}
