import { z } from 'zod'

/**
 * A moment in UTC, with whatever digits of its seconds. It is read as the service writes moments, to the millisecond, since
 * those are compared as texts.
 */
export const moment = z.iso.datetime().transform((text) => new Date(text).toISOString())
