import { type Amounts, quotaUnits, type QuotaUnit } from '../../core/quotas.ts'

/** The most of both, unit by unit. */
export function mostOf(one: Amounts, other: Amounts): Amounts {
  const most: { -readonly [Unit in keyof Amounts]: Amounts[Unit] } = {}
  for (const unit of quotaUnits) {
    const amount = Math.max(one[unit] ?? 0, other[unit] ?? 0)
    if (amount !== 0) most[unit] = amount
  }
  return most
}

/** With the tokens of both directions together, which are at least as many as those of each. */
export function allUses(uses: Amounts): Amounts {
  const tokens = Math.max(uses.tokens ?? 0, (uses.input_tokens ?? 0) + (uses.output_tokens ?? 0))
  return tokens === 0 ? uses : { ...uses, tokens }
}

/** Both together, unit by unit. */
export function sumOf(one: Amounts, other: Amounts): Amounts {
  const units = quotaUnits.filter((unit) => one[unit] !== undefined || other[unit] !== undefined)
  return Object.fromEntries(units.map((unit) => [unit, (one[unit] ?? 0) + (other[unit] ?? 0)]))
}

/** Is there as much of every unit as is asked? */
export function covers(held: Amounts, asked: Amounts): boolean {
  return quotaUnits.every((unit) => (held[unit] ?? 0) >= (asked[unit] ?? 0))
}

/** So much of each of these units, rounded up. */
export function shareOf(bounds: Amounts, units: readonly QuotaUnit[], share: number): Amounts {
  return Object.fromEntries(units.map((unit) => [unit, Math.ceil((bounds[unit] ?? 0) * share)]))
}
