/**
 * Where things lie in an environment's state bucket. The only place that knows.
 *
 * ```
 * control/<table>.json                                   what index-lifecycle knows of a table
 * manifest/<generation>/<index uuid>/pointer.json        what is folded; one conditional put publishes
 * manifest/<generation>/<index uuid>/segments/<hour>/…   what one invocation got acknowledged
 * manifest/<generation>/<index uuid>/runs/…              many segments, grouped by bucket
 * manifest/<generation>/<index uuid>/base/<fold>/…       one object a bucket: the last entry of every id
 * manifest/<generation>/<index uuid>/sent/…              what a managed pipeline sent, until it is folded
 * manifest/<generation>/<index uuid>/refused/…           its dead letters
 * exports/<table>/…                                      written by DynamoDB, or by the audit as it reads a database
 * exports/_clusters/<cluster>/…                          written by Aurora; shared by the cluster's tables
 * exports/<table>/<generation>/<index uuid>/…            the same, asked for by a managed pipeline
 * audits/<table>/<run>/…                                 fingerprints, candidates, report.json, report.html
 * lifecycle-responses/…                                  answers to custom resources; expire by rule
 * artifacts/…                                            function code, named by content
 * ```
 */
export const stateLayout = {
  control: (table: string) => `control/${table}.json`,
  manifest: (generation: string, indexUuid: string) => `manifest/${generation}/${indexUuid}/`,
  sent: (generation: string, indexUuid: string) => `manifest/${generation}/${indexUuid}/sent/`,
  refused: (generation: string, indexUuid: string) => `manifest/${generation}/${indexUuid}/refused/`,
  exports: (table: string) => `exports/${table}`,
  clusterExports: (clusterArn: string) =>
    `exports/_clusters/${clusterArn.slice(clusterArn.lastIndexOf(":") + 1)}`,
  managedExport: (table: string, generation: string, indexUuid: string) =>
    `exports/${table}/${generation}/${indexUuid}`,
  audit: (table: string, run: string) => `audits/${table}/${run}/`,
  audits: (table: string) => `audits/${table}/`,
  unrepairable: (table: string, run: string) => `audits/${table}/${run}/unrepairable/`,
  lifecycleResponses: "lifecycle-responses/",
  artifacts: "artifacts/",
} as const;

/** Where a managed generation's pipeline puts its export, what it sent and what was refused. */
export function pipelinePrefixes(table: string, generation: string, indexUuid: string) {
  return {
    exportPrefix: stateLayout.managedExport(table, generation, indexUuid),
    sentPrefix: stateLayout.sent(generation, indexUuid),
    refusedPrefix: stateLayout.refused(generation, indexUuid),
  };
}
