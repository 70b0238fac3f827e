import type { Amounts, QuotaRefused, QuotaUnit } from '../../core/quotas.ts'

/** So much of each of these units, rounded up. */
export function shareOf(bounds: Amounts, units: readonly QuotaUnit[], share: number): Amounts {
  return Object.fromEntries(units.map((unit) => [unit, Math.ceil((bounds[unit] ?? 0) * share)]))
}

/**
 * What a request asks in place of what a limit has refused: what is left of that. Null where that is less than the least with which it begins, and where all of
 * it is left as soon as requests end that run.
 */
export function withLess(
  bounds: Amounts,
  { standing: { limit, used, held }, fitsWithoutHeld }: QuotaRefused,
  least: Amounts,
): Amounts | null {
  const left = limit.most - used - held
  const enough = least[limit.unit]
  return fitsWithoutHeld || enough === undefined || left < Math.max(1, enough)
    ? null
    : { ...bounds, [limit.unit]: left }
}

/** The refusal of a request that would have begun with less: it needs no more than that, which may be there once others end. */
export function ofLeast(refused: QuotaRefused, least: Amounts): QuotaRefused {
  const { limit, used } = refused.standing
  const asked = least[limit.unit]
  if (asked === undefined || asked === 0 || asked >= refused.asked || refused.fitsWithoutHeld) return refused
  return { ...refused, asked, fitsWithoutHeld: used + asked <= limit.most }
}
