import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../api/operators.ts'
import { Button } from '../../components/button.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { Time } from '../../components/time.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { Facts } from '../../components/facts.tsx'
import { Said } from '../../components/said.tsx'
import { useDoing } from '../../components/use-loaded.ts'
import { SimulationView } from './simulation-view.tsx'
import { readProposal, readSimulation, type Simulation } from './simulation.ts'
import { WhyForm } from './why-form.tsx'
import { problemHere, rateText, thresholdText } from './words.ts'

type Proposal = AnswerOf<'GET /admin/v1/tuning/proposals'>['data'][number]

/** A proposed threshold with what it rests on, its replay, and the first step of its rollout. */
export function ProposalCard({ proposal, onBegun }: { readonly proposal: Proposal; readonly onBegun: () => void }) {
  const { id, from, to, set, made, by, figures } = proposal
  const { low, high, before, after, loudest } = readProposal(figures)
  const [replayed, setReplayed] = useState<Simulation | null>(null)
  const replaying = useDoing()
  const replay = () =>
    replaying.run(async () => {
      const query = { proposal: id }
      setReplayed(readSimulation(await askOperators('GET /admin/v1/tuning/simulation', { query })))
    })
  return (
    <article class="tune-card" aria-label={`Proposal ${visibleText(id)}`}>
      <h3>
        {thresholdText(from)} → {thresholdText(to)} <span class="muted small">{to > from ? 'looser' : 'stricter'}</span>
      </h3>
      <Facts
        facts={[
          [
            'Best threshold, 95 %',
            low === null || high === null ? 'not known' : `${thresholdText(low)}–${thresholdText(high)}`,
          ],
          ['False-positive rate', `${rateText(before.falsePositives)} → ${rateText(after.falsePositives)}`],
          ['Miss rate', `${rateText(before.misses)} → ${rateText(after.misses)}`],
          ['Of', <Said>{`${set.name}@${set.version}`}</Said>],
          ['By', <Said>{by}</Said>],
          ['Made', <Time at={made} />],
        ]}
      />
      {loudest !== null && loudest.share >= 0.5 && (
        <p class="muted small">
          One caller, <Said>{loudest.principal}</Said>, is behind {Math.round(loudest.share * 100)} % of what is wrongly
          acted on among the labels.
        </p>
      )}
      <div class="tune-actions">
        <Button busy={replaying.isBusy} onClick={() => void replay()}>
          Replay recorded traffic
        </Button>
        <WhyForm
          of={id}
          verb="Compute it beside the one in force"
          about="A rollout begins in shadow: the threshold is computed for every request of the group, and decides nothing."
          onSend={async (why) => {
            await askOperators('POST /admin/v1/tuning/rollouts', { body: { proposal: id, why } })
            onBegun()
          }}
        />
      </div>
      {replaying.error !== null && <ProblemNotice error={problemHere(replaying.error)} />}
      {replayed !== null && <SimulationView of={replayed} />}
    </article>
  )
}
