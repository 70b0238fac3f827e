import { ServiceError } from './errors.ts'

interface LimitFacts {
  readonly least: number
  /** Above it no sandbox would start, or none of its programs would run. */
  readonly most: number
  readonly isWhole: boolean
  /** A phrase for people with the unit, without a full stop. */
  readonly text: string
}

/** Limits of a sandbox that may be asked for, by their names in the configuration. */
export const sandboxLimits = {
  wall_ms: { least: 10, most: 604_800_000, isWhole: true, text: 'Wall time of a run, milliseconds' },
  cpus: { least: 0.1, most: 1_024, isWhole: false, text: 'Processors' },
  memory_mb: { least: 1, most: 16_777_216, isWhole: true, text: 'Memory of one program, MiB' },
  processes: { least: 32, most: 100_000, isWhole: true, text: 'Processes and threads' },
  open_files: { least: 128, most: 1_048_576, isWhole: true, text: 'Open files per process' },
  file_mb: { least: 1, most: 16_777_216, isWhole: true, text: 'Size of one file, MiB' },
  data_mb: { least: 1, most: 16_777_216, isWhole: true, text: 'Size of /mnt/data, MiB' },
  temporary_mb: { least: 1, most: 16_777_216, isWhole: true, text: 'Size of /tmp, MiB' },
  output_kb: { least: 1, most: 1_048_576, isWhole: true, text: 'Text kept of each of stdout and stderr, KiB' },
} as const satisfies Readonly<Record<string, LimitFacts>>

export type LimitName = keyof typeof sandboxLimits
export const limitNames = Object.keys(sandboxLimits) as readonly LimitName[]

/** A value for each limit. */
export function forEachLimit<T>(valueOf: (name: LimitName, facts: LimitFacts) => T): Readonly<Record<LimitName, T>> {
  const entries = limitNames.map((name) => [name, valueOf(name, sandboxLimits[name])] as const)
  return Object.fromEntries(entries) as Record<LimitName, T>
}

/** What is asked for; a limit that is not named has its default. */
export type RequestedLimits = { readonly [Name in LimitName]?: number | undefined }

/** For people: `a whole number from 1 to 1024`. */
export function rangeOf(name: LimitName): string {
  const { least, most, isWhole } = sandboxLimits[name]
  return `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`
}

/** The most of each that a group may ask for. */
export type LimitCeilings = Readonly<Record<LimitName, number>>

/** A request with the ceilings of whoever makes it. */
export interface LimitClaim {
  readonly limits: RequestedLimits
  readonly ceilings: LimitCeilings
}

function objectionTo(name: LimitName, value: number, ceiling: number): string | null {
  const { least, most, isWhole } = sandboxLimits[name]
  const isNumber = isWhole ? Number.isSafeInteger(value) : Number.isFinite(value)
  if (!isNumber || value < least || value > most) return `${name} must be ${rangeOf(name)}, not ${value}`
  return value > ceiling ? `${name} may be at most ${ceiling} for this group, and ${value} was asked for` : null
}

/** Throws `invalid-request` with every limit that is out of range; a limit is never silently lowered. */
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
