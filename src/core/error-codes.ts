/**
 * Every fault Sallyport reports has one code of this closed set. Status, whether to repeat, audience, advice and
 * exit code are a table keyed by it, so a new code does not compile until the table answers for it.
 */
export const errorCodes = [
  'invalid-request',
  'payload-too-large',
  'unsupported-media-type',
  'not-found',
  'model-not-found',
  'method-not-allowed',
  'conflict',
  'unauthenticated',
  'forbidden',
  'suspended',
  'approval-required',
  'identity-unavailable',
  'rate-limited',
  'quota-exceeded',
  'refused',
  'invalid-config',
  'invalid-file',
  'sandbox-unavailable',
  'sandbox-busy',
  'sandbox-lost',
  'database-unavailable',
  'query-failed',
  'model-unavailable',
  'model-timeout',
  'model-rejected',
  'model-protocol',
  'model-overloaded',
  'model-busy',
  'model-refused',
  'deadline-exceeded',
  'cancelled',
  'shutting-down',
  'service-unavailable',
  'storage-unavailable',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]
