import { useEffect, useRef, useState } from 'preact/hooks'
import { filesOfPaste, pastedNote } from './clipboard-files.ts'

interface GivenFiles {
  /** Nothing is taken, and the browser does not open in place of the page what is dropped on it. */
  readonly isOff: boolean
  readonly onFiles: (files: readonly File[], note: string | null) => void
}

/** Takes files that are dropped or pasted anywhere on the page. Gives whether some are held over it. */
export function useGivenFiles(given: GivenFiles): boolean {
  const [isOver, setOver] = useState(false)
  const latest = useRef(given)
  latest.current = given
  useEffect(() => {
    const over = (event: DragEvent): void => {
      const { dataTransfer: held } = event
      if (held?.types.includes('Files') !== true) return
      event.preventDefault()
      held.dropEffect = latest.current.isOff ? 'none' : 'copy'
      setOver(!latest.current.isOff)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      setOver(false)
      const { dataTransfer: held } = event
      if (held?.types.includes('Files') !== true) return
      event.preventDefault()
      if (!latest.current.isOff) latest.current.onFiles([...held.files], null)
    }
    const paste = (event: ClipboardEvent): void => {
      const { clipboardData, target } = event
      if (clipboardData === null || latest.current.isOff || isOtherField(target)) return
      const { files, isTable } = filesOfPaste(clipboardData)
      if (files.length === 0) return
      event.preventDefault()
      latest.current.onFiles(files, isTable ? pastedNote : null)
    }
    const leaving = new AbortController()
    const { signal } = leaving
    window.addEventListener('dragover', over, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', drop, { signal })
    window.addEventListener('paste', paste, { signal })
    return () => leaving.abort()
  }, [])
  return isOver
}

/** Is it a place for words of another kind: a search, a statement, a title? */
const isOtherField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.id !== 'question' && target.closest('input, textarea, dialog') !== null
