#include "sync/rollout_book.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace jieding::sync {
namespace {

namespace asio = boost::asio;

Result<RolloutsNow> all_now(Database& database) {
  auto newest = rollout_table::newest(database);
  if (!newest) return newest.error();
  auto nodes = rollout_table::node_firmware(database);
  if (!nodes) return nodes.error();
  return RolloutsNow{std::move(*newest), std::move(*nodes)};
}

}  // namespace

asio::awaitable<Result<Rollout>> RolloutBook::start(RolloutStart start) {
  const auto whole = std::make_shared<const RolloutStart>(std::move(start));
  std::function<Result<Rollout>(Database&)> work = [this, whole](Database& database) {
    return rollout_table::start(database, ledger_, *whole);
  };
  co_return co_await journal_.write<Rollout>(std::move(work), Importance::Record);
}

asio::awaitable<Result<Rollout>> RolloutBook::step(RolloutStep step) {
  const auto whole = std::make_shared<const RolloutStep>(std::move(step));
  std::function<Result<Rollout>(Database&)> work = [this, whole](Database& database) {
    return rollout_table::step(database, ledger_, *whole);
  };
  co_return co_await journal_.write<Rollout>(std::move(work), Importance::Record);
}

asio::awaitable<Result<Rollout>> RolloutBook::stop(RolloutStop stop) {
  const auto whole = std::make_shared<const RolloutStop>(std::move(stop));
  std::function<Result<Rollout>(Database&)> work = [this, whole](Database& database) {
    return rollout_table::stop(database, ledger_, *whole);
  };
  co_return co_await journal_.write<Rollout>(std::move(work), Importance::Record);
}

asio::awaitable<Result<RolloutsNow>> RolloutBook::now() {
  std::function<Result<RolloutsNow>(Database&)> work = all_now;
  co_return co_await journal_.read<RolloutsNow>(std::move(work));
}

asio::awaitable<Result<std::optional<std::uint32_t>>> RolloutBook::counter_of(std::string node) {
  using Counter = std::optional<std::uint32_t>;
  std::function<Result<Counter>(Database&)> work = [node = std::move(node)](Database& database) {
    return rollout_table::counter_of(database, node);
  };
  co_return co_await journal_.read<Counter>(std::move(work));
}

asio::awaitable<Result<std::vector<std::string>>> RolloutBook::keep(KeptFirmware firmware) {
  const auto whole = std::make_shared<const KeptFirmware>(std::move(firmware));
  std::function<Result<std::vector<std::string>>(Database&)> work = [whole](Database& database) {
    return firmware_table::keep(database, *whole);
  };
  co_return co_await journal_.write<std::vector<std::string>>(std::move(work));
}

asio::awaitable<Result<std::optional<KeptFirmware>>> RolloutBook::firmware(std::string sha256) {
  using Found = std::optional<KeptFirmware>;
  std::function<Result<Found>(Database&)> work = [sha256 = std::move(sha256)](Database& database) {
    return firmware_table::find(database, sha256);
  };
  co_return co_await journal_.read<Found>(std::move(work));
}

asio::awaitable<Result<std::vector<KeptFirmware>>> RolloutBook::all_firmware() {
  std::function<Result<std::vector<KeptFirmware>>(Database&)> work = firmware_table::all;
  co_return co_await journal_.read<std::vector<KeptFirmware>>(std::move(work));
}

asio::awaitable<Result<std::optional<RolloutOrder>>> RolloutBook::next_order() {
  std::function<Result<std::optional<RolloutOrder>>(Database&)> work = rollout_orders::next;
  co_return co_await journal_.read<std::optional<RolloutOrder>>(std::move(work));
}

asio::awaitable<Result<void>> RolloutBook::answer_order(std::int64_t id, std::string said) {
  std::function<Result<void>(Database&)> work = [id, said = std::move(said)](Database& database) {
    return rollout_orders::answer(database, id, said);
  };
  co_return co_await journal_.write<void>(std::move(work));
}

asio::awaitable<Result<void>> RolloutBook::forget_orders() {
  std::function<Result<void>(Database&)> work = rollout_orders::forget_all;
  co_return co_await journal_.write<void>(std::move(work));
}

}  // namespace jieding::sync
