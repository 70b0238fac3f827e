/** What was counted in a piece of time. */
interface Point {
  readonly requests: number
  readonly refused: number
  readonly failed: number
}

/** A rectangle of a picture, in the units of its view box. */
export interface Bar {
  readonly kind: 'answered' | 'refused' | 'failed'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const picture = { width: 600, height: 120 } as const

/** The top of the scale: the least of 1, 2, 5 times a power of ten that holds every point. */
export function scaleTop(points: readonly Point[]): number {
  const most = Math.max(1, ...points.map(({ requests }) => requests))
  const power = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? most
}

/** Bars that stand on each other: what failed at the bottom, then what was refused, then the rest. A count is never unseen. */
export function barsOf(points: readonly Point[]): readonly Bar[] {
  const top = scaleTop(points)
  const step = picture.width / Math.max(1, points.length)
  const width = Math.max(1, step * 0.8)
  return points.flatMap(({ requests, refused, failed }, at) => {
    const kinds = [
      ['failed', failed],
      ['refused', refused],
      ['answered', Math.max(0, requests - refused - failed)],
    ] as const
    let y = picture.height
    return kinds
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => {
        const height = Math.min(y, Math.max(1, (count / top) * picture.height))
        y -= height
        return { kind, x: at * step + (step - width) / 2, y, width, height }
      })
  })
}
