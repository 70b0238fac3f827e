import type { Promises } from '../requirements.ts'

/** What docs/content-filters.md promises of processes that look at content for others, and of checks. */
export const filterServicePromises = {
  'docs/content-filters.md#as-a-service': {
    'filter-service.same-contract': 'Wherever content is looked at, the same contract suite holds, over old and new.',
    'filter-service.another-process': 'Where a process cannot be had, the next one is asked at once.',
    'filter-service.breaker': 'A process that fails again and again is left alone, and found again when it is back.',
    'filter-service.fails-closed':
      'Anything but a whole verdict about what was sent is none, and rules say what that means.',
    'filter-service.key':
      'Nobody is served a check without the key between processes, and no process starts without one.',
    'filter-service.rolling': 'Processes are added and updated one by one under load without a failed request.',
  },
  'docs/content-filters.md#checking-texts': {
    'filter-check.route': 'A check says what was found, where, how surely, by what, and what would be done and why.',
    'filter-check.profiles': 'A group checks by its own profiles, or by stricter ones.',
    'filter-check.command': 'The command says the same of files, of standard input, and of lines of JSON.',
    'filter-check.evaluation': 'Recalls, intervals and curves of labelled texts are those of the literature.',
  },
} as const satisfies Promises
