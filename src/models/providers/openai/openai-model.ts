import OpenAI from 'openai'
import { Stream } from 'openai/streaming'
import { ServiceError } from '../../../core/errors.ts'
import type { Secret } from '../../../core/secret.ts'
import type { Model, ModelEvent, ModelRequest } from '../../model.ts'
import { createTurnAssembler, type TurnAssembler } from './assemble.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { protocolError, toModelError, type Endpoint } from './errors.ts'
import { watchBody } from './watch-body.ts'
import { chunkShape, completionShape, toWireRequest } from './wire.ts'

const lingerMilliseconds = 2000

/**
 * How many bytes a turn may take on the wire per token: a token as an event of its own takes some hundred, usage and
 * headers the rest.
 */
const bytesPerToken = 1_024
const spareBytes = 65_536
/** No text has so many characters to a token on average; an endpoint that goes on regardless is cut. */
const mostCharactersPerToken = 16
const leastCharacters = 4_096

export interface OpenAiModelOptions extends Endpoint {
  readonly apiKey: Secret | null
  /** The time until the response begins, for each attempt. */
  readonly timeoutMilliseconds: number
  /** Silence within a response. */
  readonly idleTimeoutMilliseconds: number
  readonly retries: number
  readonly outputTokenField: 'max_tokens' | 'max_completion_tokens'
  readonly contextTokens?: number
}

/** A model behind any OpenAI-compatible Chat Completions endpoint, streaming or not. */
export function createOpenAiModel(options: OpenAiModelOptions): Model {
  const client = createClient(options)
  return {
    id: options.name,
    scripted: false,
    ...(options.contextTokens === undefined ? {} : { contextTokens: options.contextTokens }),
    turn: (request, signal) => turn(options, client, request, signal),
  }
}

/** Every setting is given, so that the client takes none from the environment. */
function createClient(options: OpenAiModelOptions): OpenAI {
  return new OpenAI({
    // The client insists on a key; endpoints without one ignore it.
    apiKey: options.apiKey?.reveal() ?? 'none',
    baseURL: options.baseUrl,
    organization: null,
    project: null,
    timeout: options.timeoutMilliseconds,
    maxRetries: options.retries,
    fetch: createGuardedFetch(options, Date.now),
    logLevel: 'off',
  })
}

async function* turn(
  options: OpenAiModelOptions,
  client: OpenAI,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void> {
  const wire = toWireRequest(options.name, request, options.outputTokenField)
  const assembler = createTurnAssembler({
    promptCharacters: JSON.stringify(wire.messages).length + JSON.stringify(wire.tools ?? []).length,
    maximumCharacters: Math.max(leastCharacters, request.maximumOutputTokens * mostCharactersPerToken),
  })
  const fault = new AbortController()
  const whole = AbortSignal.any([signal, fault.signal])
  let stop = (): void => undefined
  let linger: NodeJS.Timeout | undefined
  try {
    const answered = await client.chat.completions.create(wire, { signal: whole }).asResponse()
    const watched = watchBody(answered, {
      idleMilliseconds: options.idleTimeoutMilliseconds,
      maximumBytes: spareBytes + request.maximumOutputTokens * bytesPerToken,
      onFault: (error) => fault.abort(error),
    })
    stop = watched.stop
    for await (const text of texts({ endpoint: options, client, response: watched.response, assembler })) {
      // Usage follows the finish; an endpoint that then keeps the stream open does not hold up the turn.
      if (assembler.finished())
        linger ??= setTimeout(() => fault.abort(), Math.min(lingerMilliseconds, options.idleTimeoutMilliseconds))
      if (text !== '') yield { type: 'text-delta', text }
      for (const name of assembler.takeBegun()) yield { type: 'call-begin', name }
      if (assembler.full()) break
    }
    // The client ends a stream quietly when it is aborted; an aborted turn is never a finished one.
    if (!assembler.finished()) whole.throwIfAborted()
  } catch (error) {
    if (signal.aborted || !assembler.finished()) {
      throw toModelError(options, fault.signal.aborted ? fault.signal.reason : error, signal)
    }
  } finally {
    stop()
    clearTimeout(linger)
    // Reached early when the consumer stops reading: the request must not go on.
    fault.abort(new ServiceError('cancelled', 'The turn is over'))
  }
  const { calls, finish } = assembler.end()
  for (const call of calls) yield { type: 'tool-call', call }
  yield finish
}

interface Answered {
  readonly endpoint: Endpoint
  readonly client: OpenAI
  readonly response: Response
  readonly assembler: TurnAssembler
}

/** Pieces of text of a response, however it is sent. */
async function* texts(answered: Answered): AsyncGenerator<string, void> {
  const { endpoint, response, assembler } = answered
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('html')) throw protocolError(endpoint, 'a web page')
  if (type.includes('text/event-stream')) return yield* streamedTexts(answered)
  const text = await response.text()
  // A stream under another content type.
  if (/^\s*(data:|event:|:)/.test(text)) return yield* streamedTexts({ ...answered, response: new Response(text) })
  const body = parseJson(text)
  const whole = completionShape.safeParse(body)
  if (!whole.success)
    throw protocolError(endpoint, body === undefined ? 'a body that is not JSON' : 'JSON of another shape')
  const [choice] = whole.data.choices
  yield assembler.add({
    choices: [{ delta: choice?.message, finish_reason: choice?.finish_reason ?? 'stop' }],
    usage: whole.data.usage,
  })
}

async function* streamedTexts({ endpoint, client, response, assembler }: Answered): AsyncGenerator<string, void> {
  for await (const event of Stream.fromSSEResponse<unknown>(response, new AbortController(), client)) {
    const chunk = chunkShape.safeParse(event)
    if (!chunk.success) throw protocolError(endpoint, 'a stream of another shape', chunk.error)
    yield assembler.add(chunk.data)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
