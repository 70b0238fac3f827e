import type { Promises } from '../requirements.ts'

/** What docs/gateway.md promises of limits. */
export const limitsPromises = {
  'docs/gateway.md#limits': {
    'quotas.never-over': 'What is used and held in a window is never more than its limit lets through.',
    'quotas.none-refused-wrongly': 'No request is refused that fits all of its limits.',
    'quotas.all-or-nothing': 'A request holds what it may use in all of its limits or in none.',
    'quotas.upper-bound':
      'What a call holds is no less than its provider counts: of the text that is sent, and of what the model may write.',
    'quotas.as-sent': 'What a call holds is reckoned from the text that is sent, with the values of persons hidden.',
    'quotas.own-tokenizer': "Texts for OpenAI's models are as many tokens as its tokenizers make of them.",
    'quotas.bounded-counting': 'Counting a call takes a few milliseconds at most, whatever its texts are.',
    'quotas.sandbox-time':
      'A program is stopped where what is left of the time of sandboxes is used up, and none begins after it.',
    'quotas.bytes': 'The bytes of a call or a run are those that were sent and came.',
    'quotas.given-output-limit':
      'A call that does not say how much the model may write is given the limit of its group, in the body that is sent.',
    'quotas.held-anew':
      'What a request holds is replaced in one step, by what fits beside all others, or stays as it was.',
    'quotas.settled-once': 'What a request has used is counted once, also where it is more than it held.',
    'quotas.windows': 'A window lets nothing go too early, and a sliding one no later than a sixtieth of itself.',
    'quotas.leases':
      'What a process holds that ended is given back after one lease, at what was last said to be used of it.',
    'quotas.clock': 'A clock that is set back gives no window a second time.',
    'quotas.store-gone': 'Where the store cannot be used nothing is admitted, and nothing that was settled is lost.',
    'quotas.streamed-cost':
      'A streamed answer costs what the same answer costs whole, to the millionth of the currency.',
    'quotas.cut-off':
      'A stream that is cut off costs what came of it, also where the provider counts at its beginning and at its end.',
    'quotas.evicting': 'A Redis server that may evict what callers have used is not used for quotas.',
    'quotas.unsent': 'A call whose caller leaves before it is sent costs no tokens and no money.',
    'quotas.priced': 'A model without a price is not asked where money is limited.',
    'quotas.runs-on':
      'A call that its provider goes on with in the background costs all that was held for it, where no count of it came.',
    'quotas.priced-tools': 'A tool of a provider without a price is not used where money is limited.',
    'quotas.tiers':
      'A tier of service is held and charged at its own price, and is not used without one where money is limited.',
    'quotas.headers': 'RateLimit-Policy and RateLimit say the limits as they stand, and agree with Retry-After.',
    'limits.to-their-end':
      'A limit below the budget of a run is used to its end, by one question after the other, and a tenth of what a run may hold is enough to begin with.',
    'quotas.lowered':
      'A limit that is lowered below what is held lets nothing more through until enough is given back.',
  },
} as const satisfies Promises
