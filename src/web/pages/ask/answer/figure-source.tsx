import { Button } from '../../../components/button.tsx'
import { verdictWords } from '../../../components/figure-link.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { sourceSentence } from './cited-figures.ts'
import type { RunTable } from '../data-api.ts'
import type { Place } from './run-results.tsx'
import type { Mark } from '../turn/turn.ts'

interface FigureSourceProps {
  readonly mark: Mark
  readonly tables: readonly RunTable[]
  readonly onPlace: (place: Place) => void
  readonly onStep: (call: number) => void
  readonly onClose: () => void
}

/** What a figure of an answer rests on, with ways to its cells and to what gave them. */
export function FigureSource({ mark, tables, onPlace, onStep, onClose }: FigureSourceProps) {
  const called = [...new Set(mark.sources.map(({ run }) => run))]
  return (
    <div class={`figure-source figure-source-${mark.verdict}`} role="status">
      <p>
        <strong>{visibleText(mark.text)}</strong> {verdictWords[mark.verdict]}. {visibleText(sourceSentence(mark))}
      </p>
      <div class="figure-source-ways">
        {mark.sources
          .filter(({ run }) => tables.some(({ call }) => call === run))
          .slice(0, 6)
          .map(({ run, row, column }) => (
            <Button key={`${run}-${row}-${column}`} onClick={() => onPlace({ call: run, row, column })}>
              Row {row + 1}, {visibleText(column)}
            </Button>
          ))}
        {called.map((call) => (
          <Button key={call} onClick={() => onStep(call)}>
            Step {call}
          </Button>
        ))}
        <Button kind="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  )
}
