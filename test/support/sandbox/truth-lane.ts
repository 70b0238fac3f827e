import type { SandboxLanguage } from '../../../src/core/languages.ts'
import type { CellResult, Outcome } from '../../../src/core/result.ts'
import type { Sandbox, SandboxEngine } from '../../../src/sandbox/sandbox.ts'
import { unvetted } from '../../contract/sandbox-contract.ts'
import type { TruthProgram } from './truth-programs.ts'

/** What is done to a sandbox, and what has to be said about it. */
export type Injection =
  | { readonly kind: 'program'; readonly program: TruthProgram }
  /** Milliseconds after the run is asked for; 0 is before. */
  | { readonly kind: 'cancel'; readonly after: number; readonly queued: boolean }
  /** Ends the sandbox from outside, behind the engine's back. */
  | { readonly kind: 'lose'; readonly after: number }
  /** Asks for more time than anybody may have: refused, and the session lives on. */
  | { readonly kind: 'refuse' }
  /** Claims and gives back so many times without a run; the session goes on, and so does the next one. */
  | { readonly kind: 'unused'; readonly times: number }

/** What the lane says in the language of its engine. */
export interface LaneLanguage {
  readonly language: SandboxLanguage
  /** Sets the variable by which a session is known again. */
  readonly remember: (number: number) => string
  readonly sleep: string
}

export const pythonLane: LaneLanguage = {
  language: 'python',
  remember: (number) => `token = ${number}`,
  sleep: 'import time\ntime.sleep(1000)',
}

export const javascriptLane: LaneLanguage = {
  language: 'javascript',
  remember: (number) => `globalThis.token = ${number}`,
  sleep: 'await new Promise((resolve) => setTimeout(resolve, 1_000_000))',
}

export interface TruthLaneOptions {
  readonly name: string
  readonly engine: SandboxEngine
  readonly speaks: LaneLanguage
  /** Kills the sandbox of this id. */
  readonly strike: (id: string) => Promise<void>
  /** May the removal of a sandbox fail, so that the next sweep tries again? Then who made the lane looks what is left. */
  readonly isRemovedLater?: boolean
}

const never = new AbortController().signal
const longMilliseconds = 60_000

function expected(injection: Exclude<Injection, { kind: 'refuse' | 'unused' }>): Outcome {
  if (injection.kind === 'program') return injection.program.outcome
  return injection.kind === 'cancel' ? 'cancelled' : 'sandbox-lost'
}

/** A short name for reports. */
function describeInjection(injection: Injection): string {
  if (injection.kind !== 'program') return JSON.stringify(injection)
  return `${injection.program.language}: ${injection.program.code.slice(0, 100)}`
}

/** Injects one after the other into one session for as long as it lives, then into a new one. */
export class TruthLane implements AsyncDisposable {
  readonly #options: TruthLaneOptions
  #sandbox: Sandbox | null = null
  #runs = 0

  constructor(options: TruthLaneOptions) {
    this.#options = options
  }

  /** What was said wrongly; null when all was right. */
  async inject(injection: Injection): Promise<string | null> {
    if (injection.kind === 'unused') return this.#claimUnused(injection.times)
    const sandbox = await this.#claim()
    if (injection.kind === 'refuse') return this.#refuse(sandbox)
    const { result, saidAlive } = await this.#carryOut(sandbox, injection)
    const wrong = [
      result.outcome === expected(injection) ? null : `said ${result.outcome}, was ${expected(injection)}`,
      injection.kind === 'program' && (injection.program.alive ?? saidAlive) !== saidAlive
        ? `said the session was ${saidAlive ? 'alive' : 'gone'}`
        : null,
      this.#contradictionInWords(result),
      await this.#contradiction(sandbox, saidAlive),
    ].filter((line) => line !== null)
    if (wrong.length === 0) return null
    const told = `${result.notice ?? ''} ${result.error?.traceback.slice(-300) ?? ''}`
    return `${this.#options.name}: ${describeInjection(injection)}: ${wrong.join('; ')} (${told})`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sandbox = this.#sandbox
    this.#sandbox = null
    try {
      await sandbox?.[Symbol.asyncDispose]()
    } catch (thrown) {
      if (this.#options.isRemovedLater !== true) throw thrown
    }
  }

  /** Nothing ran in them, and whoever comes next finds a sandbox that runs. */
  async #claimUnused(times: number): Promise<string | null> {
    const { engine, name, speaks } = this.#options
    await this[Symbol.asyncDispose]()
    for (let index = 0; index < times; index += 1) {
      const unused = await engine.claim({ tenant: name, language: speaks.language }, never)
      await unused[Symbol.asyncDispose]()
    }
    const told = await this.#contradiction(await this.#claim(), true)
    return told === null ? null : `${name}: after ${times} claims that were never used: ${told}`
  }

