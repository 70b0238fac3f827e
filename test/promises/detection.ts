import type { Promises } from '../requirements.ts'

/** What docs/detection.md promises. */
export const detectionPromises = {
  'docs/detection.md#what-is-told': {
    'detection.behaviours':
      'Each behaviour that a rule names is told within a second, with its sandbox and the program in it.',
    'detection.ordinary-work': 'Work on data, with libraries, files and processes of its own, is no news.',
    'detection.kill': 'An alert as grave as policy says ends its sandbox, whose run tells the rule.',
    'detection.trail': 'What code wrote stands on the audit trail as keyed digests.',
    'detection.trace-command':
      'An operator sees at the command line what was heard of a sandbox, with who had it and in which program.',
    'detection.lost': 'What could not be heard is counted and told.',
    'detection.unheard': 'A sandbox that nobody hears does not go on, and none starts so.',
  },
  'docs/detection.md#where-it-works': {
    'detection.relay': 'Set-up builds the relay where it can, and doctor says whether sandboxes are heard.',
    'detection.refused': 'A driver that cannot be traced is refused where detection is on, with the reason.',
  },
  'docs/detection.md#rules': {
    'detection.rules': 'What is not understood of a rule is refused by its name, and with it the file.',
  },
} satisfies Promises
