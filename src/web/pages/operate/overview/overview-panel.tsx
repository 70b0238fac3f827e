import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Time } from '../../../components/time.tsx'
import { linkTo } from '../../../shell/router.ts'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Said } from '../../../components/said.tsx'
import { useLoaded } from '../../../components/use-loaded.ts'
import { durationText } from '../../../components/time-text.ts'
import { amountText, countText, shareText } from '../words.ts'
import { barsOf, picture, scaleTop } from './bars.ts'
import { boundedText, stageText } from './overview-words.ts'

type Overview = AnswerOf<'GET /admin/v1/overview'>

const windows = [
  { window: '5m', title: 'The last 5 minutes' },
  { window: '1h', title: 'The last hour' },
  { window: '24h', title: 'The last day' },
] as const

/** How often it is read anew while it is seen. */
const everyMilliseconds = 10_000

/** How this process is doing, by its own counts. */
export function OverviewPanel() {
  const [window, setWindow] = useState<(typeof windows)[number]['window']>('1h')
  const loaded = useLoaded(
    (signal) => askOperators('GET /admin/v1/overview', { query: { window }, signal }),
    [window],
    everyMilliseconds,
  )
  return (
    <Panel
      title="Overview"
      about="What this process has counted itself. Where several processes run, each has its own."
      loaded={loaded}
      actions={
        <select
          aria-label="Of which time"
          value={window}
          onChange={(event) =>
            setWindow(windows.find((each) => each.window === event.currentTarget.value)?.window ?? '1h')
          }
        >
          {windows.map(({ window: value, title }) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      }
    >
      {loaded.value !== null && <Counts of={loaded.value} />}
    </Panel>
  )
}

function Counts({ of }: { readonly of: Overview }) {
  const { state, traffic, points, refusals, spend, sandboxes: pool, draining, waiting, started } = of
  const { requests, refused, failed, latency_ms: latency } = traffic
  return (
    <>
      <p>
        <Badge kind={state.ready ? 'good' : 'danger'}>{state.ready ? 'ready' : 'not ready'}</Badge>{' '}
        {draining && <Badge kind="warning">sandboxes are drained</Badge>} <Said>{state.detail}</Said>{' '}
        <span class="muted">
          It runs since <Time at={started} />.
        </span>
      </p>
      <dl class="operate-tiles">
        <Tile name="Requests" value={countText(requests)} />
        <Tile name="Refused" value={countText(refused)} more={shareText(refused, requests)} />
        <Tile name="Failed" value={countText(failed)} more={shareText(failed, requests)} />
        <Tile
          name="Half are answered within"
          value={latency === null ? '–' : durationText(latency.p50)}
          more={
            latency === null
              ? 'nothing was asked'
              : `95 % within ${durationText(latency.p95)}, 99 % within ${durationText(latency.p99)}`
          }
        />
        <Tile
          name="Sandboxes in use"
          value={pool === null ? '–' : countText(pool.claimed)}
          more={
            pool === null
              ? 'none was asked for yet'
              : `${countText(pool.ready)} ready, ${countText(pool.waiting)} wait, of ${countText(pool.maximum)}`
          }
        />
        <Tile
          name="Approvals that wait"
          value={<a href={linkTo(['operate', 'approvals'])}>{boundedText(waiting.approvals)}</a>}
        />
        <Tile
          name="Suspensions in force"
          value={<a href={linkTo(['operate', 'suspensions'])}>{boundedText(waiting.suspensions)}</a>}
        />
      </dl>
      <h2>Requests</h2>
      <Traffic points={points} />
      <h2>Refusals</h2>
      <RecordTable
        caption="By what refused, most first"
        empty="Nothing was refused."
        rows={refusals}
        keyOf={({ stage, reason }) => `${stage} ${reason}`}
        columns={[
          { title: 'Stage', cell: ({ stage }) => stageText(stage) },
          { title: 'Reason', cell: ({ reason }) => <Said>{reason}</Said> },
          { title: 'How often', cell: ({ count }) => countText(count), isNumber: true },
        ]}
      />
      <h2>Spend</h2>
      <RecordTable
        caption="By group"
        empty="Nothing was spent."
        rows={spend}
        keyOf={({ group, unit }) => `${group} ${unit}`}
        columns={[
          { title: 'Group', cell: ({ group }) => <Said>{group}</Said> },
          { title: 'Of what', cell: ({ unit }) => unit.replaceAll('_', ' ') },
          { title: 'How much', cell: ({ unit, amount }) => amountText(unit, amount), isNumber: true },
        ]}
      />
    </>
  )
}

function Tile({
  name,
  value,
  more,
}: {
  readonly name: string
  readonly value: preact.ComponentChildren
  readonly more?: string
}) {
  return (
    <div class="operate-tile">
      <dt>{name}</dt>
      <dd>
        {value}
        {more !== undefined && <div class="small muted">{more}</div>}
      </dd>
    </div>
  )
}

const legend = [
  ['answered', 'answered'],
  ['refused', 'refused'],
  ['failed', 'failed'],
] as const

function Traffic({ points }: { readonly points: Overview['points'] }) {
  const top = scaleTop(points)
  return (
    <>
      <svg
        class="operate-bars"
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        role="img"
        aria-label={`Requests over time, at most ${countText(top)} in a piece; the table below has the numbers.`}
      >
        {barsOf(points).map(({ kind, ...place }) => (
          <rect key={`${kind} ${place.x}`} class={`bar-${kind}`} {...place} />
        ))}
        <line class="bar-line" x1="0" x2={picture.width} y1={picture.height - 0.5} y2={picture.height - 0.5} />
      </svg>
      <ul class="operate-legend">
        {legend.map(([kind, title]) => (
          <li key={kind}>
            <svg class="operate-key operate-bars" viewBox="0 0 10 10" aria-hidden="true">
              <rect class={`bar-${kind}`} width="10" height="10" />
            </svg>
            {title}
          </li>
        ))}
        <li class="muted">The top is {countText(top)}.</li>
      </ul>
      <details>
        <summary>As a table</summary>
        <RecordTable
          caption="Requests over time"
          empty="Nothing was counted yet."
          rows={points}
          keyOf={({ from }) => from}
          columns={[
            { title: 'From', cell: ({ from }) => <Time at={from} /> },
            { title: 'Requests', cell: ({ requests }) => countText(requests), isNumber: true },
            { title: 'Refused', cell: ({ refused }) => countText(refused), isNumber: true },
            { title: 'Failed', cell: ({ failed }) => countText(failed), isNumber: true },
            {
              title: 'Half within',
              cell: ({ latency_ms: of }) => (of === null ? '–' : durationText(of.p50)),
              isNumber: true,
            },
            {
              title: '95 % within',
              cell: ({ latency_ms: of }) => (of === null ? '–' : durationText(of.p95)),
              isNumber: true,
            },
          ]}
        />
      </details>
    </>
  )
}
