import type { ServerContext } from '@modelcontextprotocol/server'

export interface ToldProgress extends Disposable {
  readonly tell: (message: string) => void
  readonly note: (message: string) => void
}

/**
 * Progress of a call for whoever asked for it: what the tool tells, and between that, every so many milliseconds, that it
 * goes on. The number is of the seconds that it takes, and only grows.
 */
export function toldProgress({ mcpReq }: Pick<ServerContext, 'mcpReq'>, everyMilliseconds: number): ToldProgress {
  const token = mcpReq._meta?.progressToken
  if (token === undefined) return { tell: () => undefined, note: () => undefined, [Symbol.dispose]: () => undefined }
  const start = performance.now()
  let last = 0
  let doing = 'goes on'
  const send = (message: string): void => {
    last = Math.max(last + 0.001, (performance.now() - start) / 1_000)
    const params = { progressToken: token, progress: Math.round(last * 1_000) / 1_000, message }
    // Whoever has left is told by the end of the call.
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }
  const timer = setInterval(
    () => send(`${doing}, ${Math.round((performance.now() - start) / 1_000)} s`),
    everyMilliseconds,
  )
  return {
    tell: (message) => {
      doing = message
      send(message)
    },
    note: (message) => {
      doing = message
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
