// What the operator alone does on the page. Loaded only for an operator: nobody else's phone
// carries it.

import { CameraSetups } from './camera_setup';
import type { Session, Site } from './site';
import { Users } from './users';

export function OperatorPart(props: { site: Site; session: Session; refresh: () => void }) {
  return (
    <>
      <CameraSetups {...props} />
      <Users session={props.session} />
    </>
  );
}
