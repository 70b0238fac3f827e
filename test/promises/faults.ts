import type { Promises } from '../requirements.ts'

/** What the documents promise of models that fail. */
export const faultsPromises = {
  'docs/models.md#when-an-upstream-fails': {
    'faults.scorecard': 'No answer holds text of two attempts, and no part of one is given as if it were whole.',
    'faults.told':
      'Each further attempt is on the audit trail before it is sent; each has a span, and failed ones are counted.',
    'faults.again': 'What may pass is asked again, and of what failed before nothing reaches the caller.',
    'faults.hold': 'An answer that is held until it is whole is asked for anew where it breaks off.',
    'faults.never-again': 'A refusal by policy, and what is wrong with a request, is asked once.',
    'faults.waits':
      'Nobody is asked sooner than they say, and nobody is waited for who asks for more than the longest wait.',
    'faults.once': 'What a provider would do twice is sent once.',
    'faults.breaker':
      'A model that fails in a row is passed over where there is another one, until a call finds it back.',
    'faults.held':
      'A further attempt is asked only where what it may cost is left beside what those before it have cost.',
    'faults.cost': 'Each attempt that brought something is charged, and one that brought nothing costs nothing.',
  },
  'docs/routing.md#when-a-target-fails': {
    'faults.route-recovery':
      'A route may hold its answers until they are whole, so that one which breaks off is asked for anew.',
  },
} as const satisfies Promises
