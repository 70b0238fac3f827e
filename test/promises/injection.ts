import type { Promises } from '../requirements.ts'

/** What docs/injection.md promises. */
export const injectionPromises = {
  'docs/injection.md#the-argument': {
    'injection.chooses-nobody':
      'Data chooses nothing that is acted on where the person names no record, place or list.',
    'injection.nothing-read': 'Until something untrusted was read a call runs.',
  },
  'docs/injection.md#how-a-sentence-asks': {
    'injection.asking':
      'A question, a report and a condition only speak of a step, which is then a question to the person.',
    'injection.other-verbs':
      'An order in a verb that no tool has is a question about a call for all of which something of the person’s stands, and about no other.',
    'injection.again': 'The same done to the same targets again is asked about.',
  },
  'docs/injection.md#what-it-rests-on': {
    'injection.pasted': 'What is quoted, fenced, tagged or below the head of a mail asks for nothing.',
    'injection.other-languages': 'In languages that are not read a step is asked about and never refused for that.',
  },
  'docs/injection.md#what-was-tried': {
    'injection.published': 'The rows of attacks are as many, by outcome, as the page says, those that run among them.',
  },
  'docs/injection.md#the-analyst-end-to-end': {
    'injection.analyst-published': 'Attacks on the analyst through a whole service come out as the page says.',
  },
  'docs/injection.md#a-model-that-obeys': {
    'injection.obeys-in-vain':
      'A model that does whatever it reads brings nothing about that the person did not ask for.',
  },
  'docs/injection.md#what-it-costs-honest-people': {
    'injection.honest': 'Honest requests come out as the page says.',
  },
} as const satisfies Promises
