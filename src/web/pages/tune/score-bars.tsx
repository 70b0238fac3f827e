import { scoreBars, type Limits, type Point } from './points.ts'

const [width, height] = [600, 64]

/** Recorded traffic by its scores, over the slider: where a threshold moves much, and where next to nothing lies. */
export function ScoreBars({
  points,
  limits,
  threshold,
}: {
  readonly points: readonly Point[]
  readonly limits: Limits
  readonly threshold: number
}) {
  const bars = scoreBars(points)
  // What passes by far is most of all traffic: by logarithm the rest is seen beside it.
  const heightOf = (share: number) => (share <= 0 ? 0 : Math.max(2, height * Math.min(1, 1 + Math.log10(share) / 4)))
  const at = (score: number) => score * width
  return (
    <svg class="tune-scores" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <rect
        class="tune-limits"
        x={at(limits.lowest)}
        y={0}
        width={at(limits.highest) - at(limits.lowest)}
        height={height}
      />
      {bars.map(({ from, to, share }) => (
        <rect
          key={from}
          class={from >= threshold ? 'tune-acted' : 'tune-passed'}
          x={at(from)}
          width={Math.max(1, at(to) - at(from) - 0.5)}
          y={height - heightOf(share)}
          height={heightOf(share)}
        />
      ))}
      <line class="tune-here" x1={at(threshold)} x2={at(threshold)} y1={0} y2={height} />
    </svg>
  )
}
