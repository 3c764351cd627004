const GENERATION = ["AnyGenerationArgs", "CustomGenerationArgs", "ManagedGenerationArgs"];

/** What an object of the configuration becomes: the doc comments of these arguments say what its members mean. */
export const argumentsAt: Readonly<Record<string, readonly string[]>> = {
  "": ["SearchSyncArgs"],
  target: ["SelfManagedArgs"],
  "target.domain": ["DomainArgs"],
  "target.existingDomain": ["ExistingDomainArgs"],
  "target.collection": ["CollectionArgs"],
  "target.authentication": ["SigningArgs"],
  network: ["NetworkArgs"],
  "sources.<source>": ["DatabaseSourceArgs"],
  "sources.<source>.kafka": ["GivenKafkaArgs", "TopicArgs"],
  "sources.<source>.kafka.create": ["CreateKafkaArgs"],
  "sources.<source>.connect": ["ManagedConnectArgs"],
  "tables.<table>": ["SyncedTableArgs", ...GENERATION],
  "tables.<table>.source.create": ["CreateTableArgs"],
  "tables.<table>.pipeline": ["ManagedPipelineArgs"],
  "tables.<table>.generations[]": GENERATION,
  "tables.<table>.generations[].pipeline": ["ManagedPipelineArgs"],
  "tables.<table>.transformSecrets.<transformSecret>": ["TransformSecretArgs"],
  "tables.<table>.generations[].transformSecrets.<transformSecret>": ["TransformSecretArgs"],
  "tables.<table>.audit": ["AuditArgs"],
};

/** A meaning and, where there is one, a default. */
type Words = readonly [meaning: string, defaultValue?: string];

/** What no component's argument says, because the configuration has a form of its own there. */
export const ownWords: Readonly<Record<string, Words>> = {
  "target.domain": ["A domain to be made, inside the network's subnets where there is a network."],
  "target.existingDomain": [
    "A domain that exists; its access policy and role mappings must let the functions in.",
  ],
  "target.collection": [
    "A collection of OpenSearch Serverless; what it can do is tried before an index is made in it.",
  ],
  "target.authentication.kind": ["How an engine of your own knows the functions."],
  "target.authentication.secretArn": [
    'A secret of Secrets Manager: `{"username":…,"password":…}` with `basic`, `{"apiKey":…}` (id:key in base64) with `apiKey`.',
  ],
  sources: [
    "One entry a database: what its tables share. A DynamoDB table is a source of its own and needs none.",
    "none",
  ],
  "sources.<source>.replica.host": ["Its name or address."],
  "sources.<source>.replica.port": ["Its port.", "5432"],
  "sources.<source>.kafka.create": [
    "A provisioned cluster of MSK to be made in the network's subnets, known by IAM over TLS, protected.",
  ],
  "sources.<source>.kafka.authentication.kind": ["How functions and the connector are known to Kafka."],
  "sources.<source>.kafka.authentication.secretArn": [
    'A secret of Secrets Manager, `{"username":…,"password":…}`, for SCRAM-SHA-512 over TLS; with `scram`.',
  ],
  "sources.<source>.kafka.authentication.secretKeyArn": [
    "The KMS key of that secret, where it is one of your own; of MSK's secrets it always is.",
    "AWS's own key",
  ],
  "sources.<source>.connect": [
    "Who runs the connector: `external` is a Kafka Connect of yours, given the configuration that the stack exports under `connectors`; otherwise MSK Connect runs it here. Required with `kafka`.",
  ],
  "sources.<source>.connect.plugin": [
    "The plugin's zip: an object that exists, or Debezium from Maven with jars of yours.",
  ],
  "sources.<source>.connect.plugin.bucketArn": ["The bucket that has the zip."],
  "sources.<source>.connect.plugin.fileKey": ["Its key there."],
  "sources.<source>.connect.plugin.assemble": [
    "Assembles the zip while the program runs; Maven must be installed there.",
  ],
  "sources.<source>.connect.plugin.assemble.jars": [
    "Jars beside Debezium's, from the project's root: that of `secretsProvider`, which is not in Maven.",
  ],
  tables: ["One entry a table. Its name is the alias that searches use."],
  "tables.<table>.source": ["Where the table's records are."],
  "tables.<table>.source.dynamodb": [
    "Name of an existing table, looked up: its stream must carry new and old images, its point-in-time recovery be on.",
  ],
  "tables.<table>.source.keyArn": [
    "The KMS key the table is encrypted with, where that is one of your own.",
    "a key of AWS",
  ],
  "tables.<table>.source.create": ["A table to be made, with all a source needs, protected."],
  "tables.<table>.source.create.partitionKey.name": ["Its attribute."],
  "tables.<table>.source.create.partitionKey.type": ["Text, number or binary."],
  "tables.<table>.source.create.sortKey.name": ["Its attribute."],
  "tables.<table>.source.create.sortKey.type": ["Text, number or binary."],
  "tables.<table>.source.sql": ["Its database: a name under `sources`."],
  "tables.<table>.source.table": ["`schema.table`, as the database spells it."],
  "tables.<table>.mode": [
    "Who writes the index: `managed` (OpenSearch Ingestion) or `custom` (our consumer, for transforms and other targets).",
  ],
  "tables.<table>.mapping": [
    "A JSON file, from the project's root: `properties`, `dynamic_templates`, and so on; or a module that exports one (`defineMapping`).",
    "templates under which no legal value is refused",
  ],
  "tables.<table>.transform": [
    "A module, from the project's root, that makes documents of records.",
    "every record is its document",
  ],
  "tables.<table>.adopt.index": ["Name of that index; an alias cannot take it while the index is there."],
  "tables.<table>.adopt.alias": ["Name of that alias."],
  "tables.<table>.adopt.deleteIndexAtCutover": [
    "Gives up the adopted index when its name becomes the alias; there is no way back.",
    "false",
  ],
  "tables.<table>.audit.breaker.share": ["Of the table's records.", "0.01"],
  "tables.<table>.audit.breaker.minimumCount": ["Fewer findings are always repaired.", "100"],
};
