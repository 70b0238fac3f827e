import { useEffect, useRef } from 'preact/hooks'
import type { PageProps } from '../../shell/lazy-page.tsx'
import { linkTo } from '../../shell/router.ts'
import { ApprovalsPanel } from './approvals/approvals-panel.tsx'
import { AuditPanel } from './audit/audit-panel.tsx'
import { FeedbackPanel } from './feedback/feedback-panel.tsx'
import { KeysPanel } from './keys/keys-panel.tsx'
import { MadeKeys } from './keys/made-key.tsx'
import { ModelsPanel } from './models/models-panel.tsx'
import '../../style/records.css'
import './operate.css'
import { OverviewPanel } from './overview/overview-panel.tsx'
import { PolicyPanel } from './policy/policy-panel.tsx'
import { SandboxesPanel } from './sandboxes/sandboxes-panel.tsx'
import { sectionOf, sections, type SectionName } from './sections.ts'
import { SharesPanel } from './shares/shares-panel.tsx'
import { SourcesPanel } from './sources/sources-panel.tsx'
import { SuspensionsPanel } from './suspensions/suspensions-panel.tsx'

/** What operators look at and change, a page for each part of it. */
export function OperatePage({ route }: PageProps) {
  const [, segment, id] = route.path
  const name = sectionOf(segment)
  const shown = useRef<string | null>(null)
  useEffect(() => {
    const title = sections.find((section) => section.name === name)?.title ?? ''
    document.title = `${title} · Sallyport`
    // Who moves by keyboard goes on at the beginning of what has changed.
    if (shown.current !== null && shown.current !== name) document.getElementById('main')?.focus()
    shown.current = name
  }, [name])
  return (
    <div class="operate">
      <nav aria-label="Parts of Operate">
        <ul class="operate-nav">
          {sections.map((section) => (
            <li key={section.name}>
              <a href={linkTo(['operate', section.name])} aria-current={section.name === name ? 'page' : undefined}>
                {section.title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="operate-content">
        <MadeKeys />
        <Content key={`${name}/${id ?? ''}`} name={name} id={id ?? null} query={route.query} />
      </div>
    </div>
  )
}

function Content({
  name,
  id,
  query,
}: {
  readonly name: SectionName
  readonly id: string | null
  readonly query: URLSearchParams
}) {
  if (name === 'keys') return <KeysPanel shown={id} />
  if (name === 'audit') return <AuditPanel query={query} />
  if (name === 'feedback') return <FeedbackPanel opened={id} query={query} />
  if (name === 'models') return <ModelsPanel />
  if (name === 'sandboxes') return <SandboxesPanel />
  if (name === 'approvals') return <ApprovalsPanel opened={id} />
  if (name === 'shares') return <SharesPanel query={query} />
  if (name === 'policy') return <PolicyPanel />
  if (name === 'sources') return <SourcesPanel />
  if (name === 'suspensions') return <SuspensionsPanel />
  return <OverviewPanel />
}
