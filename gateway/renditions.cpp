#include "gateway/renditions.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace jieding {
namespace {

namespace asio = boost::asio;

std::string name_of(const std::string& sha256, int px) {
  return sha256 + "-" + std::to_string(px);
}

}  // namespace

Renditions::Renditions(asio::any_io_executor io, Make make, Options options)
    : io_(std::move(io)),
      make_(std::move(make)),
      options_(options),
      in_hand_(std::make_shared<std::map<std::string, Waiting>>()) {}

const std::string* Renditions::kept(const std::string& sha256, int px) {
  const auto known = by_name_.find(name_of(sha256, px));
  if (known == by_name_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, known->second);
  return &known->second->jpeg;
}

asio::awaitable<Result<std::string>> Renditions::make(std::string sha256, int px,
                                                      std::string jpeg) {
  std::string name = name_of(sha256, px);
  if (const auto other = in_hand_->find(name); other != in_hand_->end()) {
    Waiting until = other->second;
    co_return co_await wait(std::move(name), std::move(until));
  }
  if (in_hand_->size() >= options_.most_in_hand)
    co_return Error(Fault::Unavailable, "too many pictures are made smaller at a time");
  const auto done =
      std::make_shared<asio::steady_timer>(io_, asio::steady_timer::time_point::max());
  in_hand_->emplace(name, done);
  const std::shared_ptr<void> over(nullptr, [in_hand = in_hand_, name, done](void*) {
    in_hand->erase(name);
    done->cancel();
  });
  auto made = co_await make_(std::move(jpeg), px);
  if (made) keep(name, *made);
  co_return made;
}

asio::awaitable<Result<std::string>> Renditions::wait(std::string name, Waiting until) {
  boost::system::error_code cancelled;
  co_await until->async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  co_return found(name);
}

Result<std::string> Renditions::found(const std::string& name) {
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return Error(Fault::Unavailable, "the picture was not made smaller");
  return known->second->jpeg;
}

void Renditions::keep(std::string name, std::string jpeg) {
  if (jpeg.size() > options_.most_bytes || by_name_.contains(name)) return;
  bytes_ += jpeg.size();
  kept_.push_front({name, std::move(jpeg)});
  by_name_.emplace(std::move(name), kept_.begin());
  while (bytes_ > options_.most_bytes) {
    bytes_ -= kept_.back().jpeg.size();
    by_name_.erase(kept_.back().name);
    kept_.pop_back();
  }
}

}  // namespace jieding
