import { FigureLink, type FigureVerdict } from './figure-link.tsx'
import type { FigureRange } from './figures.ts'
import { Markdown } from './markdown.tsx'

interface MarkedTextProps<Mark extends FigureRange> {
  /** Markdown. */
  readonly text: string
  readonly marks: readonly Mark[]
  /** The mark whose source is shown; null for none. */
  readonly chosen: Mark | null
  /** What a reader is told of a mark before it is chosen. */
  readonly sentenceOf: (mark: Mark) => string
  readonly onChoose: (mark: Mark) => void
}

/** A text in which each marked figure leads to what it rests on. */
export function MarkedText<Mark extends FigureRange & { readonly verdict: FigureVerdict }>({
  text,
  marks,
  chosen,
  sentenceOf,
  onChoose,
}: MarkedTextProps<Mark>) {
  return (
    <Markdown
      text={text}
      figures={marks}
      renderFigure={(index, words) => {
        const mark = marks[index]
        if (mark === undefined) return words
        return (
          <FigureLink
            verdict={mark.verdict}
            words={words}
            sentence={sentenceOf(mark)}
            isChosen={chosen === mark}
            onChoose={() => onChoose(mark)}
          />
        )
      }}
    />
  )
}
