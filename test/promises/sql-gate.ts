import type { Promises } from '../requirements.ts'

/** What docs/sql-gate.md promises. */
export const sqlGatePromises = {
  'docs/sql-gate.md#the-steps': {
    'gate.teaches': 'A refusal has a rule, a place and what is allowed instead.',
    'gate.reviewed-functions': 'The list of functions holds nothing that reads, waits, locks, writes or runs SQL.',
    'gate.resolved-names': 'What the analyzer alone finds outside the policy is refused.',
    'gate.plan': 'A plan that reads what was not resolved, or costs too much, is refused.',
    'gate.remembers-truly': 'A statement has the verdict that it has in a gate that saw no other.',
  },
  'docs/sql-gate.md#what-runs': {
    'gate.canonical-text': 'Only the canonical text runs: names in full, no comments, the row limit plus one.',
    'gate.truncated': '`truncated` says exactly whether there was a row more.',
  },
  'docs/sql-gate.md#the-shadow': {
    'shadow.runs-nothing': 'The shadow analyzes and runs nothing.',
    'shadow.no-rows': 'The shadow takes no rows, owners or privileges of a dump.',
    'shadow.scratch-server': 'A scratch server that is not as it should be is refused.',
    'shadow.extensions': 'Functions of extensions are refused by their names unless the policy names them.',
  },
  'docs/sql-gate.md#masked-columns': {
    'masks.passed-on': 'A masked column may be passed on as it is, and leaves masked.',
    'masks.nothing-else': 'Whatever else is done with it is refused.',
    'masks.never-seen': 'No attempt of the list shows a value of a restricted column.',
  },
  'docs/sql-gate.md#what-was-measured': {
    'gate.abort': 'After an abort the server is free again.',
    'gate.oracle': 'What is let through touches nothing that was not resolved, as a real server tells.',
    'gate.bombs': 'Bombs end in a refusal, an answer or the deadline, and leave no backend at work.',
  },
  'docs/sql-gate.md#files-through-duckdb': {
    'duckdb.attacks': 'Every statement of the list over files has its verdict, and the tables stay as they were.',
    'duckdb.untrusted': 'An answer of the sandbox of files that is none is not believed.',
  },
  'docs/sql-gate.md#differencing': {
    'ledger.minimum': 'What tells about fewer than the minimum, with any earlier answers, is refused.',
    'ledger.again': 'What was answered is answered again for nothing, also when the ledger is full.',
    'ledger.lost': 'A ledger whose file was removed or is an older copy answers nothing more.',
    'ledger.processes': 'The bound holds across processes that share the file.',
    'ledger.replicas':
      'The bound holds across replicas over PostgreSQL, and for what a machine had answered from its file before.',
    'ledger.trees': 'A table, its partitions and its children have one ledger.',
    'ledger.two-sources': 'Two sources that give the same callers the same protected columns are refused.',
    'ledger.honest': '95 of 100 ordinary questions about protected columns are answered.',
    'ledger.three': 'A minimum group size below three is refused.',
  },
  'docs/sql-gate.md#mysql-and-mariadb-the-weaker-gate': {
    'mysql.attacks': 'Every statement of the list for MySQL has its verdict, and what passes means what was written.',
    'mysql.unfit-policies': 'A policy that the gate of MySQL cannot hold is refused at the start.',
    'mysql.views': 'A view has the rules of the columns behind it.',
  },
  'docs/sql-gate.md#what-is-not-defended': {
    'gate.same-for-missing': 'Denied and missing read the same.',
  },
} as const satisfies Promises
