import type { ModelToolName } from './grant.ts'

/** A call of a kept conversation whose effect is in a sandbox, as it is run again. */
export interface ReplayedCall {
  readonly tool: Extract<ModelToolName, 'run_sql' | 'run_python'>
  /** What ran; null where that is not kept as it was: a filter has changed it, or it may not be seen. */
  readonly text: string | null
  /** The number of the file with the rows of a query, which programs behind it open by its name; null for a program. */
  readonly result: number | null
  /** Did it end in a fault of its own when it ran first? Then it may do so again. */
  readonly mayFail: boolean
  /** The model that was asked, and behind a colon its source: `analyst:shop`. */
  readonly model: string
}
