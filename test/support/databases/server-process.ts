import type { ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
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

/** Below the ports that Linux gives to who asks for any, so that no other test is given one before its server has it. */
const [lowest, highest] = [20_000, 32_000]

/** A port of the loopback that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
  })
  if (listens) await new Promise((resolve) => server.close(resolve))
  return listens
}
