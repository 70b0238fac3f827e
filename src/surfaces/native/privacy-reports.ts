import type { RequestHandler } from 'express'
import type { Reporting } from '../../gateway/privacy/receipts/reporting.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { reportRequest, toReport } from '../wire/privacy-reports.ts'
import { principalOf } from '../caller.ts'
import { readQuietly } from './quiet-request.ts'

/** A report with the longest texts, each character of which is escaped. */
const limits = { limitBytes: 32_768, shape: { maximumDepth: 4, maximumValues: 100 } }
const form = { schema: reportRequest, what: 'report', limits }

/** `POST /v1/privacy/reports`: about a call of the caller's own. Nothing of its texts is in an answer, an error, the log or the trail. */
export function postPrivacyReport(reporting: Reporting): RequestHandler {
  return async (request, response) => {
    const { receipt, fault, ...text } = await readQuietly(request, form)
    const report = await reporting.report(principalOf(response), { receipt, fault, text }, requestIdOf(response))
    response.status(201).setHeader('cache-control', 'no-store').json(toReport(report))
  }
}
