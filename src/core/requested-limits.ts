import { ServiceError } from './errors.ts'

/** Limits of a sandbox that may be asked for, by their names in the configuration, and the least each may be. */
export const leastLimits = {
  wall_ms: 10,
  cpus: 0.1,
  memory_mb: 1,
  processes: 32,
  open_files: 128,
  file_mb: 1,
  data_mb: 1,
  temporary_mb: 1,
  output_kb: 1,
} as const

export type LimitName = keyof typeof leastLimits
export const limitNames = Object.keys(leastLimits) as readonly LimitName[]

/** What is asked for; a limit that is not named has its default. */
export type RequestedLimits = { readonly [Name in LimitName]?: number | undefined }

/** The most of each that a group may ask for. */
export type LimitCeilings = Readonly<Record<LimitName, number>>

/** A request with the ceilings of whoever makes it. */
export interface LimitClaim {
  readonly limits: RequestedLimits
  readonly ceilings: LimitCeilings
}

function objectionTo(name: LimitName, value: number, ceiling: number): string | null {
  const isWhole = name === 'cpus' ? Number.isFinite(value) : Number.isSafeInteger(value)
  if (!isWhole || value < leastLimits[name]) {
    return `${name} must be a ${name === 'cpus' ? '' : 'whole '}number of at least ${leastLimits[name]}, not ${value}`
  }
  return value > ceiling ? `${name} may be at most ${ceiling} for this group, and ${value} was asked for` : null
}

/** Throws `invalid-request` with every limit that may not be had; nothing is ever clipped. */
export function refuseUnfitLimits({ limits, ceilings }: LimitClaim): void {
  const objections = limitNames.flatMap((name) => {
    const value = limits[name]
    const objection = value === undefined ? null : objectionTo(name, value, ceilings[name])
    return objection === null ? [] : [{ name, objection }]
  })
  const [first] = objections
  if (first === undefined) return
  throw new ServiceError('invalid-request', `${objections.map(({ objection }) => objection).join('; ')}.`, {
    parameter: first.name,
    advice: 'Ask for less, or have the operator raise the ceiling under gateway.groups.GROUP.sandbox.',
  })
}
