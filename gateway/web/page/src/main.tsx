import { render } from 'preact';

import { App } from './app';
import { Speaking } from './i18n';
import { install } from './install';
import { applyKeptTypeSize } from './type_size';
import './look.css';
import './first.css';
import './picture.css';
import './chart.css';
import './history.css';
import './devices.css';
import './clocks.css';
import './print.css';

applyKeptTypeSize();
install();
const place = document.getElementById('page');
if (place !== null) {
  render(
    <Speaking>
      <App />
    </Speaking>,
    place,
  );
}
