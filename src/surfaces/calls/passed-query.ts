import { ServiceError } from '../../core/errors.ts'

/** What a value of a query can be: a word, a number, an id, a dotted path of an `include`. */
const plainValue = /^[\w.,:-]{0,200}$/

/**
 * The query of an address as it goes to the upstream, from its `?` on; empty where there is none. Throws `invalid-request`
 * where it says anything but parameters of the list with plain values: Google's clients put a key there, and whatever
 * is not known could be one. Nothing of what was sent is said back.
 */
export function passedQuery(url: string, passed: readonly string[]): string {
  const at = url.indexOf('?')
  if (at < 0 || at === url.length - 1) return ''
  const parameters = [...new URLSearchParams(url.slice(at + 1))]
  const isPassed = ([name, value]: readonly [string, string]): boolean =>
    passed.includes(name === 'include[]' ? 'include' : name) && plainValue.test(value)
  if (parameters.every(isPassed)) return url.slice(at)
  const known = passed.length === 0 ? 'none is' : `these are: ${passed.join(', ')}`
  throw new ServiceError('invalid-request', 'The address has a parameter that is not passed on.', {
    advice: `Of the parameters of this address ${known}; a key goes into a header.`,
  })
}
