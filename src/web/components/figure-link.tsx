import { visibleText } from './visible-text.ts'
import './figure.css'

/** What a figure of an answer was found to be. */
export type FigureVerdict = 'cell' | 'computed' | 'contradicted' | 'unsupported'

/** The same of a figure, for whoever reads it. */
export const verdictWords: Readonly<Record<FigureVerdict, string>> = {
  cell: 'is the value of a cell',
  computed: 'was computed again from the rows',
  contradicted: 'is contradicted by the rows',
  unsupported: 'has no source in the results',
}

interface FigureLinkProps {
  readonly verdict: FigureVerdict
  readonly words: string
  /** A sentence of what it rests on. */
  readonly sentence: string
  /** Is what it rests on shown? */
  readonly isChosen: boolean
  readonly onChoose: () => void
}

/** A figure of an answer, which leads to what it rests on. */
export function FigureLink({ verdict, words, sentence, isChosen, onChoose }: FigureLinkProps) {
  return (
    <button
      type="button"
      class={`figure figure-${verdict}`}
      aria-pressed={isChosen}
      title={visibleText(sentence)}
      onClick={onChoose}
    >
      {words}
    </button>
  )
}