  async #refuse(sandbox: Sandbox): Promise<string | null> {
    const run = sandbox.run(this.#code('1'), { timeoutMilliseconds: 1e9 }, never)
    const code = await run.then(
      (result) => `ran: ${result.outcome}`,
      (thrown: { code?: string }) => thrown.code ?? 'something without a code',
    )
    const told = code === 'invalid-request' ? await this.#contradiction(sandbox, true) : `said ${code}`
    return told === null ? null : `${this.#options.name}: a refused run: ${told}`
  }

  #code(text: string): ReturnType<typeof unvetted> {
    return unvetted(text, this.#options.speaks.language)
  }

  #contradictionInWords({ outcome, notice, sessionAlive }: CellResult): string | null {
    if (outcome === 'ok' && notice === null && !sessionAlive) return 'said nothing of a session that is gone'
    if (/still there/.test(notice ?? '') && !sessionAlive) return 'said in words that the session is there'
    return /are gone/.test(notice ?? '') && sessionAlive ? 'said in words that the session is gone' : null
  }

  /** Is what was said about the session so? A session said to live must know its variable, one said to be gone must not run. */
  async #contradiction(sandbox: Sandbox, saidAlive: boolean): Promise<string | null> {
    if (sandbox.alive !== saidAlive) return `said the session is ${saidAlive ? 'alive' : 'gone'}, and then otherwise`
    const probe = await sandbox.run(this.#code('token'), { timeoutMilliseconds: longMilliseconds }, never)
    if (saidAlive) {
      return probe.outcome === 'ok' && probe.results[0]?.text === String(this.#runs)
        ? null
        : `its variable was lost: ${probe.outcome} ${probe.notice ?? probe.error?.value ?? ''}`
    }
    await this[Symbol.asyncDispose]()
    return probe.outcome === 'sandbox-lost' ? null : `a session that is gone answered ${probe.outcome}`
  }

  async #claim(): Promise<Sandbox> {
    if (this.#sandbox !== null) return this.#sandbox
    const { engine, name, speaks } = this.#options
    this.#runs += 1
    this.#sandbox = await engine.claim({ tenant: name, language: speaks.language }, never)
    await this.#sandbox.run(this.#code(speaks.remember(this.#runs)), { timeoutMilliseconds: longMilliseconds }, never)
    return this.#sandbox
  }

  async #carryOut(
    sandbox: Sandbox,
    injection: Exclude<Injection, { kind: 'refuse' | 'unused' }>,
  ): Promise<{ result: CellResult; saidAlive: boolean }> {
    if (injection.kind === 'program') {
      const { code, language, wall = longMilliseconds } = injection.program
      const result = await sandbox.run(unvetted(code, language), { timeoutMilliseconds: wall }, never)
      return { result, saidAlive: result.sessionAlive }
    }
    const stop = new AbortController()
    const before = injection.kind === 'cancel' && injection.queued ? this.#block(sandbox) : null
    if (injection.after === 0 && injection.kind === 'cancel') stop.abort()
    const running = sandbox.run(
      this.#code(this.#options.speaks.sleep),
      { timeoutMilliseconds: longMilliseconds },
      stop.signal,
    )
    const struck: Promise<void>[] = []
    const timer = setTimeout(() => {
      if (injection.kind === 'cancel') stop.abort()
      else struck.push(this.#options.strike(sandbox.id))
    }, injection.after)
    const result = await running
    clearTimeout(timer)
    await Promise.all(struck)
    if (before === null) return { result, saidAlive: result.sessionAlive }
    // What a run that never began says of the session can be overtaken by the end of the run before it.
    await before()
    return { result, saidAlive: sandbox.alive }
  }

  /** Keeps the session busy, so that the next run waits for its turn. Returns what ends it. */
  #block(sandbox: Sandbox): () => Promise<void> {
    const stop = new AbortController()
    const running = sandbox.run(
      this.#code(this.#options.speaks.sleep),
      { timeoutMilliseconds: longMilliseconds },
      stop.signal,
    )
    return async () => {
      stop.abort()
      await running
    }
  }
}
