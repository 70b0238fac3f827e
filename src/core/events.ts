import type { AnswerGrounding } from './answer-grounding.ts'
import type { ErrorCode } from './error-table.ts'
import type { AwaitedApproval } from './errors.ts'
import type { CellResult, TableData, TableReading } from './result.ts'
import type { HeldCall } from './held-call.ts'
import type { Finding } from './verdict.ts'
import type { ToolName } from './grant.ts'
import type { PlanStep } from './plan.ts'
import type { PlannedTables, Taint, Thing } from './provenance.ts'
import type { FileLink } from './stored-files.ts'

/** Why an agent's run ended. `answer` is the only good end; each of the others leaves a sentence that says so. */
export type AgentEnding =
  | 'answer'
  | 'step-limit'
  | 'token-limit'
  | 'time-limit'
  | 'cost-limit'
  | 'correction-limit'
  | 'empty-turns'
  | 'model-length'
  | 'model-filtered'
  | 'cancelled'
  | 'failed'

/** A picture or file that belongs to an answer. */
export interface AnswerArtifact {
  readonly name: string
  readonly mediaType: string
  /** Base64. */
  readonly content: string
  /** Did a filter change what it holds? */
  readonly isMasked?: boolean
  /** Where what it was made of came from; absent where nobody has followed it. */
  readonly origins?: readonly Taint[]
  /** The stored file that it is, and whose, where the run is kept. */
  readonly stored?: FileLink
}

export interface TokenUsage {
  readonly inputTokens: number
  readonly outputTokens: number
}

/** What a run of the agent says while it goes on, in order. Text is untrusted until it was screened. */
export type AgentEvent =
  | {
      readonly type: 'step-start'
      readonly step: number
      /** Where all that the model has read until then came from, and what it writes from then on; absent where nobody has followed it. */
      readonly origins?: readonly Taint[]
    }
  | {
      readonly type: 'text-delta'
      readonly step: number
      readonly text: string
      /** Are these the service's own words behind the model's? */
      readonly isRemark?: true
    }
  /** What the model means to do, all of it, whenever it has changed; never while a call is under way. */
  | { readonly type: 'plan'; readonly steps: readonly PlanStep[] }
  | { readonly type: 'tool-call'; readonly callId: string; readonly tool: string; readonly source: ToolSource | null }
  | {
      readonly type: 'tool-refusal'
      readonly callId: string
      readonly tool: string
      readonly findings: readonly Finding[]
      readonly message: string
    }
  | {
      readonly type: 'tool-result'
      readonly callId: string
      readonly tool: ToolName
      /** Its place among the calls of its run, from 1: the answer may name its values by it. Absent where no run has numbered it. */
      readonly number?: number
      readonly milliseconds: number
      readonly cell: CellResult | null
      readonly table: TableData | null
      /** Of a table that was read of a database; absent for others. */
      readonly reading?: TableReading
      /** Where it ran: `gVisor (docker)`, `pglite`, … */
      readonly ranIn: string
      readonly summary: string
      /** The file below `/mnt/data` that programs find its whole table in; absent where there is none. */
      readonly savedAs?: string
      /** How many files of the person's its program has changed that were put back; absent for none. */
      readonly putBack?: number
      /** Where it came from; absent where nobody has followed it. */
      readonly origins?: readonly Taint[]
      /** What a filter replaced or cut in all of it, once it was screened. */
      readonly findings?: readonly Finding[]
    }
  | {
      readonly type: 'tool-failure'
      readonly callId: string
      readonly tool: string
      readonly message: string
      /** Where its message came from; absent where nobody has followed it. */
      readonly origins?: readonly Taint[]
    }
  | { readonly type: 'artifact'; readonly artifact: AnswerArtifact }
  | {
      readonly type: 'end'
      readonly ending: AgentEnding
      /** Shown to people where the ending is not `answer`; null otherwise. */
      readonly message: string | null
      /** The fault behind `failed`, where there was one: decides the exit code and the HTTP status. */
      readonly code?: ErrorCode
      /** Seconds after which asking again makes sense, where whoever failed said so. */
      readonly retryAfterSeconds?: number
      /** What a person has to allow before the same question can be answered; absent where nobody is waited for. */
      readonly approval?: AwaitedApproval
      /** Id of the decision of a content filter that has ended it; absent where none has. */
      readonly decision?: string
      /** The path at which its caller may object to that decision; absent where nowhere. */
      readonly appeal?: string
      /** What of its answer the results of the run bear out; absent where nothing of it had to be. */
      readonly grounding?: AnswerGrounding
      /** What everything in the run was made of, by ids that are numbers. */
      readonly lineage?: readonly Thing[]
      /** Its calls that a person was asked about, or that were refused for where they may have come from; absent for none. */
      readonly held?: readonly HeldCall[]
      /** What a run that goes on with this one may read whatever it has read by then; absent where nobody has followed it. */
      readonly planned?: readonly PlannedTables[]
      readonly usage: TokenUsage
      readonly steps: number
      readonly milliseconds: number
      /** What a filter replaced or cut in the answer's text, once it was screened. */
      readonly findings?: readonly Finding[]
    }

/** The code a tool is about to run, for previews. */
export interface ToolSource {
  readonly language: 'python' | 'javascript' | 'sql'
  readonly text: string
  /** Did a filter change it on its way out? Then it is not what ran. */
  readonly isChanged?: true
}
