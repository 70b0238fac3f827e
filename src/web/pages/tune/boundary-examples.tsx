import { useState } from 'preact/hooks'
import { askOperators } from '../../api/operators.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { RecordTable } from '../../components/record-table.tsx'
import { useDoing } from '../../components/use-loaded.ts'
import { MaskedText } from './masked-text.tsx'
import { examplesAt, type Curves } from './points.ts'
import { SimulationView } from './simulation-view.tsx'
import { readSimulation, type Simulation } from './simulation.ts'
import { problemHere, thresholdText } from './words.ts'

/** What lies on the boundary: of what is labelled, and of what is recorded. */
export function BoundaryExamples({ curves, threshold }: { readonly curves: Curves; readonly threshold: number }) {
  const { labelled, place, threshold: inForce } = curves
  const [replayed, setReplayed] = useState<Simulation | null>(null)
  const doing = useDoing()
  const replay = () =>
    doing.run(async () => {
      const query = { ...place, threshold }
      setReplayed(readSimulation(await askOperators('GET /admin/v1/tuning/simulation', { query })))
    })
  return (
    <>
      <h2>At the boundary</h2>
      <RecordTable
        caption="Labelled decisions that the two thresholds treat differently, then the nearest"
        empty="None is labelled."
        rows={examplesAt(labelled, inForce, threshold)}
        keyOf={({ decision, truth }) => `${decision} ${truth}`}
        columns={[
          { title: 'Score', cell: ({ score }) => score.toFixed(3), isNumber: true },
          {
            title: 'Label',
            cell: ({ truth }) => <Badge kind={truth === 'harmful' ? 'warning' : 'neutral'}>{truth}</Badge>,
          },
          { title: `In force, ${thresholdText(inForce)}`, cell: ({ before }) => actedText(before) },
          { title: `At ${thresholdText(threshold)}`, cell: ({ after }) => actedText(after) },
          {
            title: 'Text, masked',
            cell: ({ decision, source }) =>
              source === 'import' ? <span class="muted">of a file</span> : <MaskedText key={decision} id={decision} />,
          },
        ]}
      />
      <div class="tune-row">
        <Button busy={doing.isBusy} onClick={() => void replay()}>
          Replay recorded traffic at {thresholdText(threshold)}
        </Button>
      </div>
      {doing.error !== null && <ProblemNotice error={problemHere(doing.error)} />}
      {replayed !== null && <SimulationView of={replayed} />}
    </>
  )
}

const actedText = (acted: boolean): string => (acted ? 'acted on' : 'let pass')
