#pragma once

#include "gateway/runtime/intake.hpp"

namespace jieding::commands {

/// Takes nothing: for drivers that are made to see whether they can be, and never run.
class ClosedIntake final : public Intake {
 public:
  boost::asio::awaitable<Result<Accepted>> readings(Batch) override { return closed<Accepted>(); }
  boost::asio::awaitable<Result<Accepted>> readings_once(Batch, OnceKey) override {
    return closed<Accepted>();
  }
  boost::asio::awaitable<Result<FrameAccepted>> frame(Frame) override {
    return closed<FrameAccepted>();
  }
  boost::asio::awaitable<Result<std::optional<FrameAccepted>>> frame_answer(std::string,
                                                                            std::string) override {
    return closed<std::optional<FrameAccepted>>();
  }
  boost::asio::awaitable<Result<ClaimAccepted>> claim(Claim) override {
    return closed<ClaimAccepted>();
  }
  boost::asio::awaitable<Result<DocumentKept>> document(Document) override {
    return closed<DocumentKept>();
  }
  void refuse(Refusal) override {}
  void health(DeviceHealth) override {}
  void heard(const std::string&) override {}
  void count(const std::string&, const std::string&) override {}
  std::string last_frame(const std::string&) const override { return {}; }

 private:
  template <class T>
  static boost::asio::awaitable<Result<T>> closed() {
    co_return Error(Fault::Unavailable, "nothing is taken here");
  }
};

}  // namespace jieding::commands
