import { SpanKind, trace, type Context, type Span, type Tracer } from '@opentelemetry/api'
import type { AgentEvent } from '../../core/events.ts'
import { toolNames } from '../../core/grant.ts'
import { toldMilliseconds } from '../../core/milliseconds.ts'
import { ownModel } from '../../core/own-model.ts'
import { failSpan, failSpanBy } from './fail-span.ts'
import type { AgentModel } from './spans.ts'

const knownTools: ReadonlySet<string> = new Set(toolNames)

interface RunSpansOptions {
  readonly tracer: Tracer
  readonly model: AgentModel | null
  readonly parent: Context
}

/**
 * Passes the events of a run on unchanged: `invoke_agent analyst` from the first to the last, `chat` for each turn of the
 * model and `execute_tool` for each call of a tool below it. Times are those at which events were there.
 */
export async function* spanRun(events: AsyncIterable<AgentEvent>, options: RunSpansOptions): AsyncIterable<AgentEvent> {
  const run = new RunSpans(options)
  try {
    for await (const event of events) {
      run.observe(event)
      yield event
    }
  } catch (thrown) {
    run.fail(thrown)
    throw thrown
  } finally {
    run.end()
  }
}

class RunSpans {
  readonly #agent: Span
  readonly #tracer: Tracer
  readonly #model: AgentModel | null
  readonly #context: Context
  readonly #tools = new Map<string, Span>()
  #turn: Span | null = null
  #isOver = false

  constructor({ tracer, model, parent }: RunSpansOptions) {
    this.#tracer = tracer
    this.#model = model
    const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': ownModel }
    this.#agent = tracer.startSpan(`invoke_agent ${ownModel}`, { kind: SpanKind.INTERNAL, attributes }, parent)
    this.#context = trace.setSpan(parent, this.#agent)
  }

  observe(event: AgentEvent): void {
    switch (event.type) {
      case 'step-start':
        this.#endTurn()
        this.#turn = this.#beginTurn()
        return
      case 'tool-call':
        this.#endTurn()
        this.#tools.set(event.callId, this.#beginTool(event.tool))
        return
      case 'tool-refusal':
        return this.#endTool(event, (span) => {
          failSpan(span, 'refused')
          span.setAttribute('sallyport.rules', [...new Set(event.findings.map(({ rule }) => rule))])
        })
      case 'tool-failure':
        return this.#endTool(event, (span) => failSpan(span, 'tool_failed'))
      case 'tool-result':
        return this.#endTool(event, (span) => this.#sandboxRun(event, span))
      case 'end':
        return this.#finish(event)
      case 'text-delta':
      case 'plan':
      case 'artifact':
    }
  }

  fail(thrown: unknown): void {
    this.#isOver = true
    failSpanBy(this.#agent, thrown)
  }

  /** Ends what is open, also where nobody read on. */
  end(): void {
    this.#endTurn()
    for (const span of this.#tools.values()) span.end()
    this.#tools.clear()
    if (!this.#isOver) failSpan(this.#agent, 'cancelled')
    this.#agent.end()
  }

  #beginTurn(): Span {
    const model = this.#model
    const attributes = {
      'gen_ai.operation.name': 'chat',
      ...(model === null ? {} : { 'gen_ai.provider.name': model.provider, 'gen_ai.request.model': model.name }),
    }
    const name = model === null ? 'chat' : `chat ${model.name}`
    return this.#tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, this.#context)
  }

  #endTurn(): void {
    this.#turn?.end()
    this.#turn = null
  }

  #beginTool(tool: string): Span {
    const name = knownTools.has(tool) ? tool : 'unknown'
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.type': 'function',
    }
    return this.#tracer.startSpan(`execute_tool ${name}`, { kind: SpanKind.INTERNAL, attributes }, this.#context)
  }

  #endTool({ callId, tool }: { readonly callId: string; readonly tool: string }, finish: (span: Span) => void): void {
    const span = this.#tools.get(callId) ?? this.#beginTool(tool)
    this.#tools.delete(callId)
    finish(span)
    span.end()
  }

  /** A run in a sandbox is told when it is over, with how long it took. */
  #sandboxRun({ cell }: Extract<AgentEvent, { readonly type: 'tool-result' }>, parent: Span): void {
    if (cell === null) return
    const { queueMs, runMs } = cell.timings
    const attributes = {
      'sallyport.sandbox.outcome': cell.outcome,
      'sallyport.sandbox.queue_ms': toldMilliseconds(queueMs),
    }
    const startTime = Date.now() - runMs
    const options = { kind: SpanKind.INTERNAL, attributes, startTime }
    this.#tracer.startSpan('sandbox run', options, trace.setSpan(this.#context, parent)).end()
  }

  #finish({ ending, code, usage, steps }: Extract<AgentEvent, { readonly type: 'end' }>): void {
    this.#endTurn()
    this.#isOver = true
    this.#agent.setAttributes({
      'gen_ai.usage.input_tokens': usage.inputTokens,
      'gen_ai.usage.output_tokens': usage.outputTokens,
      'sallyport.ending': ending,
      'sallyport.steps': steps,
    })
    if (ending !== 'answer') failSpan(this.#agent, code ?? ending)
  }
}
