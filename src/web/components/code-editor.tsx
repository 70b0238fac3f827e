import { useId, useRef } from 'preact/hooks'

interface CodeEditorProps {
  readonly label: string
  readonly value: string
  readonly onInput?: (value: string) => void
  /** Ctrl+Enter, or ⌘+Enter. */
  readonly onRun?: () => void
  readonly readOnly?: boolean
  readonly language?: 'sql' | 'python' | 'javascript' | 'text'
}

/** Rows of the editor at most before it scrolls. */
const mostRows = 24

/** A text field with line numbers. Tab leaves it, as anywhere else: nobody is held in by the keyboard. */
export function CodeEditor({ label, value, onInput, onRun, readOnly = false, language = 'text' }: CodeEditorProps) {
  const numbers = useRef<HTMLPreElement>(null)
  const id = useId()
  const lines = value.split('\n').length
  return (
    <div class="code-editor" data-language={language}>
      <label class="visually-hidden" for={id}>
        {label}
      </label>
      <pre class="code-numbers" aria-hidden="true" ref={numbers} style={{ width: `${String(lines).length}ch` }}>
        {Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join('')}
      </pre>
      <textarea
        id={id}
        class="code-text"
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        wrap="off"
        rows={Math.min(Math.max(lines, 2), mostRows)}
        readOnly={readOnly}
        value={value}
        onInput={(event) => onInput?.(event.currentTarget.value)}
        onScroll={(event) => {
          if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || onRun === undefined) return
          event.preventDefault()
          onRun()
        }}
      />
    </div>
  )
}
