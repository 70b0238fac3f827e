import type { Readable, Writable } from 'node:stream'
import type { CallApprover } from '../core/approvals.ts'
import type { SandboxDriverName } from '../core/drivers.ts'
import type { ProgramLanguage } from '../core/languages.ts'
import type { AgentEvent, AnswerArtifact } from '../core/events.ts'
import type { Admitted, Received } from '../core/request.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'
import type { CellResult } from '../core/result.ts'
import type { SourceDescription, StatementAnswer, StatementExplanation, StatementVerdict } from '../core/statement.ts'
import type { Finding } from '../core/verdict.ts'
import type { GrantScript, SourceProof, SqlSource } from '../sources/source.ts'
import type { AttachedFile } from './attached-file.ts'

/** What the command line needs of a composed Sallyport. Everything it hands out has passed the output filters. */
export interface Sallyport extends AsyncDisposable {
  /** The model that answers; a scripted one is labelled wherever its answers show, and knows `questions` only. */
  model(): { readonly id: string; readonly scripted: boolean; readonly questions: readonly string[] }
  /**
   * Answers the last message. With a `sessionId` of the caller's own making, variables and files live on until the
   * Sallyport is disposed; without, the session ends with the answer. Always ends with one `end` event unless it throws.
   */
  answer(received: Received, options: AnswerOptions, signal: AbortSignal): AsyncIterable<AgentEvent>
  /** Runs a program in a sandbox of its own, whose removal has begun when this resolves; disposing waits for its end. */
  runCode(program: Program, signal: AbortSignal): Promise<RunAnswer>
  /** Vets and runs one statement on a data source. */
  runSql(statement: string, options: SqlOptions, signal: AbortSignal): Promise<StatementAnswer>
  /** Opens a checker for a configured source, or for one made from DDL that holds no rows. */
  openSqlChecker(source: SqlSource, signal: AbortSignal): Promise<SqlChecker>
  /** The gate's verdict with what the planner expects; runs nothing. */
  explainSql(statement: string, options: SqlOptions, signal: AbortSignal): Promise<StatementExplanation>
  /** What a group may see of a source; null for the operator's own group. */
  describeSource(
    options: SqlOptions & { readonly group: string | null },
    signal: AbortSignal,
  ): Promise<SourceDescription>
  /** SQL that makes the role a source is asked through; null for the role of its address. */
  grantScript(options: SqlOptions & { readonly role: string | null }, signal: AbortSignal): Promise<GrantScript>
  /** Proves every source and checks its policies. Throws `invalid-config` with everything that is wrong. */
  checkSources(signal: AbortSignal): Promise<readonly SourceProof[]>
  /** What `doctor` asks of the parts that were composed. */
  probes(): Promise<readonly Probe[]>
  /** Serves tools over MCP on two streams to the operator, until the input ends or `signal` aborts. */
  serveTools(streams: { readonly input: Readable; readonly output: Writable }, signal: AbortSignal): Promise<void>
  /** Proves the sources and serves HTTP until the handle is disposed; disposing drains. */
  listen(signal: AbortSignal): Promise<ServerHandle>
}

export interface AnswerOptions {
  readonly files: readonly AttachedFile[]
  /** Asks the person at the terminal where a rule wants one; absent where nobody sits there. */
  readonly approver?: CallApprover
  /** Told of the request when it may run and before it does; gives what ends the run besides its caller. */
  readonly onAdmitted?: (request: Admitted) => Promise<AbortSignal>
}

export interface Program {
  readonly language: ProgramLanguage
  readonly code: string
  readonly files: readonly AttachedFile[]
  /** Milliseconds; null for the configured default. */
  readonly timeoutMilliseconds: number | null
  /** Limits of its sandbox; those above the operator's ceilings are refused. */
  readonly limits: RequestedLimits
  /** null for the configured driver. */
  readonly driver: SandboxDriverName | null
  /** Are the files that it makes wanted? */
  readonly bringsFiles: boolean
  /**
   * Null for the configured profile; another is refused unless the configuration allows it by name. `strict` refuses also
   * what the sandbox holds anyway, `parse-only` leaves out every rule but the parser.
   */
  readonly validate: 'standard' | 'strict' | 'parse-only' | null
}

export type RunAnswer =
  | {
      readonly kind: 'result'
      readonly cell: CellResult
      readonly ranIn: string
      /** Where the configuration leaves the driver open, why it was this one. */
      readonly driver: { readonly name: string; readonly reason: string | null }
      /** Files that it made or changed, by their paths below `/mnt/data`. */
      readonly files: readonly AnswerArtifact[]
      /** A sentence for each file that is missing, and why. */
      readonly missing: readonly string[]
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

export interface SqlOptions {
  /** null for the first one. */
  readonly source: string | null
}

export type { KeyFacts, KeyKeeper, NewKey } from '../gateway/authenticate/key-keeper.ts'
export type { KeyTerms } from '../gateway/authenticate/keys.ts'

export interface SqlChecker extends AsyncDisposable {
  check(statement: string, signal: AbortSignal): Promise<StatementVerdict>
}

export interface Probe {
  /** What is proven: "Sandbox runs in gVisor". */
  readonly name: string
  /** Does the sandbox depend on it? Then its failure means exit code 5. */
  readonly sandbox: boolean
  /** Never rejects for what it finds: a fault is a failed probe. */
  run(signal: AbortSignal): Promise<ProbeResult>
}

export interface ProbeResult {
  readonly passed: boolean
  /** What was seen. */
  readonly detail: string
  /** The command or the setting that mends it; null when nothing is to be done. */
  readonly fix: string | null
}

export interface ServerHandle extends AsyncDisposable {
  /** `http://127.0.0.1:8080`. */
  readonly url: string
  /** Names that callers ask for; the service's own model is there, and first, where a group of the configuration may ask it. */
  readonly models: readonly string[]
  /** An API key in clear only when it was made at this start. */
  readonly newKey: string | null
  /** Where the keys are kept: a path, or an address without a password. */
  readonly keysPlace: string
  /** Of the operators' routes; null where they are off. */
  readonly adminUrl: string | null
  /** The app for browsers; null where none is served. */
  readonly app: {
    readonly url: string
    /** null where there are no routes for operators. */
    readonly operatorsUrl: string | null
    /** Links that sign one browser in, once; null where none was made. */
    readonly signIn: string | null
    readonly operatorsSignIn: string | null
    /** For which they can be taken. */
    readonly linkMilliseconds: number
  } | null
  /** Where Envoy asks its filters, and which ones; null where none is served. */
  readonly envoy: { readonly listen: string; readonly roles: readonly string[] } | null
}
