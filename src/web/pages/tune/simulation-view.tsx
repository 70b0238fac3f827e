import { Facts } from '../../components/facts.tsx'
import { RecordTable } from '../../components/record-table.tsx'
import { MaskedText } from './masked-text.tsx'
import type { ReplayedDecision, Simulation } from './simulation.ts'
import { rateText, thresholdText } from './words.ts'

/** What a threshold would have done to recorded traffic: how often, on which days, and to what. */
export function SimulationView({ of }: { readonly of: Simulation }) {
  const { from, to, decisions, before, after, released, added, days, examples } = of
  const count = (value: number) => Math.round(value).toLocaleString('en')
  return (
    <div class="tune-replay">
      <Facts
        facts={[
          [`Acted on at ${thresholdText(from)}, in force`, rateText(before)],
          [`Acted on at ${thresholdText(to)}`, rateText(after)],
          ['Let pass that were not', count(released)],
          ['Acted on that were not', count(added)],
          ['Of decisions', count(decisions)],
        ]}
      />
      <RecordTable
        caption="By day (UTC)"
        empty="Nothing is recorded."
        rows={days}
        keyOf={({ day }) => day}
        columns={[
          { title: 'Day', cell: ({ day }) => day },
          { title: 'Decisions', cell: (day) => count(day.decisions), isNumber: true },
          { title: 'In force', cell: (day) => rateText(day.before), isNumber: true },
          { title: `At ${thresholdText(to)}`, cell: (day) => rateText(day.after), isNumber: true },
        ]}
      />
      {examples.released.length > 0 && <Replayed caption="Would be let pass" rows={examples.released} />}
      {examples.added.length > 0 && <Replayed caption="Would be acted on" rows={examples.added} />}
    </div>
  )
}

function Replayed({ caption, rows }: { readonly caption: string; readonly rows: readonly ReplayedDecision[] }) {
  return (
    <RecordTable
      caption={caption}
      empty=""
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Score', cell: ({ score }) => score.toFixed(3), isNumber: true },
        { title: 'Recorded as', cell: ({ stratum }) => stratum },
        { title: 'Text, masked', cell: ({ id }) => <MaskedText key={id} id={id} /> },
      ]}
    />
  )
}
