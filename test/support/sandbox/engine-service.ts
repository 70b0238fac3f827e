import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export type DriverName = 'docker' | 'runsc' | 'kubernetes'

/** `said` hears each line of the service. */
function startService(driver: DriverName, said: (line: string) => void, ...rest: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'engine-process.ts'), driver, ...rest], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', said)
  return child
}

export interface HoldingService {
  readonly child: ChildProcess
  readonly pid: number
  readonly ids: readonly string[]
  /** What each session at rest answers when it is asked for its variable: `id outcome value`. */
  answers(): Promise<readonly string[]>
  /** Claims another sandbox and runs something in it; how that ended. */
  claims(): Promise<string>
}

/** A service that holds so many sandboxes, one in ten of them busy, the first among them. */
export async function holdingService(driver: DriverName, count = 1): Promise<HoldingService> {
  const all = Promise.withResolvers<void>()
  const ids: string[] = []
  const answers: string[] = []
  let answered = Promise.withResolvers<void>()
  let claimed = Promise.withResolvers<string>()
  const resting = count - Math.ceil(count / 10)
  const hear = (line: string) => {
    if (line.startsWith('sbx-') && ids.push(line) === count) all.resolve()
    if (line.startsWith('claimed ')) claimed.resolve(line.slice('claimed '.length))
    if (line.startsWith('answer ') && answers.push(line.slice('answer '.length)) === resting) answered.resolve()
  }
  const child = startService(driver, hear, String(count))
  void once(child, 'exit').then(() => all.reject(new Error(`the service ended and held ${ids.length} of ${count}`)))
  await all.promise
  return {
    child,
    pid: child.pid ?? 0,
    ids,
    answers: async () => {
      answers.length = 0
      answered = Promise.withResolvers<void>()
      child.stdin?.write('\n')
      await answered.promise
      return [...answers]
    },
    claims: () => {
      claimed = Promise.withResolvers<string>()
      child.stdin?.write('claim\n')
      return claimed.promise
    },
  }
}

/** The moments a service can die in, and how long each may take: milliseconds from its beginning. */
export const moments = [
  ['create', 1200],
  ['claim', 3],
  ['upload', 60],
  ['run', 250],
  ['destroy', 80],
] as const

/** A busy service, killed at a random moment of the given sort, the second time it comes. Resolves to its pid. */
export async function killedService(driver: DriverName, moment: string, milliseconds: number): Promise<number> {
  const reached = Promise.withResolvers<void>()
  let times = 0
  const child = startService(driver, (line) => {
    times += line === moment ? 1 : 0
    if (times === 2) reached.resolve()
  })
  await reached.promise
  await sleep(milliseconds)
  await kill(child)
  return child.pid ?? 0
}

/** Ends it at once, with all that it holds. */
export async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}
