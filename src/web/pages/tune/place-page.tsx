import { useState } from 'preact/hooks'
import { Tabs } from '../../components/tabs.tsx'
import { linkTo, navigate } from '../../shell/router.ts'
import { Said } from '../../components/said.tsx'
import { CurvesPanel } from './curves-panel.tsx'
import { emptyAim, type AimDraft } from './aim-draft.ts'
import { ProposalsPanel } from './proposals-panel.tsx'
import { QueuePanel } from './queue-panel.tsx'
import { RolloutsPanel } from './rollouts-panel.tsx'
import type { TuningPlace } from './tuning-place.ts'
import { directionWords } from './words.ts'

/** One rule as one group is treated by it, with the loop in its order: look, label, propose, roll out. */
export function PlacePage({ place, tab }: { readonly place: TuningPlace; readonly tab: string | null }) {
  const { group, direction, rule } = place
  const [aim, setAim] = useState<AimDraft>(emptyAim)
  const show = (id: string) => navigate(['tune', group, direction, rule], { tab: id }, { replace: true })
  return (
    <section class="panel">
      <p>
        <a href={linkTo(['tune'])}>All thresholds</a>
      </p>
      <h1>
        <Said>{rule}</Said>
      </h1>
      <p class="muted">
        Group <Said>{group}</Said>, {directionWords[direction]}
      </p>
      <Tabs
        label="Steps of tuning"
        selected={tab ?? 'curves'}
        onSelect={show}
        tabs={[
          {
            id: 'curves',
            title: 'Curves',
            content: () => (
              <CurvesPanel
                place={place}
                aim={aim}
                onAim={setAim}
                onLabel={() => show('queue')}
                onPropose={(chosen) => {
                  setAim(chosen)
                  show('proposals')
                }}
              />
            ),
          },
          { id: 'queue', title: 'Queue and labels', content: () => <QueuePanel place={place} /> },
          {
            id: 'proposals',
            title: 'Sets and proposals',
            content: () => <ProposalsPanel place={place} aim={aim} onAim={setAim} onBegun={() => show('rollouts')} />,
          },
          { id: 'rollouts', title: 'Rollouts and history', content: () => <RolloutsPanel place={place} /> },
        ]}
      />
    </section>
  )
}
