import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ServiceError } from '../../core/errors.ts'

export interface ProgramOptions {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** Where it says that it is ready. */
  readonly stream: 'stdout' | 'stderr'
  /** What a line says that means so. */
  readonly ready: RegExp
}

/** A service that was started for the demo. Disposing asks it to end, and makes it end after five seconds. */
export interface StartedProgram extends AsyncDisposable {
  readonly pid: number
  /** What `ready` found. */
  readonly match: RegExpExecArray
}

/** Milliseconds that a service has to be ready, and then to end. */
const patience = { ready: 60_000, end: 5_000 }

/** Starts a service and waits until it says that it is ready. Rejects with its last words where it ends before that. */
export async function startProgram(
  [program, ...words]: readonly [string, ...string[]],
  { folder, environment, stream, ready }: ProgramOptions,
  signal: AbortSignal,
): Promise<StartedProgram> {
  const child = spawn(program, words, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  ended.catch(() => undefined)
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), patience.end)
    await ended.catch(() => undefined)
    clearTimeout(timer)
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience.ready)])
  const stop = () => child.kill('SIGKILL')
  limit.addEventListener('abort', stop, { once: true })
  // What the other stream says is read too, or the service would wait for somebody to read it.
  const told: string[] = []
  const other = stream === 'stdout' ? child.stderr : child.stdout
  other.on('data', (chunk: Buffer) => void (told.length < 20 && told.push(chunk.toString())))
  let match: RegExpExecArray | null = null
  try {
    for await (const line of createInterface(child[stream])) {
      match = ready.exec(line)
      if (match !== null) break
      told.push(line)
    }
    if (match === null) await ended.catch((error: unknown) => told.push(String(error)))
  } finally {
    limit.removeEventListener('abort', stop)
  }
  // Leaving the loop has stopped the reading.
  child[stream].resume()
  if (match !== null && child.pid !== undefined) return { pid: child.pid, match, [Symbol.asyncDispose]: end }
  await end()
  signal.throwIfAborted()
  throw new ServiceError('service-unavailable', `${program} did not start: ${told.join('\n').trim().slice(-1_000)}`)
}
