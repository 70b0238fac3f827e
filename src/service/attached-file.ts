import type { Reading } from '../databases/reading/options.ts'

/** A local file on its way into a sandbox. */
export interface AttachedFile {
  /** The name it gets below `/mnt/data`. */
  readonly name: string
  /** Absolute path on this machine. */
  readonly path: string
  /** How it is read as a table. */
  readonly reading: Reading
  open(): AsyncIterable<Uint8Array>
}
