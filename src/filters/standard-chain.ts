import { createFilterChain, type FilterChain, type FilterChainOptions } from './chain.ts'
import { createLinksFilter } from './links/links-filter.ts'
import { createPiiFilter } from './pii/pii-filter.ts'
import { createSecretsFilter } from './secrets/secrets-filter.ts'
import { createSqlLeakFilter } from './sql-leak/sql-leak-filter.ts'

/** The chain of the detectors that need nothing from outside. */
export function createStandardChain(options: Omit<FilterChainOptions, 'filters'>): FilterChain {
  return createFilterChain({
    ...options,
    filters: [createPiiFilter(), createSecretsFilter(), createSqlLeakFilter(), createLinksFilter()],
  })
}
