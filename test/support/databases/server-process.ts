import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'

/** Ends a database server with the first signal, and with the second where that takes longer than `patience` ms. */
export async function stopServer(
  server: ChildProcess,
  [polite, harsh]: readonly [NodeJS.Signals, NodeJS.Signals],
  patience: number,
): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.kill(polite)
  const late = setTimeout(() => server.kill(harsh), patience)
  await gone
  clearTimeout(late)
}

/** A port of the loopback that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
