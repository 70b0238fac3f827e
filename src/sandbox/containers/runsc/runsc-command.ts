import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ServiceError } from '../../../core/errors.ts'
import { fileMark, type ProofRecords } from '../proof-records.ts'
import type { SandboxProcess, StartSandboxProcess } from './sandbox-process.ts'

export interface RunscOptions {
  /** Path of the pinned binary. */
  readonly binary: string
  /** Where runsc keeps the state of its containers. */
  readonly stateFolder: string
  /** Runs without root and without cgroups. */
  readonly rootless: boolean
  /** Where what a binary says of itself is kept; without it the binary is asked each time. */
  readonly records?: ProofRecords | undefined
  /** What starts the process of a sandbox. */
  readonly start: StartSandboxProcess
}

/** What a binary printed as its version, and whether it took the flag that not every release knows. */
const identity = z.strictObject({ version: z.string(), knowsWaiting: z.boolean() })

/**
 * Threads that wait sleep at once instead of spinning for a while, which they would do at the expense of the one
 * processor their sandbox has. Releases before June 2026 do not know it.
 */
const waitingFlag = '--systrap-disable-fast-path'

/** The one set of flags: a snapshot restores only under the flags it was made with. */
function globalFlags(options: RunscOptions): string[] {
  return [
    '--root',
    options.stateFolder,
    '--network=none',
    '--platform=systrap',
    '--host-uds=none',
    '--host-fifo=none',
    '--overlay2=none',
    ...(options.rootless ? ['--rootless', '--ignore-cgroups'] : []),
  ]
}

/** Nothing of this process's environment reaches the sandbox's processes on the host. */
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
const outputBytes = 16 * 1024

export interface Runsc {
  /** What makes two binaries or two sets of flags differ. Finds out which flags the binary knows, so it comes first. */
  identify(signal: AbortSignal): Promise<string>
  /** Runs to the end and returns its output; rejects with `sandbox-unavailable`. */
  call(command: readonly string[], signal: AbortSignal): Promise<string>
  /**
   * Starts one that lives as long as its sandbox: its stdin and stdout are the sandbox's. `folder` is the sandbox's own;
   * `trace` the file of its trace session, where it has one. Rejects where the binary cannot be started.
   */
  launch(command: readonly string[], folder: string, trace?: string): Promise<SandboxProcess>
  /** Removes what runsc wrote down about a sandbox of which nothing runs any more. */
  forget(id: string): Promise<void>
}

export function createRunsc(options: RunscOptions): Runsc {
  const known = globalFlags(options)
  let flags: readonly string[] = known
  const runWith = async (globals: readonly string[], command: readonly string[], signal: AbortSignal) => {
    const child = spawn(options.binary, [...globals, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment,
      signal,
    })
    let output = ''
    const keep = (piece: Buffer) => {
      output = (output + piece.toString('utf8')).slice(-outputBytes)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    try {
      const [status] = (await once(child, 'close')) as [number | null]
      if (status === 0) return output
    } catch (thrown) {
      signal.throwIfAborted()
      throw new ServiceError('sandbox-unavailable', `runsc cannot be run: ${(thrown as Error).message}`, {
        cause: thrown,
        advice: 'Run "sallyport doctor --fix": it installs runsc.',
      })
    }
    throw new ServiceError('sandbox-unavailable', `runsc ${command[0]} failed: ${output.trim().slice(-300)}`)
  }
  const askBinary = async (signal: AbortSignal) => {
    try {
      return { version: await runWith([...known, waitingFlag], ['--version'], signal), knowsWaiting: true }
    } catch {
      signal.throwIfAborted()
      return { version: await runWith(known, ['--version'], signal), knowsWaiting: false }
    }
  }
  return {
    call: (command, signal) => runWith(flags, command, signal),
    identify: async (signal) => {
      // A hundred megabytes are run to say this; the same file says the same again.
      const mark = options.records === undefined ? null : await fileMark(options.binary)
      const facts = [mark, ...known, waitingFlag]
      const name = `runsc ${options.binary}`
      const recalled = mark === null ? null : await options.records?.recall(name, facts, identity)
      const found = recalled ?? (await askBinary(signal))
      if (mark !== null && recalled === null) await options.records?.keep(name, facts, found)
      flags = found.knowsWaiting ? [...known, waitingFlag] : known
      return `${found.version}${flags.join(' ')}`
    },
    launch: (command, folder, trace) => {
      // No part of what a checkpoint was made with: one that was made without restores with it.
      const traced = trace === undefined ? [] : ['--pod-init-config', trace]
      return options.start({ file: options.binary, words: [...flags, ...traced, ...command], environment }, folder)
    },
    forget: async (id) => {
      const names = [`${id}_sandbox:${id}.state`, `${id}_sandbox:${id}.lock`, `runsc-${id}.sock`]
      await Promise.all(names.map((name) => rm(join(options.stateFolder, name), { force: true })))
    },
  }
}
