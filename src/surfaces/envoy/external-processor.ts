import type { handleBidiStreamingCall } from '@grpc/grpc-js'
import type { Carry } from '../../core/carried.ts'
import { ServiceError } from '../../core/errors.ts'
import type { BegunRequest, ResponseRecord } from '../../core/facts.ts'
import { reasonOf } from '../../http/caller-signal.ts'
import type { OnFault } from '../../http/errors.ts'
import { toProblem } from '../../http/problem.ts'
import { newRequestId } from '../../http/request-id.ts'
import type { AnsweredCallers } from '../answered-callers.ts'
import type { Know } from '../caller.ts'
import { errorFormOf } from '../calls/error-forms.ts'
import type { PassCall } from '../calls/pass-call.ts'
import { faultAnswer } from './answer-faults.ts'
import { mutationOf, type BodyForm } from './body-out.ts'
import { CarriedExchange } from './carried-exchange.ts'
import { headerPairs, headOf, pathIn, valueOf, type EnvoyHead } from './envoy-head.ts'
import { passLocalAnswer } from './local-answer.ts'
import { readCall } from './read-call.ts'
import type { HeadMessage, ProcessingRequest, ProcessingResponse, ProtocolConfiguration } from './services.ts'
import { SideStream, type SideStreamOptions } from './side-stream.ts'

export interface ExternalProcessorOptions extends SideStreamOptions {
  readonly know: Know
  readonly callers: Pick<AnsweredCallers, 'begin' | 'end'>
  /** Passes calls on by what carries them. */
  readonly passBy: (carry: Carry) => PassCall
  /** Of a body. */
  readonly limitBytes: number
  readonly onFault: OnFault
  readonly onRequest: (request: BegunRequest) => void
  readonly onResponse: (response: ResponseRecord) => void
}

/**
 * Envoy's exchanges with the model behind it, message by message: a call is read whole, goes through the stages of every call,
 * and Envoy carries what is left of it to the model and what may leave of the answer back. What is refused before the
 * answer has begun Envoy answers in the place of the model; a fault afterwards ends the stream with the API's error event.
 */
export function processExchanges(
  options: ExternalProcessorOptions,
): handleBidiStreamingCall<ProcessingRequest, ProcessingResponse> {
  return (call) => {
    const stream = new SideStream(call, options)
    void process(stream, options).catch((thrown: unknown) => {
      options.onFault(reasonOf(thrown, stream.signal), 'none')
      stream.fail('the exchange could not be read')
    })
  }
}

async function process(stream: SideStream, options: ExternalProcessorOptions): Promise<void> {
  const first = await stream.next()
  const form = formOf(first)
  if (first.request === 'responseHeaders') return passLocalAnswer(stream, first.responseHeaders, form)
  if (first.request !== 'requestHeaders') throw misread(`${first.request} before the head of a request`)
  await answer(stream, { message: first.requestHeaders, form }, options)
}

const misread = (what: string): ServiceError => new ServiceError('internal', `Envoy has sent ${what}.`)

const modes = { streamed: 1, duplex: 4 } as const

/** How the filter is configured. Throws `invalid-config` where it is so that something could pass unread, or is not waited for. */
function formOf({ observabilityMode, protocolConfig }: ProcessingRequest): BodyForm {
  if (observabilityMode) throw wrongMode('observability_mode has to be false: nothing would wait for an answer')
  const isOf = (mode: number): boolean =>
    protocolConfig?.requestBodyMode === mode && protocolConfig.responseBodyMode === mode
  if (isOf(modes.duplex)) return 'duplex'
  if (isOf(modes.streamed) && (protocolConfig as ProtocolConfiguration).sendBodyWithoutWaitingForHeaderResponse) {
    return 'in-place'
  }
  throw wrongMode(
    'request_body_mode and response_body_mode have to be FULL_DUPLEX_STREAMED, or STREAMED with send_body_without_waiting_for_header_response',
  )
}

const wrongMode = (what: string): ServiceError =>
  new ServiceError('invalid-config', `The filter ext_proc of Envoy is not configured as it has to be: ${what}.`)

interface Begun {
  readonly message: HeadMessage
  readonly form: BodyForm
}

async function answer(stream: SideStream, { message, form }: Begun, options: ExternalProcessorOptions): Promise<void> {
  const requestId = newRequestId()
  const start = performance.now()
  const pairs = headerPairs(message.headers?.headers ?? [])
  const head = headOf(pairs, lastHop(pairs))
  const { method, target } = head
  options.callers.begin(requestId, head)
  options.onRequest({ requestId, method, scheme: 'http', traceparent: null })
  const { stallMilliseconds } = options
  const hasBody = !message.endOfStream
  const exchange = new CarriedExchange(stream, { form, pairs, hasBody, requestId, stallMilliseconds })
  const told: { status: number; complete: boolean; requestBytes: number | null } = {
    status: 0,
    complete: false,
    requestBytes: null,
  }
  try {
    const { call, body } = await readCall({ stream, head, message, exchange, requestId }, options)
    told.requestBytes = body.length
    const pass = options.passBy((request, signal) => exchange.carry(request, signal))
    await pass(call, (screened) => exchange.deliver(screened), stream.signal)
    told.status = exchange.status
    told.complete = true
    stream.end()
  } catch (thrown) {
    const error = reasonOf(thrown, stream.signal)
    options.onFault(error, requestId)
    told.status = exchange.isBegun ? exchange.status : await refuse(stream, { error, head, requestId })
    if (exchange.isBegun) {
      const event = errorFormOf(pathIn(target)).event(toProblem(error, requestId))
      await exchange.breakOff(event).catch(() => stream.fail('the answer has broken off'))
    }
  } finally {
    options.callers.end(requestId)
    options.onResponse({
      requestId,
      method,
      path: pathIn(target),
      route: 'ext-proc',
      milliseconds: performance.now() - start,
      ...told,
    })
  }
}

/** Whoever is connected to Envoy, which adds it behind what others say (`use_remote_address`). */
function lastHop(pairs: readonly string[]): string {
  return valueOf(pairs, 'x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''
}

interface Refusal {
  readonly error: ServiceError
  readonly head: EnvoyHead
  readonly requestId: string
}

/** Answers in the place of the model; gives the status. */
async function refuse(stream: SideStream, { error, head, requestId }: Refusal): Promise<number> {
  const { status, headers, body } = faultAnswer(error, pathIn(head.target), requestId)
  try {
    await stream.send({
      immediateResponse: {
        status: { code: status },
        headers: mutationOf([], headers),
        body: Buffer.from(body),
        details: `sallyport_${error.code}`,
      },
    })
    stream.end()
  } catch {
    stream.fail('the refusal could not be written')
  }
  return status
}
