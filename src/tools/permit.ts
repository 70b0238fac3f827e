import type { ToolName } from '../core/grant.ts'
import type { ToolLanguage } from '../core/languages.ts'
import type { ToolOutcome } from './tool.ts'

/** What a tool is about to do, now that its input has passed the validators. */
export interface ToolAction {
  readonly tool: ToolName
  /** null for a tool that runs nothing which a model wrote. */
  readonly language: ToolLanguage | null
  /** What the analyzer of the database found to be touched: `public.orders`. */
  readonly tables: readonly string[]
  /** `public.orders.id`. */
  readonly columns: readonly string[]
  /** All of what runs, as its validator left it; the arguments in JSON where nothing runs that a model wrote. */
  readonly text: string
}

/**
 * Asked by every tool right before anything runs. Resolves with the refusal that is the tool's outcome, null where it may
 * run; rejects where nobody can tell.
 */
export type Permit = (
  action: ToolAction,
  signal: AbortSignal,
) => Promise<Extract<ToolOutcome, { readonly kind: 'refused' }> | null>
