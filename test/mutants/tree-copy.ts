import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endProcessesIn } from './processes-in.ts'

export interface TestRun {
  /** `hung`: ended at its deadline. */
  readonly kind: 'passed' | 'failed' | 'hung'
  readonly milliseconds: number
}

/** What a copy goes without: history, and what is made or installed. */
const withoutCopy = new Set(['.git', 'node_modules', 'dist', 'coverage'])

/**
 * A copy of the tree to put faults into. It lives in the folder it is given, temporary files of its tests included;
 * packages are the checkout's. Disposing of it ends every process that works in it.
 */
export class TreeCopy implements AsyncDisposable {
  readonly #root: string
  readonly #folder: string

  private constructor(root: string, folder: string) {
    this.#root = root
    this.#folder = folder
  }

  static async make(root: string, folder: string): Promise<TreeCopy> {
    const tree = join(folder, 'tree')
    await mkdir(join(folder, 'tmp'), { recursive: true })
    await mkdir(tree)
    const names = (await readdir(root)).filter((name) => !withoutCopy.has(name))
    await Promise.all(names.map((name) => cp(join(root, name), join(tree, name), { recursive: true })))
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'))
    return new TreeCopy(root, folder)
  }

  /** Runs the work with other text in one file of the copy, and puts back what was there. */
  async changed<Result>(file: string, change: (text: string) => string, work: () => Promise<Result>): Promise<Result> {
    const path = join(this.#folder, 'tree', file)
    const text = await readFile(path, 'utf8')
    await writeFile(path, change(text))
    try {
      return await work()
    } finally {
      await writeFile(path, text)
    }
  }

  /** Runs these test files until the first failure. Rejects with the signal's reason; nothing of it runs on. */
  async runTests(tests: readonly string[], deadline: number, signal: AbortSignal): Promise<TestRun> {
    signal.throwIfAborted()
    const began = performance.now()
    const vitest = join(this.#root, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run', '-c', 'test/mutants/vitest.mutants.config.ts', ...tests], {
      cwd: join(this.#folder, 'tree'),
      // A group of its own, so that all of it can be ended at once.
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: join(this.#folder, 'tmp'), SALLYPORT_MUTANTS_CACHE: join(this.#folder, 'cache') },
    })
    const ended = once(child, 'close') as Promise<[number | null]>
    const stop = new AbortController()
    const either = AbortSignal.any([signal, stop.signal])
    try {
      const late = sleep(deadline, null, { signal: either }).catch(() => null)
      const end = await Promise.race([ended, late])
      signal.throwIfAborted()
      const kind = end === null ? 'hung' : end[0] === 0 ? 'passed' : 'failed'
      return { kind, milliseconds: performance.now() - began }
    } finally {
      stop.abort()
      endGroup(child.pid)
      await ended
      await endProcessesIn(this.#folder)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessesIn(this.#folder)
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it has ended.
  }
}
