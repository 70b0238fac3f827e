import { errorTable, type ErrorCode } from '../core/error-table.ts'
import { toServiceError, type ServiceError } from '../core/errors.ts'
import type { AgentEvent } from '../core/events.ts'
import { describeFindings, type Finding } from '../core/verdict.ts'
import type { ToolRequest } from '../models/model.ts'
import type { BoundTool, ReadyCall } from '../tools/bound-tool.ts'
import type { ToolOutcome } from '../tools/tool.ts'
import { capText, type Fence } from '../text/untrusted.ts'

/** What goes back to the model for one call. */
export interface CallReport {
  readonly callId: string
  readonly content: string
  /** Did the model write something that was refused and that it may correct? */
  readonly correctable: boolean
}

export interface CallContext {
  readonly tools: readonly BoundTool[]
  readonly fence: Fence
  readonly maximumResultCharacters: number
  /** Milliseconds since any fixed point. */
  readonly now: () => number
}

type Prepared =
  | { readonly kind: 'ready'; readonly request: ToolRequest; readonly tool: BoundTool; readonly call: ReadyCall }
  | { readonly kind: 'unfit'; readonly request: ToolRequest; readonly rule: string; readonly message: string }

interface Finished {
  readonly report: CallReport
  readonly events: readonly AgentEvent[]
}

/** More calls than this in one turn are not run: no honest turn needs them. */
const maximumCalls = 16

/**
 * Faults a model can do something about; they go back to it as the answer of its call. Every other fault ends the run:
 * a sandbox that does not start or a database that is down does not come back by asking again.
 */
const recoverable: ReadonlySet<ErrorCode> = new Set([
  'query-failed',
  'sandbox-lost',
  'deadline-exceeded',
  'invalid-file',
  'invalid-request',
  'payload-too-large',
  'not-found',
])

/**
 * Runs the calls of one turn: neighbours that are independent at the same time, the others one after the other. Reports
 * and events come in the order of the calls. Throws what ends the run.
 */
export async function* runCalls(
  requests: readonly ToolRequest[],
  context: CallContext,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, readonly CallReport[]> {
  const reports: CallReport[] = []
  const prepared = requests.map((request, position) => prepare(request, position, context.tools))
  for (const group of groups(prepared)) {
    for (const { request, ...entry } of group) {
      const source = entry.kind === 'ready' ? entry.call.source : null
      yield { type: 'tool-call', callId: request.callId, tool: request.name, source }
    }
    const settled = await Promise.allSettled(group.map((entry) => finish(entry, context, signal)))
    signal.throwIfAborted()
    for (const result of settled) {
      if (result.status === 'rejected') throw result.reason
      yield* result.value.events
      reports.push(result.value.report)
    }
  }
  return reports
}

function prepare(request: ToolRequest, position: number, tools: readonly BoundTool[]): Prepared {
  const unfit = (rule: string, message: string): Prepared => ({ kind: 'unfit', request, rule, message })
  if (position >= maximumCalls) return unfit('agent/too-many-calls', `only ${maximumCalls} calls of a turn are run`)
  const tool = tools.find((tool) => tool.name === request.name)
  if (tool === undefined) {
    const names = tools.map((tool) => tool.name).join(', ')
    return unfit('agent/unknown-tool', `there is no tool "${request.name.slice(0, 80)}"; there are: ${names || 'none'}`)
  }
  const read = tool.read(request.argumentsText)
  if (read.kind === 'invalid') return unfit('agent/malformed-arguments', read.message)
  return { kind: 'ready', request, tool, call: read.call }
}

function groups(prepared: readonly Prepared[]): Prepared[][] {
  const result: Prepared[][] = []
  for (const entry of prepared) {
    const last = result.at(-1)
    if (last !== undefined && last.every(isIndependent) && isIndependent(entry)) last.push(entry)
    else result.push([entry])
  }
  return result
}

function isIndependent(entry: Prepared): boolean {
  return entry.kind === 'unfit' || entry.tool.independent
}

async function finish(entry: Prepared, context: CallContext, signal: AbortSignal): Promise<Finished> {
  if (entry.kind === 'unfit') {
    return refused(entry.request, [{ rule: entry.rule, line: 1, column: 1, message: entry.message }], context)
  }
  const { request, tool, call } = entry
  const started = context.now()
  try {
    const outcome = await call.execute(signal)
    if (outcome.kind === 'refused') return refused(request, outcome.findings, context)
    return succeeded({ request, tool, outcome, milliseconds: context.now() - started }, context)
  } catch (thrown) {
    const error = toServiceError(thrown)
    if (signal.aborted || !recoverable.has(error.code)) throw error
    return faulted(request, error, context)
  }
}

interface Success {
  readonly request: ToolRequest
  readonly tool: BoundTool
  readonly outcome: Extract<ToolOutcome, { readonly kind: 'result' }>
  readonly milliseconds: number
}

function succeeded({ request, tool, outcome, milliseconds }: Success, context: CallContext): Finished {
  const { cell, table, ranIn, summary, savedAs } = outcome
  const saved = savedAs === undefined ? {} : { savedAs }
  const content = context.fence.wrap(tool.name, capText(outcome.forModel, context.maximumResultCharacters))
  return {
    report: { callId: request.callId, content, correctable: false },
    events: [
      {
        type: 'tool-result',
        callId: request.callId,
        tool: tool.name,
        milliseconds,
        cell,
        table,
        ranIn,
        summary,
        ...saved,
      },
      ...outcome.artifacts.map((artifact) => ({ type: 'artifact', artifact }) as const),
    ],
  }
}

/** Findings quote what the model wrote, which may quote data: fenced like everything else. */
function refused(request: ToolRequest, findings: readonly Finding[], context: CallContext): Finished {
  const text = capText(describeFindings(findings), context.maximumResultCharacters)
  const content = `Refused; nothing was run. Correct it and call again.\n${context.fence.wrap('findings', text)}`
  const message = findings.map((finding) => finding.message).join('; ')
  return {
    report: { callId: request.callId, content, correctable: true },
    events: [{ type: 'tool-refusal', callId: request.callId, tool: request.name, findings, message }],
  }
}

function faulted(request: ToolRequest, error: ServiceError, context: CallContext): Finished {
  const text =
    errorTable[error.code].audience === 'caller' ? `${error.message}\n${error.advice}` : errorTable[error.code].title
  const content = `The call failed.\n${context.fence.wrap('failure', capText(text, context.maximumResultCharacters))}`
  return {
    report: { callId: request.callId, content, correctable: error.code === 'query-failed' },
    events: [{ type: 'tool-failure', callId: request.callId, tool: request.name, message: error.message }],
  }
}
