import type { Promises } from '../requirements.ts'

/** What docs/policy.md promises. */
export const policyPromises = {
  'docs/policy.md#what-is-promised': {
    'policy.only-tightens': 'Rules can only take from what a group is configured to do.',
    'policy.grounding': 'Rules may have answers looked at more strictly than the configuration does, and never less.',
    'policy.fails-closed': 'Everything that is not a whole decision refuses.',
    'policy.shipped': 'The rules that come with Sallyport decide without anything being installed.',
    'policy.unfit-bundles': 'A bundle that cannot be used is refused with what it lacks.',
    'policy.pure': 'A bundle whose decisions would depend on more than their input is refused by name.',
    'policy.same-decision': 'A bundle in the process and a server of OPA decide the same.',
    'policy.reload':
      'A changed bundle counts within moments; one that cannot be used leaves the last good one in force.',
    'policy.shadow':
      'Rules that are tried beside those in force decide nothing, and no fault of theirs touches a request.',
    'policy.told': 'Each decision is told with the revision and the rules, without a value of the request.',
  },
  'docs/policy.md#what-is-sent': {
    'policy.payload-shape': 'Rules about what is sent see its shape, and no word of it.',
    'policy.stricter-profiles': 'A profile that rules demand has to be at least as strict as the one in force.',
    'policy.detections': 'Rules are told what detectors saw, by kind, place and score, and no value of it.',
    'policy.payload-cases': 'The example against injection answers its table of cases, harmless look-alikes too.',
  },
  'docs/policy.md#what-tools-do': {
    'policy.before-tools': 'A tool that rules do not allow runs nothing.',
    'policy.provenance':
      'Rules are told where the arguments of a call may come from, and what nobody knows is no user’s.',
  },
  'docs/policy.md#asking-a-person': {
    'policy.asks-a-person':
      'A call for which a rule wants a person does not run before one allowed it, and says what waits.',
    'policy.approved-exactly': 'What was allowed counts for the same caller and for exactly what was looked at.',
    'policy.approved-once': 'What was allowed runs once, and in its time.',
    'policy.approved-told':
      'What was asked, decided and used is on the audit trail before anything runs, without its words.',
    'policy.approvers': 'A caller decides what another one asked only with the scope for it, and within its group.',
    'policy.edited-by-the-asker':
      'Another text in place of a call is taken from whoever asked alone, with the scope to write what runs, and only from the one of an answer that waits.',
    'policy.approved-at-the-terminal': 'Whoever asks at a terminal is shown what would run, and decides there.',
    'policy.waits-for-a-person': 'A run may wait for somebody to decide, as long as the configuration says.',
  },
  'docs/policy.md#trying-rules-before-they-are-in-force': {
    'policy.simulate': 'Recorded questions are asked again of other rules, and what changes is listed.',
    'policy.cases':
      'Cases written as data are asked of the rules, and what is not as expected is said and ends with 1.',
    'policy.recorded': 'What rules are asked is recorded only where that is wanted, for its owner, for so many days.',
  },
  'docs/policy.md#tests': {
    'policy.documentation': 'What the page shows of terms, rules and cases is so.',
  },
  'docs/policy.md#layers': {
    'policy.who': 'Rules are told the tenant of the group, and the person for whom an application has signed.',
    'policy.layers': 'The terms of an organization, a tenant and a group count together.',
    'policy.malformed-terms': 'A term that is written wrong refuses everybody.',
  },
} as const satisfies Promises
