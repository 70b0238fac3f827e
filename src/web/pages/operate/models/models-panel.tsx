import { Panel } from '../parts.tsx'
import { Explain } from './explain.tsx'

/** Where a request would go. */
export function ModelsPanel() {
  return (
    <Panel
      title="Models and routes"
      about="Where a request would go at this moment, by what the process that is asked knows."
    >
      <Explain />
    </Panel>
  )
}
