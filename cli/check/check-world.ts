import type { DeclaredStack } from "../../core/check/declared-stack.ts";
import type { NetworkFacts } from "../../core/ports/network-facts.ts";
import type { SourceFacts, StreamReaders } from "../../core/ports/source-facts.ts";
import type { DomainFacts, PipelineValidator, SecretFacts } from "../../core/ports/target-facts.ts";

/** What a check asks the account through; none of it changes anything. */
export interface CheckPorts {
  readonly sources: SourceFacts;
  readonly readers: StreamReaders;
  readonly domains: DomainFacts;
  readonly secrets: SecretFacts;
  readonly network: NetworkFacts;
  readonly pipelines: PipelineValidator;
}

/** A stack's configuration, and the account it is for. */
export interface CheckWorld {
  readonly declared: DeclaredStack;
  readonly ports: CheckPorts;
  /**
   * Writes a managed generation's body as the program will, names that are not known yet as placeholders.
   *
   * @param tableArn - undefined for a table that is not there yet
   * @returns undefined for a custom generation
   */
  readonly writeBody: (generation: string, tableArn: string | undefined) => string | undefined;
}

/** Reads the configuration, and prepares to ask. @throws SyncError `CONFIGURATION_INVALID`, `STACK_UNKNOWN` */
export type OpenCheck = (args: {
  readonly stack: string;
  readonly configFile?: string;
}) => Promise<CheckWorld>;
