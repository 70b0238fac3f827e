import { useId } from 'preact/hooks'
import { placeOf, plotKinds, plotOf, type Place, type PlotKind, type Point } from './points.ts'
import { pointText } from './words.ts'

const size = 260
const margin = { left: 44, right: 12, top: 12, bottom: 40 }
const ticks = [0, 0.25, 0.5, 0.75, 1]

const left = (x: number): number => margin.left + x * size
const top = (y: number): number => margin.top + (1 - y) * size

const pathOf = (places: readonly Place[]): string =>
  places.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${left(x).toFixed(1)} ${top(y).toFixed(1)}`).join('')

/** ROC or PR with the band of its intervals, the point of the slider with its own, and the one of the threshold in force. */
export function CurvePlot({
  points,
  kind,
  chosen,
  inForce,
}: {
  readonly points: readonly Point[]
  readonly kind: PlotKind
  readonly chosen: Point
  readonly inForce: Point
}) {
  const id = useId()
  const { title, xTitle, yTitle, x, y } = plotKinds[kind]
  const { lines, band } = plotOf(points, kind)
  const [at, before] = [placeOf(chosen, kind), placeOf(inForce, kind)]
  const [width, height] = [margin.left + size + margin.right, margin.top + size + margin.bottom]
  return (
    <figure class="tune-plot">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${id}-title`}>
        <title id={`${id}-title`}>
          {lines.length === 0
            ? `${title}: not known, too little is labelled.`
            : `${title}, ${yTitle} over ${xTitle.toLowerCase()}. The slider is at ${pointText(chosen)}.`}
        </title>
        {ticks.map((tick) => (
          <g key={tick} class="tune-grid">
            <line x1={left(tick)} x2={left(tick)} y1={top(0)} y2={top(1)} />
            <line x1={left(0)} x2={left(1)} y1={top(tick)} y2={top(tick)} />
            <text x={left(tick)} y={top(0) + 16} text-anchor="middle">
              {tick}
            </text>
            <text x={left(0) - 6} y={top(tick) + 4} text-anchor="end">
              {tick}
            </text>
          </g>
        ))}
        <text class="tune-axis" x={left(0.5)} y={height - 4} text-anchor="middle">
          {xTitle}
        </text>
        <text class="tune-axis" transform={`translate(11 ${top(0.5)}) rotate(-90)`} text-anchor="middle">
          {yTitle}
        </text>
        {band.length > 0 && <path class="tune-band" d={`${pathOf(band)}Z`} />}
        {lines.map((line, number) => (
          <path key={number} class="tune-line" d={pathOf(line)} />
        ))}
        {before !== null && <circle class="tune-in-force" cx={left(before.x)} cy={top(before.y)} r={9} />}
        {at !== null && (
          <>
            <rect
              class="tune-interval"
              x={left(chosen[x].low)}
              y={top(chosen[y].high)}
              width={Math.max(1, left(chosen[x].high) - left(chosen[x].low))}
              height={Math.max(1, top(chosen[y].low) - top(chosen[y].high))}
            />
            <circle class="tune-chosen" cx={left(at.x)} cy={top(at.y)} r={6} />
          </>
        )}
        {lines.length === 0 && (
          <text class="tune-axis" x={left(0.5)} y={top(0.5)} text-anchor="middle">
            not known
          </text>
        )}
      </svg>
    </figure>
  )
}
