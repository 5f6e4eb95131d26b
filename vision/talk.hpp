#pragma once
// Blocking ends of the talk over a socket pair: the children's, and the one of commands that ask a
// child of their own. The gateway itself talks through vision/link.

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "gateway/domain/result.hpp"
#include "vision/child.hpp"
#include "vision/wire.hpp"

namespace jieding::vision {

/// Nothing: the socket closed or gave nothing in time. An error: the other side speaks nonsense.
std::optional<Result<wire::Message>> receive(int socket);
/// False once nobody listens.
bool send(int socket, const wire::Message& message);

/// What a child makes of a message. An error is the end of it.
using Answer = std::function<Result<wire::Message>(wire::Message)>;

/// The whole life of a child's process, locked down from its beginning: `begin` makes what answers
/// on the socket until the other side closes it. The exit status: 0; 1 after an error or an
/// exception, which the log is told; 2 when people start it, who have no socket for it.
int be_child(const std::string& name, const std::function<Answer()>& begin);

/// A child of one command, asked and answered in turn. Ends with the object.
class AskedChild {
 public:
  /// `limit`: the longest wait for one answer.
  static Result<AskedChild> start(const std::filesystem::path& program, std::chrono::seconds limit);
  AskedChild(AskedChild&& other) noexcept;
  AskedChild(const AskedChild&) = delete;
  AskedChild& operator=(AskedChild&&) = delete;
  ~AskedChild();

  /// Unavailable: it died or said nothing in time; it is not asked again.
  Result<wire::Message> ask(const wire::Message& message);

 private:
  AskedChild(Child child, std::string name) : child_(child), name_(std::move(name)) {}
  Child child_;
  std::string name_;  ///< for people
};

}  // namespace jieding::vision
