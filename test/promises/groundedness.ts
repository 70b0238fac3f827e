import type { Promises } from '../requirements.ts'

/** What docs/groundedness.md promises. */
export const groundednessPromises = {
  'docs/groundedness.md#references': {
    'groundedness.references':
      'A value that the answer names is told as the result has it, rounded and scaled as it was asked for.',
    'groundedness.streams':
      'An answer streams the same words however it is cut, and no word waits for a reference behind it.',
  },
  'docs/groundedness.md#where-a-reference-is-plain-text': {
    'groundedness.places':
      'A reference is filled in in sentences alone: in code, links, pictures, tags and quotations it is text.',
    'groundedness.read': 'A reference that stands in what the model has read is text, also in its answer.',
    'groundedness.oracle': 'A reference brings nothing that its reader was not shown in this run.',
  },
} as const satisfies Promises
