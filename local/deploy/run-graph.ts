/** Something with a place among others. */
export interface Node {
  readonly logicalId: string;
  readonly dependsOn: readonly string[];
}

const AT_ONCE = 8;

/**
 * Works on the nodes of a graph, each after all it depends on, several at a time. Dependencies outside the graph are met.
 *
 * After a failure nothing new is begun; what is under way ends first.
 *
 * @throws what the first failing node's work threw
 */
export async function runGraph<N extends Node>(
  nodes: readonly N[],
  work: (node: N) => Promise<void>,
): Promise<void> {
  const open = new Map(nodes.map((node) => [node.logicalId, node]));
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const begin = (node: N) => {
    open.delete(node.logicalId);
    const working = work(node)
      .catch((cause: unknown) => void failures.push(cause))
      .finally(() => running.delete(node.logicalId));
    running.set(node.logicalId, working);
  };
  const isReady = ({ dependsOn }: N) => dependsOn.every((id) => !open.has(id) && !running.has(id));
  while ((open.size > 0 && failures.length === 0) || running.size > 0) {
    const ready = failures.length > 0 ? [] : [...open.values()].filter(isReady);
    for (const node of ready.slice(0, AT_ONCE - running.size)) begin(node);
    if (running.size === 0) throw new RangeError(`a cycle among ${[...open.keys()].join(", ")}`);
    await Promise.race(running.values());
  }
  if (failures.length > 0) throw failures[0];
}
