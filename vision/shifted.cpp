#include "vision/shifted.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <opencv2/core/hal/intrin.hpp>
#include <vector>

namespace jieding::vision {
namespace {

/// A row of bytes is weighed in two steps of seven bits, which a signed word of 16 bits holds.
constexpr int bits = 7, one = 1 << bits;
constexpr int words = cv::v_int16x8::nlanes, floats = cv::v_float32x4::nlanes;

/// Whole pixels, and the rest of 0 up to 1.
struct Step {
  explicit Step(double by) : whole(cvFloor(by)), rest(static_cast<float>(by - whole)) {}
  int whole;
  float rest;
};

/// Between two rows of bytes: sums of weight `one`.
void between(const uchar* a, const uchar* b, float share, int count, std::int16_t* out) {
  const auto of_b = static_cast<std::int16_t>(std::lround(share * one));
  const auto of_a = static_cast<std::int16_t>(one - of_b);
  const cv::v_int16x8 wb = cv::v_setall_s16(of_b), wa = cv::v_setall_s16(of_a);
  int i = 0;
  for (; i + words <= count; i += words)
    cv::v_store(out + i, cv::v_reinterpret_as_s16(cv::v_load_expand(a + i)) * wa +
                             cv::v_reinterpret_as_s16(cv::v_load_expand(b + i)) * wb);
  for (; i < count; ++i)
    out[i] = static_cast<std::int16_t>(a[i] * of_a + b[i] * of_b);
}

void between(const float* a, const float* b, float share, int count, float* out) {
  const cv::v_float32x4 wb = cv::v_setall_f32(share), wa = cv::v_setall_f32(1 - share);
  int i = 0;
  for (; i + floats <= count; i += floats)
    cv::v_store(out + i, cv::v_load(a + i) * wa + cv::v_load(b + i) * wb);
  for (; i < count; ++i)
    out[i] = a[i] * (1 - share) + b[i] * share;
}

/// Between each value of such a row and the one `apart` behind it, back to bytes.
void across(const std::int16_t* row, int apart, float share, int count, uchar* out) {
  const auto of_next = static_cast<std::int16_t>(std::lround(share * one));
  const auto of_this = static_cast<std::int16_t>(one - of_next);
  const cv::v_int16x8 weights(of_this, of_next, of_this, of_next, of_this, of_next, of_this,
                              of_next);
  const cv::v_int32x4 half = cv::v_setall_s32(1 << (2 * bits - 1));
  int i = 0;
  for (; i + words <= count; i += words) {
    cv::v_int16x8 low, high;
    cv::v_zip(cv::v_load(row + i), cv::v_load(row + i + apart), low, high);
    cv::v_pack_u_store(out + i, cv::v_pack((cv::v_dotprod(low, weights) + half) >> (2 * bits),
                                           (cv::v_dotprod(high, weights) + half) >> (2 * bits)));
  }
  for (; i < count; ++i)
    out[i] = static_cast<uchar>(
        (row[i] * of_this + row[i + apart] * of_next + (1 << (2 * bits - 1))) >> (2 * bits));
}

void across(const float* row, int apart, float share, int count, float* out) {
  between(row, row + apart, share, count, out);
}

/// `Value`: of the picture, `Sum`: between two of its rows.
template <class Value, class Sum>
cv::Mat shifted_values(const cv::Mat& picture, const Step& x, const Step& y) {
  const int channels = picture.channels(), count = picture.cols * channels;
  // Pixels that the border is repeated on either side.
  const int left = std::max(0, -x.whole), right = std::max(0, x.whole + 1);
  std::vector<Sum> row(static_cast<std::size_t>((left + picture.cols + right) * channels));
  Sum* const first = row.data() + std::ptrdiff_t{left} * channels;
  Sum* const end = first + count;
  const Sum* const from = first + std::ptrdiff_t{x.whole} * channels;
  cv::Mat out(picture.size(), picture.type());
  for (int i = 0; i < picture.rows; ++i) {
    const auto at = [&](int r) { return picture.ptr<Value>(std::clamp(r, 0, picture.rows - 1)); };
    between(at(i + y.whole), at(i + y.whole + 1), y.rest, count, first);
    for (Sum* to = row.data(); to < first; to += channels)
      std::copy_n(first, channels, to);
    for (Sum* to = end; to < row.data() + row.size(); to += channels)
      std::copy_n(end - channels, channels, to);
    across(from, channels, x.rest, count, out.ptr<Value>(i));
  }
  return out;
}

}  // namespace

cv::Mat shifted(const cv::Mat& picture, cv::Point2d by) {
  CV_Assert(picture.type() == CV_8UC3 || picture.type() == CV_32F);
  CV_Assert(std::isfinite(by.x) && std::isfinite(by.y));
  // Beyond its size there is nothing but its border.
  const Step x(std::clamp<double>(by.x, -picture.cols, picture.cols));
  const Step y(std::clamp<double>(by.y, -picture.rows, picture.rows));
  return picture.depth() == CV_8U ? shifted_values<uchar, std::int16_t>(picture, x, y)
                                  : shifted_values<float, float>(picture, x, y);
}

}  // namespace jieding::vision
