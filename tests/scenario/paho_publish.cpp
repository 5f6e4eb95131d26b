// A device with Paho C: publishes COUNT readings with QoS 1, twenty in flight, and says how many
// were acknowledged. The token stands in $TOKEN.
//   paho_publish PORT DEVICE VERSION(4|5) COUNT FIRST_SECOND

#include <mqtt/async_client.h>

#include <cstdlib>
#include <deque>
#include <iostream>
#include <string>

namespace {

constexpr std::size_t window = 20;

mqtt::connect_options options_for(int version, const std::string& device) {
  mqtt::connect_options options;
  options.set_mqtt_version(version);
  if (version == MQTTVERSION_5) {
    options.set_clean_start(true);
  } else {
    options.set_clean_session(true);
  }
  options.set_user_name(device);
  const char* const token = std::getenv("TOKEN");
  options.set_password(token != nullptr ? token : "");
  options.set_max_inflight(static_cast<int>(window));
  return options;
}

/// Waits for the oldest; whether it was acknowledged without complaint.
int take_first(std::deque<mqtt::delivery_token_ptr>& waiting) {
  const bool came = waiting.front()->wait_for(std::chrono::seconds{20});
  const int reason = waiting.front()->get_reason_code();
  waiting.pop_front();
  return came && reason < 0x80 ? 1 : 0;
}

int publish(int port, const std::string& device, int version, int count, long first) {
  mqtt::create_options create(version);
  create.set_max_buffered_messages(100);
  mqtt::async_client client("tcp://127.0.0.1:" + std::to_string(port), "paho-" + device, create);
  client.connect(options_for(version, device))->wait();
  std::deque<mqtt::delivery_token_ptr> waiting;
  int acknowledged = 0;
  for (int i = 0; i < count; ++i) {
    const std::string payload = R"([{"n":"hoist_height","u":"m","v":)" + std::to_string(i) +
                                R"(,"t":)" + std::to_string(first + i) + "}]";
    waiting.push_back(client.publish("jieding/v1/push/" + device + "/readings", payload, 1, false));
    if (waiting.size() >= window) acknowledged += take_first(waiting);
  }
  while (!waiting.empty())
    acknowledged += take_first(waiting);
  client.disconnect()->wait();
  return acknowledged;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  try {
    std::cout << publish(std::atoi(argv[1]), argv[2], std::atoi(argv[3]), std::atoi(argv[4]),
                         std::atol(argv[5]))
              << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "paho_publish: " << error.what() << '\n';
    return 1;
  }
}
