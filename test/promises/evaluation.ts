import type { Promises } from '../requirements.ts'

/** What docs/evaluation.md promises. */
export const evaluationPromises = {
  'docs/evaluation.md#identifiers': {
    'identifiers.found': 'Numbers of persons, papers, devices, banks, dates of birth and coordinates are found.',
    'identifiers.columns': 'A heading over a column, and the name of a field, say what stands below.',
  },
  'docs/evaluation.md#ordinary-files': {
    'identifiers.technical': 'Versions, digests, dumps, UUIDs, code points and lists of networks are left alone.',
    'secrets.technical': 'Types, calls, references, templates and the quoted lines around a key are no secrets.',
  },
  'docs/evaluation.md#names': {
    'names.languages': 'Names are found in English, German, French and Spanish in sentences that were never shown.',
  },
  'docs/evaluation.md#keys-and-tokens': {
    'secrets.issuers': 'The keys of some seventy issuers are found.',
  },
  'docs/evaluation.md#toxicity': {
    'toxicity.quality':
      'Toxic prompts of the corpus are found as often as the table says, and of harmless ones that sound dangerous at most 2 % flagged.',
  },
  'docs/evaluation.md#figures-of-answers': {
    'grounding.mutants':
      'Nine of ten wrong figures of generated answers are marked at least, and of right ones at most one of twenty, over tables that nobody looked at, too.',
    'grounding.coincidence': 'The coincidence that is printed beside a figure is near to the one that is measured.',
  },
  'docs/evaluation.md#answers-and-documents': {
    'grounding.documents':
      'Answers that a passage does not bear out have more new words than those that it does, and of the latter at most three of a hundred are marked.',
    'grounding.quotations': 'Of wrong quotations 97 of 100 are marked at least, and of right ones at most two.',
  },
  'docs/evaluation.md#hostile-text': {
    'hostile.rows': 'Words, leaks and values are found in the disguises of the table, and look-alikes are left alone.',
  },
} as const satisfies Promises
