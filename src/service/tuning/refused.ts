import { ServiceError } from '../../core/errors.ts'
import { errorTable } from '../../core/error-table.ts'
import type { JsonValue } from '../../core/json.ts'
import type { TuningFact, TuningParts } from './parts.ts'

type Facts = Readonly<Record<string, JsonValue>>

/**
 * Looks whether something may be done that somebody asks for, and resolves with what was found. Where it may not be done, that
 * it was asked for is on the audit trail before they are told so, with what `learn` was told until then: whoever tries doors
 * is seen. Rejects with the fault of the trail where that cannot be written. Faults of the service refuse nobody anything.
 */
export async function orRefusedOnTrail<T>(
  { refused }: Pick<TuningParts, 'refused'>,
  asked: TuningFact,
  look: (learn: (facts: Facts) => void) => Promise<T>,
): Promise<T> {
  let learned: Facts = {}
  try {
    return await look((facts) => {
      learned = { ...learned, ...facts }
    })
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) || errorTable[thrown.code].audience !== 'caller') throw thrown
    const { code, message: refusal } = thrown
    await refused({ ...asked, ...learned, event: `${asked.event}-refused`, code, refusal })
    throw thrown
  }
}

/** Ids and names as somebody has written them: a trail takes no more of them than shows what was meant. */
export const clipped = (text: string): string => text.slice(0, 100)
