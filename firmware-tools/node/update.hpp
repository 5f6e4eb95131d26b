#pragma once
// The way of a verified image into a node and into force, step by step.

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "firmware-tools/node/client.hpp"

namespace jieding::tools::node {

/// A verified image, as a node knows it.
struct NewImage {
  std::string_view bytes;  ///< must outlive the update
  std::string hash;        ///< of the image itself, by which a slot names it
  std::string sha256;      ///< of all bytes, by which a cut upload is known again
};

/// Bytes that the node has, of all.
using Progress = std::function<void(std::size_t has, std::size_t of)>;

/// Gets the bytes into the node's second slot; a cut upload goes on where it was, when the node
/// still has it. Unavailable: silent for longer than it may be.
boost::asio::awaitable<Result<void>> send_image(Client& client, const NewImage& image,
                                                const Progress& progress);

enum class Confirm { ByUs, ByNode };

/// Step by step, told as they come: sent, marked, restarted, running, confirmed.
using Step = std::function<void(std::string_view step)>;

/// Sends, marks for one boot, resets, waits for the node to come back with the image in force, and
/// has it confirmed. Refused: it fell back to what it had, with the reason; it does so by itself
/// at its next reset where it does not confirm. Unavailable: it did not come back.
boost::asio::awaitable<Result<void>> put_in_force(Client& client, const NewImage& image,
                                                  Confirm confirm, const Progress& progress,
                                                  const Step& step);

/// After a reset: the slots, once it answers again and this image (empty: whichever) no longer
/// waits for the boot.
boost::asio::awaitable<Result<std::vector<SlotState>>> wait_until_back(Client& client,
                                                                       std::string hash);

}  // namespace jieding::tools::node
