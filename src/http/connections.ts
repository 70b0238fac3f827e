import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { ServiceError } from '../core/errors.ts'
import type { HttpOptions } from './options.ts'
import type { TlsFiles } from './tls-files.ts'
import type { OnFault } from './errors.ts'
import { assignRequestId } from './request-id.ts'
import { problemHeaders, problemMediaType, toProblem } from './problem.ts'
import { wireFault } from './wire-faults.ts'

const faults: Readonly<Record<string, [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are larger than the limit.'],
}

/** Connections with a refused head: whatever else comes on one is not read as a request and gets no answer. */
const refusedOn = new WeakSet<Duplex>()

/** What never became a request is answered on the bare connection. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable || refusedOn.has(socket)) {
    socket.destroy()
    return
  }
  const [status, message] = faults[error.code ?? ''] ?? [400, 'The request is not HTTP.']
  const problem = { ...toProblem(new ServiceError('invalid-request', message), 'none'), status }
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${problemMediaType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nX-Should-Retry: false\r\nConnection: close\r\n\r\n${body}`,
  )
}

export interface ConnectionHandlers {
  /** Told of every request before anything answers it, also of those that are refused for their head. */
  readonly begin: (request: IncomingMessage, response: ServerResponse, requestId: string) => void
  readonly answer: RequestListener
  readonly onFault: OnFault
}

/**
 * What two readers could take for two requests is answered before anything reads it, and its connection is closed: where
 * the next request on it begins is not known either.
 */
function refuseWireFaults({ begin, answer, onFault }: ConnectionHandlers): RequestListener {
  return (request, response) => {
    const requestId = assignRequestId(response)
    const fault = wireFault(request)
    begin(request, response, requestId)
    if (fault === null) return answer(request, response)
    refusedOn.add(request.socket)
    const error = new ServiceError('invalid-request', fault.message)
    onFault(error, requestId)
    const problem = { ...toProblem(error, requestId), status: fault.status }
    response.writeHead(fault.status, {
      ...problemHeaders(error),
      'x-request-id': requestId,
      connection: 'close',
    })
    response.end(JSON.stringify(problem))
  }
}

/**
 * A server whose connections cannot be held open by sending slowly. With files of TLS it takes encrypted ones only, and
 * where they name authorities for callers, only from those who show a certificate of them.
 */
export function createConnections(handlers: ConnectionHandlers, settings: HttpOptions, tls: TlsFiles | null): Server {
  const listener = refuseWireFaults(handlers)
  const options = {
    headersTimeout: settings.header_timeout_ms,
    requestTimeout: settings.request_timeout_ms,
    connectionsCheckingInterval: Math.min(1_000, settings.header_timeout_ms),
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16_384,
    // A missing Host is answered with the other faults of a head.
    requireHostHeader: false,
  }
  const server = tls === null ? createServer(options, listener) : createEncrypted(options, { listener, settings, tls })
  server.maxConnections = settings.maximum_connections
  server.on('clientError', answerBrokenRequest)
  // An expectation we do not know is ignored, since the status 417 alone would explain nothing.
  server.on('checkExpectation', listener)
  return server
}

function createEncrypted(
  options: ServerOptions,
  parts: { readonly listener: RequestListener; readonly settings: HttpOptions; readonly tls: TlsFiles },
): Server {
  const { listener, settings, tls } = parts
  const wantsCertificate = (settings.tls?.client_ca_file ?? null) !== null
  const handshake = { handshakeTimeout: settings.header_timeout_ms, requestCert: wantsCertificate }
  const encrypted = { ...options, ...tls.secureContext, ...handshake, rejectUnauthorized: wantsCertificate }
  const server = createSecureServer(encrypted, listener)
  tls.watch(server)
  return server
}
