import type { Promises } from '../requirements.ts'

/** What docs/architecture.md promises. */
export const architecturePromises = {
  'docs/architecture.md#the-path': {
    'path.order': 'A caller without a known key starts nothing.',
    'path.settled': 'A reservation is settled also when the caller has gone.',
    'path.provider-counts': "The charge is by the provider's own count where there is one.",
    'path.redacted': 'Secrets are taken out of what the model reads.',
  },
  'docs/architecture.md#what-runs-is-vetted': {
    'vetted.own-source': 'A database runs statements vetted for its own name and no other.',
    'vetted.home': 'Only the validators make what is vetted.',
  },
  'docs/architecture.md#folders': {
    'architecture.arrows': 'A folder imports only what the table allows, and the table has no arrow that nobody uses.',
  },
  'docs/architecture.md#processes': {
    'processes.sweep': 'What has no living owner is removed by a sweep, which spares the living.',
    'processes.pglite': 'The process of the embedded database is restarted after too much memory.',
    'processes.drain': 'SIGTERM lets the answer under way finish.',
    'processes.interrupts': 'A first Ctrl-C cancels what runs, a second leaves.',
  },
} as const satisfies Promises
