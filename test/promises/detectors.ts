import type { Promises } from '../requirements.ts'

/** What docs/content-filters.md promises of detectors that are other programs. */
export const detectorsPromises = {
  'docs/content-filters.md#other-detectors': {
    'detectors.asked': 'Each kind is asked in its own form and finds what it reports, in texts of any length.',
    'detectors.take-part': 'A configured detector takes part in what profiles decide, and its checks are counted.',
    'detectors.nemo': 'The real server of NeMo Guardrails is asked, and answers as its double does.',
  },
  'docs/content-filters.md#what-an-answer-has-to-be': {
    'detectors.fail-closed': 'Everything but a whole and right answer is a failure, told by a closed word.',
    'detectors.unreadable': 'A verdict that cannot be read is never a pass, and a figure of its own.',
  },
  'docs/content-filters.md#which-of-theirs-is-which-of-ours': {
    'detectors.mapping': 'The tables are those of the service.',
  },
  'docs/content-filters.md#a-webhook': {
    'detectors.webhook': 'The program of the page is a webhook, and the contract is what is sent and read.',
  },
} as const satisfies Promises
