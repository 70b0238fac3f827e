import type { Promises } from '../requirements.ts'

/** What docs/terminal.md promises. */
export const terminalPromises = {
  'docs/terminal.md#a-conversation': {
    'terminal.plan': 'A plan is a block of lines that fit, shown anew when it changes, without colours plain.',
    'terminal.kept': 'A conversation is kept, and another process goes on with it.',
    'terminal.history': 'The arrow keys find questions of earlier conversations.',
    'terminal.interrupt': 'Ctrl-C cancels the answer under way; twice leaves.',
    'terminal.approval':
      'Who is asked to allow a statement sees its tables, what is masked and what the planner expects.',
    'terminal.edit':
      'What a person writes in place of a call is validated and asked about anew; the model, the record and the trail have what ran.',
    'terminal.approve': '`--approve` has more calls asked about than rules want, never fewer.',
    'terminal.approve-nobody': 'Where nobody is there to be asked, nothing runs that is to be asked about.',
    'terminal.cost': 'No answer costs more than `--max-cost` says.',
    'terminal.pictures':
      'A terminal that says it draws pictures is given them, drawn anew behind a wall; every picture has a path all the same.',
    'terminal.deep': 'Markdown that would take long to style is shown as it was written, at once.',
    'terminal.words-of-others':
      'Titles, names and texts of anybody drive no terminal, are no more than their lines, and lead nowhere.',
    'terminal.narrow':
      'Nothing is wider than a terminal of 60 columns, and without colours no escape sequence is written.',
  },
  'docs/terminal.md#commands-of-a-conversation': {
    'terminal.commands': 'Each command that is listed does what the list says.',
    'terminal.undo': 'A question that is taken back is gone for good, with its answer and its files.',
  },
  'docs/terminal.md#kept-conversations': {
    'terminal.sessions': "`sessions` lists, shows, exports and deletes what is kept, one's own alone.",
  },
  'docs/terminal.md#with-a-service': {
    'terminal.server': 'A running service answers a conversation, in its sandbox, and keeps it.',
    'terminal.server-files':
      'Files that are given are where its programs run, and go with the conversation at the terminal.',
    'terminal.server-approval':
      'A call that waits for somebody is asked about at the terminal, and the answer goes on.',
    'terminal.server-edit':
      'A call that waits at a service is edited at the terminal, and what the person wrote passes the gate of the service before it runs.',
    'terminal.server-refused': 'A first question that is refused leaves no conversation behind.',
  },
  'docs/terminal.md#completion': {
    'terminal.completion':
      'A shell completes every command and option that is shown, and the values that an option may have.',
  },
} as const satisfies Promises
