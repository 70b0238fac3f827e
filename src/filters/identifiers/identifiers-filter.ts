import type { Filter } from '../filter.ts'
import { createTextFilter } from '../text-filter.ts'
import { findIdentifiers } from './find-identifiers.ts'

/** Fewer digits make no identifier; a bank's code and a row of hexadecimal pairs may hold none. */
const fewestDigits = 2
const shortestCode = 8
const shortestPairs = 17

/**
 * Identifiers beyond those of the analyst's answers: numbers that states, banks, clinics and networks give to persons and
 * their things, dates of birth and coordinates.
 */
export function createIdentifiersFilter(): Filter {
  return createTextFilter({
    name: 'identifiers@1',
    onFailure: 'closed',
    minimumLength: 4,
    mayHold: ({ digits, longestMixedRun, longestPairs }) =>
      digits >= fewestDigits || longestMixedRun >= shortestCode || longestPairs >= shortestPairs,
    scan: (text, { part, isWanted }) => findIdentifiers(text, part.label, isWanted),
  })
}
