import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { PrivacyReceipts } from '../../gateway/privacy/receipts/receipts.ts'
import { toPrivacyReceipt } from '../wire/privacy-receipts.ts'
import { principalOf } from '../caller.ts'

/** The receipts of a service, to be read. */
export type ReadableReceipts = Pick<PrivacyReceipts, 'of'>

/** `GET /v1/privacy/receipts/{id}`: the caller's own. Another caller's is `not-found`, as one that never was. */
export function getPrivacyReceipt(receipts: ReadableReceipts): RequestHandler {
  return (request, response) => {
    const receipt = receipts.of(principalOf(response).id, String(request.params['id']))
    if (receipt === null) {
      throw new ServiceError('not-found', 'There is no such receipt of yours.', {
        advice: 'Use the id of the header x-sallyport-privacy-receipt; a receipt goes with the process that made it.',
      })
    }
    response.setHeader('cache-control', 'no-store').json(toPrivacyReceipt(receipt))
  }
}
