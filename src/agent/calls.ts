import { errorTable, type ErrorCode } from '../core/error-table.ts'
import { toServiceError, type ServiceError } from '../core/errors.ts'
import type { AgentEvent, ToolSource } from '../core/events.ts'
import type { ModelToolName } from '../core/grant.ts'
import { planToolName, type PlanStep } from '../core/plan.ts'
import { describeFindings, type Finding } from '../core/verdict.ts'
import { hasValues } from '../grounding/references/run-results.ts'
import type { ToolRequest } from '../models/model.ts'
import type { BoundTool, ReadyCall } from '../tools/bound-tool.ts'
import type { ToolOutcome } from '../tools/tool.ts'
import { capText, type Fence } from '../text/untrusted.ts'
import { wholeLines } from '../text/whole-lines.ts'
import { previewCharacters, reportOf, type CallReport } from './call-report.ts'
import { planReport, type RunPlan } from './plan.ts'

export interface CallContext {
  readonly tools: readonly BoundTool[]
  /** Null where the model has no tools, and nothing to plan. */
  readonly plan: RunPlan | null
  readonly fence: Fence
  readonly maximumResultCharacters: number
  /** Told of what goes back to the model for a call, before its next turn. */
  readonly onRead?: OnRead | undefined
  /** Counts the calls of the run that can be run, from 1, in the order in which they were asked for. */
  readonly nextNumber: () => number
  /** Milliseconds since any fixed point. */
  readonly now: () => number
}

/** `text` is what the model reads, the fence around it too: of a result or of a fault, untrusted. It is the text of the conversation, and no copy. */
export type OnRead = (read: { readonly callId: string; readonly tool: ModelToolName; readonly text: string }) => void

type Prepared = Called | { readonly kind: 'plan'; readonly request: ToolRequest; readonly steps: readonly PlanStep[] }

type Called =
  | {
      readonly kind: 'ready'
      readonly request: ToolRequest
      readonly tool: BoundTool
      readonly call: ReadyCall
      readonly number: number
    }
  | { readonly kind: 'unfit'; readonly request: ToolRequest; readonly rule: string; readonly message: string }

interface Finished {
  readonly report: CallReport
  readonly events: readonly AgentEvent[]
}

/** More calls than this in one turn are not run: no honest turn needs them. */
const maximumCalls = 16
/** So many of them run at a time: one question does not take all connections of a database. */
const callsAtOnce = 4

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
 * and events come in the order of the calls, but that a plan is told before any of them begins. Throws what ends the run.
 */
export async function* runCalls(
  requests: readonly ToolRequest[],
  context: CallContext,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, readonly CallReport[]> {
  const reports = new Map<ToolRequest, CallReport>()
  const called: Called[] = []
  for (const [position, request] of requests.entries()) {
    const entry = prepare(request, position, context)
    if (entry.kind !== 'plan') called.push(entry)
    else {
      if (context.plan?.isNew(entry.steps) === true) yield { type: 'plan', steps: entry.steps }
      reports.set(request, { callId: request.callId, ...planReport })
    }
  }
  for (const group of groups(called)) {
    for (const { request, ...entry } of group) {
      const source = entry.kind === 'ready' ? entry.call.source : null
      yield { type: 'tool-call', callId: request.callId, tool: request.name, source }
    }
    const settled = await settleInTurns(group, (entry) => finish(entry, context, signal))
    signal.throwIfAborted()
    for (const [place, result] of settled.entries()) {
      if (result.status === 'rejected') throw result.reason
      yield* result.value.events
      const entry = group[place]
      if (entry !== undefined) reports.set(entry.request, result.value.report)
    }
  }
  return requests.flatMap((request) => reports.get(request) ?? [])
}

/** Some at a time, each as soon as one before it is done; outcomes in the order of the entries. */
async function settleInTurns<Entry, Result>(
  entries: readonly Entry[],
  work: (entry: Entry) => Promise<Result>,
): Promise<readonly PromiseSettledResult<Result>[]> {
  const left = [...entries.entries()]
  const settled: PromiseSettledResult<Result>[] = []
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [place, entry] = next
      const [outcome] = await Promise.allSettled([work(entry)])
      settled[place] = outcome
    }
  }
  await Promise.all(Array.from({ length: callsAtOnce }, worker))
  return settled
}

function prepare(request: ToolRequest, position: number, { tools, plan, nextNumber }: CallContext): Prepared {
  const unfit = (rule: string, message: string): Prepared => ({ kind: 'unfit', request, rule, message })
  if (position >= maximumCalls) return unfit('agent/too-many-calls', `only ${maximumCalls} calls of a turn are run`)
  if (plan !== null && request.name === planToolName) {
    const read = plan.read(request.argumentsText)
    if (read.kind === 'invalid') return unfit('agent/malformed-arguments', read.message)
    return { kind: 'plan', request, steps: read.steps }
  }
  const tool = tools.find((tool) => tool.name === request.name)
  if (tool === undefined) {
    const names = tools.map((tool) => tool.name).join(', ')
    return unfit('agent/unknown-tool', `there is no tool "${request.name.slice(0, 80)}"; there are: ${names || 'none'}`)
  }
  const read = tool.read(request.argumentsText)
  if (read.kind === 'invalid') return unfit('agent/malformed-arguments', read.message)
  return { kind: 'ready', request, tool, call: read.call, number: nextNumber() }
}

function groups(prepared: readonly Called[]): Called[][] {
  const result: Called[][] = []
  for (const entry of prepared) {
    const last = result.at(-1)
    if (last !== undefined && last.every(isIndependent) && isIndependent(entry)) last.push(entry)
    else result.push([entry])
  }
  return result
}

