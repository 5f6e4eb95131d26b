#include "vision/shrink.hpp"

#include <cstddef>
#include <cstdint>
#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace jieding::vision {
namespace {

constexpr int channels = 3, block = 3;
constexpr std::ptrdiff_t block_values = std::ptrdiff_t{channels} * block;  ///< of one of its rows
constexpr int bytes_at_once = cv::v_uint8x16::nlanes, sums_at_once = cv::v_uint16x8::nlanes;

/// Sums of three rows, value by value.
void sum_rows(const uchar* a, const uchar* b, const uchar* c, int count, std::uint16_t* sums) {
  int i = 0;
  for (; i + bytes_at_once <= count; i += bytes_at_once) {
    cv::v_uint16x8 low[3], high[3];
    cv::v_expand(cv::v_load(a + i), low[0], high[0]);
    cv::v_expand(cv::v_load(b + i), low[1], high[1]);
    cv::v_expand(cv::v_load(c + i), low[2], high[2]);
    cv::v_store(sums + i, low[0] + low[1] + low[2]);
    cv::v_store(sums + i + sums_at_once, high[0] + high[1] + high[2]);
  }
  for (; i < count; ++i)
    sums[i] = static_cast<std::uint16_t>(a[i] + b[i] + c[i]);
}

/// Every value with those of the same channel in the two next pixels, over nine: (s + 4) / 9 is
/// s * 7282 / 65536 rounded down for all sums of nine bytes. `count` is whole vectors.
void mean_of_three(const std::uint16_t* sums, int count, std::uint16_t* means) {
  const cv::v_uint16x8 half = cv::v_setall_u16(4), ninth = cv::v_setall_u16(7282);
  for (int i = 0; i < count; i += sums_at_once) {
    const cv::v_uint16x8 sum = cv::v_load(sums + i) + cv::v_load(sums + i + channels) +
                               cv::v_load(sums + i + std::ptrdiff_t{2} * channels);
    cv::v_store(means + i, cv::v_mul_hi(sum + half, ninth));
  }
}

cv::Mat thirds(const cv::Mat& bgr) {
  cv::Mat out(bgr.rows / block, bgr.cols / block, CV_8UC3);
  const int count = out.cols * block * channels;
  const int whole = (count + sums_at_once - 1) / sums_at_once * sums_at_once;
  // Behind the last pixel there is room for what a vector reads too much.
  std::vector<std::uint16_t> sums(static_cast<std::size_t>(whole + 2 * channels), 0);
  std::vector<std::uint16_t> means(static_cast<std::size_t>(whole));
  for (int y = 0; y < out.rows; ++y) {
    sum_rows(bgr.ptr(y * block), bgr.ptr(y * block + 1), bgr.ptr(y * block + 2), count,
             sums.data());
    mean_of_three(sums.data(), whole, means.data());
    auto* to = out.ptr<uchar>(y);
    const uchar* end = to + std::ptrdiff_t{channels} * out.cols;
    for (const std::uint16_t* mean = means.data(); to < end; mean += block_values)
      for (int c = 0; c < channels; ++c)
        *to++ = static_cast<uchar>(mean[c]);
  }
  return out;
}

}  // namespace

cv::Mat shrunk(const cv::Mat& bgr, cv::Size size) {
  if (bgr.type() == CV_8UC3 && bgr.size() == size * block) return thirds(bgr);
  cv::Mat out;
  cv::resize(bgr, out, size, 0, 0, cv::INTER_AREA);
  return out;
}

}  // namespace jieding::vision
