import { ServiceError } from '../../core/errors.ts'
import { GatheredBytes } from '../../core/gathered-bytes.ts'
import type { ReceivedCall } from '../../core/model-call.ts'
import { jsonOf, requireJson } from '../../http/json-body.ts'
import { passedShape } from '../../http/json-shape.ts'
import { tooLarge } from '../../http/limited-body.ts'
import { credentialOf, type Know } from '../caller.ts'
import { keptCallOf } from '../calls/kept-call.ts'
import { callOf } from '../calls/pass-call.ts'
import type { CarriedExchange } from './carried-exchange.ts'
import { routeOf, type EnvoyHead } from './envoy-head.ts'
import type { HeadMessage } from './services.ts'
import type { SideStream } from './side-stream.ts'

interface Arriving {
  readonly stream: SideStream
  readonly head: EnvoyHead
  readonly message: HeadMessage
  readonly exchange: CarriedExchange
  readonly requestId: string
}

/**
 * A call, all of which has come. Rejects with a ServiceError before a byte of its body is read where its head is enough to
 * refuse it, and at the byte beyond the limit.
 */
export async function readCall(
  { stream, head, message, exchange, requestId }: Arriving,
  { know, limitBytes }: { readonly know: Know; readonly limitBytes: number },
): Promise<{ readonly call: ReceivedCall; readonly body: Buffer }> {
  const route = routeOf(head)
  await know(head)
  const received = { requestId, channel: 'http', credential: credentialOf(head), headers: head.raw } as const
  if (Number(head.headers['content-length'] ?? 0) > limitBytes) throw tooLarge({ bytes: limitBytes })
  const { asked } = route
  if (asked === undefined) requireJson(head)
  const bytes = message.endOfStream ? Buffer.alloc(0) : await readBody(stream, exchange, limitBytes)
  if (asked !== undefined) {
    // A body that such a request has nevertheless goes nowhere.
    return { call: { ...received, method: asked.method, ...keptCallOf(asked, head.target) }, body: bytes }
  }
  const value = jsonOf(bytes, { limitBytes, shape: passedShape })
  return { call: { ...received, method: 'POST', ...callOf(route, head.target, { value, bytes }) }, body: bytes }
}

async function readBody(stream: SideStream, exchange: CarriedExchange, limitBytes: number): Promise<Buffer> {
  const gathered = new GatheredBytes()
  for (;;) {
    const message = await stream.next()
    if (message.request === 'requestTrailers') {
      exchange.requestTrailers(message.requestTrailers.trailers?.headers ?? [])
      return gathered.together()
    }
    if (message.request !== 'requestBody')
      throw new ServiceError('internal', `Envoy has sent ${message.request} in a body.`)
    const { body, endOfStream } = message.requestBody
    exchange.requestPiece()
    if (gathered.length + body.length > limitBytes) throw tooLarge({ bytes: limitBytes })
    gathered.add(body)
    if (endOfStream) return gathered.together()
  }
}
