import { ServiceError } from '../../core/errors.ts'
import { decisionHeader } from '../../core/model-call.ts'
import type { ContentRecord } from './content-record.ts'

const advice = 'Ask the operator about the filter profile of your group, and name the id of the decision.'

/** Why content does not go on: what was found in it, or that it could not be looked at. */
export function whyWithheld(record: ContentRecord): string {
  const categories = [...record.categoriesOf('block'), ...record.categoriesOf('regenerate')]
  if (categories.length > 0) return `it holds ${categories.join(', ')}`
  return record.isUnchecked
    ? 'a detector that has to look at it did not answer'
    : 'its filter profile does not let it pass'
}

/** The fault of a call that is not sent. `parameter`: where in its body what was found stands. */
export function blockedInput(record: ContentRecord, why: string, parameter?: string): ServiceError {
  return new ServiceError(
    'content-blocked',
    `The request was blocked by a content filter (decision ${record.id}): ${why.replace(/\.$/, '')}.`,
    {
      advice,
      decision: record.id,
      ...(record.appeal === null ? {} : { appeal: record.appeal }),
      headers: [decisionHeader, record.id],
      ...(parameter === undefined ? {} : { parameter }),
    },
  )
}

/** Where a caller may object who has come this way: at the terminal nobody is asked over HTTP. */
export const appealsOver = (channel: 'http' | 'cli', appeals: string | undefined): string | undefined =>
  channel === 'http' ? appeals : undefined
