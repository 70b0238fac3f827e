import type { Promises } from '../requirements.ts'

/** What docs/testing.md promises. */
export const testingPromises = {
  'docs/testing.md#testing': {
    'documents.commands': 'Each command of the documents is tried; the title of its test says how far.',
  },
  'docs/testing.md#several-files-at-once': {
    'testing.patience':
      'A test that holds how soon something happens, or gives up on it within a minute, fails the tests.',
    'lanes.alone': 'A file that needs the machine to itself and is not in the list of those fails the tests.',
  },
  'docs/testing.md#promises-and-their-tests': {
    'promises.cited': 'A promise of the documents that no test cites fails the tests.',
  },
  'docs/testing.md#tests-that-can-fail': {
    'mutants.sample': 'The seed decides the sample of faults, in which the sorts take turns.',
    'mutants.time': 'What was not begun when the time is used up is counted.',
    'mutants.hanging-tests': 'A mutant whose tests hang is ended at its deadline, with what it started.',
  },
} as const satisfies Promises
