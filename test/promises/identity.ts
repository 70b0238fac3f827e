import type { Promises } from '../requirements.ts'

/** What docs/gateway.md promises of who may ask. */
export const identityPromises = {
  'docs/gateway.md#api-keys': {
    'keys.scopes': 'A key may be used for its scopes only, and for admin only where that was named.',
    'keys.terms': 'A key counts until it expires, for what was named when it was made.',
    'keys.overlap':
      'A key that is rotated with an overlap counts until that is over, never longer than it was to, once.',
    'keys.last-used': 'The minute of the last use is kept, written once a minute and not by a request.',
    'keys.restored-terms': 'A restore widens no terms of a key: one that counts longer or for more is held.',
  },
} as const satisfies Promises
