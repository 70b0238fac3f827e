import { report } from './figures.ts'
import { measurePictures } from './upstreams/pictures.ts'

/** What guarding an upstream costs a request. */
export async function benchUpstreams(): Promise<void> {
  report('upstreams', await measurePictures())
}
