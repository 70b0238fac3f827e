import type { Promises } from '../requirements.ts'

/** What docs/web.md promises of the app for browsers. */
export const webPromises = {
  'docs/web.md#trying-it': {
    'web.demo': 'The demo serves the app with the scripted model, and what it keeps goes with it.',
  },
  'docs/web.md#signing-in': {
    'web.sessions':
      'A session of a browser counts at its listener until its time is over, somebody signs out, its key ends or the storage is restored.',
    'web.links': 'A link signs one browser in, once, in its time, and at the listener that it is for.',
    'web.link-command':
      'Whoever is at the command line, or has a key with the scope admin, makes a link that signs a browser in.',
    'web.same-origin':
      'The cookie of a session counts for the app that its listener serves, and for nothing else that a browser sends.',
    'web.oidc':
      'Whoever an identity provider signs in is the caller that its tokens give; a sign-in of another browser, client, issuer or time is none.',
    'web.policy': 'The page of the app loads and runs its own files alone, and no page frames it.',
    'web.hostile':
      'Whatever stands in answers, data, names, errors, files, shares and on the pages of operators is shown as text: nothing of it runs, and nothing asks another origin.',
    'web.audited': 'Nobody is signed in, and no link is made, that the audit trail does not know before.',
  },
  'docs/web.md#asking': {
    'web.ask':
      'From a file to a chart it is one press and Enter; columns that look like personal data are named before.',
    'web.ask-again':
      'A figure leads to its cell, and a statement that ran can be changed and run again through the gate.',
    'web.stopped': 'Whoever stops an answer ends its sandbox, and the conversation goes on in another one.',
    'web.people-apart':
      'Where somebody signs out, or somebody else signs in, every tab of the browser lets go of what the person before had read and written.',
    'web.hidden':
      'What a filter hid is named with its rule, and an objection to it reaches people who run the service.',
    'web.approvals':
      'A call that a person has to allow waits on the page of its question, and goes on as they decide: as it is, changed, or not at all.',
    'web.thumbs': 'A thumb for an answer reaches the people who run the service, with its reason.',
    'web.taken-along':
      'A table is saved as CSV and Parquet with the rows that are shown, a conversation as a notebook, Markdown and HTML.',
    'web.made-pages': 'A page that a program made is shown in a frame in which nothing runs and nothing is loaded.',
    'web.ask-keyboard': 'A question, a figure and its cell are reached with the keyboard alone.',
    'web.streams':
      'An answer whose stream is cut, fails behind its first byte or has events that nobody knows is shown as far as it came, and as what it is.',
    'web.figures':
      'A figure of an answer leads to the cell or the step that it rests on, and no figure to one of another.',
    'web.stop':
      'Whoever stops an answer is told so when the service says that nothing runs for it any more, and its sandbox is ended.',
    'web.containers':
      'Questions of a conversation find what those before them left; where that has expired or made room, the page says so.',
  },
  'docs/web.md#operating': {
    'web.operate-routes':
      'Pages for operators ask routes by types that are made of their contracts, so that one that is not there does not compile.',
    'web.operate-key-once':
      'A key that was made on a page is shown there until somebody has kept it, and nowhere after.',
    'web.operate-long':
      'A list of tens of thousands on a page for operators makes some hundred rows, and finds any of them.',
    'web.operate-on-trail':
      'What is changed on a page for operators is found on the trail by that page, with who did it.',
    'web.operate-gvisor': 'The badge of gVisor is good only where the service says that it was proven.',
    'web.operate-chain': 'A chain of the trail is shown as good only where signed checkpoints bear it out.',
  },
  'docs/web.md#tuning': {
    'web.tune':
      'The page Tune takes a threshold from an appeal over labels, a proposal and a canary and back, by keyboard alone; its slider says what the route says.',
  },
  'docs/web.md#what-is-shown-is-text': {
    'web.walls':
      'What keeps hostile content from running or asking elsewhere, and the app out of frames, holds where the others are taken away.',
    'web.visible-text':
      'Characters that hide, or that turn others round, are shown as what they are, in whatever place a value is seen.',
    'web.exported-page':
      'A conversation that is saved as a page runs nothing, asks for nothing and leads nowhere, whatever stands in it.',
    'web.long-texts':
      'A text that is longer, or nested deeper, than a text is does not keep the page from answering: the rest of it is shown as it was written.',
    'web.visible-links': 'A link leads to an absolute address of the web or of mail and says where, or it is text.',
  },
  'docs/web.md#by-keyboard-by-ear-on-a-phone': {
    'web.keyboard': 'Whoever has only a keyboard skips to the content, signs in and moves between pages.',
    'web.accessible':
      'Pages have no fault that axe calls serious or critical, in both themes, and none is wider than a phone of 360 pixels.',
  },
  'docs/web.md#what-it-weighs': {
    'web.first-load': 'Each page is seen after 150 kB of compressed script at most; what draws charts comes later.',
  },
  'docs/web.md#building-it': {
    'web.renewed':
      'A tab that asks for a part of the app that is gone says so, and has the page once the app is loaded again.',
  },
} as const satisfies Promises
