import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import type { WebSocket, WebSocketServer } from 'ws'
import { Secret } from '../../core/secret.ts'
import { signalFor } from '../../http/caller-signal.ts'
import { newRequestId, requestIdOf } from '../../http/request-id.ts'
import { takeUpgrade, type Upgrade } from '../../http/upgrades.ts'
import { credentialOf, principalOf } from '../caller.ts'
import { Cells } from './cells.ts'
import type { JupyterOptions } from './jupyter-options.ts'
import { KernelConnection, noWebSocket } from './kernel-connection.ts'
import { act, findKernel } from './kernels.ts'

/** Does a request mean to take its connection, as far as its head says? It is decided on as any other before it may. */
export function mayBecomeChannels({ method, url = '', headers }: IncomingMessage): boolean {
  const isPlace = /\/jupyter\/api\/kernels\/[^/?]+\/channels(?:\?|$)/.test(url)
  return isPlace && method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}

/** `GET /jupyter/api/kernels/{id}/channels`, as a WebSocket: programs run in the session of the kernel while it is open. */
export function openChannels(options: JupyterOptions): RequestHandler {
  let opened: Promise<WebSocketServer> | null = null
  const server = (): Promise<WebSocketServer> => (opened ??= serverFor(options))
  return async (request, response) => {
    const principal = principalOf(response)
    const kernel = String(request.params['id'])
    const find = () => findKernel(options, principal, kernel)
    const { id: session } = await act(options, response, { action: 'use', id: `session_${kernel}`, work: find })
    const credential = credentialOf(request)
    const accepting = await server()
    const upgrade = takeUpgrade(request)
    if (upgrade === null) throw noWebSocket()
    const signal = signalFor(response, options.stopping)
    response.statusCode = 400
    const socket = await accepted(accepting, request, upgrade)
    response.statusCode = 101
    const cells = new Cells({
      ...options,
      linkFor: (artifact) => options.linkFor(principal, artifact),
      session,
      signal,
      requestId: requestIdOf(response),
      // Another id for each program, by which the trail tells them apart, and another `Secret`, so that a revoked key runs no more.
      received: () => ({
        requestId: newRequestId(),
        channel: 'http',
        credential: credential === null ? null : new Secret(credential.reveal()),
        sessionId: session,
      }),
      shutDown: () => options.sessions.close(principal, session),
    })
    const isThere = async () => (await options.sessions.list(principal)).some(({ id }) => id === session)
    const connection = new KernelConnection({ ...options, socket, answer: cells.answer, isThere })
    const end = (): void => connection.endSoon()
    const refusing = options.refusing()
    refusing.addEventListener('abort', end)
    signal.addEventListener('abort', () => socket.terminate())
    socket.once('close', () => refusing.removeEventListener('abort', end))
    if (refusing.aborted) end()
  }
}

async function serverFor({ bodyLimitBytes }: Pick<JupyterOptions, 'bodyLimitBytes'>): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import('ws')
  return new Server({
    noServer: true,
    clientTracking: false,
    maxPayload: bodyLimitBytes,
    perMessageDeflate: false,
    // The other protocol of Jupyter frames its messages: where none is chosen they are JSON.
    handleProtocols: () => false,
  })
}

/** Never resolves where the handshake fails: that is answered on the connection, which is closed. */
function accepted(server: WebSocketServer, request: IncomingMessage, { socket, head }: Upgrade): Promise<WebSocket> {
  return new Promise((resolve) => {
    server.handleUpgrade(request, socket, head, resolve)
  })
}
