import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { untilAborted } from '../../concurrency/until-aborted.ts'
import { ServiceError } from '../../core/errors.ts'
import type { DetectionReport } from './detection-report.ts'
import { formatOutput } from './format-output.ts'
import { relayReport, type RelayReport } from './relay-messages.ts'
import { clearAbandoned } from './relay-folders.ts'
import { startPulse, type RelayPulse } from './relay-pulse.ts'
import type { DetectionRule } from './rules/rule.ts'
import { namesByNumber, traceSession } from './trace-session.ts'
import type { Tracer, TraceWatch } from './tracer.ts'

export interface TraceRelayOptions {
  /** The program of runsc/trace-relay. */
  readonly binary: string
  readonly rules: readonly DetectionRule[]
  /** Where sockets and sessions are kept while they are needed. Short: a socket's path has room for 107 bytes. */
  readonly folder: string
  /** What the relay runs as. It reads what sandboxes send, and needs none of the service's rights. Null for the service's own. */
  readonly user: number | null
  readonly onReport: (report: DetectionReport) => void
}

interface Watch {
  readonly listening: PromiseWithResolvers<void>
  readonly connected: PromiseWithResolvers<void>
  readonly lost: PromiseWithResolvers<string>
  isForgotten: boolean
}

const startMilliseconds = 10_000
const saidBytes = 2000

/** Nothing of this process's environment reaches the relay. */
const environment = { PATH: '/usr/bin:/bin', GOMAXPROCS: '2', GOMEMLIMIT: '64MiB' }

/**
 * The process that listens to the kernels of sandboxes and holds what they tell against rules. One serves all sandboxes
 * of a driver, each over a socket of its own.
 */
export class TraceRelay implements Tracer {
  readonly #options: TraceRelayOptions
  readonly #folder: string
  readonly #child: ChildProcessWithoutNullStreams
  readonly #rules: ReadonlyMap<string, DetectionRule>
  readonly #watches = new Map<string, Watch>()
  readonly #ready = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()
  readonly #pulse: RelayPulse
  #said = ''
  #isClosing = false
  #fault: ServiceError | null = null

