// The page opens when the box is out of reach, and can be put among a telephone's programs: where the
// connection is trusted (https, loopback). Elsewhere browsers have no service workers.

export function install(): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register('service-worker.js').catch(() => undefined); // a certificate that is not trusted
}
