import type { RequirementId } from '../requirements.ts'

/**
 * Says that the test it stands in would fail were these promises of the documents broken. It stands first in the body of
 * a test, or of a group that holds them as a whole, and does nothing when it runs: `test/unit/requirements.test.ts`
 * reads it from the source.
 */
export function verifies(..._ids: readonly [RequirementId, ...RequirementId[]]): void {}
