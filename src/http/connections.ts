import {
  createServer,
  ServerResponse,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ServiceError } from '../core/errors.ts'
import type { HttpOptions } from './options.ts'
import type { TlsFiles } from './tls-files.ts'
import { letGoOfUnread } from './let-go-of-unread.ts'
import { readsNothing } from './send-body.ts'
import type { OnFault } from './errors.ts'
import { assignRequestId, newRequestId } from './request-id.ts'
import { problemHeaders, toProblem } from './problem.ts'
import { keepUpgrade } from './upgrades.ts'
import { wireFault } from './wire-faults.ts'

const faults: Readonly<Record<string, [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are larger than the limit.'],
}

/** Connections with a refused request: whatever else comes on one is not read as a request and gets no answer. */
const refusedOn = new WeakSet<Duplex>()

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
}

/** What was begun last on a connection. */
const lastOn = new WeakMap<Duplex, Exchange>()

/** Milliseconds in which whoever still sends can read why nothing of it is read. */
const lingerMilliseconds = 1_000

/**
 * What never became a request is answered on the bare connection, behind the answers that are due before; a request that had begun
 * keeps its id.
 */
function answerBrokenRequest(fault: NodeJS.ErrnoException, socket: Duplex, onFault: OnFault): void {
  // Its answer is on the way, and closes the connection.
  if (refusedOn.has(socket) && fault.code !== 'ECONNRESET') return
  if (fault.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  refusedOn.add(socket)
  const [status, message] = faults[fault.code ?? ''] ?? [400, 'The request is not HTTP.']
  const error = new ServiceError('invalid-request', message, { cause: fault })
  const last = lastOn.get(socket)
  const isWithin = last !== undefined && !last.request.complete
  const requestId = isWithin ? last.requestId : newRequestId()
  // Of a caller who leaves within a body, whoever reads it tells.
  const hasLeft = isWithin && fault.code === 'HPE_INVALID_EOF_STATE'
  const answer = (): void => {
    if (!hasLeft) onFault(error, requestId)
    endWithProblem(socket, { error, status, requestId, isOfHead: isWithin && last.request.method === 'HEAD' })
  }
  if (last === undefined) answer()
  else if (!isWithin) whenWritten(last.response, answer)
  else if (last.response.headersSent) whenWritten(last.response, () => end(socket, ''))
  else if (last.response.socket === socket) answer()
  // Others are to be answered before it.
  else last.response.once('socket', answer)
}

function whenWritten(response: ServerResponse, then: () => void): void {
  if (response.writableFinished) then()
  else response.once('close', then)
}

interface BareAnswer {
  readonly error: ServiceError
  readonly status: number
  readonly requestId: string
  /** Is it the answer of a HEAD, which has no body? */
  readonly isOfHead: boolean
}

function endWithProblem(socket: Duplex, { error, status, requestId, isOfHead }: BareAnswer): void {
  const body = JSON.stringify({ ...toProblem(error, requestId), status })
  const headers = { ...problemHeaders(error), 'content-length': Buffer.byteLength(body), 'x-request-id': requestId }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  end(
    socket,
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}connection: close\r\n\r\n${isOfHead ? '' : body}`,
  )
}

function end(socket: Duplex, text: string): void {
  socket.end(text)
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref()
}

export interface ConnectionHandlers {
  /** Told of every request before anything answers it, also of those that are refused for their head. */
  readonly begin: (request: IncomingMessage, response: ServerResponse, requestId: string) => void
  readonly answer: RequestListener
  readonly onFault: OnFault
  /** May a request take its connection for another protocol, by its head? Where none may, what asks for it is answered as any other. */
  readonly mayUpgrade?: ((request: IncomingMessage) => boolean) | undefined
}

/**
 * What two readers could take for two requests is answered before anything reads it, and its connection is closed: where
 * the next request on it begins is not known either.
 */
function refuseWireFaults({ begin, answer, onFault }: ConnectionHandlers, stallMilliseconds: number): RequestListener {
  return (request, response) => {
    // It may have stood in the same packet.
    if (refusedOn.has(request.socket)) return
    const requestId = assignRequestId(response)
    lastOn.set(request.socket, { request, response, requestId })
    const fault = wireFault(request)
    letGoOfUnread(response, stallMilliseconds, () => onFault(readsNothing(), requestId))
    begin(request, response, requestId)
    if (fault === null) return answer(request, response)
    refusedOn.add(request.socket)
    const error = new ServiceError('invalid-request', fault.message)
    onFault(error, requestId)
    const problem = toProblem(error, requestId)
    response.writeHead(problem.status, {
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
  const listener = refuseWireFaults(handlers, settings.reader_timeout_ms)
  const options = {
    headersTimeout: settings.header_timeout_ms,
    requestTimeout: settings.request_timeout_ms,
    connectionsCheckingInterval: Math.min(1_000, settings.header_timeout_ms),
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16_384,
    // A missing Host is answered with the other faults of a head.
    requireHostHeader: false,
    shouldUpgradeCallback: (request: IncomingMessage) => handlers.mayUpgrade?.(request) ?? false,
  }
  const server = tls === null ? createServer(options, listener) : createEncrypted(options, { listener, settings, tls })
  server.maxConnections = settings.maximum_connections
  const { onFault } = handlers
  server.on('clientError', (fault: NodeJS.ErrnoException, socket) => answerBrokenRequest(fault, socket, onFault))
  // Without a listener the connection is closed without a word.
  server.on('connect', (_request, socket) => {
    const error = new ServiceError('method-not-allowed', 'Nothing is tunnelled here.')
    const requestId = newRequestId()
    onFault(error, requestId)
    endWithProblem(socket, { error, status: 405, requestId, isOfHead: false })
  })
  // It goes through every stage that a request goes through; whoever is to speak on takes the connection behind them.
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    response.once('finish', () => end(socket, ''))
    socket.on('error', () => socket.destroy())
    keepUpgrade(request, { socket, head })
    listener(request, response)
  })
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
