import { createFilterChain, type FilterChain, type FilterChainOptions } from './chain.ts'
import { isInert } from './inert.ts'
import { createLinksFilter } from './links/links-filter.ts'
import { createPiiFilter } from './pii/pii-filter.ts'
import { createSecretsFilter } from './secrets/secrets-filter.ts'
import { createSqlLeakFilter } from './sql-leak/sql-leak-filter.ts'

/** The chain of the detectors that need nothing from outside. */
export function createStandardChain(options: Omit<FilterChainOptions, 'filters' | 'isInert'>): FilterChain {
  return createFilterChain({
    ...options,
    isInert,
    filters: [createPiiFilter(), createSecretsFilter(), createSqlLeakFilter(), createLinksFilter()],
  })
}
