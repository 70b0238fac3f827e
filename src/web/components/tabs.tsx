import type { ComponentChildren } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'

interface Tab {
  readonly id: string
  readonly title: ComponentChildren
  readonly content: () => ComponentChildren
}

interface TabsProps {
  /** What the tabs are of, for screen readers. */
  readonly label: string
  readonly tabs: readonly Tab[]
  /** Who names it also keeps it, by `onSelect`. */
  readonly selected?: string
  readonly onSelect?: (id: string) => void
}

/** One of several panels; arrow keys, Home and End move between the tabs, as the ARIA pattern has it. */
export function Tabs({ label, tabs, selected, onSelect }: TabsProps) {
  const [own, setOwn] = useState(tabs[0]?.id ?? '')
  const list = useRef<HTMLDivElement>(null)
  const prefix = useId()
  const current = tabs.find(({ id }) => id === (selected ?? own)) ?? tabs[0]
  if (current === undefined) return null
  const select = (id: string): void => {
    setOwn(id)
    onSelect?.(id)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.indexOf(current)
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }
    const target = tabs[moves[event.key] ?? -1]
    if (target === undefined) return
    event.preventDefault()
    select(target.id)
    list.current?.querySelector<HTMLElement>(`[id="${prefix}-tab-${target.id}"]`)?.focus()
  }
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${prefix}-tab-${id}`}
            aria-selected={id === current.id}
            aria-controls={`${prefix}-panel`}
            tabIndex={id === current.id ? 0 : -1}
            onClick={() => select(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${prefix}-panel`} aria-labelledby={`${prefix}-tab-${current.id}`} tabIndex={0}>
        {current.content()}
      </div>
    </div>
  )
}
