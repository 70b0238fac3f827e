import { randomUUID } from 'node:crypto'
import type { Config } from '../config/schema.ts'
import { bytesOf } from '../core/sizes.ts'
import { packageVersion } from '../files/package-version.ts'
import type { Identify } from '../gateway/authenticate/authenticate.ts'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import type { Answerer } from '../gateway/pipeline.ts'
import type { Model } from '../models/model.ts'
import { demoLabel } from '../models/providers/demo/demo-model.ts'
import { KeptResults } from '../surfaces/mcp/kept-results.ts'
import { serveOn, type McpStreams } from '../surfaces/mcp/serve-stdio.ts'
import { createServerFor } from '../surfaces/mcp/server-for.ts'
import { createMcpTools } from '../surfaces/mcp/tools.ts'
import { createSessionService } from '../surfaces/native/sessions.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Analysis } from './analysis.ts'

interface ToolsParts {
  readonly config: Config
  readonly model: Model
  readonly telemetry: Telemetry
  readonly identify: Identify
  readonly grantFor: GrantFor
  readonly answer: Answerer
  readonly analysis: () => Promise<Analysis>
}

/** Serves tools over MCP on two streams to the local operator, until the input ends or `signal` aborts. */
export async function serveTools(parts: ToolsParts, streams: McpStreams, signal: AbortSignal): Promise<void> {
  const { config, model, telemetry, identify, analysis } = parts
  const principal = await identify('cli', null)
  // Rules are asked as for every command of the operator, whoever asks for the grant.
  const grantFor: GrantFor = (asking, _channel, requestId) => parts.grantFor(asking, 'cli', requestId)
  const caller = { principal, grant: await grantFor(principal, 'cli'), channel: 'cli', credential: null } as const
  const { statements, executions, sessions } = await analysis()
  const tools = createMcpTools(
    {
      statements,
      describe: (received, inner) => statements.describe(received, null, inner),
      answer: parts.answer,
      sessions: createSessionService(async () => sessions, grantFor),
      executions,
      files: executions,
    },
    { label: model.scripted ? demoLabel : null, tableRows: config.http.table_rows },
  )
  const served = {
    version: packageVersion(),
    tools,
    results: new KeptResults({
      timeToLiveMilliseconds: config.http.artifact_ttl_ms,
      maximumBytes: bytesOf.mb(config.http.artifact_mb),
    }),
    defusesFormulas: config.files.defuse_formulas,
    onCall: telemetry.notices.onMcpCall.bind(telemetry.notices),
    onFault: telemetry.onRunFault.bind(telemetry),
    progressMilliseconds: config.http.mcp.progress_ms,
  }
  const exchange = { caller, newRequestId: () => randomUUID(), stopping: signal }
  await serveOn(streams, () => createServerFor(served, exchange), signal)
}
