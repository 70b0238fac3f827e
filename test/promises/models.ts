import type { Promises } from '../requirements.ts'

/** What docs/models.md promises. */
export const modelsPromises = {
  'docs/models.md#models-of-other-providers': {
    'models.bytes': 'A body goes to its upstream byte for byte, and the answer comes back so.',
    'models.names': 'A model is asked by its own name or by that of a mapping, and one value of the body changes.',
    'models.websocket': 'Responses over WebSocket is refused with a sentence.',
    'models.not-served': 'An endpoint of a provider that is not served is answered 404, by its name.',
    'models.keys': 'The key of an upstream leaves towards that upstream only.',
  },
  'docs/models.md#models-of-upstreams-only': {
    'models.nothing-of-analyst': 'Where no group may ask analyst, nothing of it starts, and the service says so.',
  },
  'docs/models.md#what-passes-and-what-does-not': {
    'models.headers': 'Headers pass by lists; cookies and credentials never do.',
    'models.query': 'Of a query only the parameters of a list go up; any other is refused, and nothing is sent.',
    'models.bad-input':
      'A body that cannot be read, or could be read in two ways, is refused in the form of its API, and nothing is sent.',
    'models.hosted-tools': 'What a provider would run or fetch by itself is refused unless it is granted.',
    'models.own-ids':
      "An id of what a provider keeps is its maker's; anybody else is answered 404 and nothing is sent.",
    'models.errors': 'Errors have the form of the API, with nothing of the upstream but its words about the request.',
  },
  'docs/models.md#streams': {
    'faults.unreadable-events':
      'An event that cannot be read ends its stream with an error, unless it is named a ping.',
    'faults.told-in-streams': 'An error that a provider tells in a stream ends it, in words of the service.',
    'faults.missing-ends': 'A stream that has said why it ends is whole, also where the mark of its end never comes.',
    'faults.pings': 'A stream that brings nothing but pings ends in time.',
    'models.broken-streams': 'A stream that breaks off ends with an error event, never as if it were finished.',
    'models.hang-up': 'A caller who hangs up ends the call at the upstream.',
    'models.bounded-memory':
      'An event or an answer beyond its limit is refused, and costs no more memory than the limit.',
    'models.slow-readers': 'A caller who reads slowly makes the upstream wait.',
  },
  'docs/models.md#when-all-connections-are-in-use': {
    'models.busy':
      'Where no connection is free, calls wait in their order, a limited number of them; one more is refused.',
    'models.busy-form':
      'Whoever cannot wait is answered 503 in the form of the API, with Retry-After, and nothing is sent.',
    'models.waited-time': 'The wait for a connection counts in the time until an answer has to begin.',
  },
} as const satisfies Promises
