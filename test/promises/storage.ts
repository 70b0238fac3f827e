import type { Promises } from '../requirements.ts'

/** What docs/storage.md promises. */
export const storagePromises = {
  'docs/storage.md#what-it-promises': {
    'storage.killed': 'A service that is killed with all surfaces at work has what it acknowledged, and nothing hangs.',
    'storage.kept': 'What was acknowledged is there after the process was killed at any moment.',
    'storage.one-migrates': 'Of several processes that start at once one changes the tables, and the others wait.',
    'storage.newer': 'A storage that is newer than the program is refused with what it has.',
    'storage.revoked': 'A revoked key is nobody’s at the next request; over PostgreSQL within a second.',
    'storage.recovers':
      'A full disk, a locked file or a server that is gone is a named state in /readyz, and ends by itself.',
    'storage.first-maker': 'An id is its first maker’s.',
    'storage.forgotten':
      'What was deleted of a conversation or a report stays deleted when an older copy of the storage is put back.',
    'history.own': 'A conversation is its principal’s own: to others it is as one that never was.',
    'history.sealed': 'What was said is kept sealed, and opens only where it was put, whole.',
    'history.forgotten': 'A deleted conversation is gone with its key, also when an older copy is put back.',
    'history.one-writer':
      'One run at a time writes into a conversation, whichever process asks; others get a conflict.',
    'history.interrupted': 'A run whose process died is told as interrupted with all that it had finished; none hangs.',
    'history.kept': 'A finished step is on the disk before the event that tells of its end is passed on.',
    'history.full':
      'Where the storage is full in mid-run, the run ends with storage-unavailable, and nothing is told that was not kept.',
    'files.links':
      'A link to a file opens it for whoever has it, at every replica and after a restart, until it is over.',
    'files.inert':
      'Tables that a run made go out without cells that a spreadsheet takes for formulas; SVG and HTML are attachments.',
    'clients.files': 'Unmodified clients of OpenAI upload, list, read and delete files.',
    'clients.conversations': 'Unmodified clients of OpenAI make, fill, list and delete conversations.',
    'files.own': 'A file is its principal’s own, and gives back the bytes that came.',
    'files.content-addressed': 'What one principal keeps twice is kept once; nothing tells whether another has it.',
    'files.aborted': 'An upload that breaks off, or is too large, leaves nothing.',
    'files.expiry': 'A file that is over is nobody’s at once, and gone at the next sweep.',
    'files.forgotten': 'A deleted file is gone with its key, also when an older copy is put back.',
    'approvals.once': 'An approval is decided once and used once, by one of all processes.',
    'approvals.exact':
      'An approval counts for the caller who asked and the very digest that was asked, and nothing else.',
    'approvals.most': 'So many approvals of one caller wait at most, however many processes ask at a time.',
    'approvals.expire': 'An approval is over at its end, whatever a clock says later.',
    'approvals.restored': 'No restore, and no copy that is put back, allows again what was allowed before it.',
    'approvals.sealed': 'What would run is kept sealed, and opens only beside the caller and digest it was asked with.',
    'approvals.shown': 'An approver sees all of what would run: nothing is cut, hidden or obeyed by the terminal.',
    'tuning.restored':
      'No restore, and no copy that is put back, puts a tuned threshold in force; what people have decided comes back.',
    'approvals.trail': 'Who showed and decided an approval is on the audit trail before it counts, and never the text.',
  },
  'docs/storage.md#several-processes': {
    'storage.several':
      'Each process answers for what is kept, also while another one runs it, and says how it ended where that one was killed.',
    'storage.of-one-process': 'What lives in one process is not found in another.',
    'replicas.fenced':
      'A process that was taken for dead writes nothing more of what it ran, and ends what it runs before it goes on under a lease with a higher number.',
    'replicas.one-key':
      'A process whose key opens nothing of what the others have sealed is refused at its start, and seals nothing.',
    'replicas.cut-off':
      'A process that cannot say that it lives ends its sandboxes without waiting for the storage, and serves again by itself.',
    'replicas.listed': 'The list of open sessions says which ones of its caller other replicas have.',
    'replicas.quota': 'What a killed process held of a quota comes back by itself, and counts once.',
    'replicas.clocks': 'Clocks of replicas may be minutes apart.',
    'replicas.sessions':
      'A process that has not got a session tells its owner which one has it, or that it was lost, and nobody else that there is one.',
    'replicas.stopped':
      'A process that is stopped for longer than its lease loses what it ran to the others, and serves again once its sandboxes have ended.',
    'replicas.killed': 'Of a process that is killed the others say to the owners of its sessions that these were lost.',
  },
  'docs/storage.md#retention': {
    'storage.retention': 'What is not in force is forgotten when its kind’s days are over, and nothing earlier.',
  },
  'docs/storage.md#backups': {
    'storage.backup-drafts':
      'A backup that was broken off leaves nothing for good: the next one to the same file removes its drafts, one at a time.',
    'storage.backup':
      'A backup is a file of a storage as it is at one moment, for its owner only, while services write.',
    'history.backup':
      'Conversations and files are in a backup, sealed as they are, and come back but for what was deleted since.',
    'storage.restore-holds':
      'A restore brings back no key that was revoked since, and holds each that the storage does not know.',
    'storage.restore-whole': 'A restore is all of it or nothing, wherever it is killed.',
    'storage.restore-quota':
      'The tokens of the day count as used after a restore, until an operator accepts them by name.',
    'storage.restore-noticed':
      'Every machine notices that its storage was restored or put back by hand, and holds its ledger.',
    'storage.accept-trail': 'What an operator accepts is on the audit trail before it counts.',
    'storage.strange-files': 'A damaged, strange or newer file changes nothing.',
  },
  'docs/storage.md#from-a-version-that-kept-keys-in-a-file': {
    'storage.upgrade': 'Keys of the file are moved, and earlier versions do not start with what is left of it.',
  },
} as const satisfies Promises
