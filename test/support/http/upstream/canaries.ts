/** Words of an upstream that nobody who calls through the service may ever see. */
export const canaries = {
  host: 'inference-7.canary.internal',
  key: 'upstream-key-canary',
  advice: 'Ask the canary team for a larger quota.',
} as const

export const upstreamCookie = 'cookie-canary'

/** Of a caller: what no upstream may ever see. */
export const callerCookie = 'session=caller-cookie-canary'
