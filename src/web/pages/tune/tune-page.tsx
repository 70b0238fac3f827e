import { askOperators, type AnswerOf } from '../../api/operators.ts'
import { Badge } from '../../components/badge.tsx'
import { Empty } from '../../components/empty.tsx'
import type { PageProps } from '../../shell/lazy-page.tsx'
import { linkTo } from '../../shell/router.ts'
import { Panel } from '../../components/panel.tsx'
import { RecordTable } from '../../components/record-table.tsx'
import { Said } from '../../components/said.tsx'
import { useLoaded } from '../../components/use-loaded.ts'
import { PlacePage } from './place-page.tsx'
import { directionWords, stageText, thresholdText } from './words.ts'
import '../../style/records.css'
import './tune.css'

type Place = AnswerOf<'GET /admin/v1/tuning/places'>['data'][number]

/** Thresholds of content filters: which there are, and each with its curves and its way into force. */
export function TunePage({ route: { path, query } }: PageProps) {
  const [, group, direction, rule] = path
  if (group !== undefined && (direction === 'inbound' || direction === 'outbound') && rule !== undefined) {
    const place = { group, direction, rule } as const
    return <PlacePage key={path.join('/')} place={place} tab={query.get('tab')} />
  }
  return <Places />
}

function Places() {
  const loaded = useLoaded(async (signal) => {
    const [{ data }, { rollouts }] = await Promise.all([
      askOperators('GET /admin/v1/tuning/places', { signal }),
      askOperators('GET /admin/v1/tuning', { signal }),
    ])
    return data.map((place) => ({ place, rollout: rollouts.find((each) => isSame(each.place, place.place)) ?? null }))
  }, [])
  return (
    <Panel
      title="Tune"
      about="A threshold for each category of each group: what another one would come to, and its way into force."
      loaded={loaded}
    >
      {loaded.value?.length === 0 ? (
        <Empty title="No threshold may be tuned.">
          <p>
            Set <code>feedback.limits</code> of a category, for example <code>toxicity</code>, and give a group a
            profile with a rule for it.
          </p>
        </Empty>
      ) : (
        <RecordTable
          caption="Rules whose threshold may be tuned"
          empty=""
          rows={loaded.value ?? []}
          keyOf={({ place }) => addressOf(place).join('/')}
          columns={[
            { title: 'Category', cell: ({ place }) => <a href={linkTo(addressOf(place))}>{place.place.rule}</a> },
            { title: 'Group', cell: ({ place }) => <Said>{place.place.group}</Said> },
            { title: 'Direction', cell: ({ place }) => directionWords[place.place.direction] },
            { title: 'In force', cell: ({ place }) => <InForce place={place} />, isNumber: true },
            {
              title: 'Limits',
              cell: ({ place: { limits } }) => `${thresholdText(limits.lowest)}–${thresholdText(limits.highest)}`,
              isNumber: true,
            },
            {
              title: 'On its way',
              cell: ({ rollout }) =>
                rollout === null ? (
                  <span class="muted">nothing</span>
                ) : (
                  <>
                    <Badge kind="accent">{rollout.stage}</Badge> {thresholdText(rollout.to)}, {stageText(rollout.stage)}
                  </>
                ),
            },
          ]}
        />
      )}
    </Panel>
  )
}

function InForce({ place: { threshold, is_tuned: isTuned } }: { readonly place: Place }) {
  return (
    <>
      {thresholdText(threshold)} {isTuned && <Badge kind="accent">tuned</Badge>}
    </>
  )
}

const addressOf = ({ place: { group, direction, rule } }: Place) => ['tune', group, direction, rule]

const isSame = (one: Place['place'], other: Place['place']): boolean =>
  one.group === other.group && one.direction === other.direction && one.rule === other.rule
