import type { DuckdbGuest, GuestAnswer, OpenGuest } from '../databases/duckdb/guest.ts'
import { ServiceError } from '../core/errors.ts'
import { describeSandbox } from '../sandbox/describe-sandbox.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { ownPython } from '../validators/own-program.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'

interface GuestOptions {
  readonly sandboxes: Pick<Sandboxes, 'claim'>
  /** Name of the data source: no sandbox serves two. */
  readonly source: string
  /** Longest run a sandbox allows. */
  readonly ceilingMilliseconds: number
}

/** The engine's start of its program, in milliseconds. */
const startMilliseconds = 60_000

/** Its module is a file of the image: a new connection, which lives as long as the interpreter. */
const driver = ownPython('from sallyport.guests.duckdb_driver import answer as _sallyport_answer')
const answer = ownPython('_sallyport_answer()')

/** A sandbox of the configured driver in which our driver program runs, and only it: requests travel as files. */
export function createOpenGuest({ sandboxes, source, ceilingMilliseconds }: GuestOptions): OpenGuest {
  const within = (milliseconds: number): number => Math.min(milliseconds, ceilingMilliseconds)
  return async (signal) => {
    const sandbox = await sandboxes.claim({ tenant: `source:${source}`, language: 'python' }, signal)
    const started = await sandbox.run(driver, { timeoutMilliseconds: within(startMilliseconds) }, signal)
    if (started.outcome === 'ok') return guestOf(sandbox, within)
    await sandbox[Symbol.asyncDispose]()
    signal.throwIfAborted()
    throw new ServiceError('database-unavailable', `DuckDB did not start in its sandbox (${started.outcome}).`, {
      advice: 'Make the sandbox image again with "sallyport doctor --fix".',
    })
  }
}

function guestOf(sandbox: Sandbox, within: (milliseconds: number) => number): DuckdbGuest {
  return {
    sandbox: describeSandbox(sandbox),
    get alive() {
      return sandbox.alive
    },
    async put(name, content, signal) {
      await sandbox.files.put(name, content, signal)
    },
    async ask(request, limits, signal): Promise<GuestAnswer> {
      await sandbox.files.put('request.json', pieces(JSON.stringify(request)), signal)
      const timeoutMilliseconds = within(limits.timeoutMilliseconds)
      const { outcome } = await sandbox.run(answer, { timeoutMilliseconds }, signal)
      if (outcome !== 'ok') return { kind: 'ended', outcome }
      return { kind: 'answered', lines: await readLines(sandbox, limits.maximumBytes, signal) }
    },
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  }
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** The answer's lines. What is longer than it was asked to be is not read to its end. */
async function readLines(sandbox: Sandbox, maximumBytes: number, signal: AbortSignal): Promise<readonly string[]> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of sandbox.files.get('answer.jsonl', signal)) {
    bytes += part.length
    if (bytes > maximumBytes) {
      throw new ServiceError('query-failed', 'The result does not fit into the limits. Read less at once.')
    }
    parts.push(part)
  }
  const lines = Buffer.concat(parts).toString('utf8').split('\n')
  return lines.slice(0, -1)
}
