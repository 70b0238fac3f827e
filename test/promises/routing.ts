import type { Promises } from '../requirements.ts'

/** What docs/routing.md promises. */
export const routingPromises = {
  'docs/routing.md#routes-one-name-several-models': {
    'routing.refused-at-start':
      'A route whose targets are not there, of two kinds, or twice, or that has the name of a model, is refused when the configuration is read.',
    'routing.granted':
      'A group that may ask a route reaches its targets by it, and by their own names only what it lists.',
  },
  'docs/routing.md#which-target-is-asked-first': {
    'routing.cost': 'By cost, a call goes to the target that is cheapest for its own input and output.',
    'routing.latency':
      'By latency, a call goes to the target that has answered soonest lately; slow ones are measured anew, by few calls.',
    'routing.weighted': 'By weights, each conversation stays at one target, and the shares are those of the weights.',
    'routing.tier':
      'By tiers, a call goes to targets of its group, and to lower ones where its route lets them step in.',
    'routing.downgrade': 'Where what a tier may cost is more than is left, lower tiers step in.',
    'routing.policy': 'Rules can take targets from a route and say in which order the others are asked.',
    'routing.least-busy': 'By load, a call goes to the target with the fewest calls under way.',
  },
  'docs/routing.md#which-targets-can-answer': {
    'routing.abilities': 'A target is not asked for what it does not take.',
    'routing.context': 'A call goes to a larger context where its prompt needs it.',
  },
  'docs/routing.md#what-callers-are-told': {
    'routing.explain': 'What the command line says of a request is what a service does with it.',
    'routing.explain-server':
      'What a service says of a request is what it does with it at that moment, breakers and measurements included.',
    'routing.breaker-told':
      'A target that has failed in a row is told apart from those that are not asked for other reasons.',
    'routing.header': 'Who may see it is told which target was asked and why; nobody else is.',
  },
  'docs/routing.md#what-holds-for-every-target': {
    'routing.masked-for-all': 'A call is masked for the strictest target that it may come to.',
    'routing.held-for-all':
      'A call holds the most that it may cost at any target, and is charged for the one that answers.',
    'routing.limit-in-words': 'The limit of a group on an answer reaches each target in the words of its upstream.',
  },
  'docs/routing.md#several-processes': {
    'routing.processes':
      'Processes that serve together route alike where nothing but the call decides, and share what was used and who sealed what.',
  },
  'docs/routing.md#where-a-conversation-is-kept': {
    'routing.sealed': 'Sealed or signed reasoning goes back to the upstream that made it.',
    'routing.unknown-sealed':
      'Sealed reasoning that nobody knows goes to the first upstream of the route alone, and that of several to none.',
    'routing.kept-ids': 'A call that names what a provider keeps goes to targets at that upstream alone.',
  },
} as const satisfies Promises
