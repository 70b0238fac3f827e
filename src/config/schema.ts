import { z } from 'zod'
import { cliOptions } from './cli-options.ts'
import { databasesOptions } from '../databases/options.ts'
import { feedbackOptions } from '../feedback/options.ts'
import { filtersOptions } from '../filters/options.ts'
import { policyOptions } from '../gateway/authorize/options.ts'
import { webOptions } from '../gateway/authenticate/web-sessions/options.ts'
import { gatewayOptions } from '../gateway/options.ts'
import { privacyOptions } from '../gateway/privacy/profiles/options.ts'
import { httpOptions } from '../http/options.ts'
import { endpointsOptions } from '../endpoints/options.ts'
import { decodersOptions } from '../media/options.ts'
import { modelOptions } from '../models/options.ts'
import { routesOptions } from '../models/routing/options.ts'
import { upstreamsOptions } from '../models/upstreams/options.ts'
import { isolateOptions } from '../sandbox/isolates/options.ts'
import { actionsOptions, provenanceOptions } from '../provenance/options.ts'
import { sandboxOptions } from '../sandbox/options.ts'
import { fileOptions, sessionOptions, shareOptions } from '../sessions/options.ts'
import { sourceOptions } from '../sources/options.ts'
import { storageOptions } from '../storage/options.ts'
import { adminOptions } from '../surfaces/admin/options.ts'
import { envoyOptions } from '../surfaces/envoy/options.ts'
import { telemetryOptions } from '../telemetry/options.ts'
import { toolOptions } from '../tools/options.ts'
import { codeValidatorOptions } from '../validators/options.ts'
import { sqlGateOptions } from '../validators/sql/options.ts'

const sourceName = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, _ and -')

/** The whole configuration: each folder describes its own part. The folders are what stands for them when they are not set. */
export function createConfigSchema(stateDirectory: string, secretsDirectory: string) {
  return z.strictObject({
    state_directory: z
      .string()
      .min(1)
      .default(stateDirectory)
      .describe('Where keys, the sample database and the audit trail are kept.'),
    secrets_directory: z
      .string()
      .min(1)
      .default(secretsDirectory)
      .describe(
        'Where the keys of digests and of tokens are kept: apart from the state, so that a copy of that does not hold them.',
      ),
    model: modelOptions.prefault({}),
    upstreams: upstreamsOptions,
    routes: routesOptions,
    endpoints: endpointsOptions,
    decoders: decodersOptions.prefault({}).describe('Processes that decode the pictures of endpoints.'),
    sandbox: sandboxOptions.prefault({}),
    isolate: isolateOptions.prefault({}),
    code: codeValidatorOptions.prefault({}),
    sql: sqlGateOptions.prefault({}),
    databases: databasesOptions.prefault({}),
    sources: z
      .record(sourceName, sourceOptions)
      .default({ shop: { database: { kind: 'sample' }, policies: {} } })
      .describe('Data sources by name; the first one is asked where none is named.'),
    tools: toolOptions.prefault({}),
    filters: filtersOptions.prefault({}),
    feedback: feedbackOptions.prefault({}),
    sessions: sessionOptions.prefault({}),
    files: fileOptions.prefault({}),
    shares: shareOptions.prefault({}),
    gateway: gatewayOptions.prefault({}),
    policy: policyOptions.prefault({}),
    provenance: provenanceOptions.prefault({}),
    actions: actionsOptions.prefault({}),
    privacy: privacyOptions.prefault({}),
    http: httpOptions.prefault({}),
    admin: adminOptions.prefault({}),
    web: webOptions.prefault({}),
    envoy: envoyOptions.prefault({}),
    storage: storageOptions.prefault({}),
    telemetry: telemetryOptions.prefault({}),
    cli: cliOptions.prefault({}),
  })
}

export type Config = z.infer<ReturnType<typeof createConfigSchema>>
