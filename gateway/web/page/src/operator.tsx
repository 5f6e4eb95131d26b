// What the operator alone does on the page. Loaded only for an operator: nobody else's phone
// carries it.

import { CameraSetups } from './camera_setup';
import { HouseholdForm } from './household_form';
import { Nodes } from './nodes';
import { PictureSwitch } from './picture_switch';
import { RecordForm } from './record_form';
import type { Session, Site } from './site';
import { Tokens } from './tokens';
import { Users } from './users';

export function OperatorPart(props: { site: Site; session: Session; refresh: () => void }) {
  return (
    <>
      <RecordForm {...props} />
      <HouseholdForm {...props} />
      <CameraSetups {...props} />
      <PictureSwitch {...props} />
      <Tokens session={props.session} />
      <Nodes site={props.site} session={props.session} />
      <Users session={props.session} />
    </>
  );
}
