import type { Promises } from '../requirements.ts'

/** What docs/filters.md promises. */
export const filtersPromises = {
  'docs/filters.md#filters': {
    'filters.files': 'Text files are filtered; one that no filter can read is withheld from callers.',
    'filters.profile': 'A profile may block, annotate, or only record what is found.',
    'filters.no-rule-masks': 'A category without a rule is masked.',
    'filters.closed': 'A closed detector that fails withholds the text and says so.',
  },
  'docs/filters.md#files-that-are-not-text': {
    'filters.workbooks': 'A workbook leaves written anew from its values, which are filtered.',
    'filters.workbooks-inert': 'Nothing in it is calculated or loaded.',
    'filters.files-out': 'Large text files, workbooks and pictures leave a session; what no filter reads does not.',
  },
  'docs/filters.md#what-is-looked-for': {
    'filters.pii': 'E-mails, telephone numbers, cards, SSNs and IBANs are found.',
    'filters.secrets': 'The formats of common keys, private keys and passwords in addresses are found.',
    'filters.sql-leak': 'Executed SQL is found in an answer, encoded or reversed, too.',
    'filters.nothing-stays': 'A mask leaves nothing of the value.',
    'filters.whole-tokens': 'A digest or UUID that holds the digits of a number stays whole.',
    'filters.numbers': 'Ordinary numbers in prints are left alone.',
    'filters.findings': 'What was replaced is said, with how often and where first.',
  },
  'docs/filters.md#pictures-and-links': {
    'links.handlers': 'Handlers and what loads from elsewhere are renamed in displays.',
    'links.unknown-addresses': 'An address that neither the question nor the operator names is text to every reader.',
    'links.known-addresses': "The person's own addresses, and hosts of the operator's, stay links.",
    'links.cells': 'A cell of a table that holds an address is no link.',
    'links.files': 'Markdown, HTML and SVG of an answer load nothing from elsewhere as files, too.',
  },
  'docs/filters.md#how-it-is-read': {
    'filters.disguises': 'A value is found in the disguises that a reader sees through.',
    'filters.stream-equals-whole': 'What leaves is the same for every way of cutting a text into chunks.',
  },
  'docs/filters.md#limits': {
    'filters.deadline': 'One deadline for all checks of a response withholds the rest.',
    'filters.result-cap': 'A result above its characters is cut by whole rows, which is said.',
    'filters.turn-cap': 'A turn of the model above its characters is cut, which the answer says.',
    'filters.loop-share': 'Checks let the event loop turn, for however many responses at once.',
  },
} as const satisfies Promises
