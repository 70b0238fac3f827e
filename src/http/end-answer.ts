import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a caller may go on sending after they were answered, in bytes and milliseconds; then the connection is closed. */
const most = { bytes: 16_777_216, milliseconds: 2_000 } as const

/** After so many bytes nothing is read for so many milliseconds: whoever still sends is not who others wait for. */
const pause = { afterBytes: 262_144, milliseconds: 10 } as const

/**
 * Ends an answer with all of its body, whose length its head says. Where the request is still coming, its rest is thrown away
 * before the connection may be closed: at once, the caller's system would throw the answer away unread (RFC 9112, 9.6). Nobody
 * is waited for who has said on the connection that nothing more comes.
 */
export function endAnswer(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  body: string,
  limits: { readonly bytes: number; readonly milliseconds: number } = most,
): void {
  const { socket } = request
  // Who asks before they send their body sends none now.
  if (request.complete || request.destroyed || socket.readableEnded || request.headers.expect !== undefined) {
    response.end(body)
    return
  }
  response.write(body)
  let [thrownAway, sincePause] = [0, 0]
  let pausing: NodeJS.Timeout | undefined
  const end = (): void => {
    clearTimeout(timer)
    clearTimeout(pausing)
    request.off('data', count).off('end', end).off('close', end)
    socket.off('end', end)
    request.resume()
    response.end()
  }
  const count = (piece: Buffer): void => {
    thrownAway += piece.length
    sincePause += piece.length
    if (thrownAway > limits.bytes) end()
    else if (sincePause >= pause.afterBytes) {
      sincePause = 0
      request.pause()
      pausing = setTimeout(() => request.resume(), pause.milliseconds).unref()
    }
  }
  const timer = setTimeout(end, limits.milliseconds).unref()
  socket.once('end', end)
  request.on('data', count).once('end', end).once('close', end).resume()
}
