import type { QuotaWindow } from '../../core/quotas.ts'

/** Pieces of a sliding window. */
const pieces = 60
const hour = 3_600_000
const day = 24 * hour

/** Milliseconds of one piece of a sliding window, and how many of them it is long. */
function slidingOf(window: QuotaWindow): { readonly width: number; readonly span: number } {
  const length = Number(window.slice(0, -1)) * 1_000
  const width = Math.ceil(length / pieces)
  return { width, span: Math.ceil(length / width) }
}

/** The number of the piece of time, milliseconds since 1970, in which an amount of this window counts as admitted. */
export function pieceOf(window: QuotaWindow, time: number): number {
  if (window === 'running') return 0
  if (window === 'hour') return Math.floor(time / hour)
  if (window === 'day') return Math.floor(time / day)
  if (window === 'month') {
    const date = new Date(time)
    return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
  }
  return Math.floor(time / slidingOf(window).width)
}

/** When what was admitted in a piece counts no more, milliseconds since 1970; it counts before. */
export function endOf(window: QuotaWindow, piece: number): number {
  if (window === 'running') return Number.POSITIVE_INFINITY
  if (window === 'hour') return (piece + 1) * hour
  if (window === 'day') return (piece + 1) * day
  if (window === 'month') return Date.UTC(1970, piece + 1)
  const { width, span } = slidingOf(window)
  return (piece + span + 1) * width
}
