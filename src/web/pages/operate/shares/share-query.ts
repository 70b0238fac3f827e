import type { SharesListQuery } from '../../../api/generated/operators.ts'

const audiences = ['group', 'link'] as const

/** What of an address asks for which shares; what no caller or group can be called is told before it is asked for. */
export function readShares(given: Readonly<Record<string, string | undefined>>): {
  readonly query: SharesListQuery
  readonly fault: string | null
} {
  const audience = audiences.find((each) => each === given['audience'])
  const group = given['group']?.trim() ?? ''
  const principal = given['principal']?.trim() ?? ''
  const query = {
    limit: 1_000,
    ...(audience === undefined ? {} : { audience }),
    ...(group === '' ? {} : { group }),
    ...(principal === '' ? {} : { principal }),
  } as const
  const isCaller = principal === '' || /^[\w-]{1,200}$/.test(principal)
  return { query, fault: isCaller ? null : 'A caller is the id of a key, or token-….' }
}
