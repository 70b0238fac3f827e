import type {
  MadeShare,
  Share,
  ShareAudiences,
  SharesListAnswer,
  SharesMakeRequest,
} from '../../../client/generated/shares.ts'
import { getJson, sendJson } from '../../api/request.ts'

const segment = encodeURIComponent

/** What pages ask of the service about shares. Rejects as `request.ts` does. */
export const shareApi = {
  audiences: () => getJson<ShareAudiences>('/v1/shares/audiences'),
  make: (wish: SharesMakeRequest) => sendJson<MadeShare>('POST', '/v1/shares', wish),
  list: (of: 'mine' | 'group', after: string | null) =>
    getJson<SharesListAnswer>(`/v1/shares?of=${of}&limit=50${after === null ? '' : `&after=${segment(after)}`}`),
  read: (id: string) => getJson<Share>(`/v1/shares/${segment(id)}`),
  /** By the secret of its link, which goes in the body and stands in no address. */
  open: (id: string, secret: string) => sendJson<Share>('POST', `/v1/shares/${segment(id)}/open`, { secret }),
  revoke: (id: string) => sendJson<unknown>('DELETE', `/v1/shares/${segment(id)}`),
}
