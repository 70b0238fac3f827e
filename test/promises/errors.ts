import type { Promises } from '../requirements.ts'

/** What docs/errors.md promises. */
export const errorsPromises = {
  'docs/errors.md#errors-and-what-clients-repeat': {
    'errors.problem': 'An error is a problem that names the fault and what to do where each client looks for it.',
    'errors.openai-codes': "OpenAI's clients find the codes of their own.",
    'errors.request-id': 'Each response has its request id, in the log, too.',
    'errors.broken-stream': 'A streamed answer that breaks off has no `[DONE]`.',
  },
  'docs/errors.md#repeating': {
    'errors.table': 'The table of codes is the one of the code.',
    'errors.real-clients': 'The real clients repeat what the table says, and nothing else.',
    'errors.refusals-not-repeated': 'No refusal has a status that clients repeat.',
    'errors.told-when': 'What may succeed later says when, and everything else says not to repeat.',
    'errors.quota-resets': 'A quota says when it is given anew.',
  },
} as const satisfies Promises
