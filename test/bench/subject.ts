import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** One measurement in the process of a subject. */
export interface Sample {
  /** Figures of processor time in the subject, which another process on the machine does not change much. */
  readonly cpuMilliseconds: number
  readonly milliseconds: number
}

/** What a subject can be asked to do, by name. */
export type Jobs = Readonly<Record<string, () => Promise<unknown>>>

/** What a job's process says before anything is asked: whatever the parent has to know of it. */
type Hello = Readonly<Record<string, number | string>>

/**
 * In the subject's process: opens the product at `process.argv[2]` and does one job after the other as it is asked. The
 * same script runs in every build that is measured; only the product that it imports differs.
 */
export async function serveSubject(
  open: (product: string) => Promise<{ readonly jobs: Jobs; readonly hello?: Hello }>,
): Promise<void> {
  const { jobs, hello = {} } = await open(process.argv[2] ?? '')
  process.on('message', (name: string) => {
    void (async () => {
      const before = process.cpuUsage()
      const started = performance.now()
      await jobs[name]?.()
      const milliseconds = performance.now() - started
      const { user, system } = process.cpuUsage(before)
      process.send?.({ milliseconds, cpuMilliseconds: (user + system) / 1000 } satisfies Sample)
    })()
  })
  // Whoever asked is gone.
  process.on('disconnect', () => process.exit())
  process.send?.(hello)
}

/** A build of the product in a process of its own. */
export class Subject implements AsyncDisposable {
  readonly hello: Hello
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, hello: Hello) {
    this.#child = child
    this.hello = hello
  }

  /** Runs `script` of this checkout over the product at `product`. Rejects when it cannot be opened. */
  static async start(script: string, product: string): Promise<Subject> {
    const child = fork(script, [product], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${script} could not open ${product}`)))
    const [hello] = (await Promise.race([once(child, 'message'), ended])) as [Hello]
    ended.catch(() => undefined)
    return new Subject(child, hello)
  }

  async do(job: string): Promise<Sample> {
    this.#child.send(job)
    const [sample] = (await once(this.#child, 'message')) as [Sample]
    return sample
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.disconnect()
    await ended
  }
}

/** Where another checkout is, of `--against PATH`; null without. */
export function againstPath(): string | null {
  const at = process.argv.indexOf('--against')
  return at < 0 ? null : (process.argv[at + 1] ?? null)
}

/** Own samples and the other build's of the same job, taken in turn within one run. */
export async function inTurn<Result>(
  count: number,
  measure: (subject: Subject) => Promise<Result>,
  { own, other }: { readonly own: Subject; readonly other: Subject | null },
): Promise<{ readonly own: Result[]; readonly other: Result[] }> {
  const samples: { own: Result[]; other: Result[] } = { own: [], other: [] }
  for (let index = 0; index < count; index += 1) {
    samples.own.push(await measure(own))
    if (other !== null) samples.other.push(await measure(other))
  }
  return samples
}
