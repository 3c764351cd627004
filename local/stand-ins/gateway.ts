import { createServer, type Server } from "node:http";
import { asksRds, makeExportTaskActions } from "./cluster-export/export-task-actions.ts";
import { makeExportTasks } from "./cluster-export/export-tasks.ts";
import { CLUSTERS_PATH, makeKnownClusters } from "./cluster-export/known-clusters.ts";
import { CONTROL_PATH, type DatabasePlace, makeControlEndpoints } from "./control-endpoints.ts";
import { makeDynamoDbStreams } from "./dynamodb-streams.ts";
import { type EmulatorPlace, makeEmulator, makeKeepAliveAgent } from "./emulator.ts";
import { makePipelineObjects } from "./ingestion/pipeline-objects.ts";
import { makePipelines } from "./ingestion/pipelines.ts";
import { makeKafkaMappings } from "./kafka-mapping/kafka-mappings.ts";
import { openKafkaSource } from "./kafka-mapping/kafka-source.ts";
import { makePassThrough } from "./pass-through.ts";
import { makeInvokeFunction } from "./stream-mapping/invoke-function.ts";
import { makeMappings } from "./stream-mapping/mappings.ts";
import { makeSendFailure } from "./stream-mapping/send-failure.ts";
import { makeExportActions } from "./table-export/export-actions.ts";
import { makeExportObjects } from "./table-export/export-objects.ts";
import { makeExports } from "./table-export/exports.ts";

/** A server in front of the emulator, not listening yet. */
export interface Gateway {
  readonly server: Server;
  /** Ends every mapping and pipeline, waiting for what is in flight, and then all connections. */
  close(): Promise<void>;
}

/** Longer than clients keep idle sockets, so that none is closed in the moment it is used again. */
const KEEP_ALIVE_MILLIS = 120_000;

/**
 * Makes the one endpoint that programs of this machine call as AWS: exports of DynamoDB tables and of database
 * clusters and the control endpoints are answered here, everything else by the emulator.
 */
export function makeGateway(place: EmulatorPlace): Gateway {
  const agent = makeKeepAliveAgent();
  const emulator = makeEmulator(place, agent);
  const streams = makeDynamoDbStreams(emulator);
  const delivery = {
    invoke: makeInvokeFunction(emulator),
    sendFailure: makeSendFailure(emulator),
    now: Date.now,
  };
  const mappings = makeMappings({ ...delivery, streams });
  const kafkaMappings = makeKafkaMappings({ ...delivery, open: openKafkaSource });
  const exportObjects = makeExportObjects(place);
  const exports = makeExports({ emulator, streams, objects: exportObjects, now: Date.now });
  const clusters = makeKnownClusters();
  const exportTasks = makeExportTasks({ put: exportObjects.put, urlOf: clusters.urlOf, now: Date.now });
  const rds = makeExportTaskActions(exportTasks, emulator);
  const objects = makePipelineObjects(place);
  const database: DatabasePlace = { url: undefined };
  const pipelines = makePipelines({
    emulator,
    streams,
    exports,
    objects,
    databaseUrl: () => database.url,
    region: place.region,
    now: Date.now,
  });
  const control = makeControlEndpoints({ mappings, kafkaMappings, pipelines, database });
  const findExportAction = makeExportActions(exports);
  const passThrough = makePassThrough(place.url, agent);
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MILLIS, requestTimeout: 0 },
    (request, response) => {
      const exportAction = findExportAction(request.headers["x-amz-target"]);
      if (request.url?.startsWith(CLUSTERS_PATH)) void clusters.declare(request, response);
      else if (request.url?.startsWith(CONTROL_PATH)) void control(request, response);
      else if (asksRds(request)) void rds(request, response);
      else if (exportAction !== undefined) void exportAction(request, response);
      else passThrough(request, response);
    },
  );
  return {
    server,
    close: async () => {
      // Functions that are still running reach DynamoDB through here.
      await Promise.all([mappings.removeAll(), kafkaMappings.removeAll(), pipelines.removeAll()]);
      server.close();
      server.closeAllConnections();
    },
  };
}
