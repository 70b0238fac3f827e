import type { Promises } from '../requirements.ts'

/** What docs/tuning.md promises of thresholds that people tune. */
export const tuningPromises = {
  'docs/tuning.md#words': {
    'tuning.rates':
      'Rates of traffic are estimated from drawn labels by what each stands for, with intervals that hold the true ones.',
    'tuning.complaints': 'Decisions that somebody has pointed at count for themselves and speak for no other.',
  },
  'docs/tuning.md#looking': {
    'tuning.queue':
      'Complaints, reports and drawn decisions wait in one queue; what was written is printed where it is asked for alone.',
  },
  'docs/tuning.md#labelling': {
    'tuning.persons': 'Nobody labels what they complained of, or a call of their own.',
  },
  'docs/tuning.md#curves': {
    'tuning.curves':
      'Curves say what every threshold of a place comes to, with intervals that hold the true rates, for labels that hold now and for sets.',
    'tuning.curves-unknown':
      'A rate that labels say too little of is not told, only what it lies between; what they say nothing of is not told at all.',
  },
  'docs/tuning.md#proposing': {
    'tuning.target':
      'A proposed threshold acts on no more of the harmless decisions than is aimed at, or costs least, within the limits.',
    'tuning.refused': 'What nothing can be proposed from is refused, with what is missing.',
    'tuning.replay': 'A replay says how often each threshold would have acted, by day and by stratum, with examples.',
    'tuning.digests': 'A set that was changed in the storage since it was made is no set any more.',
  },
  'docs/tuning.md#rolling-out': {
    'tuning.loosening':
      'A looser threshold decides for nobody before a person has named its data who has not complained of the rule.',
    'tuning.steps':
      'From a block over an appeal, labels, a set and a proposal to a threshold in force, and back: each step by commands or over HTTP, for one group alone.',
  },
  'docs/tuning.md#what-is-rolled-back-by-itself': {
    'tuning.canaries':
      'A canary that triples what is acted on is rolled back within 200 requests, 95 of 100 at least; one within its bounds in 5 of 100 at most.',
    'tuning.passed-counts':
      'Complaints about answers of which nothing is recorded count for the arm that has decided, three of each caller.',
    'tuning.processes':
      'Processes over one PostgreSQL go by one threshold, count together, and one of them puts it back for all.',
    'tuning.trial':
      'A promoted threshold is watched and rolled back by the same bounds; complaints alone put no looser one back in force.',
  },
  'docs/tuning.md#a-loop-from-end-to-end': {
    'tuning.loop':
      'The loop brings false positives to their aim within three rounds, with two points of recall lost at most.',
  },
  'docs/tuning.md#who-would-move-a-threshold': {
    'tuning.floor': 'No process follows a threshold beyond the limits of its configuration, whoever has written it.',
    'tuning.poison':
      'Complaints, names, labels of one’s own and replays move no threshold, and loosen none without a person.',
  },
  'docs/tuning.md#what-the-audit-trail-has': {
    'tuning.audited':
      'Each step on thresholds is on the audit trail before it is done, with who, why and by which data, or is not done.',
    'tuning.refusals':
      'What somebody asks for and may not have is on the audit trail before they are told so, with who, what and why not.',
  },
} as const satisfies Readonly<Record<string, Promises[string]>>
