import type { Promises } from '../requirements.ts'

/** What docs/tuning.md promises of thresholds that people tune. */
export const tuningPromises = {
  'docs/tuning.md#looking': {
    'tuning.queue':
      'Complaints, reports and drawn decisions wait in one queue; what was written is printed where it is asked for alone.',
  },
  'docs/tuning.md#labelling': {
    'tuning.persons': 'Nobody labels what they complained of, or a call of their own.',
  },
  'docs/tuning.md#proposing': {
    'tuning.digests': 'A set that was changed in the storage since it was made is no set any more.',
  },
  'docs/tuning.md#rolling-out': {
    'tuning.loosening':
      'A looser threshold decides for nobody before a person has named its data who has not complained of the rule.',
  },
  'docs/tuning.md#what-the-audit-trail-has': {
    'tuning.audited':
      'Each step on thresholds is on the audit trail before it is done, with who, why and by which data, or is not done.',
  },
} as const satisfies Readonly<Record<string, Promises[string]>>
