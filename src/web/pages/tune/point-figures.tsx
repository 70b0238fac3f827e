import { costOf, type Costs, type Point } from './points.ts'
import { amountText, rateText, thresholdText } from './words.ts'

/** The numbers of the slider beside those of the threshold in force. */
export function PointFigures({
  point,
  inForce,
  costs,
}: {
  readonly point: Point
  readonly inForce: Point
  readonly costs: Costs | null
}) {
  const rows: readonly (readonly [string, (of: Point) => string])[] = [
    ['False positives per 1,000 requests', (of) => amountText(of.per_thousand.false_positives)],
    ['Misses per 1,000 requests', (of) => amountText(of.per_thousand.missed)],
    ['Requests acted on', (of) => rateText(of.acted)],
    ['False-positive rate', (of) => rateText(of.false_positive_rate)],
    ['Recall', (of) => rateText(of.recall)],
    ['Precision', (of) => rateText(of.precision)],
    ...(costs === null ? [] : [['Cost per 1,000 requests', (of: Point) => amountText(costOf(of, costs))] as const]),
  ]
  return (
    <div class="tune-figures">
      <div class="record-scroll" role="region" aria-label="Numbers of the slider" tabIndex={0}>
        <table class="record-table">
          <caption>Estimates with their intervals of 95 %</caption>
          <thead>
            <tr>
              <th scope="col">Of traffic</th>
              <th scope="col" class="record-number">
                at {thresholdText(point.threshold)}
              </th>
              <th scope="col" class="record-number">
                in force, {thresholdText(inForce.threshold)}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([title, text]) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td class="record-number">{text(point)}</td>
                <td class="record-number">{text(inForce)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Confusion point={point} />
    </div>
  )
}

function Confusion({ point: { threshold, per_thousand: of, labels } }: { readonly point: Point }) {
  return (
    <div class="record-scroll" role="region" aria-label="Confusion matrix" tabIndex={0}>
      <table class="record-table tune-confusion">
        <caption>
          Confusion matrix of 1,000 requests at {thresholdText(threshold)}; below each the labels as they were counted
        </caption>
        <thead>
          <tr>
            <td />
            <th scope="col">acted on</th>
            <th scope="col">let pass</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">harmful</th>
            <td class="tune-right">
              {amountText(of.found)}
              <small>{labels.found} labels</small>
            </td>
            <td class="tune-wrong">
              {amountText(of.missed)}
              <small>{labels.missed} labels</small>
            </td>
          </tr>
          <tr>
            <th scope="row">harmless</th>
            <td class="tune-wrong">
              {amountText(of.false_positives)}
              <small>{labels.false_positives} labels</small>
            </td>
            <td class="tune-right">
              {amountText(of.let_pass)}
              <small>{labels.let_pass} labels</small>
            </td>
          </tr>
        </tbody>
      </table>
      {labels.unknown > 0 && (
        <p class="muted small">
          Of {labels.unknown} more labels only a lower bound of the score is known, below this threshold.
        </p>
      )}
    </div>
  )
}
