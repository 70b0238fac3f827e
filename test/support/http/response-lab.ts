import type { AgentEvent } from '../../../src/core/events.ts'
import type { PlanStep } from '../../../src/core/plan.ts'
import type { FileOptions } from '../../../src/sessions/options.ts'
import { delta, end, sqlCall, toolResult } from '../agent-events.ts'
import { cellResult } from '../sandbox/cell-result.ts'
import { key, startService, type TestService, type TestServiceOptions } from './http-service.ts'
import { keptHistory, type KeptHistory } from './kept-history.ts'

const programCall: AgentEvent = {
  type: 'tool-call',
  callId: 'c2',
  tool: 'run_python',
  source: { language: 'python', text: 'print(6 * 7)' },
}

const picture: AgentEvent = {
  type: 'artifact',
  artifact: { name: 'chart.png', mediaType: 'image/png', content: 'iVBORw0KGgo=' },
}

/** What a model says that it means to do, and how far it is. */
const planOf = (read: PlanStep['status'], count: PlanStep['status']): AgentEvent => ({
  type: 'plan',
  steps: [
    { text: 'Read the orders', status: read },
    { text: 'Count them', status: count },
  ],
})

/** A run with a plan that changes. */
export const planned: readonly AgentEvent[] = [
  { type: 'step-start', step: 1 },
  delta('Let me look.'),
  planOf('in_progress', 'pending'),
  sqlCall('SELECT count(*) FROM orders'),
  toolResult({ summary: '1 row' }),
  { type: 'step-start', step: 2 },
  planOf('completed', 'in_progress'),
  { type: 'step-start', step: 3 },
  delta('There are 42 orders.', 3),
  end({ steps: 3 }),
]

/** A run with a statement, a program and a chart. */
export const analysis: readonly AgentEvent[] = [
  { type: 'step-start', step: 1 },
  delta('Let me look at the orders first.'),
  sqlCall('SELECT count(*) FROM orders'),
  toolResult({ summary: '1 row' }),
  { type: 'step-start', step: 2 },
  programCall,
  toolResult({
    callId: 'c2',
    tool: 'run_python',
    cell: cellResult({ stdout: { text: '42\n', truncated: false } }),
    ranIn: 'gVisor',
  }),
  picture,
  { type: 'step-start', step: 3 },
  delta('There are 42 orders, as the chart shows.', 3),
  end({ steps: 3 }),
]

export interface Lab extends AsyncDisposable {
  readonly kept: KeptHistory
  readonly service: TestService
  ask(body: object, headers?: Record<string, string>): Promise<Response>
  get(path: string, method?: string): Promise<Response>
}

interface LabOptions extends TestServiceOptions {
  /** What callers may keep. */
  readonly files?: Partial<FileOptions>
}

/** The HTTP interface over a storage of its own. */
export async function lab({ files, ...options }: LabOptions = {}): Promise<Lab> {
  const kept = await keptHistory(files)
  const service = await startService({
    events: analysis,
    history: kept.served,
    responseHistory: kept.history,
    ...options,
  })
  return {
    kept,
    service,
    ask: (body, headers = {}) =>
      service.post({ model: 'analyst', input: 'How many?', ...body }, headers, '/v1/responses'),
    get: (path, method = 'GET') =>
      fetch(`${service.url}/v1/responses/${path}`, { method, headers: { authorization: `Bearer ${key}` } }),
    async [Symbol.asyncDispose]() {
      await service.server[Symbol.asyncDispose]()
      await kept[Symbol.asyncDispose]()
    },
  }
}

/** An answer that waits for a signal before its end. */
export function waiting() {
  const go = Promise.withResolvers<void>()
  const answer: TestServiceOptions['answer'] = async function* (_received, signal) {
    yield { type: 'step-start', step: 1 }
    yield delta('A first sentence of it. ')
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    await Promise.race([go.promise, aborted])
    yield signal.aborted ? end({ ending: 'cancelled', message: 'The run was cancelled.' }) : end()
  }
  return { go: () => go.resolve(), answer }
}
