// What the contractor alone does on the page. Loaded only for a contractor.

import { ClaimForm } from './claim_form';
import { OwnDevices } from './own_devices';
import type { Session, Site } from './site';

export function ContractorPart(props: { site: Site; session: Session; refresh: () => void }) {
  return (
    <>
      <OwnDevices site={props.site} />
      <ClaimForm {...props} />
    </>
  );
}
