/** A command while it runs. Its number is ours: no process of the sandbox is named outside. */
export interface RunningProcess {
  readonly pid: number
  readonly tag: string | null
  readonly config: {
    readonly cmd: string
    readonly args: readonly string[]
    readonly envs: Readonly<Record<string, string>>
    readonly cwd: string | null
  }
  readonly kill: () => void
}

/** The commands that run in a sandbox. */
export class Processes {
  readonly #running = new Map<number, RunningProcess>()
  #last = 0

  get all(): readonly RunningProcess[] {
    return [...this.#running.values()]
  }

  add(facts: Omit<RunningProcess, 'pid'>): RunningProcess & Disposable {
    this.#last += 1
    const process = { ...facts, pid: this.#last, [Symbol.dispose]: () => void this.#running.delete(process.pid) }
    this.#running.set(process.pid, process)
    return process
  }

  get(pid: number): RunningProcess | null {
    return this.#running.get(pid) ?? null
  }
}
