import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

interface DialogProps {
  readonly open: boolean
  readonly title: string
  /** Escape, the cross, and a press beside it while nothing has been typed. */
  readonly onClose: () => void
  readonly children: ComponentChildren
  /** Buttons at its foot. */
  readonly actions?: ComponentChildren
}

/** A question in front of the page. The browser's own dialog keeps the focus in it and gives it back. */
export function Dialog({ open, title, onClose, children, actions }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  // Text may be marked with the pointer let go beside the dialog, which is no press beside it, and a miss must not cost what was typed.
  const pressed = useRef({ isBeside: false, hasTyped: false })
  useEffect(() => {
    const dialog = element.current
    if (dialog === null || dialog.open === open) return
    pressed.current = { isBeside: false, hasTyped: false }
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
      onInput={() => {
        pressed.current.hasTyped = true
      }}
      onPointerDown={(event) => {
        pressed.current.isBeside = event.target === element.current
      }}
      onClick={(event) => {
        const { isBeside, hasTyped } = pressed.current
        if (event.target === element.current && isBeside && !hasTyped) onClose()
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
