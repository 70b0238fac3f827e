import type { Promises } from '../requirements.ts'

/** What docs/content-filters.md promises of profiles, and of how detectors are taken together. */
export const contentPromises = {
  'docs/content-filters.md#profiles': {
    'content.only-with-rule': 'Content without a rule is not looked for.',
    'content.shadow': 'A rule in shadow mode is told and does nothing.',
    'content.fails-closed': 'A detector that does not answer blocks, where its category does not say otherwise.',
    'content.tighten-only': 'A rule in the place of an inherited one does no less, or is an error at load.',
    'content.names': 'A profile that names what there is not is an error at load.',
    'content.examples': 'The examples of the page are configurations.',
  },
  'docs/content-filters.md#how-detectors-are-combined': {
    'content.combined': 'Detectors are taken together by quorum, mean or order; else deny wins.',
    'content.certain': 'Once a block is certain nobody is waited for.',
    'content.long-texts': 'Long texts are read in pieces between turns of the event loop.',
    'content.time-of-work':
      'The deadline of detectors counts work and waiting, and not that the process was busy or stopped.',
    'content.calibrated': 'Scores are calibrated by detector and category.',
    'content.versions': 'Decisions carry the versions of the detectors, the profile and the rules.',
    'content.rules-tighten': 'Rules in Rego can only make more of what the profile came to.',
  },
  'docs/content-filters.md#tuned-thresholds': {
    'tuning.in-force': 'A service goes by a tuned threshold within seconds, says so in the notice, and goes back.',
    'tuning.not-allowed': 'A threshold that the configuration does not allow is not followed, and that is said.',
    'tuning.stale': 'While the storage cannot be read the last thresholds hold, and that is said.',
    'tuning.recorded': 'Decisions are recorded by strata, without a word of the texts, and belong to their callers.',
    'tuning.masked': 'Texts are kept masked and sealed alone, and not where a detector did not look.',
    'tuning.checks': 'Texts that only were checked are recorded by nobody.',
  },
  'docs/content-filters.md#what-a-caller-sees': {
    'content.blocked-input':
      'A blocked question reaches no model, costs nothing, and is an error that official clients know.',
    'content.groups': 'Groups with profiles of their own get what their thresholds say of the same question.',
    'content.mask': 'A question is sent with what was found replaced, and every other byte as it was.',
    'content.shadow-changes-nothing': 'In shadow mode nothing that a client sees changes.',
    'content.human': 'A question passes once a person has allowed exactly this body.',
    'content.blocked-output':
      'A blocked answer is a well-formed one of its API that official clients read, with the id of the decision.',
    'content.regenerate': 'An answer that may be written otherwise is asked for once more, and then blocked.',
    'content.stream-equals-whole': 'What leaves of a stream is the same for every way in which it was cut into pieces.',
    'content.records': 'What was decided is on the trail and counted, without a text.',
    'content.leaks-in-answers': 'An answer that repeats the system prompt of its call is blocked where a rule says so.',
    'content.questions': 'Rules for the content of questions hold for the own model, too.',
    'content.answers':
      'Rules for the content of answers hold for the own model, whose run ends as one that a filter has ended; rules in Rego are asked.',
    'content.unchecked-calls': 'A call that a detector did not look at which has to is blocked.',
    'content.changed-named': 'What a filter has replaced in a question or a whole answer is named by its decision.',
  },
  'docs/content-filters.md#what-a-caller-may-say': {
    'feedback.names':
      'Every answer that a model has written has a name, plain and streamed, and no other answer has one.',
    'feedback.appeal-told': 'A block says where its caller may object, in a member of each API.',
    'feedback.own-alone':
      'Callers speak of their own answers and decisions alone; what is another’s is as what never was.',
    'feedback.forgotten':
      'What was written of a recorded decision is gone with its conversation; that somebody has complained is not.',
    'feedback.quiet': 'A comment comes back in no answer and no error, and stands in no log and on no trail.',
    'feedback.limited': 'A bounded number of one caller or person counts a day, and tries of a key are counted.',
    'feedback.once': 'The same again is answered as the first time and kept once; another opinion is a conflict.',
  },
} as const satisfies Promises
