import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { BodyLimits, PassEndpointCall, ReadBody } from '../../core/endpoint-call.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import { answerError, type OnFault } from '../../http/errors.ts'
import { jsonOf } from '../../http/json-body.ts'
import { readLimitedBody } from '../../http/limited-body.ts'
import { setOwnHeaders, writeHeadWith } from '../../http/own-headers.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { nameRoute } from '../../http/route-name.ts'
import { sendBytes } from '../../http/send-body.ts'
import { credentialOf, type Know } from '../caller.ts'
import { notTaken } from '../direct-routes.ts'

export interface EndpointListenerOptions {
  readonly pass: PassEndpointCall
  readonly know: Know
  /** How long a caller may take none of its answer, in milliseconds. */
  readonly stallMilliseconds: number
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  /** True once new requests are refused. */
  readonly isRefusing: () => boolean
  readonly onFault: OnFault
}

const address = /^\/endpoints\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s

/** Is it a call of an endpoint, whether or not there is one of its name? */
export const isEndpointAddress = ({ url = '' }: IncomingMessage): boolean => url.startsWith('/endpoints/')

/** Answers `/endpoints/NAME/…`; the caller is known before a byte of the body is read. */
export function endpointListener(options: EndpointListenerOptions): RequestListener {
  return (request, response) => {
    void answer(request, response, options)
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: EndpointListenerOptions,
): Promise<void> {
  const signal = signalFor(response, options.stopping)
  try {
    nameRoute(response, '/endpoints/:name')
    if (options.isRefusing()) throw notTaken()
    await options.know(request)
    const [, endpoint = '', path = '/', query = null] = address.exec(request.url ?? '') ?? []
    const { status, contentType, body, headers } = await options.pass(
      {
        requestId: requestIdOf(response),
        channel: 'http',
        credential: credentialOf(request),
        endpoint,
        method: request.method ?? '',
        path,
        query,
        headers: request.rawHeaders,
        hasBody: hasBody(request),
        readBody: (limits) => readBody(request, limits),
        readJson: (bytes, { depth: maximumDepth, values: maximumValues }) =>
          jsonOf(bytes, { limitBytes: bytes.length, shape: { maximumDepth, maximumValues } }),
      },
      signal,
    )
    const type = contentType === null ? [] : ['content-type', contentType, 'content-length', String(body.length)]
    writeHeadWith(response, status, [...headers, 'cache-control', 'no-store', ...type])
    await sendBytes(response, body, options.stallMilliseconds)
  } catch (thrown) {
    if (!response.headersSent) setOwnHeaders(response)
    answerError(
      signal.aborted ? reasonOf(thrown, signal) : thrown,
      { request, response },
      { onFault: options.onFault, bodyFor: () => (problem) => problem },
    )
  }
}

async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<ReadBody> {
  const bytes = await readLimitedBody(request, limits)
  if (limits.json === null) return { bytes, value: undefined }
  const { depth: maximumDepth, values: maximumValues } = limits.json
  return { bytes, value: jsonOf(bytes, { limitBytes: limits.bytes, shape: { maximumDepth, maximumValues } }) }
}

/** A length of zero is no body; a body in pieces is one, however short it turns out to be. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}
