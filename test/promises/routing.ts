import type { Promises } from '../requirements.ts'

/** What docs/routing.md promises. */
export const routingPromises = {
  'docs/routing.md#routes-one-name-several-models': {
    'routing.refused-at-start':
      'A route whose targets are not there, of two kinds, or twice, or that has the name of a model, is refused when the configuration is read.',
    'routing.granted':
      'A group that may ask a route reaches its targets by it, and by their own names only what it lists.',
  },
  'docs/routing.md#what-holds-for-every-target': {
    'routing.masked-for-all': 'A call is masked for the strictest target that it may come to.',
    'routing.held-for-all':
      'A call holds the most that it may cost at any target, and is charged for the one that answers.',
    'routing.limit-in-words': 'The limit of a group on an answer reaches each target in the words of its upstream.',
  },
  'docs/routing.md#where-a-conversation-is-kept': {
    'routing.kept-ids': 'A call that names what a provider keeps goes to targets at that upstream alone.',
  },
} as const satisfies Promises
