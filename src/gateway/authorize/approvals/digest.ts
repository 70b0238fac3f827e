import { hash } from 'node:crypto'
import type { ToolName } from '../../../core/grant.ts'
import type { ToolLanguage } from '../../../core/languages.ts'

/** All that decides what runs. */
export interface ExactAction {
  /** A tool of a model, or a call that is passed on. */
  readonly tool: ToolName | 'model-call'
  readonly language: ToolLanguage | null
  /** Name of the data source; null without one. */
  readonly source: string | null
  /** The session whose variables and files it meets; null for one of its own. */
  readonly session: string | null
  /** The person for whom an application asks; null for none. */
  readonly endUser: string | null
  /** What ran before in the same interpreter, whose names it meets, oldest first. */
  readonly before: readonly string[]
  /** What runs, whole. */
  readonly text: string
}

/**
 * SHA-256, hexadecimal, of an action in one form: a list in JSON, so that nothing can move from one member to the next, with
 * what it is of first, so that it is never the digest of something else.
 */
export function digestOf({ tool, language, source, session, endUser, before, text }: ExactAction): string {
  return hash(
    'sha256',
    JSON.stringify(['sallyport approval 1', tool, language, source, session, endUser, before, text]),
  )
}

/** What a person sees who decides: all that runs, and all that ran before it where it meets that, each with its length. */
export function shownText({ before, text }: Pick<ExactAction, 'before' | 'text'>): string {
  if (before.length === 0) return text
  const earlier = before.map(
    (each, at) => `# === ran before in this session, ${at + 1} of ${before.length}, ${linesOf(each)} ===\n${each}`,
  )
  return [...earlier, `# === to run now, ${linesOf(text)} ===\n${text}`].join('\n')
}

function linesOf(text: string): string {
  const count = text.split('\n').length
  return count === 1 ? '1 line' : `${count} lines`
}
