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
  'docs/gateway.md#tokens': {
    'identity.tokens': 'A token of a configured issuer is of whom the issuer says, in the group that its claims give.',
    'identity.attacks': 'A token that is not as it should be is nobody’s, and the answer does not say why.',
    'identity.groups': 'Whoever is of no group that is mapped is refused.',
    'identity.key-rotation': 'A new key of an issuer counts when a token names it, at one look in a cool-down.',
    'identity.key-withdrawn':
      'A key that an issuer withdraws ends with the next look, also for tokens that were known.',
    'identity.client-credentials':
      'An application is answered by the token that a real issuer gives for its credentials.',
    'identity.wycheproof':
      'The vectors of Wycheproof are agreed with where their algorithm is taken, and refused elsewhere.',
    'identity.weak-keys': 'A weak key of RSA is none of an issuer’s keys.',
    'identity.keys-down': 'Keys that cannot be looked for again count until they are stale, and /readyz says so.',
  },
  'docs/gateway.md#credentials': {
    'identity.one-credential': 'A request has one credential; two that differ are 400, and every wrong one is 401.',
    'identity.guesses':
      'Wrong credentials of one address are 429 beyond a limit, and a valid one from there is answered.',
    'identity.proxies': 'Where a request comes from is what its connection says, or a configured proxy.',
    'identity.anonymous': 'Nobody is answered without a credential unless a group is named for them.',
    'identity.end-users': 'An application names a person by what it signed, and nothing unsigned chooses a limit.',
  },
  'docs/gateway.md#tls': {
    'tls.modern':
      'Encrypted connections are TLS 1.3, or 1.2 with authenticated encryption, and no others are answered.',
    'tls.renewed': 'Renewed files count for new connections, and those that are there go on.',
    'tls.kept': 'Files that cannot be used take nobody’s place, and the log and /readyz say so.',
    'tls.client-certificates':
      'Where authorities for callers are named, only who shows a certificate of theirs is answered.',
  },
} as const satisfies Promises
