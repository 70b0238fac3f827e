import { useMemo, useState } from 'preact/hooks'
import { askOperators } from '../../api/operators.ts'
import { Button } from '../../components/button.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { Notice, ProblemNotice } from '../../components/notice.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { Facts } from '../../components/facts.tsx'
import { Field } from '../../components/field.tsx'
import { useLoaded } from '../../components/use-loaded.ts'
import { aimAt, costsOf, type AimDraft } from './aim-draft.ts'
import { BoundaryExamples } from './boundary-examples.tsx'
import { CurvePlot } from './curve-plot.tsx'
import { PointFigures } from './point-figures.tsx'
import { cheapest, indexOf, type Curves } from './points.ts'
import { ScoreBars } from './score-bars.tsx'
import { isAt, type TuningPlace } from './tuning-place.ts'
import { pointText, adviceHere, problemHere, rateText, thresholdText } from './words.ts'

interface CurvesPanelProps {
  readonly place: TuningPlace
  readonly aim: AimDraft
  readonly onAim: (aim: AimDraft) => void
  readonly onPropose: (aim: AimDraft) => void
  /** Goes to what waits for a label. */
  readonly onLabel: () => void
}

/** What each threshold of the place comes to, by the labels that hold now or by those of a set. */
export function CurvesPanel({ place, ...rest }: CurvesPanelProps) {
  const [of, setOf] = useState('')
  const sets = useLoaded(async (signal) => {
    const { data } = await askOperators('GET /admin/v1/tuning/sets', { signal })
    return data.filter(isAt(place)).map(({ name, version, size }) => ({ id: `${name}@${version}`, size }))
  }, [])
  const loaded = useLoaded(
    (signal) => {
      const [set = '', version = ''] = of.split('@')
      const query = set === '' ? place : { set, version: Number(version) }
      return askOperators('GET /admin/v1/tuning/curves', { query, signal })
    },
    [of],
  )
  return (
    <div aria-busy={loaded.isLoading}>
      <div class="tune-row">
        <Field label="Labels">
          {(field) => (
            <select {...field} value={of} onChange={(event) => setOf(event.currentTarget.value)}>
              <option value="">as they hold now</option>
              {sets.value?.map(({ id, size }) => (
                <option key={id} value={id}>
                  set {visibleText(id)}, {size} labels
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button kind="quiet" busy={loaded.isLoading && loaded.value !== null} onClick={loaded.reload}>
          Refresh
        </Button>
      </div>
      {loaded.error !== null && <ProblemNotice error={problemHere(loaded.error)} />}
      {loaded.value === null
        ? loaded.error === null && <p role="status">Reading what is recorded…</p>
        : loaded.value.points.length > 0 && <Curve curves={loaded.value} {...rest} />}
    </div>
  )
}

function Curve({
  curves,
  aim,
  onAim,
  onPropose,
  onLabel,
}: { readonly curves: Curves } & Omit<CurvesPanelProps, 'place'>) {
  const { points, threshold, limits, missing, labels } = curves
  const [chosen, setChosen] = useState(threshold)
  const at = indexOf(points, chosen)
  const [point, inForce] = [points[at], points[indexOf(points, threshold)]]
  const costs = costsOf(aim)
  const least = costs === null ? null : cheapest(curves, costs)
  if (point === undefined || inForce === undefined) return null
  const held = aimAt(point, aim)
  const isBeyond = point.threshold < limits.lowest || point.threshold > limits.highest
  return (
    <>
      {missing !== null && (
        <Notice kind="warning" title="Some of it is not known.">
          <p>{visibleText(missing.message)}</p>
          <p>{visibleText(adviceHere(missing.advice))}</p>
          <Button onClick={onLabel}>Label what waits</Button>
        </Notice>
      )}
      <div class="tune-plots">
        <CurvePlot kind="roc" points={points} chosen={point} inForce={inForce} />
        <CurvePlot kind="pr" points={points} chosen={point} inForce={inForce} />
      </div>
      <p class="tune-legend small">
        <span class="tune-key tune-key-chosen" /> the slider, with its interval of 95 %{' '}
        <span class="tune-key tune-key-in-force" /> in force <span class="tune-key tune-key-band" /> where the curve
        lies with a confidence of 95 %
      </p>
      <div class="tune-slider">
        <ScoreBars points={points} limits={limits} threshold={point.threshold} />
        <label>
          <span>
            Threshold <output>{thresholdText(point.threshold)}</output>
            {isBeyond && <span class="muted"> beyond the limits: it may not stand there</span>}
          </span>
          <input
            type="range"
            min={0}
            max={points.length - 1}
            step={1}
            value={at}
            aria-valuetext={pointText(point)}
            onInput={(event) => setChosen(points[Number(event.currentTarget.value)]?.threshold ?? threshold)}
          />
        </label>
        <p class="muted small">
          {curves.of === 'texts'
            ? 'The texts of a file: they say nothing of traffic.'
            : `${Math.round(curves.decisions).toLocaleString('en')} decisions, of which ${curves.recorded.toLocaleString('en')} are recorded`}
          ; {labels.harmful.toLocaleString('en')} labelled as harmful and {labels.harmless.toLocaleString('en')} as
          harmless, {labels.drawn.toLocaleString('en')} of them drawn.
          {labels.other_detectors + curves.others > 0 &&
            ` Of other detectors, and left out: ${labels.other_detectors} labels, ${curves.others} decisions.`}
        </p>
      </div>
      <PointFigures point={point} inForce={inForce} costs={costs} />
      <div class="tune-row">
        <CostField
          label="A false block costs"
          value={aim.falseBlock}
          onInput={(falseBlock) => onAim({ ...aim, falseBlock })}
        />
        <CostField label="A miss costs" value={aim.miss} onInput={(miss) => onAim({ ...aim, miss })} />
        <div class="tune-actions">
          <Button disabled={least === null} onClick={() => least !== null && setChosen(least.threshold)}>
            {least === null ? 'The least cost is not known' : `Go to the least cost, ${thresholdText(least.threshold)}`}
          </Button>
          <Button disabled={costs === null} onClick={() => onPropose({ ...aim, kind: 'costs' })}>
            Propose by these costs
          </Button>
          <Button kind="primary" disabled={held === null} onClick={() => held !== null && onPropose(held)}>
            {held === null ? 'No rate to propose by' : `Propose at most ${held.most} % false positives`}
          </Button>
        </div>
      </div>
      <BoundaryExamples curves={curves} threshold={point.threshold} />
      <Details curves={curves} />
    </>
  )
}

function CostField({
  label,
  value,
  onInput,
}: {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
}) {
  const isGood = Number(value) > 0
  return (
    <Field label={label} fault={isGood ? null : 'A number above 0.'}>
      {(field) => (
        <input
          {...field}
          inputMode="decimal"
          size={6}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** The same as a table: what is drawn can always be read. */
function Details({ curves }: { readonly curves: Curves }) {
  const [isOpen, setOpen] = useState(false)
  const { points, detectors, set } = curves
  const rowsAt = useMemo(
    () => (from: number, to: number) =>
      points
        .slice(from, to)
        .map(({ threshold, acted, false_positive_rate: wrong, recall, precision }) => [
          threshold,
          rateText(acted),
          rateText(wrong),
          rateText(recall),
          rateText(precision),
        ]),
    [points],
  )
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>All points as a table</summary>
      {isOpen && (
        <>
          <Facts
            facts={[
              ['Detectors', visibleText(detectors)],
              [
                'Set',
                set === null ? 'labels as they hold now' : visibleText(`${set.name}@${set.version}, ${set.digest}`),
              ],
            ]}
          />
          <DataTable
            caption="What each threshold comes to"
            columns={[
              { name: 'threshold', kind: 'number' },
              { name: 'acts on', kind: 'text' },
              { name: 'false-positive rate', kind: 'text' },
              { name: 'recall', kind: 'text' },
              { name: 'precision', kind: 'text' },
            ]}
            rowCount={points.length}
            rowsAt={rowsAt}
          />
        </>
      )}
    </details>
  )
}
