import { z } from 'zod'
import type { FoundValues } from '../../gateway/privacy/receipts/found-values.ts'
import type { PrivacyReceipt } from '../../gateway/privacy/receipts/receipts.ts'

const found = z
  .object({
    count: z.int(),
    by_kind: z.record(z.string(), z.int()).describe('How many of each kind.'),
    positions: z.array(
      z.object({ position: z.string(), kind: z.string(), count: z.int() }).describe('So many of a kind in one place.'),
    ),
  })
  .describe('Values by kind and by place: never what they are.')

const kinds = z.record(z.string(), z.int())

/** The answer to `GET /v1/privacy/receipts/ID`, but for what only the service knows: what a text of the command line came to. */
export const maskingReport = z.object({
  profile: z.string(),
  level: z.string(),
  masked: found,
  annotated: found,
  unread: z.array(z.string()),
  cache_misses: z.array(z.string()),
  surrogates: kinds.describe('Values that have the form of one, and not that of a token, by kind.'),
  without_surrogate: kinds.describe(
    'Values that should have it and have tokens: none was left, or none has their form.',
  ),
})

/** The answer to `GET /v1/privacy/receipts/ID`. */
export const receiptObject = maskingReport.extend({
  id: z.string(),
  object: z.literal('privacy-receipt'),
  request_id: z.string(),
  upstream: z.string(),
  restored: z.int(),
  left: z.int(),
  withheld: z.int(),
})

export type PrivacyReceiptJson = z.infer<typeof receiptObject>
export type MaskingReportJson = z.infer<typeof maskingReport>

type MaskingReport = Pick<
  PrivacyReceipt,
  'profile' | 'level' | 'masked' | 'annotated' | 'unread' | 'cacheMisses' | 'surrogates' | 'withoutSurrogate'
>

export function toPrivacyReceipt(receipt: PrivacyReceipt): PrivacyReceiptJson {
  const { id, requestId, upstream, restored, left, withheld } = receipt
  return {
    id,
    object: 'privacy-receipt',
    request_id: requestId,
    upstream,
    ...toMaskingReport(receipt),
    restored,
    left,
    withheld,
  }
}

/** What a text was found to hold, and what became of it. */
export function toMaskingReport({
  profile,
  level,
  masked,
  annotated,
  unread,
  cacheMisses,
  surrogates,
  withoutSurrogate,
}: MaskingReport): MaskingReportJson {
  return {
    profile,
    level,
    masked: toFound(masked),
    annotated: toFound(annotated),
    unread: [...unread],
    cache_misses: [...cacheMisses],
    surrogates: Object.fromEntries(surrogates),
    without_surrogate: Object.fromEntries(withoutSurrogate),
  }
}

function toFound({ count, byKind, places }: FoundValues): z.infer<typeof found> {
  return { count, by_kind: Object.fromEntries(byKind), positions: places.map((place) => ({ ...place })) }
}
