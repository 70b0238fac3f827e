import { ServiceError } from '../../core/errors.ts'
import { GatheredBytes } from '../../core/gathered-bytes.ts'
import type { ReceivedCall } from '../../core/model-call.ts'
import { jsonOf, requireJson } from '../../http/json-body.ts'
import { passedShape } from '../../http/json-shape.ts'
import { tooLarge } from '../../http/limited-body.ts'
import { credentialOf, type Know } from '../caller.ts'
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
  requireJson(head)
  if (Number(head.headers['content-length'] ?? 0) > limitBytes) throw tooLarge({ bytes: limitBytes })
  const bytes = message.endOfStream ? Buffer.alloc(0) : await readBody(stream, exchange, limitBytes)
  const value = jsonOf(bytes, { limitBytes, shape: passedShape })
  const call: ReceivedCall = {
    requestId,
    channel: 'http',
    credential: credentialOf(head),
    method: 'POST',
    headers: head.raw,
    ...callOf(route, head.target, { value, bytes }),
  }
  return { call, body: bytes }
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
