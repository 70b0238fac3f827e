import type { Promises } from '../requirements.ts'

/** What docs/operations.md and docs/gateway.md promise of routes for operators. */
export const operatorsPromises = {
  'docs/operations.md#routes-for-operators': {
    'admin.scope': 'A route for operators is answered to credentials with the scope admin, and to no others.',
    'admin.listener':
      'The routes for operators listen on loopback unless told otherwise, and elsewhere with TLS alone; a port that is taken is said.',
    'admin.browsers':
      'What a page in a browser sends to the routes for operators is refused, whatever it carries, unless it is the app that they serve.',
    'admin.audited': 'A change by an operator is on the trail before it is made, with who makes it, or is not made.',
    'admin.secrets': 'A key leaves the service once, when it is made, and no other secret does.',
    'admin.remote':
      'A command with --server reads and changes by the routes for operators, in the words and with the exit codes of one on the machine.',
    'admin.trail':
      'The trail of a service is checked from another machine, by its own word: `audit verify --server` ends as on its machine.',
    'admin.faults':
      'A fault inside is answered to an operator with the id of the request, by which the log has what it was.',
    'keys.first-audited': 'The first key is on the trail before a start makes it, or is not made.',
    'admin.remote-tls': 'A command sends the key of an operator to another machine over TLS alone.',
    'admin.limits': 'An operator sees how each limit of a caller stands, and looking uses nothing of it.',
    'admin.pages': 'A list goes on behind where a piece of it ended, or says that it cannot.',
    'admin.moments': 'Moments count to the millisecond, whatever digits they were written with.',
    'limits.commands':
      'Limits of groups, and how those of a caller stand, are shown at the command line, here and of another machine.',
    'keys.audited':
      'A change of a key at the command line is on the trail before it is made, by its id, or is not made.',
    'admin.document': 'The routes for operators have an OpenAPI 3.1 document, made from what requests are read by.',
    'sandboxes.seen':
      'An operator sees each sandbox of a process with who has it, what it does, and what its own kernel says that it is.',
    'sandboxes.ended':
      'A sandbox that an operator ends is gone with what runs in it, which says so, and its place is free.',
    'sandboxes.drained':
      'A process whose sandboxes are drained hands out none, to those who wait neither, until it is resumed.',
    'sandboxes.commands': 'Sandboxes of a service are listed, ended, drained and resumed at the command line.',
    'approvals.operators':
      'An operator sees what waits for a person in every group, opens it on the trail, and decides with the scope approve alone.',
    'overview.traffic':
      'An operator sees what a process has answered to callers over its last minutes, hour and day, and how long that took.',
    'overview.refusals': 'Refusals are counted by where and why they were, within a bound.',
    'operators.providers':
      'An operator sees providers and routes with their breakers and calls, by what a process has seen, and without secrets.',
    'operators.sources':
      'An operator sees whether each data source answers, what its role may do, and how far behind it is, as it was last looked at.',
    'operators.dry-run': 'An operator asks the rules in force about a question, and nothing of it happens.',
    'admin.contract': 'Each route for operators answers with every status that its document has, and with no other.',
  },
  'docs/gateway.md#abuse': {
    'abuse.thresholds':
      'A caller whose refusals, errors or spending reach a threshold within its window is slowed down or suspended, with notice.',
    'abuse.everywhere':
      'Callers are counted by all processes together and over restarts, and anew behind a suspension that was lifted.',
    'abuse.guarded':
      'Nobody can have somebody else kept out: what is counted was sent with a valid credential, and by the person it names.',
    'abuse.off': 'Nobody is counted where no threshold is set.',
  },
  'docs/gateway.md#suspensions': {
    'suspensions.everywhere':
      'A suspension, and its end, count at the next request as a revocation does, in every process and after a restart.',
    'suspensions.commands':
      'Suspensions are made, listed, shown and lifted at the command line, each change on the trail.',
    'suspensions.told':
      'Whoever is suspended is told why and until when, and for how long to wait where it is moments.',
    'suspensions.persons': 'A person behind the key of an application is suspended alone.',
  },
} as const satisfies Readonly<Record<string, Promises[string]>>
