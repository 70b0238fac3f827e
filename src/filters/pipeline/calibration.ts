import { z } from 'zod'

/** `[raw, calibrated]`, both rising. */
export type CalibrationTable = readonly (readonly [number, number])[]

/** By name of the detector, then by category or kind of category; `*` is every other. */
export type Calibrations = Readonly<Record<string, Readonly<Record<string, CalibrationTable>>>>

const share = z.number().min(0).max(1)

/** What is wrong with a table; null where nothing is. */
function wrongTable(table: CalibrationTable): string | null {
  for (const [index, [raw, calibrated]] of table.entries()) {
    const before = table[index - 1]
    if (before === undefined) continue
    if (raw <= before[0]) return 'the raw scores of a calibration must rise'
    if (calibrated < before[1]) return 'the calibrated scores of a calibration must not fall'
  }
  return null
}

const table = z
  .array(z.tuple([share, share]))
  .min(2)
  .max(1_000)
  .superRefine((given, context) => {
    const message = wrongTable(given)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

export const calibrationsSchema = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'the name of a detector'),
    z.record(z.string().regex(/^(?:\*|[a-z-]+(?:\/[a-z-]+)?)$/, 'a category, or "*"'), table),
  )
  .describe(
    'What a score of a detector means, by its name and category ("toxicity", "toxicity/hate", "*"): a list of [score, probability], rising, with straight lines between.',
  )

/**
 * The calibrated score of a raw one: straight lines between the points of the table, and beyond its ends the first and the
 * last of them.
 */
export function calibrate(raw: number, table: CalibrationTable): number {
  let low: readonly [number, number] | undefined
  for (const point of table) {
    if (point[0] >= raw) {
      if (low === undefined || point[0] === raw) return point[1]
      const share = (raw - low[0]) / (point[0] - low[0])
      // Not a hair above the next point, whatever is rounded.
      return Math.min(point[1], low[1] + share * (point[1] - low[1]))
    }
    low = point
  }
  return low?.[1] ?? raw
}

/** The table for a category: its own, else that of its kind, else the one for all others; null without one. */
export function calibrationFor(
  calibrations: Calibrations,
  detector: string,
  category: string,
): CalibrationTable | null {
  const tables = Object.hasOwn(calibrations, detector) ? calibrations[detector] : undefined
  if (tables === undefined) return null
  for (const name of [category, category.replace(/\/.*/, ''), '*']) {
    if (Object.hasOwn(tables, name)) return tables[name] ?? null
  }
  return null
}
