import type { Promises } from '../requirements.ts'

/** What docs/analyst.md promises. */
export const analystPromises = {
  'docs/analyst.md#long-conversations': {
    'agent.compaction':
      'A long conversation is shortened to what the model takes, the oldest first; calls keep their results, and the question and the last step stay.',
    'agent.compaction-masks': 'A model that values are hidden from sees no half of one where a text was shortened.',
    'agent.too-long': 'What cannot be made to fit ends with `payload-too-large` before anything is sent.',
  },
  'docs/analyst.md#results-of-queries': {
    'agent.results-exact': 'Programs have each value of a result as it was, in the type that its database gave it.',
  },
  'docs/analyst.md#the-plan': {
    'agent.plan':
      'A plan is shown before the calls of its turn begin, whenever it has changed, and is no call of a tool.',
    'agent.plan-bounds': 'A plan that is too long, or none, is refused; the model is told why, and the answer goes on.',
    'agent.plan-screened':
      'What a profile hides in words it hides in a plan, also what is split over its steps; what it blocks ends the run.',
    'agent.plan-values': 'Values that were hidden from the model come back in a plan as in words, in no address.',
    'agent.plan-own-words':
      'A plan goes to no model as what a person has said, and to none that answers another question.',
    'agent.plan-exports': 'An exported conversation has the last plan of each answer as a list that does nothing.',
  },
  'docs/analyst.md#what-data-may-not-choose': {
    'analyst.tables-of-the-question':
      'Once something untrusted was read, a person is asked before a table is read that nothing of theirs names.',
    'analyst.code-of-data': 'A person is asked before code runs that stands word for word in what was read.',
    'analyst.asked-once':
      'A table that a person has allowed is read again without asking, and one that they refused is refused.',
    'analyst.tables-kept':
      'What a conversation may read is kept with it: it goes on unasked in another process, and nobody else and no other conversation does.',
    'analyst.plan-of-trusted-words':
      'A plan, where an operator wants one, is made of the person’s own words and the schema alone: what it has runs, is said, and is kept for no other run.',
    'analyst.says-why': 'One sentence says which tables or lines it is about, and quotes nothing that was read.',
    'analyst.one-question':
      'Where rules want a person too there is one question, and what rules refuse nobody is asked about.',
    'analyst.honest-runs': 'Of honest analyses one in five at most needs a question, and none is refused.',
    'analyst.told': 'What is asked about or refused is on the trail by rules and ids of reads, and no word of them.',
    'analyst.shadow': 'In shadow mode all is told that would be asked, and nothing is held up or cleared.',
  },
  'docs/analyst.md#where-things-came-from': {
    'analyst.origins-kept':
      'What was in a file is told of the program that read it, its chart, the answer, the next day after a restart, and the export.',
    'analyst.explained':
      'One sentence per call that was asked about or refused says what was asked, by which data, and what came of it.',
    'analyst.explained-at-the-command-line': 'runs explain says it for a run, a response or a conversation.',
    'analyst.graph-on-the-trail':
      'The end of a run on the trail has its graph, by ids and origins, without a word of it.',
  },
  'docs/analyst.md#values-out-of-texts': {
    'extract.quarantined': 'A text is read by a call that has no tools and knows no conversation.',
    'extract.values-alone': 'Values of the fields that were asked for come back, and nothing of what fits none.',
    'extract.budget': 'It counts as the run does, and is not made where too little of its budget is left.',
  },
  'docs/analyst.md#limits': {
    'agent.cost': 'A run with a limit of cost ends before a step that could cost more, and says so.',
  },
  'docs/analyst.md#what-an-answer-says-of-its-data': {
    'agent.as-of': 'An answer out of a database names the moment whose data it is of.',
    'agent.withheld': 'A remark on what is masked is the same whatever is masked, and whether anything is.',
  },
  'docs/analyst.md#measured': {
    'agent.dabench': 'Questions of DABench are answered as they are labelled, through the whole path.',
  },
  'docs/analyst.md#calls-of-tools': {
    'analyst.claimed-ahead':
      'A sandbox is claimed, with its files, while the call that needs it is written; nothing runs in it before the call is allowed.',
    'agent.calls-in-order': 'Queries run at the same time, four at most, and results come in the order of the calls.',
  },
} as const satisfies Promises
