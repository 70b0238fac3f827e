import type { ComponentChildren } from 'preact'
import { toProblem } from '../api/problem.ts'
import { visibleText } from './visible-text.ts'

interface NoticeProps {
  readonly kind?: 'info' | 'good' | 'warning' | 'error'
  readonly title?: string
  readonly children?: ComponentChildren
  readonly onDismiss?: () => void
}

/** What has happened. Screen readers read it when it appears: an error at once, anything else when they come to it. */
export function Notice({ kind = 'info', title, children, onDismiss }: NoticeProps) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <div class="notice-body">
        {title !== undefined && <p class="notice-title">{title}</p>}
        {children}
      </div>
      {onDismiss !== undefined && (
        <button type="button" class="button button-quiet" aria-label="Dismiss" onClick={onDismiss}>
          ✕
        </button>
      )}
    </div>
  )
}

/** An error as it was thrown: what is wrong, what to do, and by which id the log has the rest. */
export function ProblemNotice({
  error,
  children,
  onDismiss,
}: {
  readonly error: unknown
  readonly children?: ComponentChildren
  readonly onDismiss?: () => void
}) {
  const problem = toProblem(error)
  return (
    <Notice kind="error" title={visibleText(problem.message)} {...(onDismiss === undefined ? {} : { onDismiss })}>
      {problem.advice !== null && <p>{visibleText(problem.advice)}</p>}
      {children}
      {problem.requestId !== null && (
        <p class="muted small">
          Request <code>{visibleText(problem.requestId)}</code>
        </p>
      )}
    </Notice>
  )
}
