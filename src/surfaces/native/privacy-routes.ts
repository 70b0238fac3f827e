import type { Reporting } from '../../gateway/privacy/receipts/reporting.ts'
import type { Searching } from '../../gateway/privacy/vault/searching.ts'
import type { Route } from '../route.ts'
import { getPrivacyReceipt, type ReadableReceipts } from './privacy-receipts.ts'
import { postPrivacyReport } from './privacy-reports.ts'
import { forgetConversation, searchPrivacy } from './privacy-searches.ts'

export interface PrivacyUse {
  readonly receipts: ReadableReceipts
  readonly reporting: Reporting
  readonly searching: Searching
}

/** What callers ask of the PII proxy: what was hidden, what it missed, and which conversations hold a value. */
export function privacyRoutes({
  receipts,
  reporting,
  searching,
  stopping,
}: PrivacyUse & { readonly stopping: AbortSignal }): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/v1/privacy/receipts/:id',
      access: 'privacy',
      handlers: [getPrivacyReceipt(receipts)],
    },
    {
      method: 'post',
      path: '/v1/privacy/reports',
      access: 'privacy',
      handlers: [postPrivacyReport(reporting)],
    },
    {
      method: 'post',
      path: '/v1/privacy/searches',
      access: 'privacy',
      handlers: [searchPrivacy(searching, stopping)],
    },
    {
      method: 'delete',
      path: '/v1/privacy/conversations/:id',
      access: 'privacy',
      handlers: [forgetConversation(searching)],
    },
  ]
}
