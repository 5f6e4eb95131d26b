// A device with MQTT.js: publishes COUNT readings with QoS 1 and says how many were acknowledged.
// The token stands in $TOKEN; $CA names a certificate to trust, and then it speaks TLS.
//   node publish.mjs PORT DEVICE VERSION(4|5) COUNT FIRST_SECOND
import { readFileSync } from "node:fs";
import mqtt from "mqtt";

const [port, device, version, count, first] = process.argv.slice(2);
const ca = process.env.CA;
const client = await mqtt.connectAsync(`${ca ? "mqtts" : "mqtt"}://127.0.0.1:${port}`, {
  username: device,
  password: process.env.TOKEN,
  protocolVersion: Number(version),
  connectTimeout: 10_000,
  reconnectPeriod: 0,
  ...(ca ? { ca: readFileSync(ca), servername: "localhost" } : {}),
});
const publish = (i) =>
  client.publishAsync(
    `jieding/v1/push/${device}/readings`,
    JSON.stringify([{ n: "hoist_height", u: "m", v: i, t: Number(first) + i }]),
    { qos: 1 },
  );
const results = await Promise.allSettled(Array.from({ length: Number(count) }, (_, i) => publish(i)));
await client.endAsync();
console.log(results.filter((result) => result.status === "fulfilled").length);
