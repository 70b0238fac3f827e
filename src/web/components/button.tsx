import type { ComponentChildren } from 'preact'

interface ButtonProps {
  readonly children: ComponentChildren
  readonly onClick?: () => void
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  readonly type?: 'button' | 'submit'
  readonly disabled?: boolean
  /** Something is under way: it cannot be pressed again, and says so. */
  readonly busy?: boolean
  /** What is read aloud where the children are a sign. */
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
      aria-label={more.label}
      aria-pressed={more.pressed}
      aria-expanded={more.expanded}
      title={more.title}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