  private constructor(options: TraceRelayOptions, folder: string) {
    this.#options = options
    this.#folder = folder
    this.#rules = new Map(options.rules.map((rule) => [rule.name, rule]))
    this.#ready.promise.catch(() => {})
    this.#child = spawn(options.binary, [], {
      cwd: '/',
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.user === null ? {} : { uid: options.user, gid: options.user }),
    })
    this.#child.on('error', (thrown) => this.#end(`cannot be run: ${thrown.message}`))
    this.#child.on('exit', (status, name) =>
      this.#end(`ended with ${name ?? `status ${status}`}: ${this.#said.trim()}`),
    )
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', (piece: Buffer) => {
      this.#said = (this.#said + piece.toString('utf8')).slice(-saidBytes)
    })
    createInterface({ input: this.#child.stdout, crlfDelay: Infinity }).on('line', (line) => this.#read(line))
    this.#pulse = startPulse(
      (ask) => this.#order({ ask }),
      () => this.#giveUp('does not answer any more'),
    )
  }

  /** Rejects with `sandbox-unavailable` where it does not start, or does not know something of the rules. */
  static async open(options: TraceRelayOptions): Promise<TraceRelay> {
    await mkdir(options.folder, { recursive: true, mode: 0o711 })
    await clearAbandoned(options.folder)
    const folder = join(options.folder, `${process.pid}-${randomBytes(3).toString('hex')}`)
    await mkdir(join(folder, 'at'), { recursive: true, mode: 0o711 })
    if (options.user !== null) await chown(join(folder, 'at'), options.user, options.user)
    const relay = new TraceRelay(options, folder)
    try {
      relay.#order({
        rules: options.rules.map(({ name, condition, fields, types }) => ({ name, condition, fields, types })),
        names: namesByNumber(),
      })
      await untilAborted(relay.#ready.promise, AbortSignal.timeout(startMilliseconds))
      return relay
    } catch (thrown) {
      await relay[Symbol.asyncDispose]()
      throw thrown
    }
  }

  /** False after its end: then nothing can be watched. */
  get works(): boolean {
    return this.#fault === null
  }

  async watch(id: string, signal: AbortSignal): Promise<TraceWatch> {
    if (this.#fault !== null) throw this.#fault
    const watch: Watch = {
      listening: Promise.withResolvers(),
      connected: Promise.withResolvers(),
      lost: Promise.withResolvers(),
      isForgotten: false,
    }
    watch.listening.promise.catch(() => {})
    watch.connected.promise.catch(() => {})
    this.#watches.set(id, watch)
    const socket = join(this.#folder, 'at', id)
    const configPath = join(this.#folder, `${id}.json`)
    try {
      await writeFile(configPath, JSON.stringify({ trace_session: traceSession(this.#options.rules, socket) }), {
        mode: 0o600,
      })
      this.#order({ watch: { id, path: socket } })
      await untilAborted(watch.listening.promise, signal)
    } catch (thrown) {
      await this.#forget(id, configPath)
      throw thrown
    }
    return {
      configPath,
      connected: watch.connected.promise,
      lost: watch.lost.promise,
      forget: () => this.#forget(id, configPath),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true
    this.#child.stdin.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 1000)
    await this.#ended.promise
    clearTimeout(timer)
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #forget(id: string, configPath: string): Promise<void> {
    const watch = this.#watches.get(id)
    if (watch !== undefined) {
      watch.isForgotten = true
      watch.connected.reject(new ServiceError('sandbox-lost', 'Its trace was given up'))
      this.#order({ forget: id })
    }
    await rm(configPath, { force: true })
  }

  #order(order: object): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(order)}\n`)
  }

  #read(line: string): void {
    try {
      this.#take(relayReport.parse(JSON.parse(line)))
    } catch (thrown) {
      // What it says cannot be trusted any more, and what it does not say would be missed in silence.
      this.#giveUp(`said what cannot be read: ${(thrown as Error).message.slice(0, 200)}`)
    }
  }

  #giveUp(why: string): void {
    this.#end(why)
    this.#child.kill('SIGKILL')
  }

  #take(report: RelayReport): void {
    if ('ready' in report) this.#ready.resolve()
    else if ('alive' in report) this.#pulse.answer(report.alive)
    else if ('watching' in report) this.#watches.get(report.watching)?.listening.resolve()
    else if ('connected' in report) this.#watches.get(report.connected)?.connected.resolve()
    else if ('failed' in report) {
      const fault = new ServiceError(
        'sandbox-unavailable',
        `The trace of a sandbox cannot be heard: ${report.failed.why}`,
      )
      this.#watches.get(report.failed.id)?.listening.reject(fault)
    } else if ('alert' in report) this.#alert(report.alert)
    else if ('lost' in report) {
      this.#options.onReport({ kind: 'events-lost', id: report.lost.id, count: report.lost.count })
    } else if ('figures' in report) {
      const { id, ...figures } = report.figures
      this.#options.onReport({ kind: 'figures', id, figures })
    } else this.#over(report.ended)
  }

  #alert(alert: Extract<RelayReport, { alert: unknown }>['alert']): void {
    const rule = this.#rules.get(alert.rule)
    if (rule === undefined) throw new TypeError(`there is no rule "${alert.rule}"`)
    const { id, fields, suppressed } = alert
    const at = Number(BigInt(alert.time) / 1_000_000n)
    const output = formatOutput(rule.output, { ...fields, 'evt.time': new Date(at).toISOString() })
    this.#options.onReport({ kind: 'alert', id, rule, at, output, fields, suppressed })
  }

  #over({ id, why, ...figures }: Extract<RelayReport, { ended: unknown }>['ended']): void {
    const watch = this.#watches.get(id)
    this.#watches.delete(id)
    // The end of the sandbox ends its connection as well: whoever has not forgotten it decides which it was.
    watch?.connected.reject(new ServiceError('sandbox-lost', 'Its trace has ended'))
    if (watch?.isForgotten === false) watch.lost.resolve(why ?? 'its trace has ended')
    this.#options.onReport({ kind: 'ended', id, figures })
  }

  #end(why: string): void {
    this.#ended.resolve()
    this.#pulse.end()
    if (this.#fault !== null) return
    const fault = new ServiceError('sandbox-unavailable', `The relay of traces ${why}`, {
      advice: 'Build it anew with "node setup/trace-relay.mjs", or set sandbox.detection.mode to off.',
    })
    this.#fault = fault
    this.#ready.reject(fault)
    if (!this.#isClosing) this.#options.onReport({ kind: 'fault', fault })
    for (const [id, watch] of this.#watches) {
      watch.listening.reject(fault)
      watch.connected.reject(fault)
      if (watch.isForgotten) continue
      watch.lost.resolve(fault.message)
      if (!this.#isClosing) this.#options.onReport({ kind: 'unheard', id, why: `the relay of traces ${why}` })
    }
    this.#watches.clear()
    // Its disposal does the same, which nobody asks for after an end like this.
    if (!this.#isClosing) void rm(this.#folder, { recursive: true, force: true }).catch(() => {})
  }
}
