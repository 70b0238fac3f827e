import type { Filter } from '../filter.ts'

/** A detector that can be asked whether it could look at a text now. */
export interface RemoteFilter extends Filter {
  /** Rejects with a DetectorFault where it could not. */
  probe(signal: AbortSignal): Promise<void>
}
