import type { Promises } from '../requirements.ts'

/** What docs/groundedness.md promises. */
export const groundednessPromises = {
  'docs/groundedness.md#references': {
    'groundedness.references':
      'A value that the answer names is told as the result has it, rounded and scaled as it was asked for.',
    'groundedness.streams':
      'An answer streams the same words however it is cut, and no word waits for a reference behind it.',
  },
  'docs/groundedness.md#where-a-reference-is-plain-text': {
    'groundedness.places':
      'A reference is filled in in sentences alone: in code, links, pictures, tags and quotations it is text.',
    'groundedness.read': 'A reference that stands in what the model has read is text, also in its answer.',
    'groundedness.oracle': 'A reference brings nothing that its reader was not shown in this run.',
  },
  'docs/groundedness.md#marks': {
    'groundedness.marks':
      'Figures that the results of a run do not bear out are marked in the terminal, over HTTP and in streams, each with its reason.',
    'groundedness.partly':
      'What of an answer is not compared is told, and nothing of it is told where doubted figures are withheld.',
    'groundedness.actions': 'What an answer says was done is held against what was done.',
    'groundedness.kept': 'What was found of an answer is kept with it, and stands in its exports.',
  },
  'docs/groundedness.md#by-group': {
    'groundedness.regenerate':
      'An answer that its results do not bear out is written once more before anybody sees it, where the group wants that.',
    'groundedness.block': 'And withheld where it is no better then.',
  },
  'docs/groundedness.md#documents-of-a-request': {
    'groundedness.documents':
      'What an answer of a model of a provider says that the documents of its request do not bear out is marked, with where quotations stand.',
    'groundedness.documents-kept': 'No model is sent documents unless its upstream is said to take them.',
    'groundedness.documents-masked':
      'What a profile hides is hidden in documents, and in what a model is told of them.',
    'groundedness.quotations': 'A quotation has to stand in a document, word by word.',
    'groundedness.novel':
      'Figures, dates, names and identifiers that neither a document nor the request has are marked.',
    'groundedness.judge':
      'A model judges what an answer means, where one is configured: asked for its caller, at their expense, and told nothing that is hidden.',
    'groundedness.judged-runs':
      'Where it is wanted, a model judges what an answer of the analyst says without figures by the results of its run.',
    'groundedness.unjudged': 'Whatever is no whole verdict is told as not judged.',
    'groundedness.documents-again':
      'A model is asked once more with what was found, and what that costs counts for its caller.',
    'groundedness.documents-withheld': 'Nothing is told of an answer that is withheld.',
  },
} as const satisfies Promises
