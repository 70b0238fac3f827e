import type { Filter } from '../filter.ts'
import { createTextFilter, type Match } from '../text-filter.ts'
import { findAssignments } from './assignments.ts'
import { findIssuerKeys, findNamedKeys } from './issuer-keys.ts'
import { secretPatterns, type SecretPattern } from './patterns.ts'

/** Every key and token has a run of at least so many characters. */
const shortestKey = 16
const longestHost = 254
const named = /:\/\/|pass|pwd|secret|token|key|credential/i

function findPattern(text: string, { category, pattern, score, isExample }: SecretPattern): Match[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const behind = match.index + match[0].length
    if (isExample?.(match[0], text.slice(behind, behind + longestHost)) === true) return []
    const secret = match.groups?.['secret'] ?? match[0]
    const start = match.index + match[0].lastIndexOf(secret)
    return [{ start, end: start + secret.length, category, score }]
  })
}

/** Keys and tokens by their issuers' shapes, private keys, passwords in connection strings and assignments. */
export function createSecretsFilter(): Filter {
  return createTextFilter({
    name: 'secret-patterns@1',
    categories: ['secret'],
    onFailure: 'closed',
    minimumLength: 8,
    mayHold: ({ longestRun, hasValue }, text) => longestRun >= shortestKey || (hasValue && named.test(text)),
    scan: (text) => [
      ...secretPatterns.flatMap((pattern) => findPattern(text, pattern)),
      ...findIssuerKeys(text),
      ...findNamedKeys(text),
      ...findAssignments(text),
    ],
  })
}
