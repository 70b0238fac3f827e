import { describe } from 'vitest'
import type { StorageUnderTest } from './storage-contract.ts'
import { tuningContract } from './tuning-contract.ts'

/** What every kind of storage holds of what is tuned. */
export function storedTuningContract(underTest: () => Promise<StorageUnderTest>): void {
  describe('what is tuned,', () => {
    tuningContract(underTest)
  })
}
