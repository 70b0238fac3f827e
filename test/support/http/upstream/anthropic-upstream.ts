import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages'
import { answerMessages } from './anthropic-messages.ts'
import { upstreamCookie } from './canaries.ts'
import { jsonOf, laterMembers, type ProviderApi } from './provider-api.ts'
import { headerValues, type RecordedRequest } from './recorded-request.ts'
import { servedJson } from './served.ts'

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
}

/** Anthropic's endpoint: Messages and the counting of tokens, with its own errors. */
export function anthropicUpstream(): ProviderApi {
  let position = 0
  const headers = () => ({
    'request-id': `req_${position}`,
    'anthropic-organization-id': 'org-upstream',
    'anthropic-ratelimit-requests-remaining': '49',
    'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:00Z',
    'set-cookie': `_cfuvid=${upstreamCookie}; HttpOnly`,
    'cf-ray': '8f00000000000000-OSL',
    server: 'cloudflare',
  })
  const fault: ProviderApi['fault'] = (status, message, more = {}) =>
    servedJson(
      { type: 'error', error: { type: errorTypes[status] ?? 'api_error', message }, request_id: `req_${position}` },
      { ...headers(), ...more },
      status,
    )
  const answer = (request: RecordedRequest) => {
    position += 1
    const path = request.path.replace(/\?.*$/, '')
    if (request.method !== 'POST' || !/^\/v1\/messages(\/count_tokens)?$/.test(path)) return fault(404, 'Not found')
    if (headerValues(request, 'anthropic-version').length === 0) {
      return fault(400, 'anthropic-version: header is required')
    }
    const body = jsonOf(request) as MessageCreateParams | null
    if (body === null) return fault(400, 'The request body is not valid JSON.')
    if (path.endsWith('/count_tokens')) return servedJson({ input_tokens: 27, ...laterMembers }, headers())
    return answerMessages(body, position, headers())
  }
  // Either header carries a key: 0.x of its SDK writes one, 1.x the other.
  const isKnown: ProviderApi['isKnown'] = (request, key) =>
    headerValues(request, 'x-api-key').join() === key ||
    headerValues(request, 'authorization').join() === `Bearer ${key}`
  return { isKnown, answer, fault }
}
