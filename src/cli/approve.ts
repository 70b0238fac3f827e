import type { ApprovedCalls } from '../core/approvals.ts'
import { ServiceError } from '../core/errors.ts'
import type { Person } from './approval-question.ts'
import type { Approve } from './option-values.ts'

interface Asking {
  /** Null where nobody is to be asked. */
  readonly person: Person | null
  /** What is wanted beside the rules. */
  readonly calls: ApprovedCalls
}

/**
 * Whom a run asks, and about what. Throws `invalid-request` where calls are to be asked about and nobody is there: they would wait for somebody who never comes,
 * or run unasked.
 */
export function askingOf(approve: Approve | undefined, person: Person | null): Asking {
  if (approve === undefined) return { person, calls: 'rules' }
  if (approve === 'never') return { person: null, calls: 'rules' }
  if (person !== null) return { person, calls: approve }
  throw new ServiceError('invalid-request', `--approve ${approve} needs somebody at a terminal to ask`, {
    advice: 'Leave it out where input or standard error is no terminal, and with --output json or stream-json.',
  })
}