function isIndependent(entry: Called): boolean {
  return entry.kind === 'unfit' || entry.tool.independent
}

async function finish(entry: Called, context: CallContext, signal: AbortSignal): Promise<Finished> {
  if (entry.kind === 'unfit') {
    const { request, rule, message } = entry
    const { report, events } = refused(request, [{ rule, line: 1, column: 1, message }], context)
    // A plan runs nothing: one that is none costs no answer.
    const correctable = context.plan === null || request.name !== planToolName
    return { report: { ...report, correctable }, events }
  }
  const { request, tool, call, number } = entry
  const started = context.now()
  let changed: ToolSource | null = null
  const onChanged = (text: string): void => {
    if (call.source !== null) changed = { ...call.source, text }
  }
  const told = (finished: Finished): Finished =>
    changed === null ? finished : afterChange(request, changed, finished, context)
  try {
    const outcome = await call.execute(signal, onChanged)
    const { used } = outcome
    const { report, events } =
      outcome.kind === 'refused'
        ? refused(request, outcome.findings, context)
        : succeeded({ request, tool, outcome, number, milliseconds: context.now() - started }, context)
    return told({ report: used === undefined ? report : { ...report, used }, events })
  } catch (thrown) {
    const error = toServiceError(thrown)
    if (signal.aborted || !recoverable.has(error.code)) throw error
    return told(faulted({ request, tool, error }, context))
  }
}

/**
 * A call that a person changed is told as two: the model's, which did not run, and theirs. So every filter, record and trail sees
 * what ran, and the model reads it before its result.
 */
function afterChange(
  request: ToolRequest,
  source: ToolSource,
  { report, events }: Finished,
  { fence, maximumResultCharacters }: CallContext,
): Finished {
  const { callId, name: tool } = request
  const theirs = `${callId}.changed`
  const message = 'A person changed what this call runs; what they wrote follows.'
  const finding = { rule: 'policy/changed-by-a-person', line: 1, column: 1, message }
  const before = (text: string): string =>
    `A person changed what this call runs. What they wrote stands before what came of it.\n${fence.wrap('what ran', text)}\n`
  return {
    report: {
      ...report,
      content: before(capText(source.text, maximumResultCharacters)) + report.content,
      preview: before(wholeLines(source.text, previewCharacters)) + report.preview,
    },
    events: [
      { type: 'tool-refusal', callId, tool, findings: [finding], message },
      { type: 'tool-call', callId: theirs, tool, source },
      ...events.map((event) => ('callId' in event ? Object.assign({}, event, { callId: theirs }) : event)),
    ],
  }
}

interface Success {
  readonly request: ToolRequest
  readonly tool: BoundTool
  readonly outcome: Extract<ToolOutcome, { readonly kind: 'result' }>
  readonly number: number
  readonly milliseconds: number
}

function succeeded({ request, tool, outcome, number, milliseconds }: Success, context: CallContext): Finished {
  const { cell, table, reading, ranIn, summary, savedAs, putBack } = outcome
  const saved = savedAs === undefined ? {} : { savedAs }
  const text = capText(outcome.forModel, context.maximumResultCharacters)
  const rest =
    savedAs === undefined ? `Call ${tool.name} again for the rest of it.` : `All of it is in /mnt/data/${savedAs}.`
  const line = `${summary}${savedAs === undefined ? '' : `, in /mnt/data/${savedAs}`}`
  const named = hasValues(outcome) ? { before: `This is run${number}.` } : {}
  const report = reportOf(request, { label: tool.name, text, rest, line, ...named }, context.fence)
  context.onRead?.({ callId: request.callId, tool: tool.name, text: report.content })
  return {
    report: { ...report, correctable: false, ...(outcome.read === undefined ? {} : { read: outcome.read }) },
    events: [
      {
        type: 'tool-result',
        callId: request.callId,
        tool: tool.name,
        number,
        milliseconds,
        cell,
        table,
        ...(reading === undefined ? {} : { reading }),
        ranIn,
        summary,
        ...saved,
        ...(putBack === undefined ? {} : { putBack }),
      },
      ...outcome.artifacts.map((artifact) => ({ type: 'artifact', artifact }) as const),
    ],
  }
}

/** Findings quote what the model wrote, which may quote data: fenced like everything else. */
function refused(request: ToolRequest, findings: readonly Finding[], context: CallContext): Finished {
  const text = capText(describeFindings(findings), context.maximumResultCharacters)
  const message = findings.map((finding) => finding.message).join('; ')
  const before = 'Refused; nothing was run. Correct it and call again.'
  const told = { label: 'findings', text, before, rest: 'Call it again to see them.', line: `refused: ${message}` }
  return {
    report: { ...reportOf(request, told, context.fence), correctable: true },
    events: [{ type: 'tool-refusal', callId: request.callId, tool: request.name, findings, message }],
  }
}

interface Fault extends Pick<Success, 'request' | 'tool'> {
  readonly error: ServiceError
}

function faulted({ request, tool, error }: Fault, context: CallContext): Finished {
  const said =
    errorTable[error.code].audience === 'caller' ? `${error.message}\n${error.advice}` : errorTable[error.code].title
  const text = capText(said, context.maximumResultCharacters)
  const line = `failed: ${errorTable[error.code].title}`
  const told = { label: 'failure', text, before: 'The call failed.', rest: 'Call it again to see it.', line }
  const report = reportOf(request, told, context.fence)
  context.onRead?.({ callId: request.callId, tool: tool.name, text: report.content })
  return {
    report: { ...report, correctable: error.code === 'query-failed' },
    events: [{ type: 'tool-failure', callId: request.callId, tool: request.name, message: error.message }],
  }
}
