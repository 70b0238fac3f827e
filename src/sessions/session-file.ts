import type { Taint } from '../core/provenance.ts'

/** A file a session has, or will have as soon as it has a sandbox, below `/mnt/data`. */
export interface SessionFile {
  /** Relative to `/mnt/data`. */
  readonly path: string
  /** `attached`: the user's own. `result`: rows of a query. */
  readonly kind: 'attached' | 'result'
  /** What it holds, for the model: columns, types, first rows. Untrusted: made from the file's content. */
  readonly description: string
  readonly bytes: number
  /** Did a program make it? It is nobody's that another may not write over. */
  readonly isMade?: boolean
  /** Where it came from, where more is known than its kind says: `file` for attached ones, `row` for results. */
  readonly origins?: readonly Taint[]
  /** Opens the content from its beginning; called again when the sandbox had to be replaced. */
  readonly open: () => AsyncIterable<Uint8Array>
}
