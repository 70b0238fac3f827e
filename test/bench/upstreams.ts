import { report, type Figures } from './figures.ts'
import { measureBodies } from './upstreams/bodies.ts'
import { measureIncident } from './upstreams/incident.ts'
import { measurePictures } from './upstreams/pictures.ts'

const parts: Readonly<Record<string, () => Promise<Figures>>> = {
  bodies: measureBodies,
  pictures: measurePictures,
  incident: measureIncident,
}

/** What guarding an upstream costs a request; `--only bodies`, `pictures` or `incident` takes a part of it. */
export async function benchUpstreams(): Promise<void> {
  const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null
  const figures: Figures = {}
  for (const [name, measure] of Object.entries(parts)) {
    if (only === null || only === name) Object.assign(figures, await measure())
  }
  report('upstreams', figures)
}
