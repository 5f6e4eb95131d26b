#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace jieding::vision {

/// Writes numbers and byte strings one after another; seal() puts a checksum at the end.
class BlobWriter {
 public:
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(T value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void put(std::string_view text);
  template <std::floating_point T>
  void put(const std::vector<T>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const T value : values)
      put(value);
  }
  std::string seal();

 private:
  std::string bytes_;
};

/// Reads what BlobWriter wrote. Past the end, over a bound or with a wrong checksum it is not ok()
/// and gives zeros and nothing: whoever restores asks ok() before believing.
class BlobReader {
 public:
  explicit BlobReader(std::string_view sealed);

  bool ok() const { return ok_; }
  bool at_end() const { return left_.empty(); }
  template <class T>
  requires std::is_arithmetic_v<T> T get() {
    T value{};
    take(&value, sizeof value);
    return value;
  }
  std::string get_text(std::size_t most);
  template <std::floating_point T = double>
  std::vector<T> get_numbers(std::size_t most) {
    const auto size = get<std::uint32_t>();
    ok_ = ok_ && size <= most && size * sizeof(T) <= left_.size();
    std::vector<T> out;
    for (std::uint32_t i = 0; ok_ && i < size; ++i)
      out.push_back(get<T>());
    return out;
  }

 private:
  void take(void* to, std::size_t size);

  std::string_view left_;
  bool ok_ = true;
};

/// Whether a belief may go on from what was read: shares that are one together, but for rounding.
template <std::floating_point T>
bool is_distribution(const std::vector<T>& weights) {
  double sum = 0;
  for (const T weight : weights) {
    if (!(weight >= 0 && weight <= 1)) return false;
    sum += static_cast<double>(weight);
  }
  return std::abs(sum - 1) <= 1e-6;
}

}  // namespace jieding::vision
