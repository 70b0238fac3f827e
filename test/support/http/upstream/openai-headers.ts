import { upstreamCookie } from './canaries.ts'

/** Headers of OpenAI's answers. */
export function openAiHeaders(position: number): Readonly<Record<string, string>> {
  return {
    'x-request-id': `req_${position}`,
    'openai-organization': 'org-upstream',
    'openai-processing-ms': '12',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-reset-requests': '6ms',
    'set-cookie': `__cf_bm=${upstreamCookie}; path=/; HttpOnly`,
    'cf-ray': '8f00000000000000-OSL',
    server: 'cloudflare',
  }
}
