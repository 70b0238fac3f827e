import type { Ranking } from './ranking.ts'

/** `roc`: recall over the share of negatives found; `pr`: precision over recall. */
export type CurveKind = 'roc' | 'pr'

interface Place {
  readonly x: number
  readonly y: number
}

const [width, height, left, top, side] = [440, 440, 60, 40, 340]

const axes = {
  roc: { x: 'false positives (share of negatives)', y: 'recall' },
  pr: { x: 'recall', y: 'precision' },
} as const

/** Between 0 and 1, from left to right. */
function placesOf({ points, positives, negatives }: Ranking, kind: CurveKind): readonly Place[] {
  if (kind === 'roc') {
    return points.map(({ truePositives, falsePositives }) => {
      return { x: falsePositives / negatives, y: truePositives / positives }
    })
  }
  return points.slice(1).map(({ truePositives, falsePositives }) => {
    return { x: truePositives / positives, y: truePositives / (truePositives + falsePositives) }
  })
}

/** A picture of a curve as an SVG document, which loads nothing and runs nothing. Needs a positive and a negative. */
export function curvePicture(title: string, ranking: Ranking, kind: CurveKind): string {
  const line = placesOf(ranking, kind).map(({ x, y }) => `${xOf(x)},${yOf(y)}`)
  const chance = kind === 'roc' ? 0 : ranking.positives / (ranking.positives + ranking.negatives)
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="24" font-size="14">${escaped(title)}</text>`,
    ...ticks.map(
      (tick) =>
        `<path d="M${xOf(tick)} ${yOf(0)}V${yOf(1)}M${xOf(0)} ${yOf(tick)}H${xOf(1)}" stroke="#ddd"/>` +
        `<text x="${xOf(tick)}" y="${yOf(0) + 18}" text-anchor="middle">${tick}</text>` +
        `<text x="${xOf(0) - 8}" y="${yOf(tick) + 4}" text-anchor="end">${tick}</text>`,
    ),
    `<text x="${xOf(0.5)}" y="${yOf(0) + 42}" text-anchor="middle">${axes[kind].x}</text>`,
    `<text transform="translate(18 ${yOf(0.5)}) rotate(-90)" text-anchor="middle">${axes[kind].y}</text>`,
    `<path d="M${xOf(0)} ${yOf(chance)}L${xOf(1)} ${yOf(kind === 'roc' ? 1 : chance)}" stroke="#999" stroke-dasharray="4 4"/>`,
    `<polyline points="${line.join(' ')}" fill="none" stroke="#06c" stroke-width="2"/>`,
    '</svg>\n',
  ].join('\n')
}

const xOf = (share: number): number => rounded(left + share * side)
const yOf = (share: number): number => rounded(top + (1 - share) * side)
const rounded = (value: number): number => Math.round(value * 100) / 100

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? '')
