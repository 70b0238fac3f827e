import { ServiceError } from '../../core/errors.ts'
import { BodyOut, mutationOf, type BodyForm } from './body-out.ts'
import { headerPairs, valueOf } from './envoy-head.ts'
import type { HeadMessage } from './services.ts'
import type { SideStream } from './side-stream.ts'

/**
 * Passes an answer on that Envoy gives by itself, or another filter, to a request that never came here: a refusal of ext_authz, a
 * route that there is not. It is an error; anything else would be the answer to a request that nobody has read.
 */
export async function passLocalAnswer(stream: SideStream, head: HeadMessage, form: BodyForm): Promise<void> {
  const pairs = headerPairs(head.headers?.headers ?? [])
  const status = Number(valueOf(pairs, ':status'))
  // To whoever seems to speak gRPC, Envoy says an error by a header, and nothing else.
  const isOfGrpc = head.endOfStream && Number(valueOf(pairs, 'grpc-status')) > 0
  if (!(status >= 400) && !isOfGrpc) {
    throw new ServiceError(
      'invalid-config',
      `Envoy has an answer of status ${status} to a request that was not shown.`,
      {
        advice: 'request_header_mode of the filter ext_proc has to be SEND.',
      },
    )
  }
  const out = new BodyOut(stream, 'response', form)
  await out.head(mutationOf([], []))
  for (let isOver = head.endOfStream; !isOver;) {
    const message = await stream.next()
    if (message.request !== 'responseBody') {
      const trailers =
        message.request === 'responseTrailers' ? headerPairs(message.responseTrailers.trailers?.headers ?? []) : []
      await out.end(trailers.filter((_text, at) => at % 2 === 0))
      break
    }
    const { body, endOfStream } = message.responseBody
    out.came()
    await out.write(body)
    isOver = endOfStream
    if (isOver) await out.end(null)
    else await out.used()
  }
  stream.end()
}
