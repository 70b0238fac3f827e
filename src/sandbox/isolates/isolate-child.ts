import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { siblingModule } from '../../processes/sibling-module.ts'
import type { IsolateOptions } from './options.ts'

/** The process around one isolate, as the service holds it: two pipes and its end. */
export interface IsolateChild {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined
  readonly stdin: Writable
  readonly stdout: Readable
  /** Bytes of memory the kernel counts for it; null where it is gone. */
  residentBytes(): number | null
  /** Ends it at once; `onEnd` hears of that. */
  kill(): void
  /**
   * Called once, when the process is gone or could not be started and its output is read, with the fault for whoever
   * waits.
   */
  onEnd(listener: (error: Error) => void): void
}

/** Starts one. A failed start is an end like any other. */
export function startIsolateChild(options: IsolateOptions): IsolateChild {
  const program = siblingModule(import.meta.url, './isolate-process')
  const { memory_mb: memory, output_kb: output, result_kb: results, sessions_per_isolate: sessions } = options
  const settings = [memory, output * 1024, results * 1024, sessions]
  const flags = ['--no-node-snapshot', '--disable-warning=ExperimentalWarning', '--max-old-space-size=256']
  const childArguments = [...flags, program, ...settings.map((value) => JSON.stringify(value))]
  // An empty environment: nothing of the service's secrets is there to be read.
  const child = spawn(process.execPath, childArguments, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] })
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    residentBytes: () => residentBytes(child.pid),
    kill: () => void child.kill('SIGKILL'),
    onEnd: (listener) => {
      child.on('error', listener)
      child.on('close', () => listener(new Error('the isolate process ended')))
    },
  }
}

function residentBytes(pid: number | undefined): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return Number.isFinite(pages) ? pages * 4096 : null
  } catch {
    // Gone between two looks.
    return null
  }
}
