import type { Taint } from '../core/provenance.ts'
import type { Reading } from '../databases/reading/options.ts'

/** A local file, or a stored one, on its way into a sandbox. */
export interface AttachedFile {
  /** The name it gets below `/mnt/data`. */
  readonly name: string
  /** Absolute path on this machine; the id of a stored one. */
  readonly path: string
  /** Of a stored file. */
  readonly bytes?: number
  /** Did a program make it? Of a stored file. */
  readonly isMade?: boolean
  /** Where it came from, of a stored file. */
  readonly origins?: readonly Taint[]
  /** How it is read as a table. */
  readonly reading: Reading
  open(): AsyncIterable<Uint8Array>
}
