import { z } from 'zod'

const count = z.number().int().min(0)
const id = z.string()

const figures = {
  messages: count,
  bytes: count,
  told: count,
  alerts: count,
  suppressed: count,
  lost: count,
  malformed: count,
}

/** What the relay of runsc/trace-relay says, a line of JSON each. */
export const relayReport = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ alive: count }),
  z.strictObject({ figures: z.strictObject({ id, ...figures }) }),
  z.strictObject({ watching: id }),
  z.strictObject({ connected: id }),
  z.strictObject({ failed: z.strictObject({ id, why: z.string() }) }),
  z.strictObject({
    alert: z.strictObject({
      id,
      rule: z.string(),
      time: z.string().regex(/^-?\d{1,19}$/),
      fields: z.record(z.string(), z.string()),
      suppressed: count,
    }),
  }),
  z.strictObject({ lost: z.strictObject({ id, count }) }),
  z.strictObject({ ended: z.strictObject({ id, why: z.string().optional(), ...figures }) }),
])

export type RelayReport = z.infer<typeof relayReport>
