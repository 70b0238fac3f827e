import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { Reporting } from '../../gateway/privacy/reporting.ts'
import { readJson } from '../../http/json-body.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { reportRequest, toReport } from '../wire/privacy-reports.ts'
import { principalOf } from '../caller.ts'

/** A report with the longest texts, each character of which is escaped. */
const limits = { limitBytes: 32_768, shape: { maximumDepth: 4, maximumValues: 100 } }

/** What of a body that cannot be read would be told (a name that stands twice, a piece of the text) may be what was missed. */
async function readQuietly(...[request, response]: Parameters<RequestHandler>): Promise<unknown> {
  try {
    return (await readJson(request, response, limits)).value
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) || thrown.code !== 'invalid-request') throw thrown
    throw new ServiceError('invalid-request', 'The body is no report in JSON.', { advice })
  }
}

const advice = `A report has ${Object.keys(reportRequest.shape).join(', ')}, and nothing else.`

/** `POST /v1/privacy/reports`: about a call of the caller's own. Nothing of its texts is in an answer, an error, the log or the trail. */
export function postPrivacyReport(reporting: Reporting): RequestHandler {
  return async (request, response, next) => {
    const body = await readQuietly(request, response, next)
    const parsed = reportRequest.safeParse(body)
    if (parsed.error?.issues.some(({ code }) => code === 'unrecognized_keys')) {
      throw new ServiceError('invalid-request', 'The report has a member that is not known here.', { advice })
    }
    const { receipt, fault, ...text } = parseRequest(reportRequest, body)
    const report = await reporting.report(principalOf(response), { receipt, fault, text }, requestIdOf(response))
    response.status(201).setHeader('cache-control', 'no-store').json(toReport(report))
  }
}
