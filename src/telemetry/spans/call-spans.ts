import { SpanKind, type Attributes, type Context, type Span, type Tracer } from '@opentelemetry/api'
import type { AdmittedCall, ModelApi, UpstreamAnswer } from '../../core/model-call.ts'
import type { Digests } from '../digests.ts'
import { failSpan, failSpanBy } from './fail-span.ts'
import type { CallWork } from './spans.ts'

/** Operations and providers as the conventions name them; those of what providers count or keep are our own. */
const operations: Readonly<Record<ModelApi, { readonly operation: string; readonly provider: string }>> = {
  'chat-completions': { operation: 'chat', provider: 'openai' },
  responses: { operation: 'chat', provider: 'openai' },
  embeddings: { operation: 'embeddings', provider: 'openai' },
  messages: { operation: 'chat', provider: 'anthropic' },
  'token-counts': { operation: 'count_tokens', provider: 'anthropic' },
}

interface OpenCall {
  readonly span: Span
  readonly began: number
}

/** Spans of attempts at calls that are passed on, from when each is sent to its failure or the end of its answer. */
export class CallSpans {
  readonly #open = new Map<string, OpenCall>()
  readonly #tracer: Tracer
  readonly #digests: Digests
  readonly #contextOf: (requestId: string) => Context

  constructor(tracer: Tracer, digests: Digests, contextOf: (requestId: string) => Context) {
    this.#tracer = tracer
    this.#digests = digests
    this.#contextOf = contextOf
  }

  of(work: CallWork): CallWork {
    return async (onAdmitted) => {
      let admitted: { readonly requestId: string; readonly span: Span } | null = null
      const end = (finish: (span: Span) => void): void => {
        if (admitted === null) return
        finish(admitted.span)
        admitted.span.end()
        this.#open.delete(admitted.requestId)
      }
      try {
        const outcome = await work(async (call, before) => {
          if (before !== null) end((span) => failSpan(span, before))
          await onAdmitted(call, before)
          admitted = { requestId: call.requestId, span: this.#begin(call) }
        })
        const { usage } = outcome
        end((span) => {
          if (usage === null) return
          span.setAttribute('gen_ai.usage.input_tokens', usage.inputTokens)
          span.setAttribute('gen_ai.usage.output_tokens', usage.outputTokens)
        })
        return outcome
      } catch (thrown) {
        end((span) => failSpanBy(span, thrown))
        throw thrown
      }
    }
  }

  answer(requestId: string, answer: UpstreamAnswer): UpstreamAnswer {
    const call = this.#open.get(requestId)
    if (call === undefined || answer.kind !== 'events') return answer
    return { ...answer, body: timed(answer.body, call) }
  }

  #begin(call: AdmittedCall): Span {
    const name = operationOf(call)
    const { model } = call.target
    const span = this.#tracer.startSpan(
      model === null ? name : `${name} ${model}`,
      { kind: SpanKind.CLIENT, attributes: this.#attributesOf(call, name) },
      this.#contextOf(call.requestId),
    )
    this.#open.set(call.requestId, { span, began: performance.now() })
    return span
  }

  #attributesOf({ api, facts, principal, target }: AdmittedCall, operation: string): Attributes {
    return {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': operations[api].provider,
      ...(target.model === null ? {} : { 'gen_ai.request.model': target.model }),
      ...(facts.streamed ? { 'gen_ai.request.stream': true } : {}),
      ...(facts.outputTokens === null ? {} : { 'gen_ai.request.max_tokens': facts.outputTokens }),
      'sallyport.upstream': target.upstream,
      'sallyport.group': principal.group,
      'sallyport.principal': this.#digests.of(principal.id),
    }
  }
}

function operationOf({ api, target }: AdmittedCall): string {
  return target.model === null ? 'kept_response' : operations[api].operation
}

async function* timed(body: AsyncIterable<Buffer>, { span, began }: OpenCall): AsyncIterable<Buffer> {
  let isFirst = true
  for await (const chunk of body) {
    if (isFirst) span.setAttribute('gen_ai.response.time_to_first_chunk', (performance.now() - began) / 1_000)
    isFirst = false
    yield chunk
  }
}
