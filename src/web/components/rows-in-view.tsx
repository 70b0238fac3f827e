import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** How far from what is seen rows are made, so that they are there when they are scrolled to. */
const nearPixels = 800
/** Of a row that nobody has seen yet: of one line, with what is around it. */
const usualPixels = 48

const told = new WeakMap<Element, (entry: IntersectionObserverEntry) => void>()
let observer: IntersectionObserver | null = null

/** One observer for all pieces of all tables, since each has its cost. */
function watch(element: Element, tell: (entry: IntersectionObserverEntry) => void): () => void {
  observer ??= new IntersectionObserver((entries) => entries.forEach((entry) => told.get(entry.target)?.(entry)), {
    rootMargin: `${nearPixels}px 0px`,
  })
  told.set(element, tell)
  observer.observe(element)
  return () => {
    told.delete(element)
    observer?.unobserve(element)
  }
}

/**
 * Rows of a table that are made while they are near what is seen, and whose place is kept while they are not: as high as they were, or as
 * rows usually are. Rows that have the focus stay.
 */
export function RowsInView({
  count,
  columns,
  isFirst,
  children,
}: {
  readonly count: number
  readonly columns: number
  /** Are they the first ones? Those are made at once: columns are as wide as they want them. */
  readonly isFirst: boolean
  /** Makes the rows. */
  readonly children: () => ComponentChildren
}) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [state, setState] = useState<{ readonly isNear: boolean; readonly height: number | null }>({
    isNear: isFirst,
    height: null,
  })
  useEffect(() => {
    const element = body.current
    if (element === null) return undefined
    return watch(element, ({ isIntersecting, boundingClientRect: { height } }) => {
      if (!isIntersecting && element.contains(document.activeElement)) return
      setState((before) => ({
        isNear: isIntersecting,
        height: before.isNear && !isIntersecting ? height : before.height,
      }))
    })
  }, [])
  if (state.isNear) return <tbody ref={body}>{children()}</tbody>
  return (
    <tbody ref={body} class="record-away" aria-hidden="true">
      <tr>
        <td colSpan={columns} style={{ height: `${state.height ?? count * usualPixels}px` }} />
      </tr>
    </tbody>
  )
}
