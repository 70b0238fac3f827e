import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

interface DialogProps {
  readonly open: boolean
  readonly title: string
  /** Escape, the cross and a press beside it. */
  readonly onClose: () => void
  readonly children: ComponentChildren
  /** Buttons at its foot. */
  readonly actions?: ComponentChildren
}

/** A question in front of the page. The browser's own dialog keeps the focus in it and gives it back. */
export function Dialog({ open, title, onClose, children, actions }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = element.current
    if (dialog === null || dialog.open === open) return
    if (open) dialog.showModal()
    else dialog.close()
  }, [open])
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose()
      }}
    >
      {open && (
        <div class="dialog-frame">
          <header class="dialog-head">
            <h2 id={id}>{title}</h2>
            <button type="button" class="button button-quiet" aria-label="Close" onClick={onClose}>
              ✕
            </button>
          </header>
          <div class="dialog-body">{children}</div>
          {actions !== undefined && <footer class="dialog-actions">{actions}</footer>}
        </div>
      )}
    </dialog>
  )
}
