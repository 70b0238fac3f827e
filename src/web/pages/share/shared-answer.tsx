import { useMemo, useState } from 'preact/hooks'
import type { SharedMark, SharedPart } from '../../../client/generated/shares.ts'
import { Button } from '../../components/button.tsx'
import { verdictWords } from '../../components/figure-link.tsx'
import { MarkedText } from '../../components/marked-text.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { stepOf } from './remarks.ts'
import { marksOf, type SharedPlace } from './shared-figures.ts'

interface SharedAnswerProps {
  readonly answer: Extract<SharedPart, { readonly type: 'message' }>
  /** All parts of the share. */
  readonly items: readonly SharedPart[]
  readonly onPlace: (place: SharedPlace) => void
}

/** Ways to cells that are shown beside a figure. */
const mostWays = 6

/** An answer whose figures lead to what they rest on in the share. */
export function SharedAnswer({ answer, items, onPlace }: SharedAnswerProps) {
  const marks = useMemo(() => marksOf(answer, items), [answer, items])
  const [chosen, setChosen] = useState<SharedMark | null>(null)
  const choose = (mark: SharedMark): void => {
    setChosen(mark)
    const [first] = mark.sources
    if (first !== undefined) onPlace({ ...first })
  }
  return (
    <>
      <MarkedText
        text={answer.text}
        marks={marks}
        chosen={chosen}
        sentenceOf={({ verdict }) => `This ${verdictWords[verdict]}.`}
        onChoose={choose}
      />
      {chosen !== null && (
        <div class={`figure-source figure-source-${chosen.verdict}`} role="status">
          <p>
            <strong>{visibleText(answer.text.slice(chosen.start, chosen.end))}</strong> {verdictWords[chosen.verdict]}.
          </p>
          <div class="figure-source-ways">
            {chosen.sources.slice(0, mostWays).map(({ part, cell }) => (
              <Button
                key={`${part} ${cell?.row ?? ''} ${cell?.column ?? ''}`}
                // A new object leads there once more.
                onClick={() => onPlace({ part, cell })}
              >
                Step {stepOf(items, part)}
                {cell === null ? '' : `: row ${cell.row + 1}, ${visibleText(cell.column)}`}
              </Button>
            ))}
            <Button kind="quiet" onClick={() => setChosen(null)}>
              Close
            </Button>
          </div>
        </div>
      )}
    </>
  )
}
