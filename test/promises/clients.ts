import type { Promises } from '../requirements.ts'

/** What docs/clients.md promises. */
export const clientsPromises = {
  'docs/clients.md#clients-of-our-own': {
    'clients.own': 'The client of the package does all that it offers before the whole service.',
    'clients.own-python': 'The client in Python does the same.',
    'clients.generated': 'Both clients, and the blocks of the page, are what the document and the examples make them.',
    'clients.anywhere': 'The client of the package needs no package, and nothing that browsers have not.',
    'clients.repeats': 'A program is asked again with one key where nobody answers; what could be done twice is not.',
    'clients.whole-streams': 'A stream is whole or an error.',
    'package.client': 'The client is imported from the package by its name, with types.',
    'clients.typescript-example': 'The example in TypeScript runs.',
    'clients.python-example': 'The example in Python runs.',
  },
  'docs/clients.md#openais-clients': { 'clients.openai-python-example': 'The example in Python runs over both APIs.' },
  'docs/clients.md#curl': { 'clients.curl-example': 'The calls by curl do what is said.' },
  'docs/clients.md#vercel-ai-sdk': { 'clients.vercel-example': 'The example runs over both APIs.' },
  'docs/clients.md#langchain': { 'clients.langchain-example': 'The example runs.' },
  'docs/clients.md#files-and-conversations': {
    'clients.files-example': 'The example runs.',
    'clients.html-export':
      'A conversation as a page has no script, no link and nothing that is loaded, whatever was said in it.',
    'clients.conversation-title': 'A conversation that nobody named is called by the question that it began with.',
  },
  'docs/clients.md#data-of-answers': {
    'clients.sources': 'Sources are listed and described as the policy of the caller’s group shows them.',
    'clients.preview': 'First rows of a file are shown as the profile of the group lets rows out.',
    'clients.run-tables':
      'Rows of a run come as they were screened then, to its caller alone, with what is masked and what was cut.',
    'clients.table-files': 'A table leaves whole as Parquet with exact values, and as CSV whose cells are no formulas.',
    'clients.charts': 'A figure is there as Vega-Lite with its rows.',
    'clients.charts-inert': 'A chart that loads, links, or computes with more than values is not given, and says why.',
    'clients.charts-bounded':
      'A chart of more marks, views, ticks or bins than a page draws while it answers is not given, and says why.',
    'clients.search': 'What was said is found in the caller’s own conversations, and how many were looked at is told.',
  },
  'docs/clients.md#programs-that-take-long': {
    'clients.long-cells':
      'A program that says nothing for long comes to its end on every surface, below a base path, and the surface says that it goes on where its protocol can.',
  },
  'docs/clients.md#hosts-of-the-model-context-protocol': {
    'mcp.blocks': 'A host that is configured as the page says reaches the tools.',
    'mcp.eras': 'Clients of both eras of the protocol, and of the generation before, are served at one address.',
    'mcp.granted':
      'Tools that a key or its group may not use are not listed, and are refused and written down where they are called.',
    'mcp.audit': 'Every call of a tool is on the audit trail.',
    'mcp.challenge': 'A request without a key is told where tokens are given, where some are taken.',
    'mcp.origins': 'Other names in Host and Origin than those that are allowed are refused.',
    'mcp.batches': 'A batch is refused.',
    'mcp.long-results': 'A result of more than 10,000 tokens comes as a part and a link that is its caller’s alone.',
    'mcp.large-pictures': 'A picture of more than 1 MiB comes as a link.',
    'mcp.sessions': 'A session of another caller is not there.',
    'mcp.cancel': 'Cancelling a call ends what runs for it.',
    'mcp.progress': 'A call that takes long tells that it goes on.',
    'mcp.data': 'Results say that they are data, and a refusal stands alone.',
    'mcp.conformance': 'The conformance suite passes all that both revisions require.',
  },
  'docs/clients.md#librechat': {
    'librechat.client':
      'The code executor of LibreChat runs unmodified, and finds the files of one program in the next.',
    'librechat.waits': 'Programs that find no session free wait for one, and are told when to come back.',
    'librechat.gives-way':
      'A session that nobody uses gives way where its key would wait for a sandbox, and those of nobody else do.',
    'librechat.others': 'What another key has made or uploaded is not there, and nothing runs with it.',
  },
  'docs/clients.md#open-webui': {
    'open-webui.real': 'Open WebUI runs its code here, unmodified, and shows its charts.',
    'jupyter.transcript': 'What Open WebUI sends is answered as by a Jupyter server: by token, and by password.',
    'jupyter.others': 'A kernel of another key is not there.',
  },
} as const satisfies Promises
