import type { ComponentChildren } from 'preact'
import { visibleText } from './visible-text.ts'

interface ButtonProps {
  readonly children: ComponentChildren
  readonly onClick?: () => void
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  readonly type?: 'button' | 'submit'
  readonly disabled?: boolean
  /** Something is under way: it cannot be pressed again, and says so. */
  readonly busy?: boolean
  /** What is read aloud where the children are a sign, or say too little: names in it have their hidden characters shown. */
  readonly label?: string
  readonly pressed?: boolean
  readonly expanded?: boolean
  readonly title?: string
}

export function Button({ children, onClick, kind = 'plain', type = 'button', busy = false, ...more }: ButtonProps) {
  return (
    <button
      type={type}
      class={`button button-${kind}`}
      disabled={more.disabled === true || busy}
      aria-busy={busy}
      aria-label={more.label === undefined ? undefined : visibleText(more.label)}
      aria-pressed={more.pressed}
      aria-expanded={more.expanded}
      title={more.title === undefined ? undefined : visibleText(more.title)}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
