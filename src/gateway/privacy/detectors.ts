import { createFilterChain, type FilterChain, type FilterChainOptions } from '../../filters/chain.ts'
import { createIdentifiersFilter } from '../../filters/identifiers/identifiers-filter.ts'
import { createPiiFilter } from '../../filters/pii/pii-filter.ts'
import { createSecretsFilter } from '../../filters/secrets/secrets-filter.ts'

/** The chain of the detectors that find what is hidden from a model. */
export function createDetectors(options: Omit<FilterChainOptions, 'filters' | 'isInert'>): FilterChain {
  return createFilterChain({
    deadlineSetting: 'privacy.deadline_ms',
    ...options,
    filters: [createPiiFilter(), createIdentifiersFilter(), createSecretsFilter()],
  })
}
