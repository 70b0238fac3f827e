import type { Promises } from '../requirements.ts'

/** What docs/pii.md promises. */
export const piiPromises = {
  'docs/pii.md#pii-proxy': {
    'pii.hidden': 'What a detector finds in a call is in no byte that a model is sent, and in the answer again.',
    'pii.no-trace':
      'No value is in a log, the audit trail, metrics, the storage, a receipt or an error of an upstream.',
    'pii.unchanged': 'A body without a value, and an answer without a token, are passed on as they came.',
  },
  'docs/pii.md#five-minutes': {
    'pii.every-client': 'Official clients come to the same through a profile as without one, in all that they do.',
    'pii.clients':
      'The clients of the page are official ones with another address and key, and hear what no model was told.',
  },
  'docs/pii.md#profiles': {
    'pii.names-of-policies': 'A profile or an upstream that is named and not there is refused with the configuration.',
    'pii.regions':
      "An upstream's own level goes before that of its region, and of several destinations the strictest counts.",
    'pii.rules': 'A rule of a profile annotates, allows or blocks a kind of value; what has none is masked.',
  },
  'docs/pii.md#values-of-your-own': {
    'own-values.found':
      'A profile’s own recognizers and lists are gone by, in calls, for the own model, on the command line.',
    'own-values.whole': 'A recognizer matches whole words and numbers, unless it says otherwise.',
    'own-values.allowed': 'What is allowed is a whole finding, never a part of one.',
    'own-values.answers': 'A listed value that the model says is withheld, however the answer is cut.',
    'own-values.refused': 'A pattern, a check or a name that cannot be used is refused with the configuration.',
    'own-values.linear': 'A pattern takes time by the length of the text, whatever it is.',
  },
  'docs/pii.md#tokens': {
    'pii.same-token': 'A value has one token in every turn and place, and the same bytes are sent again in every turn.',
    'pii.labels': 'Every kind that is found has a label of its own, and none is the end of another’s.',
    'pii.prefix-free': 'No token is the beginning of another, and no spelling of one is read as another.',
    'pii.scope': 'A caller’s tokens are nobody else’s, and are restored for nobody else.',
    'pii.escaped': 'A text in the form of a token comes back to the letter, through two proxies, too.',
    'pii.killed':
      'What was hidden is kept before it is sent: it is restored after the service was killed at any moment.',
    'pii.rotation':
      'A new key takes the place of a former one while calls go on, and nothing needs the former one then.',
    'pii.deleted': 'What was deleted of a conversation comes back with no backup and no copy of the storage.',
    'pii.kept': 'What is kept of a conversation at a provider is gone with the last of its answers.',
  },
  'docs/pii.md#surrogates': {
    'surrogates.profile': 'A profile says which kinds of values are replaced by reserved ones of their form.',
    'surrogates.by-value':
      'A value has one surrogate in every turn and place, and no other value of the conversation has it.',
    'surrogates.never-said': 'A surrogate is never a text of the conversation, in whatever way it is written there.',
    'surrogates.used-up': 'A value for which no surrogate is left has a token, and the receipt says so.',
    'surrogates.asked':
      'Where a JSON Schema or a stop text allows no token, a surrogate that is allowed stands in its place.',
    'surrogates.restored': 'A surrogate has its value again however its digits are set.',
    'surrogates.whole': 'A surrogate within a longer word, number or address has no value.',
    'surrogates.round-trip': 'A text with live surrogates comes back to the letter, through two proxies, too.',
  },
  'docs/pii.md#answers': {
    'pii.addresses': 'No value is put into an address, a tag or a host.',
    'pii.choices':
      'A value that a tool’s schema lists has one token there and in the prompt, and comes back to that tool as a whole.',
    'pii.tools': 'A tool is called with values only where the profile names it.',
    'pii.withheld': 'A value that the model says and the caller did not is withheld.',
    'pii.any-cut': 'However a streamed answer is cut, the same comes out.',
    'pii.embeddings': 'Embeddings have one word for every value of a kind, and ids of tokens are refused.',
  },
  'docs/pii.md#what-cannot-be-read': {
    'pii.unread': 'A picture is refused with its place, or passed and named in the receipt.',
    'pii.headers': 'A header that goes to an upstream and holds a value is refused by its name.',
    'pii.user-location':
      'City and region for a hosted search are refused with their place, or passed and named in the receipt.',
    'pii.sealed': 'What a provider has sealed is never changed, and refused where it holds a value in the open.',
  },
  'docs/pii.md#receipts': {
    'pii.receipts': 'A receipt says what was hidden by kind and place, without a value, to its own caller only.',
  },
  'docs/pii.md#reports-of-misses': {
    'pii.reports':
      'A report of a miss is taken for a call of the caller’s own only, and nothing of its text comes out again.',
    'pii.reports-sealed':
      'A report is sealed under a key of its own, which a new key of the service opens and wraps anew.',
    'pii.reports-read':
      'An operator opens a report with the key of the service, and sees its texts only by asking for them; the trail knows.',
    'pii.reports-limited': 'Reports are limited in size, in time and in number, for each key.',
    'pii.reports-forgotten': 'A closed report is gone with its key, also out of an older copy of the storage.',
  },
  'docs/pii.md#requests-of-people': {
    'pii.found':
      'A value is found in the kept conversations that a right reaches, in any spelling, and nothing repeats it.',
    'pii.found-rights':
      'Nobody searches or forgets what is kept without a right of their group, beyond its reach, or past the limits.',
    'pii.found-forgotten':
      'A conversation that was found is forgotten with its key, also out of an older copy of the storage.',
  },
  'docs/pii.md#on-the-command-line': {
    'pii.local': 'A text is masked and restored to the byte without a service; a map is for its owner only.',
    'pii.damaged-map': 'A damaged map, or one of another text, restores nothing.',
    'pii.explain': 'What is found is listed with its place, and no value is printed unless it is asked for.',
  },
  'docs/pii.md#names': {
    'pii.names': 'Names of persons, organizations, places and postal addresses are hidden in words, and only there.',
    'pii.names-again':
      'A name that is known is found again in capitals, family name first or alone, in paths and addresses; one that is a word, only where it is a name.',
    'pii.named-fields':
      'What stands in a field for the name of a person is hidden: in JSON, forms, lines and tables, one word too.',
    'pii.names-public':
      'Countries of which nobody is told, languages, days, months and programs are left, and verbs that a sentence begins with.',
    'pii.names-in-letters':
      'Quoted words, headings, tables and fences in a letter leave it one; paragraphs of people beside code are read.',
    'pii.names-technical': 'Code, traces, logs and tables are left as they are, with the names in them.',
  },
  'docs/pii.md#names-by-presidio': {
    'pii.presidio': 'Names that Presidio finds are hidden from the model and come back; it sees no answer.',
    'pii.presidio-fails-closed':
      'Nothing is sent to a model where Presidio is silent, answers with anything but findings, or leaves an entity out.',
  },
  'docs/pii.md#fail-closed': {
    'pii.fail-closed': 'Nothing is sent where a detector failed, or the key cannot be had.',
  },
  'docs/pii.md#positions': {
    'pii.every-position':
      'Values at every position that may hold any arrive nowhere, plain or streamed, in whatever way they are written.',
    'pii.positions': 'The tables of positions are those that are gone by.',
    'pii.unknown-positions': 'What no table has is read as words, names of members and JSON in texts included.',
  },
} as const satisfies Promises
