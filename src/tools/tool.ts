import type { z } from 'zod'
import type { AnswerArtifact, TokenUsage, ToolSource } from '../core/events.ts'
import type { ModelToolName } from '../core/grant.ts'
import type { CellResult, TableData, TableReading } from '../core/result.ts'
import type { Finding } from '../core/verdict.ts'
import type { OnChanged } from './permit.ts'

/** What was read of a database. */
export interface ReadData {
  /** The state of the data: when it was read, less how far it was behind its primary. */
  readonly asOf: Date
  /** Columns of the result that policy masks, as `orders.card`; by statement and policy alone. */
  readonly masked: readonly string[]
}

/** What a tool hands back. `forModel` is untrusted text; the agent fences and caps it. */
export type ToolOutcome =
  | {
      readonly kind: 'result'
      readonly forModel: string
      /** One line for people: "1,247 rows in 12 ms". */
      readonly summary: string
      /** Where it ran: `gVisor (docker)`, `isolate`, `pglite`. */
      readonly ranIn: string
      readonly cell: CellResult | null
      readonly table: TableData | null
      /** The file below `/mnt/data` that holds the whole table for programs. */
      readonly savedAs?: string
      /** How many files of the person's a program has changed that were put back; absent for none. */
      readonly putBack?: number
      /** Absent where no database was read. */
      readonly read?: ReadData
      /** Of a table that was read of a database. */
      readonly reading?: TableReading
      readonly artifacts: readonly AnswerArtifact[]
      /** What a model was asked for it; absent where none was. */
      readonly used?: TokenUsage
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[]; readonly used?: TokenUsage }

/**
 * A tool is data plus `execute`: policy, documentation, interfaces and tests read the same table. `execute` rejects
 * with a ServiceError for faults (sandbox unavailable, database down); what the code itself did is a result.
 */
export interface Tool<Input = never> {
  readonly name: ModelToolName
  readonly description: string
  readonly input: z.ZodType<Input>
  /** May run at the same time as other calls of the turn. */
  readonly independent: boolean
  /** The code of this call, for previews; null for tools that run none. */
  source(input: Input): ToolSource | null
  /** Begins what each of its calls needs, whose input is being written and may never come. Has no effect but that a call waits less; must not throw. */
  ahead?(signal: AbortSignal): void
  execute(input: Input, signal: AbortSignal, onChanged: OnChanged): Promise<ToolOutcome>
}
